# METADATA
# title: What an unhealthy or degraded answer calls for, by the table of the fallback plan
package webhook

import rego.v1

fallbacks := {
	"unhealthy": {"fallback": "backup-bot", "switchMilliseconds": 200},
	"degraded": {"fallback": "cached-answers", "switchMilliseconds": 50},
}

says := {
	"unhealthy": "the bot is unhealthy: switch to the backup bot within 200 ms",
	"degraded": "the bot is degraded: answer from the cache within 50 ms",
}

# The word is the more particular; the flag decides where there is none, or one that the table does not list.
state := input.body.status if {
	fallbacks[input.body.status]
} else := "unhealthy" if {
	input.body.health == false
}

deny contains {
	"id": sprintf("health-%s", [state]),
	"message": says[state],
	"at": place,
	"facts": fallbacks[state],
}

place := "/status" if {
	fallbacks[input.body.status]
} else := "/health"

warn contains {
	"id": "health-contradictory",
	"message": "`health` says one thing and `status` another: the worse of the two counts",
	"at": "/status",
	"help": "since version 0.8.3 of the SDK `health` is the flag to go by, and a boolean",
} if {
	input.body.health == true
	fallbacks[input.body.status]
}

warn contains {
	"id": "health-contradictory",
	"message": "`health` says one thing and `status` another: the worse of the two counts",
	"at": "/status",
	"help": "since version 0.8.3 of the SDK `health` is the flag to go by, and a boolean",
} if {
	input.body.health == false
	input.body.status
	not fallbacks[input.body.status]
}
