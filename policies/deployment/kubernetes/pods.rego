# METADATA
# title: The pods of the set
# description: >-
#   Every pod that the set describes, whatever kind makes it, and its containers. What a controller of the set makes is
#   judged in the controller, but for what is only in the pod itself. Nothing here judges.
package kubernetes.pods

import data.kubernetes.owners
import future.keywords.not

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

# The pods that are judged.
all := [pod |
	some pod in described
	not owners.is_told(pod)
]

# All of them, as those that a Service selects. `document` is an index into `data.documents`.
described := [pod |
	some index, document in data.documents
	path := templates[document.kind]
	not is_custom(document)
	template := object.get(document, path, null)
	is_object(template.spec)
	pod := {
		"document": index,
		"kind": document.kind,
		"namespace": namespace_of(document),
		"template": template,
		"spec": template.spec,
	}
]

# A part of a pod that may have a `securityContext`: the pod itself, whose `list` is empty, or a container.
parts := [part |
	some list in [wholes, containers]
	some part in list
]

wholes := [whole(pod) | some pod in all]

whole(pod) := {"pod": pod, "list": "", "index": 0, "value": pod.spec}

containers := [container |
	some pod in described
	some container in containers_of(pod)
	not owners.tells(container)
]

containers_of(pod) := [container |
	some list in ["initContainers", "containers", "ephemeralContainers"]
	values := pod.spec[list]
	is_array(values)
	some index, value in values
	is_object(value)
	container := {"pod": pod, "list": list, "index": index, "value": value}
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

# The pointer to what is at this path of a part.
at(part, path) := pointer(part.pod, array.concat(["spec"], path)) if {
	part.list == ""
} else := pointer(part.pod, array.concat(["spec", part.list, part.index], path))

# The pointer to what is at this path of a pod.
pointer(pod, path) := concat("", [text |
	some step in array.concat(templates[pod.kind], path)
	text := sprintf("/%s", [escaped(sprintf("%v", [step]))])
])

escaped(name) := replace(replace(name, "~", "~0"), "/", "~1")

# The pointer to this member of a part, or to the part.
member_at(part, name) := at(part, [name]) if {
	name in object.keys(part.value)
} else := at(part, [])

# The pointer to this member of a part's `securityContext`, or to the deepest of what is there.
context_at(part, name) := at(part, ["securityContext", name]) if {
	is_object(part.value.securityContext)
	name in object.keys(part.value.securityContext)
} else := at(part, ["securityContext"]) if {
	"securityContext" in object.keys(part.value)
} else := at(part, [])

# A custom resource may be of a kind with the same name. Its group has a dot.
is_custom(document) if {
	is_string(document.apiVersion)
	contains(document.apiVersion, ".")
}

namespace_of(document) := document.metadata.namespace if {
	is_string(document.metadata.namespace)
	document.metadata.namespace != ""
} else := "default"
