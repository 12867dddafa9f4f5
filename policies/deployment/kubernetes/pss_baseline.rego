# METADATA
# title: Pod Security Standards, baseline
# description: What no pod may do, since it leads from the container to its node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
package kubernetes.pss

import data.kubernetes.pods

# METADATA
# title: AppArmor is not switched off
# description: The profile is the default of the runtime, or one that the node has.
# related_resources:
#   - ref: https://kubernetes.io/docs/tutorials/security/apparmor/
# custom:
#   id: pss-app-armor-profile
#   severity: error
#   subject: set
#   remedy: set the type `RuntimeDefault` or `Localhost`, or leave the profile out
deny contains finding if {
	some part in parts_for("appArmorProfile")
	is_object(part.context.appArmorProfile)
	type := object.get(part.context.appArmorProfile, "type", "")
	not type in {"Localhost", "RuntimeDefault"}
	finding := object.union(about(part.pod, "appArmorProfile"), {
		"id": "pss-app-armor-profile",
		"message": sprintf("%s has the AppArmor profile `%v`", [pods.title(part), type]),
		"at": concat("", [part.at, "/securityContext/appArmorProfile"]),
	})
}

deny contains finding if {
	some pod in pods_for("appArmorProfile")
	some name, profile in pod.annotations
	startswith(name, "container.apparmor.security.beta.kubernetes.io/")
	is_string(profile)
	not is_apparmor_annotation(profile)
	finding := object.union(about(pod, "appArmorProfile"), {
		"id": "pss-app-armor-profile",
		"message": sprintf("an annotation sets the AppArmor profile `%s`", [profile]),
		"at": annotation_at(pod, name),
	})
}

is_apparmor_annotation(profile) if profile in {"", "runtime/default"}

is_apparmor_annotation(profile) if startswith(profile, "localhost/")

# METADATA
# title: No capabilities beyond the default ones
# description: NET_RAW, SYS_ADMIN and their like reach past the container.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container
# custom:
#   id: pss-capabilities-baseline
#   severity: error
#   subject: set
#   remedy: take the capability out of `capabilities.add`
deny contains finding if {
	some container in containers_for("capabilities_baseline")
	some index, capability in pods.list_at(container.context, ["capabilities", "add"])
	not capability in default_capabilities
	finding := object.union(about(container.pod, "capabilities_baseline"), {
		"id": "pss-capabilities-baseline",
		"message": sprintf("%s adds the capability `%v`", [pods.title(container), capability]),
		"at": sprintf("%s/securityContext/capabilities/add/%d", [container.at, index]),
	})
}

default_capabilities := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
	"SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

# METADATA
# title: No namespaces of the node
# description: A pod in the node's own network, process or IPC namespace sees what its neighbours do.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
# custom:
#   id: pss-host-namespaces
#   severity: error
#   subject: set
#   remedy: remove `hostNetwork`, `hostPID` and `hostIPC`
deny contains finding if {
	some pod in pods_for("hostNamespaces")
	some name in ["hostNetwork", "hostPID", "hostIPC"]
	pod.spec[name] == true
	finding := object.union(about(pod, "hostNamespaces"), {
		"id": "pss-host-namespaces",
		"message": sprintf("the pod shares a namespace with its node: `%s`", [name]),
		"at": sprintf("%s/spec/%s", [pod.at, name]),
	})
}

# METADATA
# title: No volumes from the node's file system
# description: A hostPath volume reads and writes the node's own files, such as the socket of its container runtime.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
# custom:
#   id: pss-host-path-volumes
#   severity: error
#   subject: set
#   remedy: use a volume of another type, such as `emptyDir`, `configMap` or `persistentVolumeClaim`
deny contains finding if {
	some pod in pods_for("hostPathVolumes")
	some index, volume in pods.list_at(pod.spec, "volumes")
	is_set(volume, "hostPath")
	finding := object.union(about(pod, "hostPathVolumes"), {
		"id": "pss-host-path-volumes",
		"message": sprintf("%s is a path of the node%s", [volume_title(volume), host_path(volume)]),
		"at": sprintf("%s/spec/volumes/%d/hostPath", [pod.at, index]),
	})
}

host_path(volume) := sprintf(": `%s`", [volume.hostPath.path]) if {
	is_string(volume.hostPath.path)
} else := ""

