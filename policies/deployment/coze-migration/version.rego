# METADATA
# title: Calls of the retired version
# description: >-
#   Since 2024-07-15 every path under `/v1/` answers 410 at once; all calls had to be migrated by 2024-08-31. What takes the place of
#   a call stands in the help.
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
	call.is_retired
	finding := {
		"id": "coze-migration-v1-url",
		"severity": deadline.severity,
		"message": sprintf("`%s` calls the retired version 1: %s", [call.title, deadline.left]),
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
