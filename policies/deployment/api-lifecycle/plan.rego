# METADATA
# title: What is being retired, and how far it is
# description: >-
#   The items of `params.retired`, the days of one, and its phase. Whoever asks a rule of a package has all its rules evaluated, so
#   what every call asks is kept apart from what is asked once.
package api_lifecycle.plan

import data.api_lifecycle.days

listed := data.params.retired if {
	is_array(data.params.retired)
} else := []

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
