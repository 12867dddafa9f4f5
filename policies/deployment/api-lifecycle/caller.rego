# METADATA
# title: Who called
# description: As far as the recording knows. What stands there is said by the caller or a proxy, and proves nothing.
package api_lifecycle.caller

import data.api_lifecycle.call
import future.keywords.not

address := found[0] if {
	count(found) > 0
} else := "a caller whose address was not recorded"

found := [known |
	some text in array.concat(array.concat(own, forwarded), array.concat(listed, call.values(call.request, "x-real-ip")))
	known := address_in(text)
]

own := [call.entry._clientAddress | is_string(call.entry._clientAddress)]

forwarded := [node |
	some value in call.values(call.request, "forwarded")
	some element in split(value, ",")
	some pair in split(element, ";")
	startswith(lower(trim_space(pair)), "for=")
	node := trim(substring(trim_space(pair), 4, -1), "\"")
]

listed := [node |
	some value in call.values(call.request, "x-forwarded-for")
	some node in split(value, ",")
]

# An IPv4 or IPv6 address, with or without a port; a name or a made-up word is none.
address_in(text) := plain if {
	plain := bare(trim_space(text))
	is_address(plain)
}

bare(text) := trim_prefix(split(text, "]")[0], "[") if {
	startswith(text, "[")
} else := split(text, ":")[0] if {
	count(split(text, ":")) == 2
} else := text

is_address(text) if {
	numbers := split(text, ".")
	count(numbers) == 4
	every number in numbers {
		trim(number, "0123456789") == ""
		is_byte(number)
	}
}

is_address(text) if {
	count(split(text, ":")) > 2
	count(text) <= 45
	trim(text, "0123456789ABCDEFabcdef:.") == ""
}

is_byte(digits) if count(digits) in {1, 2}

is_byte(digits) if {
	count(digits) == 3
	digits <= "255"
}