# METADATA
# title: No ports of the node
# description: A host port goes around network policies, and only one pod of a node can have it.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
# custom:
#   id: pss-host-ports
#   severity: error
#   subject: set
#   remedy: remove `hostPort` and use a Service
deny contains finding if {
	some container in containers_for("hostPorts")
	some index, port in pods.list_at(container.value, "ports")
	is_set(port, "hostPort")
	port.hostPort != 0
	finding := object.union(about(container.pod, "hostPorts"), {
		"id": "pss-host-ports",
		"message": sprintf("%s opens the port %v of its node", [pods.title(container), port.hostPort]),
		"at": sprintf("%s/ports/%d/hostPort", [container.at, index]),
	})
}

# METADATA
# title: Probes and lifecycle hooks stay within the pod
# description: With a host, the kubelet sends its requests anywhere that the node can reach.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
# custom:
#   id: pss-host-probes-and-host-lifecycle
#   severity: error
#   subject: set
#   remedy: remove `host`, so that the address is the pod's
deny contains finding if {
	some container in containers_for("hostProbesAndHostLifecycle")
	some path in handlers
	some action in ["httpGet", "tcpSocket"]
	handler := pods.object_at(container.value, array.concat(path, [action]))
	host := object.get(handler, "host", "")
	not host in {"", null}
	finding := object.union(about(container.pod, "hostProbesAndHostLifecycle"), {
		"id": "pss-host-probes-and-host-lifecycle",
		"message": sprintf("%s has a %s that asks the host `%v`", [pods.title(container), path[count(path) - 1], host]),
		"at": sprintf("%s/%s/%s/host", [container.at, concat("/", path), action]),
	})
}

handlers := [
	["livenessProbe"],
	["readinessProbe"],
	["startupProbe"],
	["lifecycle", "postStart"],
	["lifecycle", "preStop"],
]

# METADATA
# title: No privileged containers
# description: A privileged container has nearly every right that the node has.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
# custom:
#   id: pss-privileged
#   severity: error
#   subject: set
#   remedy: remove `privileged`, and add the one capability that is needed
deny contains finding if {
	some container in containers_for("privileged")
	container.context.privileged == true
	finding := object.union(about(container.pod, "privileged"), {
		"id": "pss-privileged",
		"message": sprintf("%s is privileged", [pods.title(container)]),
		"at": concat("", [container.at, "/securityContext/privileged"]),
	})
}

# METADATA
# title: /proc stays masked
# description: From version 1.35 on, a pod in a user namespace of its own (`hostUsers: false`) may unmask it.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access
# custom:
#   id: pss-proc-mount
#   severity: error
#   subject: set
#   remedy: remove `procMount`, or set it to `Default`
deny contains finding if {
	some container in containers_for("procMount")
	is_relaxed(container.pod) == false
	is_unmasked(container)
	finding := object.union(about(container.pod, "procMount"), {
		"id": "pss-proc-mount",
		"message": sprintf("%s mounts /proc as `%v`", [pods.title(container), container.context.procMount]),
		"at": concat("", [container.at, "/securityContext/procMount"]),
	})
}

is_unmasked(container) if {
	is_set(container.context, "procMount")
	container.context.procMount != "Default"
}

# METADATA
# title: SELinux stays as it is
# description: The type is one for containers, and user and role are not set.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container
# custom:
#   id: pss-se-linux-options
#   severity: error
#   subject: set
#   remedy: remove `user` and `role`, and set `type` to `container_t`, `container_init_t` or `container_kvm_t`
deny contains finding if {
	some part in parts_for("seLinuxOptions")
	some name, value in pods.object_at(part.context, "seLinuxOptions")
	name in {"role", "type", "user"}
	not value in {"", null}
	not is_container_type(part.pod, name, value)
	finding := object.union(about(part.pod, "seLinuxOptions"), {
		"id": "pss-se-linux-options",
		"message": sprintf("%s sets the SELinux %s `%v`", [pods.title(part), name, value]),
		"at": sprintf("%s/securityContext/seLinuxOptions/%s", [part.at, name]),
	})
}

is_container_type(_, "type", value) if value in {"container_t", "container_init_t", "container_kvm_t"}

is_container_type(pod, "type", "container_engine_t") if is_from(pod, 31)

# METADATA
# title: Seccomp is not switched off
# description: The profile is the default of the runtime, or one that the node has. Annotations set it before 1.19.
# related_resources:
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
# custom:
#   id: pss-seccomp-profile-baseline
#   severity: error
#   subject: set
#   remedy: set the type `RuntimeDefault` or `Localhost`, or leave the profile out
deny contains finding if {
	some part in parts_for("seccompProfile_baseline")
	is_from(part.pod, 19)
	is_bad_seccomp(part)
	finding := object.union(about(part.pod, "seccompProfile_baseline"), {
		"id": "pss-seccomp-profile-baseline",
		"message": seccomp_message(part),
		"at": concat("", [part.at, "/securityContext/seccompProfile"]),
	})
}

