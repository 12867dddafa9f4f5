# METADATA
# title: What the rules read of a recorded call
# description: An entry of HAR 1.2.
package api_lifecycle.call

import data.api_lifecycle.days
import data.api_lifecycle.plan

entry := input if {
	is_object(input)
} else := {}

request := entry.request if {
	is_object(entry.request)
} else := {}

response := entry.response if {
	is_object(entry.response)
} else := {}

# The items that the call's path belongs to, with their days and their phase. One that says no day has none, and is an
# error of its own.
items contains item if {
	method != "OPTIONS" # a browser asks by itself before it calls
	some one in plan.listed
	is_of(one)
	planned := plan.planned(one)
	item := object.union(planned, {"phase": plan.phase(planned, days.today)})
}

is_of(one) if {
	some prefix in one.paths
	is_below(trim_right(prefix, "/"))
	is_of_host(one)
}

is_below(prefix) if path == prefix

is_below(prefix) if startswith(path, sprintf("%s/", [prefix]))

is_of_host(one) if object.get(one, "hosts", []) == []

is_of_host(one) if {
	some name in one.hosts
	lower(name) == host(request.url)
}

is_of_host(_) if host(request.url) == ""

path := sprintf("/%s", [concat("/", segments(request.url))]) if is_string(request.url)

# Where a URL has its host and where its path begins. By splitting, since a pattern costs a hundred times as much and every
# entry is asked.
pieces(url) := split(split(split(url, "#")[0], "?")[0], "/")

host(url) := lower(trim_suffix(without_port(last(split(pieces(url)[2], "@"))), ".")) if {
	is_absolute(url)
} else := ""

# A target alone names no host.
segments(url) := array.slice(pieces(url), 3, 10000) if {
	is_absolute(url)
} else := array.slice(pieces(url), 1, 10000)

is_absolute(url) if {
	pieces(url)[1] == ""
	count(pieces(url)) > 2
}

last(list) := list[count(list) - 1]

without_port(authority) := concat("", [split(authority, "]")[0], "]"]) if {
	startswith(authority, "[")
} else := split(authority, ":")[0]

method := upper(request.method) if is_string(request.method)

# What a report may show of a call: no query, and no part of the path that could be a secret.
title := sprintf("%s %s", [method, concat("/", [shown(part) | some part in split(path, "/")])])

shown(part) := part if {
	count(part) <= 32
} else := "…"

resource := {"kind": "Request", "name": title}

# The values of a header, as one list: its lines are equal to one with commas.
values(message, wanted) := [header.value |
	is_array(message.headers)
	some header in message.headers
	is_string(header.name)
	is_string(header.value)
	lower(header.name) == wanted
]

# A browser writes status 0 for what it cancelled or blocked.
was_never_sent if response.status == 0

is_answered if {
	is_number(response.status)
	response.status > 0
}
