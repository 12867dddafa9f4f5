package silent

deny contains "of admission" if {
	input.review.object.spec.hostPID
}

deny contains "by data" if {
	data.lib.k8s.pods[_].name == input.metadata.name
}

denny contains "never" if {
	input.kind == "Pod"
}

deny_kind contains "never" if {
	input.kindd == "Pod"
}
