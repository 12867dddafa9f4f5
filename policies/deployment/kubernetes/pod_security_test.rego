package kubernetes.pod_security_test

import data.kubernetes.pod_security

enforce := "pod-security.kubernetes.io/enforce"

namespace(labels) := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}

places(document) := {finding.at | some finding in pod_security.deny with input as document}

messages(document) := {finding.message | some finding in pod_security.deny with input as document}

test_baseline_and_restricted_pass if {
	count(places(namespace({enforce: "baseline"}))) == 0
	count(places(namespace({enforce: "restricted", "pod-security.kubernetes.io/enforce-version": "v1.30"}))) == 0
}

test_privileged_fails if {
	messages(namespace({enforce: "privileged"})) == {"the namespace `shop` enforces `privileged`, which is below `baseline`"}
	places(namespace({enforce: "privileged"})) == {"/metadata/labels/pod-security.kubernetes.io~1enforce"}
}

test_unknown_levels_fail if {
	some_level := {"Baseline", "baseline ", "", "strict"}
	every level in some_level {
		places(namespace({enforce: level})) == {"/metadata/labels/pod-security.kubernetes.io~1enforce"}
	}
}

test_levels_of_other_types_fail if {
	every level in {null, true, 1, ["baseline"], {"baseline": true}} {
		places(namespace({enforce: level})) == {"/metadata/labels/pod-security.kubernetes.io~1enforce"}
	}
}

test_warn_and_audit_do_not_enforce if {
	labels := {"pod-security.kubernetes.io/warn": "restricted", "pod-security.kubernetes.io/audit": "restricted"}
	places(namespace(labels)) == {"/metadata/labels"}
	some message in messages(namespace(labels))
	startswith(message, "the namespace `shop` only warns or audits")
}

test_missing_parts_fail_at_the_deepest_that_is_there if {
	places(namespace({})) == {"/metadata/labels"}
	places({"kind": "Namespace", "metadata": {"name": "shop"}}) == {"/metadata"}
	places({"kind": "Namespace"}) == {""}
}

test_malformed_documents_fail if {
	every labels in [null, [], "x", 1] {
		places(namespace(labels)) == {"/metadata"}
	}
	every metadata in [null, [], "x", 1] {
		places({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}) == {""}
	}
	every name in [null, [], 1] {
		places({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}) == {"/metadata"}
	}
}

test_odd_versions_are_judged if {
	every version in [null, 1, "v2", ""] {
		places({"apiVersion": version, "kind": "Namespace", "metadata": {"generateName": "shop-"}}) == {"/metadata"}
	}
}

test_other_kinds_are_not_judged if {
	count(places({"apiVersion": "v1", "kind": "Pod", "metadata": {}})) == 0
	count(places({"apiVersion": "management.example.com/v3", "kind": "Namespace", "metadata": {}})) == 0
	every document in [null, true, 1, "x", [], {}, {"kind": null}] {
		count(places(document)) == 0
	}
}

test_exempt_namespaces_pass if {
	count(places(namespace({}))) == 0 with data.params as {"exemptNamespaces": ["shop"]}
	count(places(namespace({}))) == 0 with data.params as {"exemptNamespaces": "kube-system,shop"}
	count(places(namespace({}))) == 1 with data.params as {"exemptNamespaces": ["other"]}
	count(places(namespace({}))) == 1 with data.params as {"exemptNamespaces": 1}
}
