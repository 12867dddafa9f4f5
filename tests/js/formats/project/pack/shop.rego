# METADATA
# title: Rules of a shop
package shop

# METADATA
# title: Images name a version
# description: |
#   An image without a tag, or with `latest`, changes without a change of the manifest. Two machines may then run
#   two programs.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
# custom:
#   id: image-version
#   remedy: 'write the version after the colon: image: "web:1.4.2"'
deny contains finding if {
	some index, container in input.spec.containers
	endswith(container.image, ":latest")
	finding := {
		"id": "image-version",
		"message": sprintf("`%s` says latest", [container.name]),
		"at": sprintf("/spec/containers/%d/image", [index]),
	}
}

# METADATA
# title: No pod sees the processes of its node
# custom:
#   id: host-pid
#   severity: warning
warn contains {"id": "host-pid", "message": "shares the processes of its node", "at": "/spec/hostPID"} if input.spec.hostPID

# METADATA
# custom:
#   id: owner
#   severity: info
deny contains {"id": "owner", "severity": "info", "message": msg, "at": "/metadata"} if {
	not input.metadata.labels.owner
	msg := sprintf("nobody owns %v", [input.metadata.name])
}
