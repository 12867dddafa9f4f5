package kubernetes.hygiene

import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

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
	parameters.is_on("kubernetes-image-latest")
	some container in containers
	regex.match(`^(.*/)?[^/:@]+(:latest)?$`, container.value.image)
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
	parameters.is_on("kubernetes-image-digest")
	some container in containers
	container.value.image != ""
	not contains(container.value.image, "@")
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
	parameters.is_on("kubernetes-image-registry")
	some container in containers
	container.value.image != ""
	name := full_name(container.value.image)
	not is_from_registry(name)
	finding := {
		"id": "kubernetes-image-registry",
		"message": sprintf("%s runs an image from a registry that is not allowed: `%s`", [pods.title(container), name]),
		"document": container.pod.document,
		"at": pods.at(container, ["image"]),
	}
}

is_from_registry(name) if {
	some registry in parameters.registries
	startswith(name, sprintf("%s/", [trim_suffix(registry, "/")]))
}

# A name whose first part is no host is one of Docker Hub.
full_name(name) := name if {
	regex.match(`^([^/]*[.:][^/]*|localhost)/`, name)
} else := concat("", ["docker.io/", name]) if {
	contains(name, "/")
} else := concat("", ["docker.io/library/", name])
