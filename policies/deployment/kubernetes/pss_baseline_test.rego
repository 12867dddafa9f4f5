package kubernetes.pss_baseline_test


pod(metadata, spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}

places(document, version) := {[finding.id, finding.at] |
	some finding in data.kubernetes.pss.deny with data.documents as [document]
		with data.params as {"kubernetes": {"level": "baseline", "version": version}}
}

of_spec(spec) := places(pod({}, spec), "latest")

of_container(container) := of_spec({"containers": [container]})

of_context(context) := of_container({"name": "a", "securityContext": context})

of_pod_context(context) := of_spec({"containers": [{"name": "a"}], "securityContext": context})

annotated(annotations, version) := places(pod({"annotations": annotations}, {"containers": [{"name": "a"}]}), version)

context := "/spec/containers/0/securityContext"

in_context(id, place) := {[id, concat("", [context, place])]}

test_apparmor if {
	every profile in [{"type": "RuntimeDefault"}, {"type": "Localhost", "localhostProfile": "x"}, null] {
		count(of_context({"appArmorProfile": profile})) == 0
		count(of_pod_context({"appArmorProfile": profile})) == 0
	}
	every profile in [{"type": "Unconfined"}, {"type": ""}, {}] {
		of_context({"appArmorProfile": profile}) == in_context("pss-app-armor-profile", "/appArmorProfile")
		of_pod_context({"appArmorProfile": profile}) == {["pss-app-armor-profile", "/spec/securityContext/appArmorProfile"]}
	}
}

test_apparmor_by_annotation if {
	name := "container.apparmor.security.beta.kubernetes.io/a"
	every profile in ["", "runtime/default", "localhost/x"] {
		count(annotated({name: profile}, "latest")) == 0
	}
	at := "/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1a"
	every profile in ["unconfined", "runtime/other"] {
		annotated({name: profile}, "latest") == {["pss-app-armor-profile", at]}
	}
}

test_capabilities if {
	count(of_context({"capabilities": {"add": ["CHOWN", "SETUID"], "drop": ["ALL"]}})) == 0
	every capabilities in [null, {}, {"add": null}, {"add": "SYS_ADMIN"}] {
		count(of_context({"capabilities": capabilities})) == 0
	}
	every capability in ["NET_RAW", "ALL", "chown", "CAP_CHOWN", ""] {
		of_context({"capabilities": {"add": ["KILL", capability]}}) == in_context("pss-capabilities-baseline", "/capabilities/add/1")
	}
	count(of_pod_context({"capabilities": {"add": ["SYS_ADMIN"]}})) == 0
}

test_host_namespaces if {
	every name in ["hostNetwork", "hostPID", "hostIPC"] {
		of_spec({name: true}) == {["pss-host-namespaces", concat("", ["/spec/", name])]}
		count(of_spec({name: false})) == 0
		count(of_spec({name: null})) == 0
	}
}

test_host_path_volumes if {
	of_spec({"volumes": [{"name": "v", "emptyDir": {}}, {"name": "w", "hostPath": {"path": "/"}}]}) == {["pss-host-path-volumes", "/spec/volumes/1/hostPath"]}
	of_spec({"volumes": [{"hostPath": {}}]}) == {["pss-host-path-volumes", "/spec/volumes/0/hostPath"]}
	every volumes in [null, {}, "x", [null, 1, {"name": "v", "hostPath": null}, {"name": "w", "nfs": {}}]] {
		count(of_spec({"volumes": volumes})) == 0
	}
}

test_the_path_is_in_the_message if {
	some finding in data.kubernetes.pss.deny with data.documents as [pod({}, {"volumes": [{"name": "v", "hostPath": {"path": "/var/run/docker.sock"}}]})]
	finding.message == "the volume `v` is a path of the node: `/var/run/docker.sock`"
}

test_host_ports if {
	of_container({"ports": [{"containerPort": 1}, {"hostPort": 80}]}) == {["pss-host-ports", "/spec/containers/0/ports/1/hostPort"]}
	every ports in [null, {}, [null], [{"hostPort": 0}], [{"hostPort": null}]] {
		count(of_container({"ports": ports})) == 0
	}
}

test_hosts_of_probes if {
	every name in ["livenessProbe", "readinessProbe", "startupProbe"] {
		every action in ["httpGet", "tcpSocket"] {
			at := sprintf("/spec/containers/0/%s/%s/host", [name, action])
			of_container({name: {action: {"host": "10.0.0.1"}}}) == {["pss-host-probes-and-host-lifecycle", at]}
			count(of_container({name: {action: {"port": 80, "host": ""}}})) == 0
			count(of_container({name: {action: {"port": 80, "host": null}}})) == 0
		}
		count(of_container({name: null})) == 0
		count(of_container({name: "x"})) == 0
	}
}

test_hosts_of_lifecycle_hooks if {
	every name in ["postStart", "preStop"] {
		every action in ["httpGet", "tcpSocket"] {
			at := sprintf("/spec/containers/0/lifecycle/%s/%s/host", [name, action])
			of_container({"lifecycle": {name: {action: {"host": "x"}}}}) == {["pss-host-probes-and-host-lifecycle", at]}
			count(of_container({"lifecycle": {name: {action: {"port": 80}}}})) == 0
		}
	}
	count(of_container({"lifecycle": null})) == 0
}

