package kubernetes.pss_restricted_test


good := {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}

pod_context := {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}

# A pod that restricted allows, with other members in place of its own.
pod(members) := {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "p"},
	"spec": object.union({"containers": [{"name": "a", "securityContext": good}], "securityContext": pod_context}, members),
}

with_context(context) := pod({"containers": [{"name": "a", "securityContext": context}]})

and_also(members) := with_context(object.union(good, members))

places(document, version) := {[finding.id, finding.at] |
	some finding in data.kubernetes.pss.deny with data.documents as [document]
		with data.params as {"kubernetes": {"level": "restricted", "version": version}}
}

latest(document) := places(document, "latest")

at_container(id, place) := {[id, concat("", ["/spec/containers/0", place])]}

windows := {"os": {"name": "windows"}, "containers": [{"name": "a"}]}

test_a_pod_that_asks_for_little_passes if {
	count(latest(pod({}))) == 0
	count(places(pod({}), "v1.0")) == 0
}

test_privilege_escalation if {
	latest(with_context({"capabilities": {"drop": ["ALL"]}})) == at_container("pss-allow-privilege-escalation", "/securityContext")
	every value in [true, null] {
		latest(and_also({"allowPrivilegeEscalation": value})) == at_container("pss-allow-privilege-escalation", "/securityContext/allowPrivilegeEscalation")
	}
	count(places(and_also({"allowPrivilegeEscalation": true}), "v1.7")) == 0
}

test_capabilities if {
	latest(with_context({"allowPrivilegeEscalation": false})) == at_container("pss-capabilities-restricted", "/securityContext")
	every drop in [[], ["all"], ["NET_RAW"], null, "ALL"] {
		context := {"allowPrivilegeEscalation": false, "capabilities": {"drop": drop}}
		latest(with_context(context)) == at_container("pss-capabilities-restricted", "/securityContext/capabilities")
	}
	count(latest(and_also({"capabilities": {"drop": ["KILL", "ALL"], "add": ["NET_BIND_SERVICE"]}}))) == 0
	added := and_also({"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "CHOWN"]}})
	latest(added) == at_container("pss-capabilities-restricted", "/securityContext/capabilities/add/1")
	count(places(added, "v1.21")) == 0
}

test_windows_needs_neither if {
	count(places(pod(windows), "v1.25")) == 0
	{id | some [id, _] in places(pod(windows), "v1.24")} == {"pss-allow-privilege-escalation", "pss-capabilities-restricted"}
	bare := object.union(windows, {"securityContext": {"runAsNonRoot": true}})
	count(latest({"kind": "Pod", "spec": bare})) == 0
	count({id | some [id, _] in latest(pod(object.union(windows, {"os": {"name": "linux"}})))}) == 2
}

test_proc_mount_in_a_user_namespace if {
	unmasked := object.union(and_also({"procMount": "Unmasked"}), {"spec": {"hostUsers": false}})
	places(unmasked, "v1.35") == at_container("pss-proc-mount-restricted", "/securityContext/procMount")
	places(unmasked, "v1.34") == at_container("pss-proc-mount", "/securityContext/procMount")
	count(latest(and_also({"procMount": "Default"}))) == 0
}

test_volumes if {
	every type in ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"] {
		count(latest(pod({"volumes": [{"name": "v", type: {}}]}))) == 0
	}
	every type in ["hostPath", "nfs", "awsElasticBlockStore", "flexVolume", "unheardOf"] {
		at := concat("/", ["/spec/volumes/1", type])
		latest(pod({"volumes": [{"name": "v"}, {"name": "w", type: {}}]})) == {["pss-restricted-volumes", at]}
	}
	every volumes in [null, {}, [null], [{"name": "v"}], [{"name": "v", "nfs": null}]] {
		count(latest(pod({"volumes": volumes}))) == 0
	}
}

no_user := {"seccompProfile": {"type": "RuntimeDefault"}}

test_run_as_non_root if {
	latest(pod({"securityContext": object.union(pod_context, {"runAsNonRoot": false})})) == {["pss-run-as-non-root", "/spec/securityContext/runAsNonRoot"]}
	latest(and_also({"runAsNonRoot": false})) == at_container("pss-run-as-non-root", "/securityContext/runAsNonRoot")
	unset := {"containers": [{"name": "a", "securityContext": good}], "securityContext": no_user}
	latest({"kind": "Pod", "spec": unset}) == {["pss-run-as-non-root", "/spec/securityContext"]}
	count(latest(and_also({"runAsNonRoot": true}))) == 0
}

test_a_container_may_say_it_for_itself if {
	own := object.union(good, {"runAsNonRoot": true, "seccompProfile": {"type": "Localhost"}})
	spec := {"containers": [{"name": "a", "securityContext": own}]}
	count(latest({"kind": "Pod", "spec": spec})) == 0
	both := {"containers": [{"name": "a", "securityContext": own}, {"name": "b", "securityContext": good}]}
	latest({"kind": "Pod", "spec": both}) == {["pss-run-as-non-root", "/spec"], ["pss-seccomp-profile-restricted", "/spec"]}
}

test_who_does_not_say_it if {
	spec := {"containers": [{"name": "a"}], "initContainers": [{"name": "b"}]}
	messages := {finding.message |
		some finding in data.kubernetes.pss.deny with data.documents as [{"kind": "Pod", "spec": spec}]
			with data.params as {"kubernetes": {"level": "restricted"}}
	}
	"neither the pod nor the init container `b` or the container `a` sets `runAsNonRoot`" in messages
}

test_the_user_is_not_root if {
	latest(and_also({"runAsUser": 0})) == at_container("pss-run-as-user", "/securityContext/runAsUser")
	latest(pod({"securityContext": object.union(pod_context, {"runAsUser": 0})})) == {["pss-run-as-user", "/spec/securityContext/runAsUser"]}
	every user in [1000, null] {
		count(latest(and_also({"runAsUser": user}))) == 0
	}
	count(places(and_also({"runAsUser": 0}), "v1.22")) == 0
}

test_a_user_namespace_relaxes if {
	root := object.union(and_also({"runAsUser": 0, "runAsNonRoot": false}), {"spec": {"hostUsers": false}})
	count(places(root, "v1.34")) == 2
	count(places(root, "v1.35")) == 0
	silent := {"kind": "Pod", "spec": {"hostUsers": false, "containers": [{"name": "a", "securityContext": good}]}}
	{id | some [id, _] in places(silent, "v1.34")} == {"pss-run-as-non-root", "pss-seccomp-profile-restricted"}
	{id | some [id, _] in places(silent, "v1.35")} == {"pss-seccomp-profile-restricted"}
}

test_seccomp if {
	latest(and_also({"seccompProfile": {"type": "Unconfined"}})) == at_container("pss-seccomp-profile-restricted", "/securityContext/seccompProfile")
	latest(pod({"securityContext": object.union(pod_context, {"seccompProfile": {"type": "Unconfined"}})})) == {["pss-seccomp-profile-restricted", "/spec/securityContext/seccompProfile"]}
	unset := {"kind": "Pod", "spec": {"securityContext": {"runAsNonRoot": true}, "containers": [{"name": "a", "securityContext": good}]}}
	latest(unset) == {["pss-seccomp-profile-restricted", "/spec/securityContext"]}
	count(places(unset, "v1.18")) == 0
}
