# METADATA
# title: Pod Security Standards
# description: >-
#   Which checks the pods of a namespace must pass. The level and version are those of the parameters `kubernetes.level`
#   and `kubernetes.version`, else of the namespace's own labels, else baseline and the latest.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
package kubernetes.pss

import data.kubernetes.exemptions
import data.kubernetes.network_policy
import data.kubernetes.parameters
import data.kubernetes.pods

# Each check by its upstream id: its level, and the minor version of Kubernetes 1 that it came with. A check that
# overrides another forbids all that the other forbids, so the other is not made.
standard := {
	"allowPrivilegeEscalation": {"level": "restricted", "since": 8},
	"appArmorProfile": {"level": "baseline", "since": 0},
	"capabilities_baseline": {"level": "baseline", "since": 0},
	"capabilities_restricted": {"level": "restricted", "since": 22, "overrides": "capabilities_baseline"},
	"hostNamespaces": {"level": "baseline", "since": 0},
	"hostPathVolumes": {"level": "baseline", "since": 0},
	"hostPorts": {"level": "baseline", "since": 0},
	"hostProbesAndHostLifecycle": {"level": "baseline", "since": 34},
	"privileged": {"level": "baseline", "since": 0},
	"procMount": {"level": "baseline", "since": 0},
	"procMount_restricted": {"level": "restricted", "since": 35, "overrides": "procMount"},
	"restrictedVolumes": {"level": "restricted", "since": 0, "overrides": "hostPathVolumes"},
	"runAsNonRoot": {"level": "restricted", "since": 0},
	"runAsUser": {"level": "restricted", "since": 23},
	"seLinuxOptions": {"level": "baseline", "since": 0},
	"seccompProfile_baseline": {"level": "baseline", "since": 0},
	"seccompProfile_restricted": {"level": "restricted", "since": 19, "overrides": "seccompProfile_baseline"},
	"sysctls": {"level": "baseline", "since": 0},
	"windowsHostProcess": {"level": "baseline", "since": 0},
}

# The level includes the checks of these levels.
included := {
	"baseline": {"baseline"},
	"privileged": set(),
	"restricted": {"baseline", "restricted"},
}

ids[check] := id if {
	some check, _ in standard
	id := sprintf("pss-%s", [lower(replace(regex.replace(check, `([A-Z])`, "-$1"), "_", "-"))])
}

# The policy for each namespace that has a pod.
policies[namespace] := policy if {
	some namespace in {pod.namespace | some pod in pods.all}
	labels := object.get(labels_of, namespace, {})
	level := level_for(labels)
	version := version_for(labels)
	policy := {
		"level": level,
		"version": version,
		"minor": minor(version),
		"checks": checks(namespace, level, minor(version)),
	}
}

checks(namespace, level, version) := made - (overridden | switched_off) if {
	exemptions.is_exempt(namespace) == false
	made := {check |
		some check, rule in standard
		rule.level in included[level]
		rule.since <= version
	}
	overridden := {standard[check].overrides | some check in made}
} else := set()

switched_off := {check | some check, id in ids; id in parameters.off} if {
	count(parameters.off) > 0
} else := set()

# As the API server reads them: what is no level counts as restricted, and what is no version as the latest.
level_for(labels) := parameters.level if {
	parameters.level in parameters.levels
} else := level if {
	level := labels["pod-security.kubernetes.io/enforce"]
	level in parameters.levels
} else := "restricted" if {
	"pod-security.kubernetes.io/enforce" in object.keys(labels)
} else := "baseline"

version_for(labels) := parameters.version if {
	parameters.is_version(parameters.version)
} else := version if {
	version := labels["pod-security.kubernetes.io/enforce-version"]
	parameters.is_version(version)
} else := "latest"

minor("latest") := 1000000

minor(version) := to_number(substring(version, 3, -1)) if version != "latest"

# Of two documents for one namespace the later counts, as where they are applied in this order.
labels_of[name] := labels if {
	some name, indices in namespaces
	labels := pods.object_at(data.documents[max(indices)], ["metadata", "labels"])
}

namespaces[name] contains index if {
	some index, document in data.documents
	document.kind == "Namespace"
	network_policy.is_namespace(document)
	network_policy.has_name(document)
	name := document.metadata.name
}

# The pods, containers or both that a check is made of.
pods_for(check) := [pod |
	some pod in pods.all
	check in policies[pod.namespace].checks
]

containers_for(check) := [part |
	some part in pods.containers
	check in policies[part.pod.namespace].checks
]

parts_for(check) := [part |
	some part in pods.parts
	check in policies[part.pod.namespace].checks
]

# What the findings of a check have in common.
about(pod, check) := {
	"document": pod.document,
	"facts": {
		"check": check,
		"level": policies[pod.namespace].level,
		"version": policies[pod.namespace].version,
	},
}

is_from(pod, version) if policies[pod.namespace].minor >= version

# A pod in a user namespace of its own, where root is nobody on the node.
is_relaxed(pod) := true if {
	is_from(pod, 35)
	pod.spec.hostUsers == false
} else := false

# The API server refuses a pod for Windows that sets what these checks ask for.
is_windows(pod) := true if {
	is_from(pod, 25)
	pod.spec.os.name == "windows"
} else := false