test_privileged if {
	of_context({"privileged": true}) == in_context("pss-privileged", "/privileged")
	count(of_context({"privileged": false})) == 0
	count(of_context({"privileged": null})) == 0
	count(of_pod_context({"privileged": true})) == 0
	every odd in [null, 1, "x", []] {
		count(of_context(odd)) == 0
	}
}

unmasked(host_users) := pod({}, {"hostUsers": host_users, "containers": [{"securityContext": {"procMount": "Unmasked"}}]})

test_proc_mount if {
	count(of_context({"procMount": "Default"})) == 0
	count(of_context({"procMount": null})) == 0
	every host_users in [true, null] {
		places(unmasked(host_users), "v1.35") == in_context("pss-proc-mount", "/procMount")
	}
	places(unmasked(false), "v1.34") == in_context("pss-proc-mount", "/procMount")
	count(places(unmasked(false), "v1.35")) == 0
}

test_selinux if {
	every options in [{}, null, {"type": ""}, {"type": "container_t", "level": "s0"}, {"type": "container_kvm_t"}, {"user": "", "role": null}] {
		count(of_context({"seLinuxOptions": options})) == 0
	}
	every name in ["type", "user", "role"] {
		at := concat("/", ["/seLinuxOptions", name])
		of_context({"seLinuxOptions": {name: "x"}}) == in_context("pss-se-linux-options", at)
		of_pod_context({"seLinuxOptions": {name: "x"}}) == {["pss-se-linux-options", concat("", ["/spec/securityContext", at])]}
	}
}

test_an_selinux_type_came_with_its_version if {
	document := pod({}, {"containers": [{"securityContext": {"seLinuxOptions": {"type": "container_engine_t"}}}]})
	places(document, "v1.30") == in_context("pss-se-linux-options", "/seLinuxOptions/type")
	count(places(document, "v1.31")) == 0
}

test_seccomp if {
	every profile in [{"type": "RuntimeDefault"}, {"type": "Localhost"}, null] {
		count(of_context({"seccompProfile": profile})) == 0
	}
	every profile in [{"type": "Unconfined"}, {}] {
		of_context({"seccompProfile": profile}) == in_context("pss-seccomp-profile-baseline", "/seccompProfile")
		of_pod_context({"seccompProfile": profile}) == {["pss-seccomp-profile-baseline", "/spec/securityContext/seccompProfile"]}
	}
	document := pod({}, {"containers": [{"securityContext": {"seccompProfile": {"type": "Unconfined"}}}]})
	count(places(document, "v1.18")) == 0
	count(places(document, "v1.19")) == 1
}

test_seccomp_by_annotation if {
	every name in ["seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/a"] {
		every profile in ["runtime/default", "docker/default", "localhost/x"] {
			count(annotated({name: profile}, "v1.18")) == 0
		}
		at := concat("", ["/metadata/annotations/", replace(name, "/", "~1")])
		every profile in ["unconfined", ""] {
			annotated({name: profile}, "v1.18") == {["pss-seccomp-profile-baseline", at]}
		}
		count(annotated({name: "unconfined"}, "v1.19")) == 0
	}
	count(annotated({"container.seccomp.security.alpha.kubernetes.io/other": "unconfined"}, "v1.18")) == 0
}

sysctl(name) := pod({}, {"securityContext": {"sysctls": [{"name": "kernel.shm_rmid_forced", "value": "0"}, {"name": name, "value": "1"}]}})

test_sysctls if {
	places(sysctl("kernel.msgmax"), "latest") == {["pss-sysctls", "/spec/securityContext/sysctls/1"]}
	every name, version in {
		"net.ipv4.ip_local_reserved_ports": 27,
		"net.ipv4.tcp_keepalive_time": 29,
		"net.ipv4.tcp_fin_timeout": 29,
		"net.ipv4.tcp_keepalive_intvl": 29,
		"net.ipv4.tcp_keepalive_probes": 29,
		"net.ipv4.tcp_rmem": 32,
		"net.ipv4.tcp_wmem": 32,
		"net.ipv4.tcp_slow_start_after_idle": 37,
		"net.ipv4.tcp_notsent_lowat": 37,
	} {
		count(places(sysctl(name), sprintf("v1.%d", [version - 1]))) == 1
		count(places(sysctl(name), sprintf("v1.%d", [version]))) == 0
	}
	every sysctls in [null, {}, [], [null]] {
		count(of_pod_context({"sysctls": sysctls})) == 0
	}
	count(of_pod_context({"sysctls": [{}]})) == 1
}

test_windows_host_process if {
	of_context({"windowsOptions": {"hostProcess": true}}) == in_context("pss-windows-host-process", "/windowsOptions/hostProcess")
	of_pod_context({"windowsOptions": {"hostProcess": true}}) == {["pss-windows-host-process", "/spec/securityContext/windowsOptions/hostProcess"]}
	every options in [null, {}, {"hostProcess": false}, {"hostProcess": null}] {
		count(of_context({"windowsOptions": options})) == 0
	}
}
