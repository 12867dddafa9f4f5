package orders

deny contains "never" if {
	text := concat("", [concat("", ["[" | some _ in numbers.range(1, 300)]), concat("", ["]" | some _ in numbers.range(1, 300)])])
	count(json.unmarshal(text)) == 0
}
