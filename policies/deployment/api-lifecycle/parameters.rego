# METADATA
# title: The parameters of this pack
# description: A roadmap that cannot be read would retire nothing, so it is an error.
package api_lifecycle.parameters

import data.api_lifecycle.days
import data.api_lifecycle.plan

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

has_url(entry) if is_string(entry.request.url)

problems contains "nothing says what is being retired: `retired` is a list of `{ paths, warn }`" if count(plan.listed) == 0

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
	not are_texts(object.get(one, "hosts", []))
	message := "has `hosts` that are no list of names"
}

has_paths(one) if {
	is_array(one.paths)
	count(one.paths) > 0
	every path in one.paths {
		is_string(path)
		startswith(path, "/")
	}
}

are_texts(list) if {
	is_array(list)
	every item in list {
		is_string(item)
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
