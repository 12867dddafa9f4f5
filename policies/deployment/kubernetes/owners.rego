# METADATA
# title: What makes what
# description: >-
#   What is read from a cluster has a Deployment, its ReplicaSets and their pods. What the pods have from the Deployment
#   is told once, of the Deployment; what differs, such as a container that something injected, of the pod. Nothing here
#   judges.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/
package kubernetes.owners

import data.kubernetes.pods
import future.keywords.not

# The rules of `pods`, which imports this package, are named in full: not every engine takes a circle of imports.

# By document, what its controller has for it: a pod of `pods.described`.
makers[index] := maker if {
	some index, owner in owned
	document := first(pods.namespace_of(data.documents[index]), owner)
	document != index
	maker := by_document[document]
}

owned[index] := owner if {
	some index, document in data.documents
	data.kubernetes.pods.templates[document.kind]
	references := document.metadata.ownerReferences
	is_array(references)
	owner := [reference |
		some reference in references
		is_object(reference)
		data.kubernetes.pods.templates[reference.kind]
		not pods.is_custom(reference)
		is_string(reference.name)
	][0]
}

# The controller; else what is above it, as where the set leaves ReplicaSets out; else the first that it made.
first(namespace, owner) := min(indices) if {
	indices := named[key(owner.kind, namespace, owner.name)]
} else := min(indices) if {
	indices := named[key(above[owner.kind], namespace, regex.replace(owner.name, `-[^-]*$`, ""))]
} else := min(siblings[key(owner.kind, namespace, owner.name)])

above := {"Job": "CronJob", "ReplicaSet": "Deployment"}

named[object_key] contains pod.document if {
	count(owned) > 0
	some pod in data.kubernetes.pods.described
	object_key := key(pod.kind, pod.namespace, data.documents[pod.document].metadata.name)
}

siblings[owner_key] contains index if {
	some index, owner in owned
	owner_key := key(owner.kind, pods.namespace_of(data.documents[index]), owner.name)
}

by_document[pod.document] := pod if {
	count(owned) > 0
	some pod in data.kubernetes.pods.described
}

key(kind, namespace, name) := sprintf("%v/%v/%v", [kind, namespace, name])

# Whether the controller tells all there is to tell of the pod as a whole.
is_told(pod) if {
	maker := makers[pod.document]
	gist(pod) == gist(maker)
}

is_told(pod) if is_retired(pod)

# Whether the controller tells all there is to tell of the container.
tells(container) if is_retired(container.pod)

tells(container) if {
	maker := makers[container.pod.document]
	some other in pods.containers_of(maker)
	other.value.name == container.value.name
	object.filter(other.value, judged) == object.filter(container.value, judged)
}

# A former revision of a Deployment.
is_retired(pod) if {
	pod.kind == "ReplicaSet"
	owned[pod.document]
	data.documents[pod.document].spec.replicas == 0
}

# What a limit range or an injector changes in every container is left out.
judged := ["image", "lifecycle", "livenessProbe", "ports", "readinessProbe", "securityContext", "startupProbe"]

gist(pod) := {
	"spec": object.filter(pod.spec, ["hostIPC", "hostNetwork", "hostPID", "hostUsers", "os", "securityContext"]),
	"volumes": {volume |
		is_array(pod.spec.volumes)
		some volume in pod.spec.volumes
		is_object(volume)
		count(added & object.keys(volume)) == 0
	},
	"profiles": {[name, profile] |
		annotations := pod.template.metadata.annotations
		is_object(annotations)
		some name, profile in annotations
		regex.match(`apparmor|seccomp`, name)
	},
}

# Volumes that are added to a pod when it is made.
added := {"configMap", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
