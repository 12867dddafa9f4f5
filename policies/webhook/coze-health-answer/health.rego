# METADATA
# title: What an unhealthy or degraded answer calls for, by the table of the fallback plan
package webhook

import rego.v1
import future.keywords.not

fallbacks := {
	"unhealthy": {"fallback": "backup-bot", "switchMilliseconds": 200},
	"degraded": {"fallback": "cached-answers", "switchMilliseconds": 50},
}

says := {
	"unhealthy": "the bot is unhealthy: switch to the backup bot within 200 ms",
	"degraded": "the bot is degraded: answer from the cache within 50 ms",
}

# The table's word is the more particular. Where there is none, whatever does not say that the bot is well is no health.
state := word if {
	fallbacks[word]
} else := "unhealthy" if {
	not well
}

word := lower(input.body.status) if is_string(input.body.status)

good := {"available", "healthy", "ok", "pass", "up"}

well if {
	input.request.status == 200
	input.body.health == true
}

well if {
	input.request.status == 200
	not has_flag
	word in good
}

has_flag if {
	some name, _ in input.body
	name == "health"
}

deny contains finding if {
	finding := {
		"id": sprintf("health-%s", [state]),
		"message": says[state],
		"at": place,
		"facts": fallbacks[state],
	}
}

place := "/status" if {
	fallbacks[word]
} else := "/health" if {
	input.body.health == false
} else := "status" if {
	input.request.status != 200
} else := "/status" if {
	word
} else := ""

warn contains finding if {
	contradictory
	finding := {
		"id": "health-contradictory",
		"message": "`health` says one thing and `status` another; what calls for a fallback counts",
		"at": "/status",
		"help": "since version 0.8.3 of the SDK `health` is the flag to go by, and a boolean",
	}
}

contradictory if {
	input.body.health == true
	fallbacks[word]
}

contradictory if {
	input.body.health == false
	word in good
}

# An empty status is none: SDKs write it for a member that was not set.
warn contains finding if {
	status := input.body.status
	not status in {"", null}
	not fallbacks[word]
	not word in good
	finding := {
		"id": "health-unknown-status",
		"message": "`status` is a word that the fallback plan does not list",
		"at": "/status",
		"help": "the plan lists unhealthy and degraded; healthy, ok, pass, up and available are taken for good",
	}
}
