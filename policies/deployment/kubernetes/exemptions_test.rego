package kubernetes.exemptions_test

import data.kubernetes.exemptions

documents := [
	{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
	{"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "till"}},
]

found(exempt) := {[finding.id, finding.resource.name, object.get(finding, "document", null)] |
	some finding in exemptions.deny with data.documents as documents with data.params as {"exemptNamespaces": exempt}
}

test_an_exemption_leaves_a_trace if {
	found(["shop", "till"]) == {["kubernetes-namespace-exempt", "shop", 0], ["kubernetes-namespace-exempt", "till", 1]}
	found("shop,till") == found(["till", "shop"])
}

test_an_exemption_that_nothing_uses_is_a_finding if {
	found(["shop", "sohp"]) == {["kubernetes-namespace-exempt", "shop", 0], ["kubernetes-exemption-unused", "sohp", null]}
}

test_without_exemptions_there_is_nothing_to_say if {
	every exempt in [[], 1, null, [1]] {
		count(found(exempt)) == 0
	}
	count(exemptions.deny) == 0 with data.documents as documents with data.params as {}
}