deny contains finding if {
	some pod in pods_for("seccompProfile_baseline")
	policies[pod.namespace].minor < 19
	some name in seccomp_annotations(pod)
	profile := pod.annotations[name]
	is_string(profile)
	not is_seccomp_annotation(profile)
	finding := object.union(about(pod, "seccompProfile_baseline"), {
		"id": "pss-seccomp-profile-baseline",
		"message": sprintf("an annotation sets the seccomp profile `%s`", [profile]),
		"at": annotation_at(pod, name),
	})
}

is_bad_seccomp(part) if {
	is_set(part.context, "seccompProfile")
	not object.get(part.context, ["seccompProfile", "type"], "") in {"Localhost", "RuntimeDefault"}
}

seccomp_message(part) := sprintf("%s has the seccomp profile `%v`", [pods.title(part), type]) if {
	type := object.get(part.context, ["seccompProfile", "type"], "")
}

# An annotation for a container that the pod does not have sets nothing.
seccomp_annotations(pod) := {"seccomp.security.alpha.kubernetes.io/pod"} | {name |
	some list in ["initContainers", "containers", "ephemeralContainers"]
	some container in pods.list_at(pod.spec, list)
	is_string(container.name)
	name := concat("", ["container.seccomp.security.alpha.kubernetes.io/", container.name])
}

is_seccomp_annotation(profile) if profile in {"runtime/default", "docker/default"}

is_seccomp_annotation(profile) if startswith(profile, "localhost/")

# METADATA
# title: Only safe sysctls
# description: The others of the kernel are for all pods of a node.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/#safe-and-unsafe-sysctls
# custom:
#   id: pss-sysctls
#   severity: error
#   subject: set
#   remedy: remove the sysctl, or set it on the node
deny contains finding if {
	some pod in pods_for("sysctls")
	some index, sysctl in pods.list_at(pod.spec, ["securityContext", "sysctls"])
	is_object(sysctl)
	name := object.get(sysctl, "name", "")
	not is_safe_sysctl(pod, name)
	finding := object.union(about(pod, "sysctls"), {
		"id": "pss-sysctls",
		"message": sprintf("the pod sets the sysctl `%v`", [name]),
		"at": sprintf("%s/spec/securityContext/sysctls/%d", [pod.at, index]),
	})
}

is_safe_sysctl(pod, name) if is_from(pod, safe_sysctls[name])

# Each with the version from which on it is safe.
safe_sysctls := {
	"kernel.shm_rmid_forced": 0,
	"net.ipv4.ip_local_port_range": 0,
	"net.ipv4.ip_local_reserved_ports": 27,
	"net.ipv4.ip_unprivileged_port_start": 0,
	"net.ipv4.ping_group_range": 0,
	"net.ipv4.tcp_fin_timeout": 29,
	"net.ipv4.tcp_keepalive_intvl": 29,
	"net.ipv4.tcp_keepalive_probes": 29,
	"net.ipv4.tcp_keepalive_time": 29,
	"net.ipv4.tcp_notsent_lowat": 37,
	"net.ipv4.tcp_rmem": 32,
	"net.ipv4.tcp_slow_start_after_idle": 37,
	"net.ipv4.tcp_syncookies": 0,
	"net.ipv4.tcp_wmem": 32,
}

# METADATA
# title: No processes of a Windows node
# description: A HostProcess container runs on the node itself.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
# custom:
#   id: pss-windows-host-process
#   severity: error
#   subject: set
#   remedy: remove `windowsOptions.hostProcess`
deny contains finding if {
	some part in parts_for("windowsHostProcess")
	part.context.windowsOptions.hostProcess == true
	finding := object.union(about(part.pod, "windowsHostProcess"), {
		"id": "pss-windows-host-process",
		"message": sprintf("%s runs as a process of its Windows node", [pods.title(part)]),
		"at": concat("", [part.at, "/securityContext/windowsOptions/hostProcess"]),
	})
}

annotation_at(pod, name) := sprintf("%s/metadata/annotations/%s", [pod.at, replace(replace(name, "~", "~0"), "/", "~1")])

volume_title(volume) := sprintf("the volume `%s`", [volume.name]) if {
	is_string(volume.name)
} else := "a volume without a name"

# A member that is null counts as none.
is_set(value, name) if {
	is_object(value)
	object.get(value, name, null) != null
}
