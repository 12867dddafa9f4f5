# METADATA
# title: The parameters of this pack
# description: A roadmap that cannot be read would retire nothing, so it is an error.
package api_lifecycle.parameters

import data.api_lifecycle.days
import data.api_lifecycle.plan
import future.keywords.not

# METADATA
# title: The roadmap says what it means
# custom:
#   id: api-lifecycle-parameter
#   severity: error
#   subject: set
#   remedy: see the parameters in the README of the pack
deny contains finding if {
	some message in problems
	finding := {"id": "api-lifecycle-parameter", "message": message}
}

deny contains finding if {
	count(plan.listed) == 0
	finding := {
		"id": "api-lifecycle-parameter",
		"message": "nothing says what is being retired: the parameter `retired` is no list of `{ paths, warn }`",
		"help": `name a file with --data that says { "params": { "retired": [{ "paths": ["/api/v1/"], "warn": "2025-01-01" }] } }`,
	}
}

# METADATA
# title: A parameter is one that the pack knows
# custom:
#   id: api-lifecycle-parameter-unknown
#   severity: warning
#   subject: set
#   remedy: the pack knows retired; another pack's are none of its business
warn contains finding if {
	some name, _ in data.params
	name != "retired"
	finding := {"id": "api-lifecycle-parameter-unknown", "message": sprintf("no rule reads the parameter `%s`", [name])}
}

# METADATA
# title: An entry says which path was called
# custom:
#   id: api-lifecycle-no-request
#   severity: warning
#   remedy: record the request with its answer, in a HAR
warn_no_request contains finding if {
	not has_url(input)
	finding := {"id": "api-lifecycle-no-request", "message": "an answer without its request does not say which path it is of", "at": ""}
}

# METADATA
# title: A call of what is being retired was recorded
# custom:
#   id: api-lifecycle-no-call
#   severity: warning
#   subject: set
#   remedy: record traffic that should be on the roadmap, or mend its `paths` and `hosts`; if nobody calls any more, that is the aim
warn_no_call contains finding if {
	count([url | url := data.documents[_].request.url; is_string(url)]) > 0
	paths := {path | some one in plan.listed; some path in one.paths}
	count(paths) > 0
	count(problems) == 0
	every document in data.documents {
		not is_planned(document)
	}
	finding := {"id": "api-lifecycle-no-call", "message": sprintf("none of the recorded calls goes to what is being retired: `%s`", [concat("`, `", paths)])}
}

is_planned(document) if {
	some one in plan.listed
	plan.is_of(one, document.request)
}

has_url(entry) if is_string(entry.request.url)

problems contains sprintf("`retired[%d]` %s", [index, message]) if {
	some index, messages in item_problems
	some message in messages
}

members := {"gone", "hosts", "negotiate", "paths", "protocol", "warn"}

# What is wrong with each item.
item_problems[index] := found if {
	some index, one in plan.listed
	found := (form_problems(one) | day_problems(one)) | order_problems(one)
}

form_problems(one) := {message |
	not is_object(one)
	message := "is not `{ paths, warn }`"
} | {message |
	is_object(one)
	some name, _ in one
	not name in members
	message := sprintf("has an unknown member `%s`", [name])
} | {message |
	is_object(one)
	not has_paths(one)
	message := "has no list of `paths` that begin with a slash, such as `/api/v1/`"
} | {message |
	is_object(one)
	has_paths(one)
	some path in one.paths
	not is_prefix(path)
	message := "has a path that no call can begin with: a prefix has no `*`, `{`, `?`, `#`, blank or empty segment"
} | {message |
	is_object(one)
	not are_hosts(object.get(one, "hosts", []))
	message := "has `hosts` that are no list of names, such as `shop.example`: without scheme, port, path and `*`"
}

has_paths(one) if {
	is_array(one.paths)
	count(one.paths) > 0
	every path in one.paths {
		is_string(path)
		startswith(path, "/")
	}
}

is_prefix(path) if {
	not contains(path, "//")
	regex.match(`^[^\s*{}?#\\]+$`, path)
}

are_hosts(list) if {
	is_array(list)
	every name in list {
		is_string(name)
		regex.match(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$`, name)
	}
}

day_problems(one) := {message |
	is_object(one)
	some name in ["warn", "negotiate", "protocol", "gone"]
	not is_said_well(one, name)
	message := sprintf("has no day (2025-01-01) as `%s`", [name])
}

is_said_well(one, name) if days.is_day(object.get(one, name, ""))

is_said_well(one, name) if {
	name != "warn"
	not name in object.keys(one)
}

is_said_well(one, "gone") if is_null(object.get(one, "gone", ""))

order_problems(one) := {message |
	is_object(one)
	count(day_problems(one)) == 0
	order := array.concat([one.warn, plan.negotiate_day(one), plan.protocol_day(one)], [plan.gone_day(one) | is_string(plan.gone_day(one))])
	some index, day in order
	index > 0
	day <= order[index - 1]
	message := sprintf("has its days out of order: %s", [concat(", ", order)])
}
