# METADATA
# title: Which calls are the API's
# description: >-
#   Every entry is asked this, and most are not. Whoever asks a rule of a package has all its rules evaluated, so what the rules read
#   of a call stands in another.
package coze_migration.api

is_ours if is_call(input)

# A call of the API: its URL names one of the hosts, or none at all, as in a request's target.
is_call(one) if {
	is_string(one.request.url)
	host(one.request.url) in hosts | {""}
}

# An answer that was recorded alone.
is_call(one) if {
	is_object(one.response)
	not has_request(one)
}

has_request(one) if is_object(one.request)

hosts contains lower(trim_space(name)) if {
	is_string(data.params.hosts)
	some name in split(data.params.hosts, ",")
}

hosts contains lower(name) if {
	is_array(data.params.hosts)
	some name in data.params.hosts
	is_string(name)
}

hosts contains "api.coze.com" if not is_there("hosts")

is_there(parameter) if {
	some name, _ in data.params
	name == parameter
}

# Where a URL has its host and where its path begins. By splitting, since a pattern costs a hundred times as much and every
# entry is asked.
pieces(url) := split(split(split(url, "#")[0], "?")[0], "/")

host(url) := lower(trim_suffix(without_port(last(split(pieces(url)[2], "@"))), ".")) if {
	is_absolute(url)
} else := ""

# A target alone names no host.
segments(url) := array.slice(pieces(url), 3, 10000) if {
	is_absolute(url)
} else := array.slice(pieces(url), 1, 10000)

is_absolute(url) if {
	pieces(url)[1] == ""
	count(pieces(url)) > 2
}

last(list) := list[count(list) - 1]

without_port(authority) := concat("", [split(authority, "]")[0], "]"]) if {
	startswith(authority, "[")
} else := split(authority, ":")[0]
