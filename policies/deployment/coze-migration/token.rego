# METADATA
# title: Tokens and their scopes
# description: Bot tokens are void; a personal or bot access token has scopes. No token is ever part of a finding.
package coze_migration.token

import data.coze_migration.address
import data.coze_migration.api
import data.coze_migration.call
import data.coze_migration.deadline

# METADATA
# title: No call brings a bot token
# custom:
#   id: coze-migration-bot-token
#   severity: error
#   remedy: >-
#     make a token with the scopes `bot:read` and `chat:write` under API Tokens in the console, and send
#     `Authorization: Bearer pat_…`; revoke the old one
deny contains finding if {
	api.is_ours
	some place in places
	ends_in_bot_token(place.value)
	finding := {
		"id": "coze-migration-bot-token",
		"severity": deadline.severity,
		"message": sprintf("%s brings a bot token (`bot_…`), which version 2 does not take: %s", [place.title, deadline.left]),
		"at": place.at,
		"resource": call.resource,
	}
}

# Wherever a call may bring a token.
places contains place if {
	some header in call.headers
	place := {"title": sprintf("`%s`", [address.shown(header.name)]), "value": header.value, "at": sprintf("/request/headers/%d/value", [header.index])}
}

places contains place if {
	some pair in call.query
	place := {"title": sprintf("`%s` in the query", [address.shown(pair.name)]), "value": pair.value, "at": sprintf("/request/queryString/%d/value", [pair.index])}
}

# After a scheme or without one. `bot_id` is the name of a parameter.
ends_in_bot_token(value) if {
	words := split(trim_space(replace(lower(value), "\t", " ")), " ")
	word := words[count(words) - 1]
	startswith(word, "bot_")
	not word in {"bot_", "bot_id"}
}

# METADATA
# title: No call is refused for want of a scope
# custom:
#   id: coze-migration-scope
#   severity: error
deny contains finding if {
	api.is_ours
	call.response.status == 403
	finding := {
		"id": "coze-migration-scope",
		"severity": deadline.severity,
		"message": sprintf("the answer is 403: %s: %s", [needed, deadline.left]),
		"at": "/response/status",
		"resource": call.resource,
		"help": help,
	}
}

needed := sprintf("the token needs the scope `%s` for this call", [scope]) if {
	scope
} else := "the token lacks the scope of the call (`bot:read` to read, `chat:write` to send)"

help := sprintf("make a token that has the scope `%s`, for this bot, under API Tokens in the console", [scope]) if {
	scope
} else := "make a token that has the scopes `bot:read` and `chat:write`, for this bot, under API Tokens in the console"

# What reads is GET; whatever else is called sends or changes something.
scope := "bot:read" if call.method in {"GET", "HEAD"}

scope := "chat:write" if call.method in {"DELETE", "PATCH", "POST", "PUT"}
