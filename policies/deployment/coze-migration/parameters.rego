# METADATA
# title: The parameters of this pack, and whether there was anything to judge
package coze_migration.parameters

import data.coze_migration.api
import data.coze_migration.deadline
import future.keywords.not

# METADATA
# title: A parameter says what it means
# custom:
#   id: coze-migration-parameter
#   severity: error
#   subject: set
#   remedy: see the parameters in the README of the pack
deny contains finding if {
	some message in problems
	finding := {"id": "coze-migration-parameter", "message": message}
}

# METADATA
# title: A parameter is one that the pack knows
# custom:
#   id: coze-migration-parameter-unknown
#   severity: warning
#   subject: set
#   remedy: the pack knows deadline and hosts; another pack's are none of its business
warn contains finding if {
	some name, _ in data.params
	not name in {"deadline", "hosts"}
	finding := {"id": "coze-migration-parameter-unknown", "message": sprintf("no rule reads the parameter `%s`", [name])}
}

# METADATA
# title: A call of the API was recorded
# custom:
#   id: coze-migration-no-call
#   severity: error
#   subject: set
#   remedy: record the calls of the API; where it has another host, say --set hosts=HOST
deny_no_call contains finding if {
	count(data.documents) > 0
	count(problems) == 0
	every document in data.documents {
		not api.is_call(document)
	}
	finding := {"id": "coze-migration-no-call", "message": sprintf("none of the recorded calls goes to %s", [concat(", ", api.hosts)])}
}

problems contains "`deadline` is neither a day (2024-08-31) nor RFC 3339" if {
	api.is_there("deadline")
	not is_known_time(data.params.deadline)
}

problems contains "`hosts` is a list of host names, or a text of them with commas" if {
	api.is_there("hosts")
	not names_hosts(data.params.hosts)
}

is_known_time(value) if deadline.is_valid(value)

names_hosts(value) if {
	is_string(value)
	every name in split(value, ",") {
		is_host(name)
	}
}

names_hosts(value) if {
	is_array(value)
	count(value) > 0
	every name in value {
		is_host(name)
	}
}

is_host(name) if {
	is_string(name)
	regex.match(`^\s*([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])\s*$`, name)
}
