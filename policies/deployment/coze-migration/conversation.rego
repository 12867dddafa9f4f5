# METADATA
# title: Bots and conversations
# description: The token names the bot, and a conversation has an id of the form `chat_` and a UUID.
package coze_migration.conversation

import data.coze_migration.api
import data.coze_migration.call
import data.coze_migration.deadline
import future.keywords.not

# METADATA
# title: No chat names its bot in the body
# custom:
#   id: coze-migration-bot-id
#   severity: error
#   remedy: delete `bot_id` from the body, since the token names the bot; a token for each bot takes its place
deny contains finding if {
	api.is_ours
	call.plain_path in {"/v1/bot/chat", "/v2/chat"}
	some place in places({"bot_id"})
	startswith(place.at, "/request/postData/")
	finding := {
		"id": "coze-migration-bot-id",
		"severity": deadline.severity,
		"message": sprintf("the body has a `bot_id`, which version 2 does not take: %s", [deadline.left]),
		"at": place.at,
		"resource": call.resource,
	}
}

# METADATA
# title: A conversation's id is `chat_` and a UUID
# custom:
#   id: coze-migration-chat-id
#   severity: error
#   remedy: >-
#     keep the `chat_id` that version 2 gives (`chat_9a2b3c4d-ef56-7890-abcd-ef1234567890`) as a text; ids of version 1 do not
#     carry over
deny contains finding if {
	api.is_ours
	some place in ids
	not is_id(place.value)
	finding := {
		"id": "coze-migration-chat-id",
		"severity": deadline.severity,
		"message": sprintf("%s is %s: %s", [place.title, kind(place.value), deadline.left]),
		"at": place.at,
		"resource": call.resource,
	}
}

ids contains place if some place in places({"chat_id", "conversation_id"})

ids contains place if {
	array.slice(call.path, 0, 2) == ["v2", "chat"]
	place := {"title": "the id in the path", "value": call.path[2], "at": "/request/url"}
}

# Where a call says a parameter: in the query, in a JSON body or in a form.
places(names) := {place |
	some pair in call.query
	pair.name in names
	place := {"title": sprintf("`%s` in the query", [pair.name]), "value": pair.value, "at": sprintf("/request/queryString/%d/value", [pair.index])}
} | {place |
	some name in names
	value := call.body[name]
	held(name, value)
	place := {"title": sprintf("`%s` in the body", [name]), "value": value, "at": sprintf("/request/postData/_json/%s", [name])}
} | {place |
	some pair in call.form
	pair.name in names
	place := {"title": sprintf("`%s` in the form", [pair.name]), "value": pair.value, "at": sprintf("/request/postData/params/%d/value", [pair.index])}
}

# `null` is no id. A bot is named by the member alone: it has to go.
held(name, _) if name == "bot_id"

held(_, value) if not is_null(value)

is_id(value) if {
	is_string(value)
	startswith(value, "chat_")
	parts := split(trim_prefix(value, "chat_"), "-")
	[count(part) | some part in parts] == [8, 4, 4, 4, 12]
	trim(concat("", parts), "0123456789ABCDEFabcdef") == ""
}

kind(value) := "a number, not `chat_` and a UUID" if {
	is_number(value)
} else := "a number, not `chat_` and a UUID" if {
	is_string(value)
	value != ""
	trim(value, "0123456789") == ""
} else := "not `chat_` and a UUID"
