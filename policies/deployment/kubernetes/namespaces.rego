# METADATA
# title: The namespaces of the set
# description: What they say of themselves, and which are exempt. Nothing here judges.
package kubernetes.namespaces

import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# By name, the labels of each Namespace of the set. Of two for one name the later counts, as where they are applied in
# this order.
labels[name] := found if {
	some name, indices in documents
	found := data.documents[max(indices)].metadata.labels
	is_object(found)
}

documents[name] contains index if {
	some index, document in data.documents
	document.kind == "Namespace"
	not pods.is_custom(document)
	name := document.metadata.name
	is_string(name)
}

# Whose pods are not judged.
unjudged := exempt | own

# The cluster's own, where all that is in them was read from a cluster: whoever runs it answers for them.
own contains name if {
	parameters.setting("system") != true
	some name, indices in in_systems
	not name in exempt
	every index in indices {
		is_string(data.documents[index].metadata.uid)
	}
}

systems := {"kube-node-lease", "kube-public", "kube-system"}

in_systems[name] contains index if {
	some index, document in data.documents
	name := place_of(document)
	name in systems
}

place_of(document) := document.metadata.name if {
	document.kind == "Namespace"
} else := document.metadata.namespace

exempt contains name if {
	is_array(data.params.exemptNamespaces)
	some name in data.params.exemptNamespaces
	is_string(name)
}

# The command line's `--set exemptNamespaces=kube-system,kube-public`.
exempt contains name if {
	is_string(data.params.exemptNamespaces)
	some name in split(data.params.exemptNamespaces, ",")
	name != ""
}
