package kubernetes.accounts_test

import future.keywords.not

found(documents, params) := {[finding.id, finding.document, finding.at] |
	some finding in data.kubernetes.accounts.deny with data.documents as documents with data.params as params
}

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": object.union({"containers": [{"image": "a:1"}]}, spec)}

account(members) := object.union({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}, members)

test_a_pod_without_an_account_gets_no_token if {
	every spec in [{}, {"serviceAccountName": "default"}, {"serviceAccount": ""}, {"automountServiceAccountToken": true}] {
		found([pod(spec)], {}) == {["kubernetes-service-account-token", 0, "/spec"]}
	}
	count(found([pod({"automountServiceAccountToken": false})], {})) == 0
	count(found([pod({"serviceAccountName": "web"})], {})) == 0
	count(found([pod({"containers": [{"name": "a"}]})], {})) == 0
	count(found([pod({}), account({"automountServiceAccountToken": false})], {})) == 0
	count(found([pod({}), account({})], {})) == 1
	count(found([pod({})], {"exemptNamespaces": "default"})) == 0
}

test_the_default_account_has_no_rights if {
	subjects := [{"kind": "User", "name": "default"}, {"kind": "ServiceAccount", "name": "default", "namespace": "shop"}]
	binding := {"kind": "RoleBinding", "metadata": {"name": "b", "namespace": "shop"}, "subjects": subjects}
	found([binding], {}) == {["kubernetes-rbac-default-account", 0, "/subjects/1/name"]}
	count(found([json.patch(binding, [{"op": "replace", "path": "/subjects/1/name", "value": "web"}])], {})) == 0
}

test_nothing_is_put_into_the_default_namespace if {
	service := {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "default"}}
	found([service], {}) == {["kubernetes-default-namespace", 0, "/metadata/namespace"]}
	count(found([json.patch(service, [{"op": "remove", "path": "/metadata/namespace"}])], {})) == 0
	count(found([json.patch(service, [{"op": "replace", "path": "/metadata/name", "value": "kubernetes"}])], {})) == 0
	count(found([service], {"exemptNamespaces": ["default"]})) == 0
}
