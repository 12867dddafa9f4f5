# METADATA
# title: Calls of the retired version, and of what version 2 does not have
# description: >-
#   Since 2024-07-15 every path under `/v1/` answers 410 at once; all calls had to be migrated by 2024-08-31. The guide names two
#   endpoints of version 2, and keeps two paths under `/v1/`; of other paths it says nothing. What was meant stands in the help.
package coze_migration.version

import data.coze_migration.api
import data.coze_migration.call
import data.coze_migration.deadline
import future.keywords.not

# METADATA
# title: No call goes to `/v1/`
# custom:
#   id: coze-migration-v1-url
#   severity: error
#   remedy: call the endpoint of version 2 in its place, https://docs.coze.com/v2/api
deny contains finding if {
	api.is_ours
	call.is_retired
	finding := {
		"id": "coze-migration-v1-url",
		"severity": deadline.severity,
		"message": sprintf("`%s` calls version 1, which %s: %s", [call.title, deadline.answers, deadline.left]),
		"at": "/request/url",
		"resource": call.resource,
		"help": help,
	}
}

help := sprintf("call `%s` in its place", [call.successors[call.plain_path]]) if {
	call.successors[call.plain_path]
} else := "look for its successor in the v2.0 endpoints, https://docs.coze.com/v2/api"

# METADATA
# title: No call is answered that its version is retired
# custom:
#   id: coze-migration-gone
#   severity: error
#   remedy: the call fails already, so migrate it to its v2.0 endpoint, https://docs.coze.com/v2/api
deny contains finding if {
	api.is_ours
	tells_gone
	finding := {
		"id": "coze-migration-gone",
		"severity": severity,
		"message": sprintf("the answer %s: %s", [told, since]),
		"at": "/response/status",
		"resource": call.resource,
		"help": mend,
	}
}

tells_gone if call.response.status == 410

tells_gone if is_retirement

# The error body that the guide prints.
is_retirement if call.answer.code == "API_DEPRECATED"

told := "is 410 with the error body of the migration guide, `API_DEPRECATED`" if {
	call.response.status == 410
	is_retirement
} else := "is 410 without the error body of the migration guide" if {
	call.response.status == 410
} else := "has the error body of the migration guide, `API_DEPRECATED`"

# Of an answer without its request nobody knows the path.
is_of_version_1 if is_retirement

is_of_version_1 if call.is_retired

is_of_version_1 if count(call.path) == 0

severity := "error" if {
	is_of_version_1
	deadline.is_retired
} else := "warning"

since := deadline.retirement if {
	is_of_version_1
} else := "this is no call of version 1, of which alone the guide has 410"

mend := "the call fails already; migrate it to its v2.0 endpoint, https://docs.coze.com/v2/api" if {
	is_of_version_1
} else := "look for what is gone: the endpoint, or what it was asked for"

# METADATA
# title: A call of version 2 goes to an endpoint that version 2 has
# custom:
#   id: coze-migration-endpoint
#   severity: error
#   remedy: call the endpoint that the finding names
deny contains finding if {
	is_of_version_2
	is_mistaken
	finding := {
		"id": "coze-migration-endpoint",
		"severity": deadline.severity,
		"message": sprintf("`%s`: version 2 has no such endpoint: %s", [call.title, deadline.left]),
		"at": "/request/url",
		"resource": call.resource,
		"help": sprintf("call `%s` in its place", [meant]),
	}
}

# METADATA
# title: A call of version 2 goes to an endpoint that the guide names
# custom:
#   id: coze-migration-endpoint-unknown
#   severity: warning
#   remedy: compare the path with the endpoints that the guide has, https://docs.coze.com/v2/api
deny contains finding if {
	is_of_version_2
	is_alike
	not is_named
	not is_mistaken
	finding := {
		"id": "coze-migration-endpoint-unknown",
		"message": sprintf("`%s`: the migration guide names no such endpoint", [call.title]),
		"at": "/request/url",
		"resource": call.resource,
		"help": sprintf("the guide has `%s`", [meant]),
	}
}

# A browser asks with OPTIONS before a call.
is_of_version_2 if {
	api.is_ours
	call.version == "v2"
	call.method != "OPTIONS"
}

# Of the two endpoints, the methods. HEAD is where GET is (RFC 9110, section 9.3.2).
methods := {"POST"} if {
	call.plain_path == "/v2/chat"
} else := {"GET", "HEAD"} if {
	call.path[1] == "chat"
	call.path[3] == "messages"
	count(call.path) == 4
}

is_named if call.method in methods

# What is read is not sent, and the other way round. Of other methods the guide says nothing.
is_mistaken if {
	methods
	call.method in {"GET", "HEAD", "POST"}
	not call.method in methods
}

is_mistaken if call.successors[old_path]

# The same path in version 1.
old_path := sprintf("/v1%s", [trim_prefix(call.plain_path, "/v2")])

is_alike if call.path[1] in {"bot", "chat", "conversation", "kb"}

is_alike if call.is_publishing

meant := "/v1/kb/{kb_id}/documents" if {
	call.is_knowledge_base
} else := "/v1/bots/{id}/publish" if {
	call.is_publishing
} else := successor if {
	successor := call.successors[old_path]
} else := call.successors["/v1/conversation/messages"] if {
	call.method in {"GET", "HEAD"}
} else := call.successors["/v1/bot/chat"]
