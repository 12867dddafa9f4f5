# METADATA
# title: What the rules read of a recorded call
# description: An entry of HAR 1.2; `_json` is the body, parsed, where it is JSON with one meaning.
package coze_migration.call

import data.coze_migration.address
import future.keywords.not

entry := input if {
	is_object(input)
} else := {}

request := entry.request if {
	is_object(entry.request)
} else := {}

response := entry.response if {
	is_object(entry.response)
} else := {}

path := address.segments(request.url) if {
	is_string(request.url)
} else := []

# Without a slash at its end, which the API does not ask for.
plain_path := sprintf("/%s", [concat("/", path)])

version := path[0]

# Version 1, but for what the migration guide itself gives for the new API: section 2.2 has `/v1/bots/{id}/publish` and its
# `/status`, section 2.4 has `/v1/kb/{kb_id}/documents`.
is_retired if {
	version == "v1"
	not is_kept
}

is_kept if is_knowledge_base

is_kept if is_publishing

is_knowledge_base if path[1] == "kb"

is_publishing if {
	path[1] == "bots"
	path[3] == "publish"
}

is_publishing if {
	path[1] == "bots"
	count(path) > 3
	address.last(path) == "status"
}

method := upper(request.method) if is_string(request.method)

# What the guide names of version 2, by what it replaces.
successors := {
	"/v1/bot/chat": "POST /v2/chat",
	"/v1/conversation/messages": "GET /v2/chat/{chat_id}/messages",
}

# What a report may show of a call: no query, and no part of the path that could be a secret.
title := sprintf("%s /%s", [method, concat("/", [address.shown(part) | some part in path])])

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

# A body that is there, or was when the call was made, and that no rule can see into.
is_unread if {
	is_there
	not is_parsed
	count(form) == 0
}

is_there if {
	is_string(data_of_post.text)
	trim_space(data_of_post.text) != ""
}

is_there if {
	is_number(request.bodySize)
	request.bodySize > 0
}

is_parsed if is_object(data_of_post._json)

is_parsed if is_array(data_of_post._json)

body := data_of_post._json if {
	is_object(data_of_post._json)
} else := {}

answer := response.content._json if {
	is_object(response.content._json)
} else := {}
