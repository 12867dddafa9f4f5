package kubernetes.control_plane_test

found(container) := {[finding.id, finding.at] |
	document := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "kube-system"}, "spec": {"containers": [container]}}
	some finding in data.kubernetes.control_plane.deny with data.documents as [document] with data.params as {}
}

unsafe(words) := {at | some [id, at] in found({"command": words}); id == "kubernetes-control-plane-unsafe"}

test_flags_that_open if {
	every words in [
		["kube-apiserver", "--anonymous-auth=true"],
		["kube-apiserver", "--authorization-mode=Node,AlwaysAllow"],
		["kube-apiserver", "--insecure-port=8080"],
		["kube-apiserver", "--token-auth-file=/a"],
		["/usr/local/bin/kube-apiserver", "--enable-admission-plugins=NodeRestriction,AlwaysAdmit"],
		["etcd", "--auto-tls"],
		["kube-scheduler", "--bind-address=0.0.0.0"],
		["kubelet", "--read-only-port=10255"],
	] {
		unsafe(words) == {"/spec/containers/0/command/1"}
	}
	every words in [
		["kube-apiserver", "--anonymous-auth=false"],
		["kube-apiserver", "--authorization-mode=Node,RBAC"],
		["kube-apiserver", "--insecure-port=0"],
		["etcd", "--auto-tls=false"],
		["kubelet", "--read-only-port=0"],
		["web", "--anonymous-auth=true"],
		["kube-apiserver", "anonymous-auth=true"],
	] {
		count(unsafe(words)) == 0
	}
}

test_flags_in_the_arguments if {
	some [id, at] in found({"command": ["kube-scheduler"], "args": ["--profiling=false", "--bind-address=::"]})
	id == "kubernetes-control-plane-unsafe"
	at == "/spec/containers/0/args/1"
}

test_what_hardens if {
	found({"command": ["kube-scheduler"]}) == {["kubernetes-control-plane-hardening", "/spec/containers/0/command"]}
	count(found({"command": ["kube-scheduler", "--profiling=false", "--bind-address=127.0.0.1"]})) == 0
	found({"command": ["kube-scheduler", "--profiling=true", "--bind-address=127.0.0.1"]}) == {["kubernetes-control-plane-hardening", "/spec/containers/0/command"]}
	count(found({"command": ["web"]})) == 0
}

test_odd_words_break_nothing if {
	every container in [{}, {"command": null}, {"command": "kube-apiserver"}, {"command": [null, 1]}, {"args": {}}] {
		count(found(container)) == 0
	}
}
