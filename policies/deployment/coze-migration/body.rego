# METADATA
# title: Bodies that cannot be read
# description: What no rule sees into is not what has nothing to find.
package coze_migration.body

import data.coze_migration.api
import data.coze_migration.call
import future.keywords.not

# METADATA
# title: The body of a call can be read
# custom:
#   id: coze-migration-unread-body
#   severity: warning
#   remedy: look into it by hand, or record the raw request in a .http file; JSON has every key once
warn contains finding if {
	api.is_ours
	call.is_unread
	finding := {
		"id": "coze-migration-unread-body",
		"message": "the body is neither a form nor JSON with one meaning, or was not recorded: no rule sees into it",
		"at": "/request/postData",
		"resource": call.resource,
	}
}
