# METADATA
# title: What a poll says of a publication does not contradict itself
package webhook

import rego.v1
import future.keywords.not

# A poll may succeed although it tells of a failed validation, or be answered as the publication is; only a deployment that
# took too long has a status of its own.
remapped := {"BOT_INVALID": {200, 422}, "PUBLISH_TIMEOUT": {504}}

codes contains {"code": input.body.code, "at": "/code"}

codes contains {"code": input.body.error_code, "at": "/error_code"}

codes contains {"code": input.body.error, "at": "/error"}

codes contains {"code": input.body.error.code, "at": "/error/code"}

codes contains {"code": error, "at": sprintf("/errors/%d", [i])} if some i, error in errors

codes contains {"code": error.code, "at": sprintf("/errors/%d/code", [i])} if some i, error in errors

errors := input.body.errors if is_array(input.body.errors)

deny contains {
	"id": "error-remap",
	"message": sprintf("a poll that finds %s is answered with %s", [found.code, statuses[found.code]]),
	"at": "status",
	"help": sprintf("look for the status %s before the code at %s", [statuses[found.code], found.at]),
} if {
	some found in codes
	not input.request.status in remapped[found.code]
	statuses[found.code]
}

statuses := {"BOT_INVALID": "200 or 422", "PUBLISH_TIMEOUT": "504"}

expected := {"PUBLISHED": {200}, "DEPLOYMENT_PENDING": {200, 202, 504}, "VALIDATION_FAILED": {200, 422}}

deny contains {
	"id": "publish-status",
	"message": sprintf("%s does not stand under the HTTP status %d", [input.body.status, input.request.status]),
	"at": "/status",
} if {
	allowed := expected[input.body.status]
	not input.request.status in allowed
}

deny contains {
	"id": "publish-errors",
	"message": "a deployment that took too long names no error",
	"at": "/errors",
} if {
	input.request.status == 504
	input.body.status == "DEPLOYMENT_PENDING"
	errors == []
}

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
