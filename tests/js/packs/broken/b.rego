package broken.b

deny contains message if {
	input.x
}
