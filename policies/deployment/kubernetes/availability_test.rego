package kubernetes.availability_test

workload(replicas, spec) := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
	"replicas": replicas,
	"template": {"metadata": {"labels": {"app": "web"}}, "spec": object.union({"containers": [{"image": "web:1"}]}, spec)},
}}

budget(members) := {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": object.union({"selector": {"matchLabels": {"app": "web"}}}, members)}

found(documents) := {[finding.id, finding.at] | some finding in data.kubernetes.availability.deny with data.documents as documents with data.params as {}}

spread := {"topologySpreadConstraints": [{"topologyKey": "kubernetes.io/hostname"}]}

test_several_pods_are_spread if {
	found([workload(2, {})]) == {["kubernetes-anti-affinity", "/spec/replicas"]}
	count(found([workload(2, spread)])) == 0
	count(found([workload(2, {"affinity": {"podAntiAffinity": {}}})])) == 0
	every replicas in [0, 1, null, "2"] {
		count(found([workload(replicas, {})])) == 0
	}
}

test_several_pods_have_a_budget if {
	other := budget({"selector": {"matchLabels": {"app": "till"}}, "maxUnavailable": 1})
	found([workload(2, spread), other]) == {["kubernetes-disruption-budget", "/spec/replicas"]}
	every selector in [{"matchLabels": {"app": "web"}}, {}, {"matchExpressions": [{"key": "app", "operator": "Exists"}]}] {
		count(found([workload(2, spread), other, budget({"selector": selector, "maxUnavailable": 1})])) == 0
	}
}

blocking(members) := {at | some [id, at] in found([workload(2, spread), budget(members)]); id == "kubernetes-disruption-budget-blocks"}

test_a_budget_lets_a_pod_go if {
	every value in [0, "0", "0%"] {
		blocking({"maxUnavailable": value}) == {"/spec/maxUnavailable"}
	}
	every value in ["100%", 2, 3] {
		blocking({"minAvailable": value}) == {"/spec/minAvailable"}
	}
	every members in [{"maxUnavailable": 1}, {"maxUnavailable": "10%"}, {"minAvailable": 1}, {"minAvailable": "50%"}, {}] {
		count(blocking(members)) == 0
	}
}
