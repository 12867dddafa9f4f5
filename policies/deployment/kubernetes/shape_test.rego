package kubernetes.shape_test

found(document) := {finding.at | some finding in data.kubernetes.shape.deny with data.documents as [document] with data.params as {}}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec}

deployment(spec) := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": {"spec": spec}}}

test_what_is_no_pod if {
	every spec in [null, [], "x", 1, [{"containers": []}]] {
		found(pod(spec)) == {"/spec"}
		found(deployment(spec)) == {"/spec/template/spec"}
	}
	every containers in [null, {}, "x"] {
		found(pod({"containers": containers})) == {"/spec/containers"}
	}
	found(pod({"containers": [], "initContainers": {}})) == {"/spec/initContainers"}
}

test_what_is_one if {
	every spec in [{}, {"containers": []}, {"containers": [{}], "initContainers": null}] {
		count(found(pod(spec))) == 0
		count(found(deployment(spec))) == 0
	}
	count(found({"kind": "Deployment", "spec": {"replicas": 2}})) == 0
	count(found({"apiVersion": "example.org/v1", "kind": "Pod", "spec": []})) == 0
}
