# METADATA
# title: The checks of the Pod Security Standards
# description: As Kubernetes 1.37 has them. Nothing here judges.
# related_resources:
#   - ref: https://github.com/kubernetes/pod-security-admission/tree/master/policy
package kubernetes.standard

# Each check by its upstream id: its level, and the minor version of Kubernetes 1 that it came with. A check that
# overrides another forbids all that the other forbids, so the other is not made.
checks := {
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

# Each level, and those whose checks it makes.
levels := {
	"baseline": {"baseline"},
	"privileged": set(),
	"restricted": {"baseline", "restricted"},
}

# The id of the rule for a check.
ids[check] := id if {
	some check, _ in checks
	id := sprintf("pss-%s", [lower(replace(regex.replace(check, `([A-Z])`, "-$1"), "_", "-"))])
}
