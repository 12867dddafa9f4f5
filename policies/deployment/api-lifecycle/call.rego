# METADATA
# title: What the rules read of a recorded call
# description: An entry of HAR 1.2.
package api_lifecycle.call

import data.api_lifecycle.address
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

# The items that the call belongs to, with their days and their phase. One that does not say its days has none, and is an error
# of its own.
items contains item if {
	some one in plan.listed
	plan.is_of(one, request)
	planned := plan.planned(one)
	plan.has_days(planned)
	item := object.union(planned, {"phase": plan.phase(planned, days.today)})
}

method := upper(request.method) if is_string(request.method)

# What a report may show of a call: no query, and no part of the path that could be a secret.
title := sprintf("%s /%s", [method, concat("/", [address.shown(part) | some part in address.segments(request.url)])]) if {
	is_string(request.url)
}

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
