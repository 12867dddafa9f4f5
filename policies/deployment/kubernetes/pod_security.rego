# METADATA
# title: Pod Security level
# description: >-
#   Every namespace enforces a Pod Security level of at least baseline, by its own label.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
package kubernetes.pod_security

import data.kubernetes.namespaces
import future.keywords.not

# METADATA
# title: The namespace enforces at least baseline
# custom:
#   id: kubernetes-pod-security-level
#   severity: error
#   remedy: set the label `pod-security.kubernetes.io/enforce` of the namespace to `baseline` or `restricted`
deny contains finding if {
	is_namespace
	not exempt
	not level in {"baseline", "restricted"}
	finding := {"id": "kubernetes-pod-security-level", "message": message, "at": place}
}

label := "pod-security.kubernetes.io/enforce"

# A Namespace of another group than the core's is something else.
is_namespace if {
	input.kind == "Namespace"
	not other_group
}

other_group if {
	is_string(input.apiVersion)
	contains(input.apiVersion, "/")
}

# What a cluster says of its own namespaces.
exempt if input.metadata.name in namespaces.own

exempt if {
	is_array(data.params.exemptNamespaces)
	input.metadata.name in data.params.exemptNamespaces
}

# The command line's `--set exemptNamespaces=kube-system,kube-public`.
exempt if {
	is_string(data.params.exemptNamespaces)
	input.metadata.name in split(data.params.exemptNamespaces, ",")
}

labels := object.get(metadata, "labels", null)

metadata := input.metadata if {
	is_object(input.metadata)
} else := {}

has_labels if is_object(labels)

level := labels[label] if has_labels

named := sprintf("the namespace `%s`", [metadata.name]) if {
	is_string(metadata.name)
} else := "a namespace without a name"

message := sprintf("%s enforces `privileged`, which is below `baseline`", [named]) if {
	level == "privileged"
} else := sprintf("%s enforces `%s`, which is no Pod Security level: the API server refuses it", [named, level]) if {
	is_string(level)
} else := sprintf("%s has a Pod Security level that is not a string", [named]) if {
	is_there(level)
} else := sprintf("%s only warns or audits: without `%s` no Pod Security level is enforced", [named, label]) if {
	some mode in ["warn", "audit"]
	is_there(labels[concat("/", ["pod-security.kubernetes.io", mode])])
} else := sprintf("%s enforces no Pod Security level: the label `%s` is missing", [named, label])

is_there(value) if type_name(value) != "undefined"

place := sprintf("/metadata/labels/%s", [replace(label, "/", "~1")]) if {
	is_there(level)
} else := "/metadata/labels" if {
	has_labels
} else := "/metadata" if {
	is_object(input.metadata)
} else := ""
