# METADATA
# title: Where a URL leads, and what a report may show of it
# description: >-
#   Functions only: every entry is asked them. By splitting, since a pattern costs a hundred times as much.
package api_lifecycle.address

import future.keywords.not

pieces(url) := split(split(split(url, "#")[0], "?")[0], "/")

host(url) := lower(trim_suffix(without_port(last(split(pieces(url)[2], "@"))), ".")) if {
	is_absolute(url)
} else := ""

# The segments of the path as servers take them: no empty ones, and what need not be encoded is not. A target alone names no host.
segments(url) := [decoded(part) |
	some part in array.slice(pieces(url), first_segment(url), 10000)
	not part in {"", "."}
]

first_segment(url) := 3 if {
	is_absolute(url)
} else := 1

is_absolute(url) if {
	pieces(url)[1] == ""
	count(pieces(url)) > 2
}

last(list) := list[count(list) - 1]

without_port(authority) := concat("", [split(authority, "]")[0], "]"]) if {
	startswith(authority, "[")
} else := split(authority, ":")[0]

decoded(part) := part if {
	not contains(part, "%")
} else := concat("", [piece |
	some index, encoded in split(part, "%")
	piece := read(index, encoded)
])

read(index, piece) := piece if index == 0

read(index, piece) := concat("", [characters[upper(substring(piece, 0, 2))], substring(piece, 2, -1)]) if {
	index > 0
	characters[upper(substring(piece, 0, 2))]
} else := sprintf("%%%s", [piece]) if {
	index > 0
}

# RFC 3986, section 2.3, by their codes.
characters[code] := character if {
	some high, row in rows
	some low in numbers.range(0, 15)
	character := substring(row, low, 1)
	trim(character, unreserved) == ""
	character != ""
	code := concat("", [high, substring("0123456789ABCDEF", low, 1)])
}

rows := {
	"2": " !\"#$%&'()*+,-./",
	"3": "0123456789:;<=>?",
	"4": "@ABCDEFGHIJKLMNO",
	"5": "PQRSTUVWXYZ[\\]^_",
	"6": "`abcdefghijklmno",
	"7": "pqrstuvwxyz{|}~",
}

unreserved := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

# No part of a path that could be a secret.
shown(part) := "…" if {
	count(part) > 32
} else := "…" if {
	trim(part, concat("", [unreserved, ":"])) != ""
} else := "…" if {
	some beginning in beginnings
	startswith(lower(part), beginning)
} else := part

# Of tokens; in lower case.
beginnings := {"bot_", "eyj", "gho_", "ghp_", "ghs_", "ghu_", "pat_", "sat_", "sk_"}
