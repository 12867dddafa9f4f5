# METADATA
# title: Endpoints of version 2
# description: >-
#   The migration guide names two endpoints of version 2, and keeps two paths under `/v1/`. What only looks like one of them is found
#   here; of other paths the guide says nothing.
package coze_migration.endpoint

import data.coze_migration.api
import data.coze_migration.call
import data.coze_migration.deadline

# METADATA
# title: A call of version 2 goes to an endpoint that version 2 has
# custom:
#   id: coze-migration-endpoint
#   severity: error
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
warn contains finding if {
	is_of_version_2
	is_alike
	not methods
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

is_mistaken if {
	methods
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
