# METADATA
# title: What is being retired, and how far it is
# description: >-
#   The items of `params.retired`, the days of one, and its phase. Whoever asks a rule of a package has all its rules evaluated, so
#   what every call asks is kept apart from what is asked once.
package api_lifecycle.plan

import data.api_lifecycle.address
import data.api_lifecycle.days

listed := data.params.retired if {
	is_array(data.params.retired)
} else := []

# Is a request of an item?
is_of(one, request) if {
	is_string(request.url)
	is_string(request.method)
	upper(request.method) != "OPTIONS" # a browser asks by itself before it calls
	is_array(one.paths)
	some prefix in one.paths
	is_string(prefix)
	wanted := address.segments(prefix)
	array.slice(address.segments(request.url), 0, count(wanted)) == wanted
	is_of_host(one, address.host(request.url))
}

is_of_host(_, host) if host == ""

is_of_host(one, _) if object.get(one, "hosts", []) == []

is_of_host(one, host) if {
	is_array(one.hosts)
	some name in one.hosts
	is_string(name)
	trim_suffix(lower(name), ".") == host
}

has_days(item) if {
	every name in ["warn", "negotiate", "protocol"] {
		days.is_day(item[name])
	}
	is_end(item.gone)
}

is_end(day) if is_null(day)

is_end(day) if days.is_day(day)

# The days of an item that says what it means: three phases of six months each, where nothing else is said.
planned(one) := {"warn": one.warn, "negotiate": negotiate_day(one), "protocol": protocol_day(one), "gone": gone_day(one)}

negotiate_day(one) := object.get(one, "negotiate", null) if {
	"negotiate" in object.keys(one)
} else := days.after_six_months(one.warn)

protocol_day(one) := object.get(one, "protocol", null) if {
	"protocol" in object.keys(one)
} else := days.after_six_months(negotiate_day(one))

gone_day(one) := object.get(one, "gone", null) if {
	"gone" in object.keys(one)
} else := days.after_six_months(protocol_day(one))

# `gone: null` keeps the last phase for ever.
phase(item, today) := "gone" if {
	is_string(item.gone)
	today >= item.gone
} else := "protocol" if {
	today >= item.protocol
} else := "negotiate" if {
	today >= item.negotiate
} else := "warn" if {
	today >= item.warn
} else := "before"
