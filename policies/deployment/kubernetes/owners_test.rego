package kubernetes.owners_test

import data.kubernetes.hygiene
import data.kubernetes.objects
import data.kubernetes.pods
import data.kubernetes.pss

made_by(kind, name) := {"ownerReferences": [{"apiVersion": "apps/v1", "kind": kind, "name": name, "controller": true}]}

metadata(name, owner) := object.union({"name": name, "labels": {"app": "web", "name": name}}, owner)

spec(also) := {"containers": [object.union({"name": "web", "image": "a", "securityContext": {"privileged": true}}, also)]}

templated(kind, name, owner, also) := {
	"kind": kind,
	"metadata": metadata(name, owner),
	"spec": {"replicas": 1, "template": {"metadata": {"labels": {"app": "web"}}, "spec": spec(also)}},
}

deployment := templated("Deployment", "web", {}, {})

replica_set := templated("ReplicaSet", "web-5c9f", made_by("Deployment", "web"), {})

pod(owner, pod_spec) := {"kind": "Pod", "metadata": metadata("web-5c9f-x", owner), "spec": pod_spec}

plain := pod(made_by("ReplicaSet", "web-5c9f"), spec({}))

# The documents in which something is found: by the standards, and as hygiene.
found(documents) := {[finding.id, finding.document] |
	some finding in pss.deny | hygiene.deny with data.documents as documents with data.params as {}
	finding.id in {"pss-privileged", "pss-host-namespaces", "kubernetes-image-latest"}
}

in_document(index) := {["pss-privileged", index], ["kubernetes-image-latest", index]}

test_what_a_controller_makes_is_judged_there if {
	found([deployment, replica_set, plain]) == in_document(0)
	found([plain, replica_set, deployment]) == in_document(2)
	found([replica_set, plain, plain]) == in_document(0)
}

test_a_controller_is_found_without_what_is_between if {
	found([deployment, plain]) == in_document(0)
	cron := {"kind": "CronJob", "metadata": {"name": "web"}, "spec": {"jobTemplate": {"spec": {"template": {"spec": spec({})}}}}}
	found([cron, pod(made_by("Job", "web-2900"), spec({}))]) == in_document(0)
}

test_of_pods_without_their_controller_the_first_is_judged if {
	found([plain, plain]) == in_document(0)
	found([plain, pod(made_by("ReplicaSet", "till-77"), spec({}))]) == in_document(0) | in_document(1)
}

test_what_makes_nothing_takes_nothing_away if {
	every owner in [made_by("Node", "a"), made_by("Prometheus", "a"), {"ownerReferences": [null]}, {"ownerReferences": "a"}, {}] {
		found([deployment, pod(owner, spec({}))]) == in_document(0) | in_document(1)
	}
	other := {"ownerReferences": [{"apiVersion": "apps.example.org/v1", "kind": "Deployment", "name": "web"}]}
	found([deployment, pod(other, spec({}))]) == in_document(0) | in_document(1)
}

test_what_the_controller_does_not_have_is_judged_in_the_pod if {
	found([deployment, pod(made_by("Deployment", "web"), object.union(spec({}), {"hostPID": true}))]) == in_document(0) | {["pss-host-namespaces", 1]}
	safe := templated("Deployment", "web", {}, {"securityContext": null})
	found([safe, pod(made_by("Deployment", "web"), spec({}))]) == {["kubernetes-image-latest", 0]} | in_document(1)
	debugged := object.union(spec({}), {"ephemeralContainers": [{"name": "debug", "image": "b", "securityContext": {"privileged": true}}]})
	found([deployment, pod(made_by("Deployment", "web"), debugged)]) == in_document(0) | in_document(1)
}

test_a_former_revision_is_not_judged if {
	former := object.union(templated("ReplicaSet", "web-1", made_by("Deployment", "web"), {"image": "c"}), {"spec": {"replicas": 0}})
	found([deployment, former]) == in_document(0)
	found([deployment, object.remove(former, ["metadata"])]) == in_document(0) | in_document(1)
}

test_a_service_selects_what_is_made if {
	count(objects.selected("default", {"name": "web-5c9f-x"})) == 1 with data.documents as [deployment, replica_set, plain]
	count(pods.all) == 1 with data.documents as [deployment, replica_set, plain]
}
