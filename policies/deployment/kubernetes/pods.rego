# METADATA
# title: The pods of the set
# description: Every pod that the set describes, whatever kind makes it, and its containers. Nothing here judges.
package kubernetes.pods

# Where a document of this kind has the `metadata` and `spec` of its pod.
templates := {
	"CronJob": ["spec", "jobTemplate", "spec", "template"],
	"DaemonSet": ["spec", "template"],
	"Deployment": ["spec", "template"],
	"Job": ["spec", "template"],
	"Pod": [],
	"PodTemplate": ["template"],
	"ReplicaSet": ["spec", "template"],
	"ReplicationController": ["spec", "template"],
	"StatefulSet": ["spec", "template"],
}

# `document` is an index into `data.documents`, and `at` a pointer within the document.
all := [pod |
	some index, document in data.documents
	path := templates[document.kind]
	is_built_in(document)
	template := object_at(document, path)
	pod := {
		"document": index,
		"namespace": namespace_of(document),
		"at": concat("", [text | some name in path; text := concat("", ["/", name])]),
		"annotations": object_at(template, ["metadata", "annotations"]),
		"spec": object_at(template, "spec"),
	}
]

# A part of a pod that may have a `securityContext`: the pod itself, or a container.
parts := [part |
	some group in [wholes, containers]
	some part in group
]

wholes := [whole(pod) | some pod in all]

containers := [container |
	some pod in all
	some container in containers_of(pod)
]

whole(pod) := {
	"pod": pod,
	"list": "",
	"at": concat("", [pod.at, "/spec"]),
	"value": pod.spec,
	"context": object_at(pod.spec, "securityContext"),
}

containers_of(pod) := [container |
	some list in ["initContainers", "containers", "ephemeralContainers"]
	some index, value in list_at(pod.spec, list)
	is_object(value)
	container := {
		"pod": pod,
		"list": list,
		"at": sprintf("%s/spec/%s/%d", [pod.at, list, index]),
		"value": value,
		"context": object_at(value, "securityContext"),
	}
]

# How a message names a part.
title(part) := "the pod" if {
	part.list == ""
} else := sprintf("the %s `%s`", [nouns[part.list], part.value.name]) if {
	is_string(part.value.name)
} else := sprintf("the %s without a name", [nouns[part.list]])

nouns := {
	"containers": "container",
	"ephemeralContainers": "ephemeral container",
	"initContainers": "init container",
}

# The deepest place that is there: the member of the part's `securityContext`, else that, else the part.
context_at(part, name) := sprintf("%s/securityContext/%s", [part.at, name]) if {
	name in object.keys(part.context)
} else := concat("", [part.at, "/securityContext"]) if {
	"securityContext" in object.keys(part.value)
} else := part.at

# Custom resources have kinds of the same names in groups of their own.
is_built_in(document) if group_of(document) in {"", "apps", "batch", "extensions"}

group_of(document) := split(document.apiVersion, "/")[0] if {
	is_string(document.apiVersion)
	contains(document.apiVersion, "/")
} else := ""

namespace_of(document) := document.metadata.namespace if {
	is_string(document.metadata.namespace)
	document.metadata.namespace != ""
} else := "default"

# The object there, or an empty one.
object_at(value, path) := found if {
	found := object.get(value, path, {})
	is_object(found)
} else := {}

# The list there, or an empty one.
list_at(value, name) := found if {
	found := object.get(value, name, [])
	is_array(found)
} else := []
