package root

deny[msg] {
	input.spec.containers[_].securityContext.runAsUser == 0
	msg := "runs as root"
}
