package kubernetes.network_policy_test

import data.kubernetes.network_policy

policy(spec) := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "NetworkPolicy",
	"metadata": {"name": "n", "namespace": "shop"},
	"spec": spec,
}

namespace(name) := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}

pod(metadata) := {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}

found(documents) := {[finding.id, object.get(finding, "document", null), finding.at] |
	some finding in network_policy.deny with data.documents as documents
	finding.id != "kubernetes-pod-security-unchecked"
}

unchecked(documents) := {[finding.document, finding.resource.name] |
	some finding in network_policy.deny with data.documents as documents
	finding.id == "kubernetes-pod-security-unchecked"
}

test_a_namespace_that_is_not_in_the_set_is_told if {
	unchecked([pod({"namespace": "till"}), pod({"namespace": "till"}), namespace("shop"), pod({"namespace": "shop"})]) == {[0, "till"]}
	unchecked([policy({}), pod({})]) == {[0, "shop"], [1, "default"]}
	count(unchecked([policy({}), namespace("shop"), {"kind": "ClusterRole"}])) == 0
	count(unchecked([pod({"namespace": "till"})])) == 0 with data.params as {"exemptNamespaces": "till"}
}

missing(index, at) := {["kubernetes-default-deny-ingress", index, at]}

test_default_denies_pass if {
	every spec in [
		{"podSelector": {}, "policyTypes": ["Ingress"]},
		{"podSelector": {}, "policyTypes": ["Egress", "Ingress"], "ingress": []},
		{"podSelector": {"matchLabels": {}, "matchExpressions": []}, "ingress": null},
		{"podSelector": {"matchLabels": null}, "policyTypes": []},
		{"podSelector": null, "policyTypes": null},
		{},
	] {
		count(found([namespace("shop"), policy(spec)])) == 0
	}
}

test_near_misses_say_why if {
	all := {"podSelector": {}}
	found([namespace("shop"), policy(object.union(all, {"policyTypes": ["Egress"]}))]) == missing(1, "/spec/policyTypes")
	found([namespace("shop"), policy(object.union(all, {"ingress": [{}]}))]) == missing(1, "/spec/ingress")
	found([namespace("shop"), policy(object.union(all, {"ingress": {}}))]) == set()
	found([namespace("shop"), policy(object.union(all, {"ingress": "none"}))]) == missing(1, "/spec/ingress")
	found([namespace("shop"), policy(object.union(all, {"policyTypes": "Ingress"}))]) == missing(1, "/spec/policyTypes")
	found([namespace("shop"), policy(object.union(all, {"policyTypes": ["ingress"]}))]) == missing(1, "/spec/policyTypes")
	old := object.union(policy(all), {"apiVersion": "extensions/v1beta1"})
	found([namespace("shop"), old]) == missing(1, "")
}

test_a_policy_for_some_pods_is_none if {
	every selector in [{"matchLabels": {"a": "b"}}, {"matchExpressions": [{"key": "a", "operator": "Exists"}]}, {"matchLabel": {}}, [1], "x", 1] {
		found([namespace("shop"), policy({"podSelector": selector})]) == missing(0, "")
	}
}

test_policies_of_other_namespaces_are_none if {
	found([namespace("till"), namespace("shop"), policy({})]) == missing(0, "")
}

test_every_namespace_of_the_set_is_judged if {
	found([pod({"namespace": "till"}), pod({"namespace": "till"}), namespace("shop")]) == missing(0, "") | missing(2, "")
	found([pod({"namespace": "till"}), namespace("till")]) == missing(1, "")
	found([pod({})]) == missing(0, "")
	found([pod({"namespace": ""})]) == missing(0, "")
	found([pod({"namespace": 7})]) == missing(0, "")
	found([{"kind": "Deployment"}]) == missing(0, "")
}

test_sets_without_namespaces_pass if {
	count(found([])) == 0
	count(found([null, 1, "x", [], {}, {"kind": "ClusterRole", "metadata": {"name": "a"}}])) == 0
}

test_a_namespace_without_a_name_is_a_finding if {
	every metadata in [null, {}, {"name": 123}, {"name": false}, {"name": ""}, {"name": {"a": "b"}}] {
		found([{"kind": "Namespace", "metadata": metadata}]) == {["kubernetes-namespace-unnamed", 0, "/metadata/name"]}
	}
}

test_the_finding_names_the_namespace if {
	some finding in network_policy.deny with data.documents as [pod({"namespace": "till"})]
	finding.resource == {"kind": "Namespace", "name": "till"}
	finding.message == "the namespace `till` has no NetworkPolicy that denies ingress by default"
}

test_an_allow_all_defeats_a_default_deny if {
	every rule in [{}, {"from": []}, {"from": null, "ports": []}, {"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}] {
		found([policy({}), policy({"ingress": [{"ports": [{"port": 80}]}, rule]})]) == {["kubernetes-allow-all-ingress", 1, "/spec/ingress/1"]}
	}
}

test_narrower_rules_do_not if {
	every rule in [{"ports": [{"port": 80}]}, {"from": [{"podSelector": {}}]}, {"from": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]}, null, 1, []] {
		count(found([policy({}), policy({"ingress": [rule]})])) == 0
	}
	count(found([policy({}), policy({"podSelector": {"matchLabels": {"a": "b"}}, "ingress": [{}]})])) == 0
	count(found([policy({}), policy({"policyTypes": ["Egress"], "ingress": [{}]})])) == 0
}

test_malformed_policies_are_none if {
	every document in [{"kind": "NetworkPolicy"}, {"kind": "NetworkPolicy", "spec": []}, {"kind": "NetworkPolicy", "metadata": [], "spec": {}}] {
		found([document]) == missing(0, "")
	}
}

test_exempt_namespaces_pass if {
	count(found([namespace("shop")])) == 0 with data.params as {"exemptNamespaces": ["shop"]}
	count(found([namespace("shop")])) == 0 with data.params as {"exemptNamespaces": "a,shop"}
}
