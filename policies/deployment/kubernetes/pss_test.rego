package kubernetes.pss_test

import data.kubernetes.standard

# A pod that breaks checks of both levels, by what only some versions forbid.
pod(namespace) := {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "p", "namespace": namespace},
	"spec": {
		"hostPID": true,
		"containers": [{"name": "a", "securityContext": context, "livenessProbe": {"httpGet": {"host": "b"}}}],
		"volumes": [{"name": "v", "hostPath": {}}],
	},
}

context := {
	"procMount": "Unmasked",
	"runAsUser": 0,
	"capabilities": {"add": ["SYS_ADMIN"]},
	"seccompProfile": {"type": "Unconfined"},
}

namespace(name, labels) := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}

enforce(level) := {"pod-security.kubernetes.io/enforce": level}

enforce_version(version) := {"pod-security.kubernetes.io/enforce-version": version}

checks(documents, params) := {finding.facts.check |
	some finding in data.kubernetes.pss.deny with data.documents as documents with data.params as params
}

by(level, version) := checks([pod("shop")], {"kubernetes": {"level": level, "version": version}})

baseline_0 := {"capabilities_baseline", "hostNamespaces", "hostPathVolumes", "procMount"}

baseline_latest := baseline_0 | {"hostProbesAndHostLifecycle", "seccompProfile_baseline"}

restricted_0 := {"capabilities_baseline", "hostNamespaces", "procMount", "restrictedVolumes", "runAsNonRoot"}

restricted_latest := {
	"allowPrivilegeEscalation", "capabilities_restricted", "hostNamespaces", "hostProbesAndHostLifecycle",
	"procMount_restricted", "restrictedVolumes", "runAsNonRoot", "runAsUser", "seccompProfile_restricted",
}

test_checks_come_with_their_version if {
	by("baseline", "v1.0") == baseline_0
	by("baseline", "v1.18") == baseline_0
	by("baseline", "v1.19") == baseline_0 | {"seccompProfile_baseline"}
	by("baseline", "v1.33") == baseline_0 | {"seccompProfile_baseline"}
	by("baseline", "v1.34") == baseline_latest
	by("baseline", "latest") == baseline_latest
	by("baseline", "v1.999") == baseline_latest
}

test_a_check_of_restricted_takes_the_place_of_one_of_baseline if {
	by("restricted", "v1.7") == restricted_0
	by("restricted", "v1.8") == restricted_0 | {"allowPrivilegeEscalation"}
	by("restricted", "v1.18") == restricted_0 | {"allowPrivilegeEscalation"}
	by("restricted", "v1.19") == restricted_0 | {"allowPrivilegeEscalation", "seccompProfile_restricted"}
	since_22 := (restricted_0 - {"capabilities_baseline"}) | {"allowPrivilegeEscalation", "capabilities_restricted", "seccompProfile_restricted"}
	by("restricted", "v1.22") == since_22
	by("restricted", "v1.23") == since_22 | {"runAsUser"}
	by("restricted", "v1.34") == since_22 | {"hostProbesAndHostLifecycle", "runAsUser"}
	by("restricted", "v1.35") == restricted_latest
}

test_privileged_asks_for_nothing if {
	count(by("privileged", "latest")) == 0
	count(checks([namespace("shop", enforce("privileged")), pod("shop")], {})) == 0
}

test_the_labels_of_its_own_namespace_decide if {
	shop := namespace("shop", object.union(enforce("restricted"), enforce_version("v1.7")))
	till := namespace("till", enforce("baseline"))
	checks([pod("shop"), shop, till], {}) == restricted_0
	checks([pod("till"), shop, till], {}) == baseline_latest
	checks([pod("elsewhere"), shop, till], {}) == baseline_latest
}

test_parameters_come_before_labels if {
	documents := [pod("shop"), namespace("shop", object.union(enforce("restricted"), enforce_version("v1.7")))]
	checks(documents, {"kubernetes": {"level": "baseline"}}) == baseline_0
	checks(documents, {"kubernetes.version": "latest"}) == restricted_latest
	checks(documents, {"kubernetes.level": "baseline", "kubernetes.version": "v1.34"}) == baseline_latest
}

