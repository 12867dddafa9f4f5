package kubernetes.references_test

import future.keywords.not

object_of(kind, name, members) := object.union({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}}, members)

namespace := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}

workload(spec) := object_of("Deployment", "web", {"apiVersion": "apps/v1", "spec": {
	"selector": {"matchLabels": {"app": "web"}},
	"template": {"metadata": {"labels": {"app": "web", "tier": "front"}}, "spec": object.union({"containers": [{"name": "web", "image": "web:1"}]}, spec)},
}})

found(documents, params) := {[finding.id, finding.document, finding.at] |
	some finding in data.kubernetes.references.deny with data.documents as documents with data.params as params
}

whole(documents) := found(array.concat([namespace], documents), {})

pod(members) := [workload(members)]

dangling(documents) := {at | some [id, _, at] in whole(documents); id == "kubernetes-dangling-reference"}

below(path) := {concat("", ["/spec/template/spec", path])}

test_what_a_pod_names_is_there if {
	dangling(pod({"volumes": [{"configMap": {"name": "a"}}]})) == below("/volumes/0/configMap/name")
	dangling(pod({"volumes": [{}, {"persistentVolumeClaim": {"claimName": "a"}}]})) == below("/volumes/1/persistentVolumeClaim/claimName")
	dangling(pod({"serviceAccountName": "a"})) == below("/serviceAccountName")
	dangling(pod({"serviceAccount": "a"})) == below("/serviceAccount")
	dangling(pod({"serviceAccount": "a", "serviceAccountName": "a"})) == below("/serviceAccountName")
	dangling(pod({"containers": [{"image": "a", "envFrom": [{"configMapRef": {"name": "a"}}]}]})) == below("/containers/0/envFrom/0/configMapRef/name")
	dangling(pod({"containers": [{"image": "a", "env": [{"valueFrom": {"configMapKeyRef": {"name": "a"}}}]}]})) == below("/containers/0/env/0/valueFrom/configMapKeyRef/name")
}

test_what_need_not_be_there if {
	every spec in [
		{"volumes": [{"configMap": {"name": "a", "optional": true}}, {"configMap": {"name": "kube-root-ca.crt"}}, {"emptyDir": {}}, null]},
		{"volumes": [{"secret": {"secretName": "made-elsewhere"}}]},
		{"serviceAccountName": "default"},
		{"serviceAccountName": ""},
		{"containers": [{"image": "a", "envFrom": [{"configMapRef": {"name": "a", "optional": true}}]}]},
	] {
		count(dangling(pod(spec))) == 0
	}
	count(dangling(array.concat(pod({"volumes": [{"configMap": {"name": "a"}}]}), [object_of("ConfigMap", "a", {})]))) == 0
}

test_only_of_a_whole_namespace if {
	documents := pod({"serviceAccountName": "a", "volumes": [{"secret": {"secretName": "b"}}]})
	count(found(documents, {})) == 0
	count(found(documents, {"kubernetes": {"complete": true}})) == 2
	count(found(array.concat([namespace], documents), {"kubernetes": {"complete": false}})) == 0
	count(found(documents, {"kubernetes.complete": true, "exemptNamespaces": "shop"})) == 0
	custom := object_of("Kafka", "k", {"apiVersion": "kafka.strimzi.io/v1beta2"})
	count(whole(array.concat(documents, [custom]))) == 0
	read := object.union(namespace, {"metadata": {"uid": "a"}})
	count(found(array.concat([read], documents), {})) == 0
	count(found(array.concat([read], documents), {"kubernetes": {"complete": true}})) == 2
	binding := object_of("RoleBinding", "b", {"apiVersion": "rbac.authorization.k8s.io/v1", "roleRef": {"kind": "ClusterRole", "name": "view"}})
	count(whole(array.concat(documents, [binding]))) == 1
}

