# METADATA
# title: Exempt namespaces
# description: What was not judged is said, and so is an exemption that nothing needs any longer.
package kubernetes.exemptions

import data.kubernetes.network_policy

# METADATA
# title: A namespace is exempt
# custom:
#   id: kubernetes-namespace-exempt
#   severity: info
#   subject: set
#   remedy: take the namespace out of `exemptNamespaces` to have it judged
deny contains finding if {
	some namespace in names
	indices := network_policy.places[namespace]
	finding := {
		"id": "kubernetes-namespace-exempt",
		"message": sprintf("the namespace `%s` is exempt: neither Pod Security nor a default deny was asked of it", [namespace]),
		"document": min(indices),
		"at": "",
		"resource": {"kind": "Namespace", "name": namespace},
	}
}

# METADATA
# title: An exemption is used
# custom:
#   id: kubernetes-exemption-unused
#   severity: warning
#   subject: set
#   remedy: take the namespace out of `exemptNamespaces`, or correct its name
deny contains finding if {
	some namespace in names
	object.get(network_policy.places, namespace, null) == null
	finding := {
		"id": "kubernetes-exemption-unused",
		"message": sprintf("the namespace `%s` is exempt, and no document of the set is in it", [namespace]),
		"resource": {"kind": "Namespace", "name": namespace},
	}
}

names := {name | some name in data.params.exemptNamespaces; is_string(name)} if {
	is_array(data.params.exemptNamespaces)
} else := {name | some name in split(data.params.exemptNamespaces, ","); name != ""} if {
	is_string(data.params.exemptNamespaces)
} else := set()

is_exempt(namespace) := namespace in names
