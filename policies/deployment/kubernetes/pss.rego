# METADATA
# title: Pod Security Standards
# description: >-
#   Which checks the pods of a namespace must pass. The level and version are those of the parameters `kubernetes.level`
#   and `kubernetes.version`, else of the namespace's own labels, else baseline and the latest.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
package kubernetes.pss

import data.kubernetes.namespaces
import data.kubernetes.parameters
import data.kubernetes.pods
import data.kubernetes.standard
import future.keywords.not

# The policy for each namespace that has a pod.
policies[namespace] := policy if {
	some namespace in {pod.namespace | some pod in pods.all}
	labels := object.get(namespaces.labels, namespace, {})
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
	not namespace in namespaces.unjudged
	made := {check |
		some check, rule in standard.checks
		rule.level in standard.levels[level]
		rule.since <= version
	}
	overridden := {standard.checks[check].overrides | some check in made}
} else := set()

switched_off := {check | some check, id in standard.ids; id in parameters.off}

# As the API server reads them: what is no level counts as restricted, and what is no version as the latest.
level_for(labels) := parameters.level if {
	parameters.level in object.keys(standard.levels)
} else := level if {
	level := labels["pod-security.kubernetes.io/enforce"]
	level in object.keys(standard.levels)
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

# Whether a check is made of a pod.
applies(check, pod) if check in policies[pod.namespace].checks

# The indices of the parts that set this member of their `securityContext`. A member that is null counts as none.
setting[name] contains index if {
	some index, part in pods.parts
	context := part.value.securityContext
	is_object(context)
	some name, value in context
	value != null
}

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
is_relaxed(pod) if {
	is_from(pod, 35)
	pod.spec.hostUsers == false
}

# The API server refuses a pod for Windows that sets what some checks ask for.
is_windows(pod) if {
	is_from(pod, 25)
	pod.spec.os.name == "windows"
}
