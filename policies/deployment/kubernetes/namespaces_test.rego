package kubernetes.namespaces_test

import data.kubernetes.exemptions
import data.kubernetes.namespaces
import data.kubernetes.network_policy
import data.kubernetes.pod_security
import data.kubernetes.pss

read(document) := object.union(document, {"metadata": {"uid": "1"}})

system := {"kind": "Namespace", "metadata": {"name": "kube-system"}}

pod := {"kind": "Pod", "metadata": {"name": "proxy", "namespace": "kube-system"}, "spec": {"hostPID": true}}

found(documents, params) := {finding.id |
	some finding in pss.deny | (network_policy.deny | exemptions.deny) with data.documents as documents with data.params as params
}

told := {"kubernetes-namespace-exempt"}

judged := {"kubernetes-default-deny-ingress", "pss-host-namespaces"}

test_what_a_cluster_says_of_its_own_namespaces_is_told_and_not_judged if {
	found([read(system), read(pod)], {}) == told
	found([read(system), read(pod)], {"kubernetes": {"system": true}}) == judged
	found([read(system), read(pod)], {"exemptNamespaces": ["kube-system"]}) == told
}

test_what_was_not_read_from_a_cluster_is_judged if {
	found([system, read(pod)], {}) == judged
	found([read(system), pod], {}) == judged
	found([read(object.union(system, {"metadata": {"name": "shop"}})), read(object.union(pod, {"metadata": {"namespace": "shop"}}))], {}) == judged
}

test_the_level_of_the_own_namespaces_is_not_judged if {
	count(pod_security.deny) == 0 with input as read(system) with data.documents as [read(system)] with data.params as {}
	count(pod_security.deny) == 1 with input as system with data.documents as [system] with data.params as {}
}

test_a_role_in_a_system_namespace_asks_for_no_default_deny if {
	role := {"kind": "Role", "metadata": {"name": "leader", "namespace": "kube-system"}}
	count(found([role], {})) == 0
	count(found([role, pod], {})) > 0
	count(found([role, system], {})) > 0
	count(found([object.union(role, {"metadata": {"namespace": "shop"}})], {})) > 0
}

test_only_names_of_the_cluster_are_its_own if {
	namespaces.own == {"kube-public"} with data.documents as [{"kind": "ConfigMap", "metadata": {"namespace": "kube-public", "uid": "a"}}, null, 1, {"metadata": 1}] with data.params as {}
}
