# The level `baseline`: what no pod may do, since it leads from the container to its node.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
package kubernetes.pss

import data.kubernetes.pods
import future.keywords.not

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
	some index in setting.appArmorProfile
	part := pods.parts[index]
	type := type_of(part.value.securityContext.appArmorProfile)
	not type in {"Localhost", "RuntimeDefault"}
	applies("appArmorProfile", part.pod)
	finding := object.union(about(part.pod, "appArmorProfile"), {
		"id": "pss-app-armor-profile",
		"message": sprintf("%s has the AppArmor profile `%v`", [pods.title(part), type]),
		"at": pods.at(part, ["securityContext", "appArmorProfile"]),
	})
}

deny contains finding if {
	some pod in pods.all
	annotations := pod.template.metadata.annotations
	is_object(annotations)
	some name, profile in annotations
	startswith(name, "container.apparmor.security.beta.kubernetes.io/")
	is_string(profile)
	not is_apparmor_annotation(profile)
	applies("appArmorProfile", pod)
	finding := object.union(about(pod, "appArmorProfile"), {
		"id": "pss-app-armor-profile",
		"message": sprintf("an annotation sets the AppArmor profile `%s`", [profile]),
		"at": pods.pointer(pod, ["metadata", "annotations", name]),
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
	some index in setting.capabilities
	container := pods.parts[index]
	some number, capability in capabilities(container, "add")
	not capability in default_capabilities
	applies("capabilities_baseline", container.pod)
	finding := object.union(about(container.pod, "capabilities_baseline"), {
		"id": "pss-capabilities-baseline",
		"message": sprintf("%s adds the capability `%v`", [pods.title(container), capability]),
		"at": pods.at(container, ["securityContext", "capabilities", "add", number]),
	})
}

# Only containers have capabilities.
capabilities(container, verb) := list if {
	container.list != ""
	list := container.value.securityContext.capabilities[verb]
	is_array(list)
} else := []

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
	some pod in pods.all
	some name in ["hostNetwork", "hostPID", "hostIPC"]
	pod.spec[name] == true
	applies("hostNamespaces", pod)
	finding := object.union(about(pod, "hostNamespaces"), {
		"id": "pss-host-namespaces",
		"message": sprintf("the pod shares a namespace with its node: `%s`", [name]),
		"at": pods.pointer(pod, ["spec", name]),
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
	some pod in pods.all
	volumes := pod.spec.volumes
	is_array(volumes)
	some index, volume in volumes
	volume.hostPath != null
	applies("hostPathVolumes", pod)
	finding := object.union(about(pod, "hostPathVolumes"), {
		"id": "pss-host-path-volumes",
		"message": sprintf("%s is a path of the node%s", [volume_title(volume), host_path(volume)]),
		"at": pods.pointer(pod, ["spec", "volumes", index, "hostPath"]),
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
	some container in pods.containers
	ports := container.value.ports
	is_array(ports)
	some index, port in ports
	number := port.hostPort
	not number in {0, null}
	applies("hostPorts", container.pod)
	finding := object.union(about(container.pod, "hostPorts"), {
		"id": "pss-host-ports",
		"message": sprintf("%s opens the port %v of its node", [pods.title(container), number]),
		"at": pods.at(container, ["ports", index, "hostPort"]),
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
	some container in pods.containers
	some name in ["livenessProbe", "readinessProbe", "startupProbe"]
	probe := container.value[name]
	some action in ["httpGet", "tcpSocket"]
	host := probe[action].host
	not host in {"", null}
	applies("hostProbesAndHostLifecycle", container.pod)
	finding := object.union(about(container.pod, "hostProbesAndHostLifecycle"), {
		"id": "pss-host-probes-and-host-lifecycle",
		"message": sprintf("the `%s` of %s asks the host `%v`", [name, pods.title(container), host]),
		"at": pods.at(container, [name, action, "host"]),
	})
}

deny contains finding if {
	some container in pods.containers
	lifecycle := container.value.lifecycle
	some name in ["postStart", "preStop"]
	some action in ["httpGet", "tcpSocket"]
	host := lifecycle[name][action].host
	not host in {"", null}
	applies("hostProbesAndHostLifecycle", container.pod)
	finding := object.union(about(container.pod, "hostProbesAndHostLifecycle"), {
		"id": "pss-host-probes-and-host-lifecycle",
		"message": sprintf("the `%s` of %s asks the host `%v`", [name, pods.title(container), host]),
		"at": pods.at(container, ["lifecycle", name, action, "host"]),
	})
}

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
	some index in setting.privileged
	container := pods.parts[index]
	container.list != ""
	container.value.securityContext.privileged == true
	applies("privileged", container.pod)
	finding := object.union(about(container.pod, "privileged"), {
		"id": "pss-privileged",
		"message": sprintf("%s is privileged", [pods.title(container)]),
		"at": pods.at(container, ["securityContext", "privileged"]),
	})
}

# METADATA
# title: /proc stays masked
# description: 'From version 1.35 on, a pod in a user namespace of its own (`hostUsers: false`) may unmask it.'
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access
# custom:
#   id: pss-proc-mount
#   severity: error
#   subject: set
#   remedy: remove `procMount`, or set it to `Default`
deny contains finding if {
	some container in unmasked
	not is_relaxed(container.pod)
	applies("procMount", container.pod)
	finding := object.union(about(container.pod, "procMount"), {
		"id": "pss-proc-mount",
		"message": sprintf("%s mounts /proc as `%v`", [pods.title(container), container.value.securityContext.procMount]),
		"at": pods.at(container, ["securityContext", "procMount"]),
	})
}

unmasked := [container |
	some index in setting.procMount
	container := pods.parts[index]
	container.list != ""
	container.value.securityContext.procMount != "Default"
]

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
	some index in setting.seLinuxOptions
	part := pods.parts[index]
	some name in ["role", "type", "user"]
	value := part.value.securityContext.seLinuxOptions[name]
	not value in {"", null}
	not is_container_type(part.pod, name, value)
	applies("seLinuxOptions", part.pod)
	finding := object.union(about(part.pod, "seLinuxOptions"), {
		"id": "pss-se-linux-options",
		"message": sprintf("%s sets the SELinux %s `%v`", [pods.title(part), name, value]),
		"at": pods.at(part, ["securityContext", "seLinuxOptions", name]),
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
	some part in seccomp_off
	is_from(part.pod, 19)
	applies("seccompProfile_baseline", part.pod)
	finding := object.union(about(part.pod, "seccompProfile_baseline"), {
		"id": "pss-seccomp-profile-baseline",
		"message": seccomp_message(part),
		"at": pods.at(part, ["securityContext", "seccompProfile"]),
	})
}

deny contains finding if {
	some pod in pods.all
	annotations := pod.template.metadata.annotations
	is_object(annotations)
	not is_from(pod, 19)
	some name in seccomp_annotations(pod)
	profile := annotations[name]
	is_string(profile)
	not is_seccomp_annotation(profile)
	applies("seccompProfile_baseline", pod)
	finding := object.union(about(pod, "seccompProfile_baseline"), {
		"id": "pss-seccomp-profile-baseline",
		"message": sprintf("an annotation sets the seccomp profile `%s`", [profile]),
		"at": pods.pointer(pod, ["metadata", "annotations", name]),
	})
}

seccomp_off := [part |
	some index in setting.seccompProfile
	part := pods.parts[index]
	not type_of(part.value.securityContext.seccompProfile) in {"Localhost", "RuntimeDefault"}
]

seccomp_message(part) := sprintf("%s has the seccomp profile `%v`", [pods.title(part), type]) if {
	type := type_of(part.value.securityContext.seccompProfile)
}

# A profile without a type has the empty one.
type_of(profile) := object.get(profile, "type", "") if {
	is_object(profile)
} else := ""

# An annotation for a container that the pod does not have sets nothing.
seccomp_annotations(pod) := {"seccomp.security.alpha.kubernetes.io/pod"} | {name |
	some container in pods.containers_of(pod)
	is_string(container.value.name)
	name := concat("", ["container.seccomp.security.alpha.kubernetes.io/", container.value.name])
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
	some index in setting.sysctls
	part := pods.parts[index]
	part.list == ""
	sysctls := part.value.securityContext.sysctls
	is_array(sysctls)
	some number, sysctl in sysctls
	is_object(sysctl)
	name := object.get(sysctl, "name", "")
	not is_safe_sysctl(part.pod, name)
	applies("sysctls", part.pod)
	finding := object.union(about(part.pod, "sysctls"), {
		"id": "pss-sysctls",
		"message": sprintf("the pod sets the sysctl `%v`", [name]),
		"at": pods.at(part, ["securityContext", "sysctls", number]),
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
	some index in setting.windowsOptions
	part := pods.parts[index]
	part.value.securityContext.windowsOptions.hostProcess == true
	applies("windowsHostProcess", part.pod)
	finding := object.union(about(part.pod, "windowsHostProcess"), {
		"id": "pss-windows-host-process",
		"message": sprintf("%s runs as a process of its Windows node", [pods.title(part)]),
		"at": pods.at(part, ["securityContext", "windowsOptions", "hostProcess"]),
	})
}

volume_title(volume) := sprintf("the volume `%s`", [volume.name]) if {
	is_string(volume.name)
} else := "a volume without a name"
