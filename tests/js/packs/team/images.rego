# METADATA
# title: Images
package team.images

# METADATA
# title: An image has a version
# description: Without one, a new pull may bring another image.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
# custom:
#   id: image-latest
#   remedy: name a version, or a digest
deny contains {"id": "image-latest", "message": sprintf("`%s` has no version", [container.image])} if {
	some container in input.spec.containers
	endswith(container.image, ":latest")
	not is_exempt
}

is_exempt if {
	input.metadata.labels.exempt == "yes"
	input.metadata.labels.reason != ""
}
