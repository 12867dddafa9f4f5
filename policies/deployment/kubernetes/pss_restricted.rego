# The level `restricted`: what a pod must say beyond baseline, so that it has no more rights than it needs.
# https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
package kubernetes.pss

import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: No privilege escalation
# description: No process gets more rights than its parent, as by a setuid program. Pods for Windows need not say so.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   id: pss-allow-privilege-escalation
#   severity: error
#   subject: set
#   remedy: set `securityContext.allowPrivilegeEscalation` of the container to `false`
deny contains finding if {
	some container in restricted_containers
	not forbids_escalation(container)
	not is_windows(container.pod)
	applies("allowPrivilegeEscalation", container.pod)
	finding := object.union(about(container.pod, "allowPrivilegeEscalation"), {
		"id": "pss-allow-privilege-escalation",
		"message": sprintf("%s does not forbid privilege escalation", [pods.title(container)]),
		"at": pods.context_at(container, "allowPrivilegeEscalation"),
	})
}

forbids_escalation(container) if container.value.securityContext.allowPrivilegeEscalation == false

# METADATA
# title: All capabilities are dropped
# description: A container drops ALL, and may add NET_BIND_SERVICE. Pods for Windows have none.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container
# custom:
#   id: pss-capabilities-restricted
#   severity: error
#   subject: set
#   remedy: 'set `securityContext.capabilities` of the container to `drop: [ALL]`, and add none but NET_BIND_SERVICE'
deny contains finding if {
	some container in restricted_containers
	not "ALL" in capabilities(container, "drop")
	not is_windows(container.pod)
	applies("capabilities_restricted", container.pod)
	finding := object.union(about(container.pod, "capabilities_restricted"), {
		"id": "pss-capabilities-restricted",
		"message": sprintf("%s does not drop all capabilities", [pods.title(container)]),
		"at": pods.context_at(container, "capabilities"),
	})
}

deny contains finding if {
	some container in restricted_containers
	some number, capability in capabilities(container, "add")
	capability != "NET_BIND_SERVICE"
	not is_windows(container.pod)
	applies("capabilities_restricted", container.pod)
	finding := object.union(about(container.pod, "capabilities_restricted"), {
		"id": "pss-capabilities-restricted",
		"message": sprintf("%s adds the capability `%v`", [pods.title(container), capability]),
		"at": pods.at(container, ["securityContext", "capabilities", "add", number]),
	})
}

# METADATA
# title: /proc stays masked, in a user namespace too
# description: What baseline allows a pod with a user namespace of its own.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access
# custom:
#   id: pss-proc-mount-restricted
#   severity: error
#   subject: set
#   remedy: remove `procMount`, or set it to `Default`
deny contains finding if {
	some container in unmasked
	applies("procMount_restricted", container.pod)
	finding := object.union(about(container.pod, "procMount_restricted"), {
		"id": "pss-proc-mount-restricted",
		"message": sprintf("%s mounts /proc as `%v`", [pods.title(container), container.value.securityContext.procMount]),
		"at": pods.at(container, ["securityContext", "procMount"]),
	})
}

# METADATA
# title: Only volumes that a pod may have of itself
# description: Storage of other types comes from a PersistentVolume, which an administrator makes.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
# custom:
#   id: pss-restricted-volumes
#   severity: error
#   subject: set
#   remedy: >-
#     use a volume of the type configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected
#     or secret
deny contains finding if {
	some pod in restricted_pods
	volumes := pod.spec.volumes
	is_array(volumes)
	some index, volume in volumes
	is_object(volume)
	types := {type | some type, source in volume; type != "name"; source != null}
	count(types & own_volumes) == 0
	some type in types
	applies("restrictedVolumes", pod)
	finding := object.union(about(pod, "restrictedVolumes"), {
		"id": "pss-restricted-volumes",
		"message": sprintf("%s is of the type `%s`", [volume_title(volume), type]),
		"at": pods.pointer(pod, ["spec", "volumes", index, type]),
	})
}

