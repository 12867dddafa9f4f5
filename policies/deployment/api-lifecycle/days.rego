# METADATA
# title: Days
# description: A day begins at 00:00 UTC.
package api_lifecycle.days

# Days written so are in the order of their texts.
today := sprintf("%04d-%02d-%02d", time.date(data.now * 1000000000))

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

# The same day six months later, or the last of that month where it has no such day.
after_six_months(day) := sprintf("%s-%s-%02d", [year, month, number_of_day]) if {
	is_day(day)
	months := number(substring(day, 5, 2)) + 5
	year := sprintf("%04d", [number(substring(day, 0, 4)) + floor(months / 12)])
	month := sprintf("%02d", [(months % 12) + 1])
	number_of_day := min([number(substring(day, 8, 2)), month_length(year, month)])
}

# Digits may begin with zeros, which no JSON number does.
number(digits) := to_number(concat("", ["1", digits])) - to_number(concat("", ["1", substring("0000", 0, count(digits))]))
