# METADATA
# title: Calls of the retired version
# description: Since 2024-07-15 every path under `/v1/` answers 410; what takes its place stands in the mend.
package coze_migration.version

import data.coze_migration.api
import data.coze_migration.call
import data.coze_migration.deadline

# METADATA
# title: No call goes to `/v1/`
# custom:
#   id: coze-migration-v1-url
#   severity: error
deny contains finding if {
	api.is_ours
	call.version == "v1"
	finding := {
		"id": "coze-migration-v1-url",
		"severity": deadline.severity,
		"message": sprintf("`%s` calls the retired version 1: %s", [call.title, deadline.left]),
		"at": "/request/url",
		"resource": call.resource,
		"help": help,
	}
}

help := sprintf("call `%s` in its place", [successors[call.plain_path]]) if {
	successors[call.plain_path]
} else := "look for its successor in the v2.0 endpoints, https://docs.coze.com/v2/api"

successors := {
	"/v1/bot/chat": "POST /v2/chat",
	"/v1/conversation/messages": "GET /v2/chat/{chat_id}/messages",
}

# METADATA
# title: No call is answered that its version is retired
# custom:
#   id: coze-migration-gone
#   severity: error
#   remedy: the call fails already; migrate it to its v2.0 endpoint, https://docs.coze.com/v2/api
deny contains finding if {
	api.is_ours
	call.response.status == 410
	call.answer.code == "API_DEPRECATED"
	finding := {
		"id": "coze-migration-gone",
		"severity": deadline.severity,
		"message": sprintf("the answer is 410 with `API_DEPRECATED`, the version is retired: %s", [deadline.left]),
		"at": "/response/status",
		"resource": call.resource,
	}
}
