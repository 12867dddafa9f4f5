package main

deny_root[msg] {
	input.spec.root
	msg := "runs as root"
}

warn[msg] {
	input.spec.root
	msg := "consider a user"
}

exception[rules] {
	input.metadata.name == "tool"
	rules := ["root", "other"]
}
