# METADATA
# title: Which calls are the API's
# description: >-
#   Every entry is asked this, and most are not. Whoever asks a rule of a package has all its rules evaluated, so what the rules read
#   of a call stands in another.
package coze_migration.api

import data.coze_migration.address
import future.keywords.not

is_ours if is_call(input)

# A call of the API: its URL names one of the hosts, or none at all, as in a request's target.
is_call(one) if {
	is_string(one.request.url)
	address.host(one.request.url) in hosts | {""}
}

# An answer that was recorded alone.
is_call(one) if {
	is_object(one.response)
	not has_request(one)
}

has_request(one) if is_object(one.request)

hosts contains trim_suffix(lower(trim_space(name)), ".") if {
	is_string(data.params.hosts)
	some name in split(data.params.hosts, ",")
}

hosts contains trim_suffix(lower(trim_space(name)), ".") if {
	is_array(data.params.hosts)
	some name in data.params.hosts
	is_string(name)
}

hosts contains "api.coze.com" if not is_there("hosts")

is_there(parameter) if {
	some name, _ in data.params
	name == parameter
}
