# METADATA
# title: What the set has
# description: >-
#   Its objects by name and its pods by label, and the namespaces of which it has everything: those that it makes itself,
#   and all of them with `kubernetes.complete`. Nothing here judges.
package kubernetes.objects

import data.kubernetes.namespaces
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# The documents of this kind, namespace and name, of Kubernetes' own kinds.
has(kind, namespace, name) if named[key(kind, namespace, name)]

named[object_key] contains index if {
	some index, document in data.documents
	is_string(document.kind)
	is_string(document.metadata.name)
	not is_foreign(document)
	object_key := key(document.kind, pods.namespace_of(document), document.metadata.name)
}

key(kind, namespace, name) := concat("/", [kind, namespace, name])

# A namespace in which nothing is missing. What custom resources stand for is made later, by what watches them.
complete contains namespace if {
	parameters.setting("complete") == true
	some document in data.documents
	namespace := pods.namespace_of(document)
	not namespace in namespaces.exempt
}

complete contains namespace if {
	parameters.setting("complete") != false
	some namespace, indices in namespaces.documents
	not namespace in namespaces.exempt
	not namespace in with_foreign
	not is_read(indices)
}

# Read from a cluster, of which few ask for every kind.
is_read(indices) if {
	some index in indices
	is_string(data.documents[index].metadata.uid)
}

with_foreign contains pods.namespace_of(document) if {
	some document in data.documents
	is_foreign(document)
}

# Of a group that Kubernetes itself does not have.
is_foreign(document) if {
	is_string(document.apiVersion)
	group := split(document.apiVersion, "/")[0]
	contains(group, ".")
	not regex.match(`^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|policy|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io$`, group)
}

# The pods of the namespace that have all these labels, as indices into `pods.described`. The index by one label makes it unnecessary to look at every pod.
selected(namespace, labels) := {position |
	first := min([name | some name, _ in labels])
	is_string(labels[first])
	label := key(namespace, first, labels[first])
	some position in labelled[label]
	has_labels(pods.described[position], labels)
}

labelled[label_key] contains position if {
	some position, pod in pods.described
	labels := labels_of(pod)
	some name, value in labels
	is_string(value)
	label_key := key(pod.namespace, name, value)
}

has_labels(pod, labels) if {
	given := labels_of(pod)
	every name, value in labels {
		given[name] == value
	}
}

labels_of(pod) := labels if {
	labels := pod.template.metadata.labels
	is_object(labels)
} else := {}

# The labels that a selector asks for, where it asks for nothing else.
labels_asked(selector) := labels if {
	not is_object(selector.matchExpressions[0])
	labels := own_labels(selector.matchLabels)
}

# Those that a template can have. The others a pod gets when it is made.
own_labels(labels) := own if {
	is_object(labels)
	own := object.remove(labels, given_labels)
	count(own) > 0
}

given_labels := [
	"apps.kubernetes.io/pod-index",
	"batch.kubernetes.io/controller-uid",
	"batch.kubernetes.io/job-completion-index",
	"batch.kubernetes.io/job-name",
	"controller-revision-hash",
	"controller-uid",
	"job-name",
	"pod-template-hash",
	"statefulset.kubernetes.io/pod-name",
]
