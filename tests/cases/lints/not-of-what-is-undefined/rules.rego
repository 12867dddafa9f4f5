package plain

deny contains "no owner" if {
	input.kind == "Namespace"
	not startswith(input.metadata.labels.owner, "team-")
}
