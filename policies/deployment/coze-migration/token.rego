# METADATA
# title: Tokens and their scopes
# description: Bot tokens are void; a personal or bot access token has scopes. No token is ever part of a finding.
package coze_migration.token

import data.coze_migration.address
import data.coze_migration.api
import data.coze_migration.call
import data.coze_migration.deadline
import future.keywords.not

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
# title: Every call of the new API has a token that it takes
# custom:
#   id: coze-migration-authorization
#   severity: error
#   remedy: >-
#     send `Authorization: Bearer pat_…` with a personal or bot access token from API Tokens in the console, or
#     `Authorization: DPoP …` with a bound one
deny contains finding if {
	is_judged
	some header in authorizations
	problem := problem_of(words(header.value))
	finding := {
		"id": "coze-migration-authorization",
		"severity": deadline.severity,
		"message": sprintf("%s; the new API takes `Bearer` and an access token: %s", [problem, deadline.left]),
		"at": sprintf("/request/headers/%d/value", [header.index]),
		"resource": call.resource,
	}
}

# A browser leaves the header out of a HAR unless it is told otherwise.
deny contains finding if {
	is_judged
	count(authorizations) == 0
	finding := {
		"id": "coze-migration-authorization",
		"severity": severity_of_missing,
		"message": missing,
		"at": "/request/headers",
		"resource": call.resource,
		"help": "send `Authorization: Bearer pat_…`; if it was sent, export the HAR with sensitive data: a sanitized one is without it",
	}
}

# What was answered well had a token.
severity_of_missing := "warning" if {
	was_taken
} else := deadline.severity

missing := "the call has no `Authorization` and was answered all the same: the recording has lost it, so its token was not looked at" if {
	was_taken
} else := sprintf("the call has no `Authorization`; the new API takes `Bearer` and an access token: %s", [deadline.left])

was_taken if {
	call.response.status >= 200
	call.response.status < 400
}

# A call of the new API. What goes to version 1 is migrated first, a bot token has a finding of its own, a browser's OPTIONS never
# has a token, and a request to the knowledge base may be signed in its query.
is_judged if {
	api.is_ours
	regex.match(`^v[0-9]+$`, call.version)
	not call.is_retired
	call.method != "OPTIONS"
	not is_signed
	not brings_bot_token
}

brings_bot_token if {
	some place in places
	ends_in_bot_token(place.value)
}

is_signed if {
	call.is_knowledge_base
	some pair in call.query
	pair.name == "signature"
	pair.value != ""
}

authorizations := [header |
	some header in call.headers
	lower(header.name) == "authorization"
]

words(value) := [word |
	some word in split(replace(value, "\t", " "), " ")
	word != ""
]

problem_of(list) := "`Authorization` is empty" if {
	count(list) == 0
} else := "`Authorization` has a scheme without a token" if {
	count(list) == 1
	schemes[lower(list[0])]
} else := "`Authorization` is a token without `Bearer`" if {
	count(list) == 1
} else := sprintf("`Authorization` has the scheme `%s`", [schemes[lower(list[0])]]) if {
	not lower(list[0]) in {"bearer", "dpop"}
	schemes[lower(list[0])]
} else := "`Authorization` has another scheme than `Bearer`" if {
	not lower(list[0]) in {"bearer", "dpop"}
} else := "what follows the scheme in `Authorization` is no token, or was masked by the recording" if {
	not is_token(array.slice(list, 1, count(list)))
}

# Those that may be named: of any other word nobody knows whether it is a secret.
schemes := {"apikey": "ApiKey", "basic": "Basic", "bearer": "Bearer", "digest": "Digest", "dpop": "DPoP", "token": "Token"}

# RFC 6750, section 2.1, without what programs write for a value that is missing.
is_token(list) if {
	count(list) == 1
	regex.match(`^[A-Za-z0-9._~+/-]+=*$`, list[0])
	not lower(list[0]) in {"false", "nil", "none", "null", "pat_", "sat_", "true", "undefined"}
}

# METADATA
# title: No call is refused for want of a scope
# custom:
#   id: coze-migration-scope
#   severity: error
#   remedy: make a token that has the scope, for this bot, under API Tokens in the console
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