# A volume without a source is an emptyDir.
own_volumes := {
	"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected",
	"secret",
}

# METADATA
# title: Containers do not run as root
# description: The kubelet then refuses an image whose user is root. From 1.35 on, a pod with `hostUsers` false is free.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   id: pss-run-as-non-root
#   severity: error
#   subject: set
#   remedy: set `securityContext.runAsNonRoot` of the pod to `true`, and do not set it to `false` in a container
deny contains finding if {
	some index in setting.runAsNonRoot
	part := pods.parts[index]
	part.value.securityContext.runAsNonRoot != true
	not is_relaxed(part.pod)
	applies("runAsNonRoot", part.pod)
	finding := object.union(about(part.pod, "runAsNonRoot"), {
		"id": "pss-run-as-non-root",
		"message": sprintf("%s may run as root: `runAsNonRoot` is not `true`", [pods.title(part)]),
		"at": pods.at(part, ["securityContext", "runAsNonRoot"]),
	})
}

deny contains finding if {
	some pod in restricted_pods
	names := silent(pod, "runAsNonRoot")
	count(names) > 0
	not is_relaxed(pod)
	applies("runAsNonRoot", pod)
	finding := object.union(about(pod, "runAsNonRoot"), {
		"id": "pss-run-as-non-root",
		"message": sprintf("neither the pod nor %s sets `runAsNonRoot`", [concat(" or ", names)]),
		"at": pods.context_at(pods.whole(pod), "runAsNonRoot"),
	})
}

# METADATA
# title: The user is not root
# description: From version 1.35 on, a pod in a user namespace of its own (`hostUsers` false) may run as user 0.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   id: pss-run-as-user
#   severity: error
#   subject: set
#   remedy: set `runAsUser` to another user than 0, or leave it to the image
deny contains finding if {
	some index in setting.runAsUser
	part := pods.parts[index]
	part.value.securityContext.runAsUser == 0
	not is_relaxed(part.pod)
	applies("runAsUser", part.pod)
	finding := object.union(about(part.pod, "runAsUser"), {
		"id": "pss-run-as-user",
		"message": sprintf("%s runs as the user 0, which is root", [pods.title(part)]),
		"at": pods.at(part, ["securityContext", "runAsUser"]),
	})
}

# METADATA
# title: Seccomp is switched on
# description: The pod or each container names a profile. Pods for Windows need none.
# related_resources:
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
# custom:
#   id: pss-seccomp-profile-restricted
#   severity: error
#   subject: set
#   remedy: set `securityContext.seccompProfile.type` of the pod to `RuntimeDefault`
deny contains finding if {
	some part in seccomp_off
	not is_windows(part.pod)
	applies("seccompProfile_restricted", part.pod)
	finding := object.union(about(part.pod, "seccompProfile_restricted"), {
		"id": "pss-seccomp-profile-restricted",
		"message": seccomp_message(part),
		"at": pods.at(part, ["securityContext", "seccompProfile"]),
	})
}

deny contains finding if {
	some pod in restricted_pods
	names := silent(pod, "seccompProfile")
	count(names) > 0
	not is_windows(pod)
	applies("seccompProfile_restricted", pod)
	finding := object.union(about(pod, "seccompProfile_restricted"), {
		"id": "pss-seccomp-profile-restricted",
		"message": sprintf("neither the pod nor %s sets a `seccompProfile`", [concat(" or ", names)]),
		"at": pods.context_at(pods.whole(pod), "seccompProfile"),
	})
}

# What restricted asks for is missing from most pods of other levels, so those are left out first.
restricted_pods := [pod | some pod in pods.all; policies[pod.namespace].level == "restricted"]

restricted_containers := [container |
	some container in pods.containers
	policies[container.pod.namespace].level == "restricted"
]

# The containers that do not set this member of their `securityContext`, where the pod does not set it for them all.
silent(pod, name) := [pods.title(container) |
	not sets(pods.whole(pod), name)
	some container in pods.containers_of(pod)
	not sets(container, name)
]

sets(part, name) if part.value.securityContext[name] != null
