package kubernetes.pods_test

import data.kubernetes.pods

spec := {"containers": [{"name": "a"}, null, "x"], "initContainers": [{"name": "b"}], "ephemeralContainers": [{}]}

template := {"spec": spec}

document(api_version, kind, members) := object.union({"apiVersion": api_version, "kind": kind, "metadata": {"namespace": "shop"}}, members)

places(document_) := {pods.at(container, ["image"]) |
	some container in pods.containers with data.documents as [document_]
}

below(prefix) := {concat("", [prefix, place]) |
	some place in ["/spec/containers/0/image", "/spec/initContainers/0/image", "/spec/ephemeralContainers/0/image"]
}

test_every_kind_has_its_pod if {
	places(document("v1", "Pod", template)) == below("")
	places(document("v1", "PodTemplate", {"template": template})) == below("/template")
	places(document("batch/v1", "CronJob", {"spec": {"jobTemplate": {"spec": {"template": template}}}})) == below("/spec/jobTemplate/spec/template")
	every kind in ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"] {
		places(document("apps/v1", kind, {"spec": {"template": template}})) == below("/spec/template")
	}
	places(document("batch/v1", "Job", {"spec": {"template": template}})) == below("/spec/template")
	places(document("v1", "ReplicationController", {"spec": {"template": template}})) == below("/spec/template")
	places(document("extensions/v1beta1", "Deployment", {"spec": {"template": template}})) == below("/spec/template")
	places({"kind": "Pod", "spec": spec}) == below("")
}

test_custom_resources_have_none if {
	count(places(document("batch.volcano.sh/v1alpha1", "Job", {"spec": {"template": template}}))) == 0
	count(places(document("v1", "Node", template))) == 0
}

test_malformed_documents_have_none if {
	every document_ in [null, 1, "x", [], {}, {"kind": "Pod"}, {"kind": "Pod", "spec": []}, {"kind": "Job", "spec": {"template": 1}}] {
		count(places(document_)) == 0
	}
	every list in [null, 1, "x", {}, [null, 1]] {
		count(places({"kind": "Pod", "spec": {"containers": list}})) == 0
	}
}

namespaces(metadata) := {pod.namespace | some pod in pods.all with data.documents as [{"kind": "Pod", "metadata": metadata, "spec": {}}]}

test_a_pod_without_a_namespace_is_in_default if {
	namespaces({"namespace": "shop"}) == {"shop"}
	every metadata in [{}, null, 1, {"namespace": ""}, {"namespace": 7}] {
		namespaces(metadata) == {"default"}
	}
}

titles := {pods.title(part) | some part in pods.parts with data.documents as [{"kind": "Pod", "spec": spec}]}

test_titles if {
	titles == {"the pod", "the container `a`", "the init container `b`", "the ephemeral container without a name"}
}

test_pointers_are_escaped if {
	some pod in pods.all with data.documents as [{"kind": "Pod", "spec": {}}]
	pods.pointer(pod, ["metadata", "annotations", "a/b~c", 0]) == "/metadata/annotations/a~1b~0c/0"
}

test_the_deepest_place_that_is_there if {
	container := {"pod": {"kind": "Pod"}, "list": "containers", "index": 1, "value": {}}
	pods.context_at(container, "x") == "/spec/containers/1"
	null_context := object.union(container, {"value": {"securityContext": null}})
	pods.context_at(null_context, "x") == "/spec/containers/1/securityContext"
	context := object.union(container, {"value": {"securityContext": {"x": null}}})
	pods.context_at(context, "y") == "/spec/containers/1/securityContext"
	pods.context_at(context, "x") == "/spec/containers/1/securityContext/x"
}
