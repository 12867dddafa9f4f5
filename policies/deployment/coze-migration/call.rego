# METADATA
# title: What the rules read of a recorded call
# description: An entry of HAR 1.2; `_json` is the body, parsed, where it is JSON with one meaning.
package coze_migration.call

import data.coze_migration.api

entry := input if {
	is_object(input)
} else := {}

request := entry.request if {
	is_object(entry.request)
} else := {}

response := entry.response if {
	is_object(entry.response)
} else := {}

path := api.segments(request.url) if {
	is_string(request.url)
} else := []

# Without the slash at its end, which the API does not ask for.
plain_path := trim_suffix(sprintf("/%s", [concat("/", path)]), "/")

version := path[0]

method := upper(request.method) if is_string(request.method)

# What a report may show of a call: no query, and no part of the path that could be a secret.
title := sprintf("%s /%s", [method, concat("/", [shown(part) | some part in path])])

shown(part) := "…" if {
	count(part) > 32
} else := "…" if {
	some beginning in ["bot_", "pat_", "sat_", "sk_"]
	startswith(lower(part), beginning)
} else := part

resource := {"kind": "Request", "name": title} if {
	title
} else := {"kind": "Answer"}

headers := pairs(object.get(request, "headers", []))

query := pairs(object.get(request, "queryString", []))

form := pairs(object.get(data_of_post, "params", []))

data_of_post := request.postData if {
	is_object(request.postData)
} else := {}

# The pairs of a list, each with its place in it.
pairs(list) := {{"index": index, "name": pair.name, "value": pair.value} |
	is_array(list)
	some index, pair in list
	is_string(pair.name)
	is_string(pair.value)
}

body := data_of_post._json if {
	is_object(data_of_post._json)
} else := {}

answer := response.content._json if {
	is_object(response.content._json)
} else := {}
