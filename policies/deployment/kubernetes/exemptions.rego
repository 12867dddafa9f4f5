# METADATA
# title: Exempt namespaces
# description: The report says what was not judged, and which exemption nothing needs any longer.
package kubernetes.exemptions

import data.kubernetes.namespaces
import data.kubernetes.network_policy
import future.keywords.not

# METADATA
# title: A namespace is exempt
# description: A reader of the report sees that the namespace was left out.
# custom:
#   id: kubernetes-namespace-exempt
#   severity: info
#   subject: set
#   remedy: take the namespace out of `exemptNamespaces` to have it judged; for the cluster's own, set `kubernetes.system` to `true`
deny contains finding if {
	some name in namespaces.exempt
	indices := network_policy.places[name]
	finding := {
		"id": "kubernetes-namespace-exempt",
		"message": sprintf("the namespace `%s` is exempt: its level, its pods and its default deny were not judged", [name]),
		"document": min(indices),
		"at": "",
		"resource": {"kind": "Namespace", "name": name},
	}
}

deny contains finding if {
	some name in namespaces.own
	finding := {
		"id": "kubernetes-namespace-exempt",
		"message": sprintf("the namespace `%s` is the cluster's own: its level, its pods and its default deny were not judged", [name]),
		"document": min(namespaces.in_systems[name]),
		"at": "",
		"resource": {"kind": "Namespace", "name": name},
	}
}

# METADATA
# title: An exemption is used
# description: One that is left over would exempt whatever gets this name later.
# custom:
#   id: kubernetes-exemption-unused
#   severity: warning
#   subject: set
#   remedy: take the namespace out of `exemptNamespaces`, or correct its name
deny contains finding if {
	some name in namespaces.exempt
	not network_policy.places[name]
	finding := {
		"id": "kubernetes-exemption-unused",
		"message": sprintf("the namespace `%s` is exempt, and no document of the set is in it", [name]),
		"resource": {"kind": "Namespace", "name": name},
	}
}