test_what_others_name_is_there if {
	path := {"backend": {"service": {"name": "web", "port": {"number": 80}}}}
	ingress := object_of("Ingress", "i", {"apiVersion": "networking.k8s.io/v1", "spec": {"rules": [{"http": {"paths": [path]}}]}})
	dangling([ingress]) == {"/spec/rules/0/http/paths/0/backend/service/name"}
	count(dangling([ingress, object_of("Service", "web", {})])) == 0
	dangling([object_of("Ingress", "i", {"spec": {"defaultBackend": {"service": {"name": "web"}}}})]) == {"/spec/defaultBackend/service/name"}
	scaler := object_of("HorizontalPodAutoscaler", "h", {"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}}})
	dangling([scaler]) == {"/spec/scaleTargetRef/name"}
	count(dangling(array.concat([scaler], pod({})))) == 0
	binding := object_of("RoleBinding", "b", {"roleRef": {"kind": "Role", "name": "r"}, "subjects": [{"kind": "ServiceAccount", "name": "a"}, {"kind": "User", "name": "u"}]})
	dangling([binding]) == {"/roleRef/name", "/subjects/0/name"}
	count(dangling([binding, object_of("Role", "r", {}), object_of("ServiceAccount", "a", {})])) == 0
	elsewhere := object_of("RoleBinding", "b", {"roleRef": {"kind": "ClusterRole", "name": "view"}, "subjects": [{"kind": "ServiceAccount", "name": "a", "namespace": "till"}]})
	count(dangling([elsewhere])) == 0
}

selecting(kind, spec) := {at | some [id, _, at] in whole(array.concat(pod({}), [object_of(kind, "s", {"spec": spec})])); id == "kubernetes-selects-nothing"}

test_a_selector_selects_something if {
	selecting("Service", {"selector": {"app": "wbe"}}) == {"/spec/selector"}
	selecting("Service", {"selector": {"app": "web", "tier": "back"}}) == {"/spec/selector"}
	selecting("PodDisruptionBudget", {"selector": {"matchLabels": {"app": "wbe"}}}) == {"/spec/selector"}
	selecting("NetworkPolicy", {"podSelector": {"matchLabels": {"app": "wbe"}}}) == {"/spec/podSelector"}
	count(selecting("Service", {"selector": {"app": "web"}})) == 0
	count(selecting("Service", {"selector": {"tier": "front", "app": "web"}})) == 0
	count(selecting("Service", {"selector": {}})) == 0
	count(selecting("Service", {"selector": {"statefulset.kubernetes.io/pod-name": "web-0"}})) == 0
	count(selecting("Service", {"selector": {"app": "web", "pod-template-hash": "a"}})) == 0
	selecting("Service", {"selector": {"app": "wbe", "pod-template-hash": "a"}}) == {"/spec/selector"}
	count(selecting("Service", {"type": "ExternalName"})) == 0
	count(selecting("NetworkPolicy", {"podSelector": {}})) == 0
	count(selecting("NetworkPolicy", {"podSelector": {"matchLabels": {"app": "wbe"}, "matchExpressions": [{"key": "a", "operator": "Exists"}]}})) == 0
	count(found([object_of("Service", "s", {"spec": {"selector": {"app": "x"}}})], {})) == 0
}

target(port) := {at |
	service := object_of("Service", "s", {"spec": {"selector": {"app": "web"}, "ports": [{"targetPort": port}]}})
	some [id, _, at] in found(array.concat(pod({"containers": [{"image": "a", "ports": [{"name": "http", "containerPort": 80}]}]}), [service]), {})
	id == "kubernetes-target-port"
}

test_a_named_target_port_is_there if {
	target("htpp") == {"/spec/ports/0/targetPort"}
	every port in ["http", "8080", 8080, null] {
		count(target(port)) == 0
	}
}

test_a_workload_selects_its_own_pods if {
	other := json.patch(workload({}), [{"op": "replace", "path": "/spec/selector/matchLabels", "value": {"app": "wbe"}}])
	found([other], {}) == {["kubernetes-selector-mismatch", 0, "/spec/selector/matchLabels"]}
	count(found([workload({})], {})) == 0
	count(found([other], {"exemptNamespaces": ["shop"]})) == 0
}

test_an_object_stands_once if {
	one := object_of("ConfigMap", "a", {})
	found([one, one, object_of("Service", "a", {})], {}) == {["kubernetes-duplicate-object", 1, "/metadata/name"]}
	count(found([one, json.patch(one, [{"op": "replace", "path": "/metadata/namespace", "value": "till"}])], {})) == 0
	count(found([one, object_of("ConfigMap", "b", {})], {})) == 0
	count(found([one, one, {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}], {})) == 0
	count(found([one, one, {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization"}], {})) == 1
	count(found([one, object_of("ConfigMap", "a", {"apiVersion": "example.org/v1"})], {})) == 0
	patch := json.patch(workload({}), [{"op": "remove", "path": "/spec/template/spec/containers/0/image"}])
	count(found([workload({}), patch], {})) == 0
	count(found([workload({}), workload({})], {})) == 1
	nameless := {"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "a-"}}
	count(found([nameless, nameless], {})) == 0
}

test_each_can_be_switched_off if {
	documents := array.concat(pod({"serviceAccountName": "a"}), [object_of("Service", "s", {"spec": {"selector": {"app": "wbe"}}})])
	every id in ["kubernetes-dangling-reference", "kubernetes-selects-nothing"] {
		{other | some [other, _, _] in found(documents, {"kubernetes": {"complete": true}})} - {other | some [other, _, _] in found(documents, {"kubernetes": {"complete": true, "off": [id]}})} == {id}
	}
}
