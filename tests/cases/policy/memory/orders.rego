package orders

deny contains "never" if {
	xs := [x |
		some i in numbers.range(1, 10000)
		x := {"number": i, "text": sprintf("%d", [i])}
	]
	count(xs) == 0
}
