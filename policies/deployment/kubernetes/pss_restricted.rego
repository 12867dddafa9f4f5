# METADATA
# title: Pod Security Standards, restricted
# description: What a pod must say beyond baseline, so that it has no more rights than it needs.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
package kubernetes.pss

import data.kubernetes.pods

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
	some container in containers_for("allowPrivilegeEscalation")
	is_windows(container.pod) == false
	object.get(container.context, "allowPrivilegeEscalation", null) != false
	finding := object.union(about(container.pod, "allowPrivilegeEscalation"), {
		"id": "pss-allow-privilege-escalation",
		"message": sprintf("%s does not forbid privilege escalation", [pods.title(container)]),
		"at": pods.context_at(container, "allowPrivilegeEscalation"),
	})
}

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
	some container in containers_for("capabilities_restricted")
	is_windows(container.pod) == false
	not "ALL" in pods.list_at(container.context, ["capabilities", "drop"])
	finding := object.union(about(container.pod, "capabilities_restricted"), {
		"id": "pss-capabilities-restricted",
		"message": sprintf("%s does not drop all capabilities", [pods.title(container)]),
		"at": pods.context_at(container, "capabilities"),
	})
}

deny contains finding if {
	some container in containers_for("capabilities_restricted")
	is_windows(container.pod) == false
	some index, capability in pods.list_at(container.context, ["capabilities", "add"])
	capability != "NET_BIND_SERVICE"
	finding := object.union(about(container.pod, "capabilities_restricted"), {
		"id": "pss-capabilities-restricted",
		"message": sprintf("%s adds the capability `%v`", [pods.title(container), capability]),
		"at": sprintf("%s/securityContext/capabilities/add/%d", [container.at, index]),
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
	some container in containers_for("procMount_restricted")
	is_unmasked(container)
	finding := object.union(about(container.pod, "procMount_restricted"), {
		"id": "pss-proc-mount-restricted",
		"message": sprintf("%s mounts /proc as `%v`", [pods.title(container), container.context.procMount]),
		"at": concat("", [container.at, "/securityContext/procMount"]),
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
	some pod in pods_for("restrictedVolumes")
	some index, volume in pods.list_at(pod.spec, "volumes")
	is_object(volume)
	types := [type | some type, source in volume; type != "name"; source != null]
	every type in types {
		not type in own_volumes
	}
	some type in types
	finding := object.union(about(pod, "restrictedVolumes"), {
		"id": "pss-restricted-volumes",
		"message": sprintf("%s is of the type `%s`", [volume_title(volume), type]),
		"at": sprintf("%s/spec/volumes/%d/%s", [pod.at, index, type]),
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
	some part in parts_for("runAsNonRoot")
	is_relaxed(part.pod) == false
	is_set(part.context, "runAsNonRoot")
	part.context.runAsNonRoot != true
	finding := object.union(about(part.pod, "runAsNonRoot"), {
		"id": "pss-run-as-non-root",
		"message": sprintf("%s may run as root: `runAsNonRoot` is `%v`", [pods.title(part), part.context.runAsNonRoot]),
		"at": concat("", [part.at, "/securityContext/runAsNonRoot"]),
	})
}

deny contains finding if {
	some pod in pods_for("runAsNonRoot")
	is_relaxed(pod) == false
	names := silent_containers(pod, "runAsNonRoot")
	count(names) > 0
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
	some part in parts_for("runAsUser")
	is_relaxed(part.pod) == false
	part.context.runAsUser == 0
	finding := object.union(about(part.pod, "runAsUser"), {
		"id": "pss-run-as-user",
		"message": sprintf("%s runs as the user 0, which is root", [pods.title(part)]),
		"at": concat("", [part.at, "/securityContext/runAsUser"]),
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
	some part in parts_for("seccompProfile_restricted")
	is_windows(part.pod) == false
	is_bad_seccomp(part)
	finding := object.union(about(part.pod, "seccompProfile_restricted"), {
		"id": "pss-seccomp-profile-restricted",
		"message": seccomp_message(part),
		"at": concat("", [part.at, "/securityContext/seccompProfile"]),
	})
}

deny contains finding if {
	some pod in pods_for("seccompProfile_restricted")
	is_windows(pod) == false
	names := silent_containers(pod, "seccompProfile")
	count(names) > 0
	finding := object.union(about(pod, "seccompProfile_restricted"), {
		"id": "pss-seccomp-profile-restricted",
		"message": sprintf("neither the pod nor %s sets a `seccompProfile`", [concat(" or ", names)]),
		"at": pods.context_at(pods.whole(pod), "seccompProfile"),
	})
}

# The containers that do not set this member of their `securityContext`, where the pod does not set it for all.
silent_containers(pod, name) := [pods.title(container) |
	not is_set(pods.whole(pod).context, name)
	some container in pods.containers_of(pod)
	not is_set(container.context, name)
]
