package broken.a

deny contains "x" if {
	counts(input.items) > 1
}