test_as_the_api_server_reads_labels if {
	every level in ["Baseline", "", 1, null] {
		checks([pod("shop"), namespace("shop", enforce(level))], {}) == restricted_latest
	}
	every version in ["1.7", "v1.07", "v2.0", "", 1, null] {
		checks([pod("shop"), namespace("shop", enforce_version(version))], {}) == baseline_latest
	}
	every labels in [null, 1, "x", [], {}] {
		checks([pod("shop"), namespace("shop", labels)], {}) == baseline_latest
	}
}

test_of_two_namespaces_the_later_counts if {
	baseline := namespace("shop", enforce("baseline"))
	restricted := namespace("shop", enforce("restricted"))
	checks([baseline, restricted, pod("shop")], {}) == restricted_latest
	checks([restricted, baseline, pod("shop")], {}) == baseline_latest
}

test_a_namespace_of_another_group_says_nothing if {
	project := object.union(namespace("shop", enforce("restricted")), {"apiVersion": "management.example.com/v3"})
	checks([project, pod("shop")], {}) == baseline_latest
}

test_an_exempt_namespace_is_not_judged if {
	count(checks([pod("shop")], {"exemptNamespaces": ["shop"]})) == 0
	checks([pod("till")], {"exemptNamespaces": "shop,other"}) == baseline_latest
}

test_checks_can_be_switched_off if {
	off := ["policy-pss-host-path-volumes", "pss-host-namespaces"]
	checks([pod("shop")], {"kubernetes": {"off": off}}) == baseline_latest - {"hostPathVolumes", "hostNamespaces"}
	checks([pod("shop")], {"kubernetes.off": "policy-pss-proc-mount"}) == baseline_latest - {"procMount"}
}

# A pod that breaks every check.
worst := {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "worst", "annotations": {"container.apparmor.security.beta.kubernetes.io/a": "unconfined"}},
	"spec": {
		"hostIPC": true,
		"securityContext": {"sysctls": [{"name": "a"}], "windowsOptions": {"hostProcess": true}, "seLinuxOptions": {"user": "b"}},
		"containers": [object.union(worst_container, {"securityContext": worst_context}), {"name": "b"}],
		"volumes": [{"name": "v", "hostPath": {}}],
	},
}

worst_container := {
	"name": "a",
	"lifecycle": {"preStop": {"httpGet": {"host": "b"}}},
	"livenessProbe": {"httpGet": {"host": "b"}},
	"ports": [{"hostPort": 1}],
}

worst_context := object.union(context, {"privileged": true, "runAsNonRoot": false, "appArmorProfile": {}})

every_check(level) := {check |
	some check, rule in standard.checks
	rule.level in standard.levels[level]
} - {standard.checks[check].overrides |
	some check, rule in standard.checks
	rule.level == level
}

test_each_check_can_be_switched_off if {
	every level in ["baseline", "restricted"] {
		all := every_check(level)
		checks([worst], {"kubernetes": {"level": level}}) == all
		every check in all {
			checks([worst], {"kubernetes": {"level": level, "off": [standard.ids[check]]}}) == all - {check}
		}
	}
	annotated := object.union(worst, {"spec": {"containers": [{"name": "a"}], "initContainers": []}})
	checks([annotated], {"kubernetes.off": "pss-app-armor-profile,pss-host-namespaces"}) == {
		"hostPathVolumes", "seLinuxOptions", "sysctls", "windowsHostProcess",
	}
	seccomp := {"container.seccomp.security.alpha.kubernetes.io/a": "unconfined"}
	old := {"kind": "Pod", "metadata": {"annotations": seccomp}, "spec": {"containers": [{"name": "a"}]}}
	checks([old], {"kubernetes.version": "v1.18"}) == {"seccompProfile_baseline"}
	count(checks([old], {"kubernetes.version": "v1.18", "kubernetes.off": "pss-seccomp-profile-baseline"})) == 0
}

test_findings_say_their_check_and_policy if {
	findings := data.kubernetes.pss.deny with data.documents as [pod("shop")]
	every finding in findings {
		finding.id == standard.ids[finding.facts.check]
		finding.facts.level == "baseline"
		finding.facts.version == "latest"
		finding.document == 0
	}
	standard.ids.seLinuxOptions == "pss-se-linux-options"
	standard.ids.capabilities_baseline == "pss-capabilities-baseline"
}
