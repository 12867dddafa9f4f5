# METADATA
# title: What a request accepts
# description: Whether `Accept` holds `application/vnd.api+json; version=2.0` (RFC 9110, section 12.5.1).
package api_lifecycle.accept

import data.api_lifecycle.call
import future.keywords.not

is_version_two if {
	some value in call.values(call.request, "accept")
	some range in split(unquoted(value), ",")
	parts := split(range, ";")
	lower(trim_space(parts[0])) == "application/vnd.api+json"
	stated(parts, "version") == {"2.0"}
	every weight in stated(parts, "q") {
		not is_nothing(weight)
	}
}

# Every value that a parameter is given; names have no case.
stated(parts, wanted) := {trim_space(pair[1]) |
	some part in parts
	pair := split(part, "=")
	count(pair) == 2
	lower(trim_space(pair[0])) == wanted
}

# A weight of nothing says that it is not wanted.
is_nothing(weight) if {
	startswith(weight, "0")
	trim(weight, "0.") == ""
}

# The value without its quotes; commas and semicolons between them separate nothing, so they go.
unquoted(value) := concat("", [outside(index, piece) |
	some index, piece in split(replace(replace(value, `\\`, ""), `\"`, ""), "\"")
])

outside(index, piece) := piece if {
	index % 2 == 0
} else := replace(replace(replace(piece, ",", ""), ";", ""), "=", "")
