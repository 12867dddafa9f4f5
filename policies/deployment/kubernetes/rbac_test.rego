package kubernetes.rbac_test

import data.kubernetes.rbac

role(kind, rule) := {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"name": "r"}, "rules": [{"verbs": []}, rule]}

binding(members) := object.union({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"}}, members)

found(document) := {[finding.id, finding.at] | some finding in rbac.deny with data.documents as [document] with data.params as {}}

test_a_narrow_role_passes if {
	every kind in ["Role", "ClusterRole"] {
		count(found(role(kind, {"apiGroups": ["*"], "resources": ["pods", "pods/log"], "verbs": ["get", "list"]}))) == 0
	}
}

test_wildcards if {
	found(role("Role", {"resources": ["*"], "verbs": ["get"]})) == {["kubernetes-rbac-wildcard", "/rules/1/resources"]}
	found(role("ClusterRole", {"resources": ["pods"], "verbs": ["get", "*"]})) == {["kubernetes-rbac-wildcard", "/rules/1/verbs"]}
	found(role("Role", {"resources": ["*"], "verbs": ["*"]})) == {["kubernetes-rbac-wildcard", "/rules/1/resources"]}
}

operator(groups, resources) := found(role("ClusterRole", {"apiGroups": groups, "resources": resources, "verbs": ["*"]}))

test_an_operator_may_do_all_with_its_own_resources if {
	count(operator(["monitoring.coreos.com"], ["prometheuses"])) == 0
	operator(["monitoring.coreos.com"], ["*"]) == {["kubernetes-rbac-wildcard", "/rules/1/resources"]}
	every groups in [["*"], [""], ["apps"], ["monitoring.coreos.com", "apps"], ["rbac.authorization.k8s.io"], []] {
		operator(groups, ["things"]) == {["kubernetes-rbac-wildcard", "/rules/1/verbs"]}
	}
}

test_ways_to_more_rights if {
	every verb in ["bind", "escalate", "impersonate"] {
		found(role("Role", {"resources": ["roles"], "verbs": ["get", verb]})) == {["kubernetes-rbac-escalation", "/rules/1/verbs/1"]}
		count(found(role("Role", {"resources": ["roles"], "resourceNames": ["one"], "verbs": [verb]}))) == 0
	}
}

test_secrets_of_the_whole_cluster if {
	every verb in ["get", "list", "watch"] {
		found(role("ClusterRole", {"resources": ["pods", "secrets"], "verbs": [verb]})) == {["kubernetes-rbac-secrets", "/rules/1/resources/1"]}
	}
	count(found(role("ClusterRole", {"resources": ["secrets"], "verbs": ["create"]}))) == 0
	count(found(role("ClusterRole", {"resources": ["secrets"], "resourceNames": ["a"], "verbs": ["get"]}))) == 0
	count(found(role("Role", {"resources": ["secrets"], "verbs": ["get"]}))) == 0
}

test_cluster_admin if {
	found(binding({"roleRef": {"name": "cluster-admin"}})) == {["kubernetes-rbac-cluster-admin", "/roleRef/name"]}
	count(found(binding({"roleRef": {"name": "view"}}))) == 0
}

test_strangers if {
	every name in ["system:anonymous", "system:unauthenticated"] {
		found(binding({"subjects": [{"name": "a"}, {"name": name}]})) == {["kubernetes-rbac-anonymous", "/subjects/1/name"]}
	}
	count(found(binding({"subjects": [{"name": "system:authenticated"}]}))) == 0
}

test_roles_of_the_cluster_itself_are_left_out if {
	own := {"metadata": {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}}
	count(found(object.union(role("ClusterRole", {"resources": ["*"], "verbs": ["*"]}), {"aggregationRule": {}}))) == 0
	count(found(object.union(binding({"roleRef": {"name": "cluster-admin"}}), {"metadata": {"name": "kubeadm:cluster-admins"}}))) == 0
	count(found(object.union(role("ClusterRole", {"resources": ["*"], "verbs": ["*"]}), own))) == 0
	count(found(object.union(binding({"subjects": [{"name": "system:unauthenticated"}]}), own))) == 0
}

test_an_exempt_namespace_has_roles_of_its_own if {
	rule := {"resources": ["*"], "verbs": ["get"]}
	exempt := {"exemptNamespaces": "default"}
	count(rbac.deny) == 0 with data.documents as [role("Role", rule)] with data.params as exempt
	count(rbac.deny) == 1 with data.documents as [role("ClusterRole", rule)] with data.params as exempt
}

test_malformed_roles_break_nothing if {
	every rules in [null, {}, "x", [null, 1, "x", []]] {
		count(found({"kind": "Role", "rules": rules})) == 0
	}
	count(found({"kind": "Other", "rules": [{"resources": ["*"], "verbs": ["*"]}]})) == 0
	every subjects in [null, {}, "x", [null, 1]] {
		count(found(binding({"roleRef": null, "subjects": subjects}))) == 0
	}
}

test_each_can_be_switched_off if {
	documents := [
		role("ClusterRole", {"resources": ["secrets", "*"], "verbs": ["get", "bind"]}),
		binding({"roleRef": {"name": "cluster-admin"}, "subjects": [{"name": "system:anonymous"}]}),
	]
	all := {finding.id | some finding in rbac.deny with data.documents as documents with data.params as {}}
	count(all) == 5
	every id in all {
		{finding.id | some finding in rbac.deny with data.documents as documents with data.params as {"kubernetes": {"off": [id]}}} == all - {id}
	}
}

test_webhooks_of_admission if {
	every resource in ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"] {
		found(role("ClusterRole", {"resources": [resource], "verbs": ["get", "patch"]})) == {["kubernetes-rbac-webhooks", "/rules/1/resources/0"]}
		count(found(role("ClusterRole", {"resources": [resource], "verbs": ["get", "list"]}))) == 0
		count(found(role("ClusterRole", {"resources": [resource], "resourceNames": ["a"], "verbs": ["update"]}))) == 0
	}
}

test_certificates_of_the_cluster if {
	found(role("ClusterRole", {"apiGroups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests/approval"], "verbs": ["update"]})) == {["kubernetes-rbac-certificates", "/rules/1/resources/0"]}
	found(role("ClusterRole", {"apiGroups": ["certificates.k8s.io"], "resources": ["signers"], "verbs": ["sign"]})) == {["kubernetes-rbac-certificates", "/rules/1/resources/0"]}
	count(found(role("ClusterRole", {"apiGroups": ["certificates.k8s.io"], "resources": ["certificatesigningrequests"], "verbs": ["create", "get"]}))) == 0
	count(found(role("ClusterRole", {"apiGroups": ["apps"], "resources": ["*/status"], "verbs": ["update"]}))) == 0
	count(found(role("ClusterRole", {"resources": ["signers"], "resourceNames": ["example.org/mine"], "verbs": ["sign"]}))) == 0
}
