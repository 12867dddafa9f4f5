package kubernetes.hygiene

import data.kubernetes.parameters
import data.kubernetes.pods

# METADATA
# title: An image has a version
# description: Without a tag, or with `latest`, two nodes may run different images, and nobody can go back.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
# custom:
#   id: kubernetes-image-latest
#   severity: warning
#   subject: set
#   remedy: name the version as the image's tag, or its digest
deny contains finding if {
	is_on("kubernetes-image-latest")
	some container in containers
	image := image_of(container)
	image.digest == ""
	image.tag in {"", "latest"}
	finding := {
		"id": "kubernetes-image-latest",
		"message": sprintf("%s runs an image without a version: `%s`", [pods.title(container), container.value.image]),
		"document": container.pod.document,
		"at": pods.at(container, ["image"]),
	}
}

# METADATA
# title: An image is pinned by its digest
# description: A tag may be moved to another image. Judged with `kubernetes.digests`.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
# custom:
#   id: kubernetes-image-digest
#   severity: error
#   subject: set
#   remedy: add the digest to the image, `name:tag@sha256:…`
deny contains finding if {
	parameters.setting("digests") == true
	is_on("kubernetes-image-digest")
	some container in containers
	image_of(container).digest == ""
	finding := {
		"id": "kubernetes-image-digest",
		"message": sprintf("%s runs an image without a digest: `%s`", [pods.title(container), container.value.image]),
		"document": container.pod.document,
		"at": pods.at(container, ["image"]),
	}
}

# METADATA
# title: An image comes from a registry that is allowed
# description: Judged with `kubernetes.registries`, a list of registries or of parts of them.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/#image-names
# custom:
#   id: kubernetes-image-registry
#   severity: error
#   subject: set
#   remedy: use the image from one of `kubernetes.registries`, or add its registry there
deny contains finding if {
	count(parameters.registries) > 0
	is_on("kubernetes-image-registry")
	some container in containers
	image := image_of(container)
	not is_from_registry(image.name)
	finding := {
		"id": "kubernetes-image-registry",
		"message": sprintf("%s runs an image from a registry that is not allowed: `%s`", [pods.title(container), image.name]),
		"document": container.pod.document,
		"at": pods.at(container, ["image"]),
	}
}

is_from_registry(name) if {
	some registry in parameters.registries
	startswith(name, sprintf("%s/", [trim_suffix(registry, "/")]))
}

# `registry/path:tag@digest`, where all but the path may be left out.
image_of(container) := {"name": full_name(trim_suffix(reference, concat("", [":", tag]))), "tag": tag, "digest": digest} if {
	is_string(container.value.image)
	container.value.image != ""
	halves := split(container.value.image, "@")
	reference := halves[0]
	digest := concat("@", array.slice(halves, 1, count(halves)))
	steps := split(reference, "/")
	tag := concat(":", array.slice(split(steps[count(steps) - 1], ":"), 1, 2))
}

# A name whose first part is no host is one of Docker Hub.
full_name(name) := name if {
	regex.match(`^([^/]*[.:][^/]*|localhost)/`, name)
} else := concat("", ["docker.io/", name]) if {
	contains(name, "/")
} else := concat("", ["docker.io/library/", name])
