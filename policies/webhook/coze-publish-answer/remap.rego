# METADATA
# title: Error codes and states stand under the HTTP status of the new mapping
package webhook

import rego.v1
import future.keywords.not

remapped := {"BOT_INVALID": 422, "PUBLISH_TIMEOUT": 504}

expected := {"PUBLISHED": {200}, "DEPLOYMENT_PENDING": {200, 202}, "VALIDATION_FAILED": {422}}

codes contains {"code": input.body.code, "at": "/code"}

codes contains {"code": input.body.error_code, "at": "/error_code"}

codes contains {"code": input.body.error, "at": "/error"}

codes contains {"code": input.body.error.code, "at": "/error/code"}

codes contains {"code": error, "at": sprintf("/errors/%d", [i])} if some i, error in errors

codes contains {"code": error.code, "at": sprintf("/errors/%d/code", [i])} if some i, error in errors

errors := input.body.errors if is_array(input.body.errors)

deny contains {
	"id": "error-remap",
	"message": sprintf("%s is answered with %d since the API 2.0", [found.code, remapped[found.code]]),
	"at": "status",
	"help": sprintf("look for the status %d before the code at %s", [remapped[found.code], found.at]),
} if {
	some found in codes
	remapped[found.code] != input.request.status
}

deny contains finding if {
	statuses := expected[input.body.status]
	not input.request.status in statuses
	not timed_out
	finding := object.union(
		{
			"id": "publish-status",
			"message": sprintf("%s does not stand under this HTTP status", [input.body.status]),
			"at": "/status",
		},
		help,
	)
}

# A deployment that took too long is still pending.
timed_out if {
	input.request.status == 504
	input.body.status == "DEPLOYMENT_PENDING"
	count(errors) > 0
}

help := {"help": "the answer to a poll has a contract of its own, coze-publish-status-answer"} if {
	input.request.status == 200
} else := {}

deny contains {
	"id": "publish-errors",
	"message": "a failed validation names no error",
	"at": "/errors",
} if {
	input.body.status == "VALIDATION_FAILED"
	errors == []
}

deny contains {
	"id": "publish-errors",
	"message": "a published bot names errors",
	"at": "/errors",
} if {
	input.body.status == "PUBLISHED"
	count(errors) > 0
}
