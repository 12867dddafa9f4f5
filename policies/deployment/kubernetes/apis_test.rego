package kubernetes.apis_test

found(version, kind, params) := {finding.id: finding.message |
	document := {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}}
	some finding in data.kubernetes.apis.deny with data.documents as [document] with data.params as params
}

test_what_is_removed if {
	found("policy/v1beta1", "PodDisruptionBudget", {}) == {"kubernetes-api-removed": "Kubernetes 1.25 removed PodDisruptionBudget of `policy/v1beta1`: use `policy/v1`"}
	found("policy/v1beta1", "PodSecurityPolicy", {}) == {"kubernetes-api-removed": "Kubernetes 1.25 removed PodSecurityPolicy of `policy/v1beta1`, and nothing took its place"}
	every kind in ["Deployment", "Ingress", "NetworkPolicy", "PodSecurityPolicy"] {
		found("extensions/v1beta1", kind, {})["kubernetes-api-removed"]
	}
}

test_what_a_version_still_serves if {
	found("batch/v1beta1", "CronJob", {"kubernetes": {"version": "v1.24"}}) == {"kubernetes-api-deprecated": "CronJob of `batch/v1beta1` is deprecated since Kubernetes 1.21: use `batch/v1`"}
	count(found("batch/v1beta1", "CronJob", {"kubernetes": {"version": "v1.20"}})) == 0
	found("batch/v1beta1", "CronJob", {"kubernetes": {"version": "v1.25"}})["kubernetes-api-removed"]
	found("batch/v1beta1", "CronJob", {"kubernetes": {"version": "latest"}})["kubernetes-api-removed"]
}

test_what_is_served if {
	every one in [["apps/v1", "Deployment"], ["batch/v1", "CronJob"], ["extensions/v1beta1", "Widget"], [null, "Pod"]] {
		count(found(one[0], one[1], {})) == 0
	}
}
