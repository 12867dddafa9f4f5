package main

import data.exceptions.exempt

deny_root contains msg if {
	some container in input.spec.containers
	container.securityContext.runAsUser == 0
	msg := sprintf("%s runs as root", [container.name])
}

deny_latest contains {"msg": msg, "owner": "team"} if {
	some container in input.spec.containers
	endswith(container.image, ":latest")
	msg := sprintf("%s has no version", [container.name])
}

exception contains rules if {
	input.metadata.name in exempt
	rules := ["root"]
}
