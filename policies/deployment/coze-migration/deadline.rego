# METADATA
# title: Since when version 1 is retired, and how long there is left
# description: >-
#   Since 2024-07-15 version 1 answers 410. Calls had to be migrated by 2024-08-31. The days begin and end in UTC+8, where the API lives.
package coze_migration.deadline

default_day := "2024-08-31"

day_seconds := 86400

day := data.params.deadline if {
	is_valid(data.params.deadline)
} else := default_day

seconds := instant(sprintf("%sT00:00:00+08:00", [day])) + day_seconds if {
	is_day(day)
} else := instant(day)

instant(text) := round(time.parse_rfc3339_ns(text) / 1000000000)

has_passed if data.now >= seconds

severity := "error" if {
	has_passed
} else := "warning"

left := sprintf("the deadline %s has passed", [day]) if {
	has_passed
} else := sprintf("less than a day left until %s is over", [day]) if {
	days == 0
} else := sprintf("1 day left until %s", [day]) if {
	days == 1
} else := sprintf("%d days left until %s", [days, day])

is_retired if data.now >= instant("2024-07-15T00:00:00+08:00")

retirement := "version 1 is retired since 2024-07-15 (UTC+8)" if {
	is_retired
} else := "version 1 is retired from 2024-07-15 (UTC+8)"

answers := "answers 410 since 2024-07-15" if {
	is_retired
} else := "answers 410 from 2024-07-15 on"

# Whole days.
days := floor((seconds - data.now) / day_seconds)

is_valid(text) if is_day(text)

is_valid(text) if {
	is_string(text)
	contains(text, "T")
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-][01][0-9]:[0-5][0-9])$`, text)
	is_day(substring(text, 0, 10))
}

is_day(text) if {
	is_string(text)
	parts := split(text, "-")
	[count(part) | some part in parts] == [4, 2, 2]
	trim(concat("", parts), "0123456789") == ""
	number(parts[2]) >= 1
	number(parts[2]) <= month_length(parts[0], parts[1])
}

month_length(_, month) := 31 if month in {"01", "03", "05", "07", "08", "10", "12"}

month_length(_, month) := 30 if month in {"04", "06", "09", "11"}

month_length(year, "02") := 29 if {
	is_leap(number(year))
} else := 28

is_leap(year) if {
	year % 4 == 0
	year % 100 != 0
}

is_leap(year) if year % 400 == 0

# Digits may begin with zeros, which no JSON number does.
number(digits) := to_number(concat("", ["1", digits])) - to_number(concat("", ["1", substring("0000", 0, count(digits))]))
