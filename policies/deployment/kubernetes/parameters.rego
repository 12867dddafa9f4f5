# METADATA
# title: The parameters of this pack
# description: What is asked with a slip of the pen is asked all the same, or said aloud.
package kubernetes.parameters

import data.kubernetes.standard
import future.keywords.not

# METADATA
# title: A parameter says what it means
# custom:
#   id: kubernetes-parameter
#   severity: error
#   subject: set
#   remedy: see the parameters in the README of the pack
deny contains finding if {
	some message in problems
	finding := {"id": "kubernetes-parameter", "message": message}
}

# METADATA
# title: A parameter is one that the pack knows
# custom:
#   id: kubernetes-parameter-unknown
#   severity: warning
#   subject: set
#   remedy: >-
#     the pack knows exemptNamespaces, keys and require, and of `kubernetes` complete, digests, level, off, registries,
#     system and version;
#     another pack's are none of its business
warn contains finding if {
	some name in given
	not name in known
	finding := {
		"id": "kubernetes-parameter-unknown",
		"message": sprintf("no rule reads the parameter `%s`", [name]),
	}
}

known := {"exemptNamespaces", "keys", "require"} | {name |
	some member in ["complete", "digests", "level", "off", "registries", "system", "version"]
	name := concat(".", ["kubernetes", member])
}

given contains name if {
	some name, _ in data.params
	name != "kubernetes"
}

given contains name if {
	is_object(data.params.kubernetes)
	some member, _ in data.params.kubernetes
	name := sprintf("kubernetes.%s", [member])
}

# `kubernetes: { level }` in a data file, or `--set kubernetes.level=`.
setting(name) := value if {
	value := data.params.kubernetes[name]
} else := value if {
	value := data.params[concat(".", ["kubernetes", name])]
} else := null

level := setting("level")

version := setting("version")

is_version(value) if value == "latest"

is_version(value) if {
	is_string(value)
	regex.match(`^v1\.(0|[1-9][0-9]{0,5})$`, value)
}

# The ids of the rules that are switched off.
off contains trim_prefix(code, "policy-") if {
	some code in listed("off")
	is_string(code)
}

is_on(id) if not id in off

registries := {registry | some registry in listed("registries"); is_string(registry); registry != ""}

# A list, which may be a text with commas.
listed(name) := split(setting(name), ",") if {
	is_string(setting(name))
} else := setting(name) if {
	is_array(setting(name))
} else := []

problems contains message if {
	level != null
	not level in object.keys(standard.levels)
	message := sprintf("`kubernetes.level` may be `baseline`, `restricted` or `privileged`, and is `%v`", [level])
}

problems contains "`kubernetes` is an object: `{ level, version, off, registries, digests, complete, system }`" if not is_object(object.get(data.params, "kubernetes", {}))

problems contains sprintf("`kubernetes.%s` is a list of texts, or a text with commas", [name]) if {
	some name in ["off", "registries"]
	not is_list(setting(name))
}

problems contains sprintf("`kubernetes.%s` is `true` or `false`", [name]) if {
	some name in ["complete", "digests", "system"]
	not setting(name) in {true, false, null}
}

problems contains message if {
	some id in off
	not id in switches
	message := sprintf("`kubernetes.off` names `policy-%s`, which is no rule that can be switched off", [id])
}

is_list(value) if value == null

is_list(value) if is_string(value)

is_list(value) if {
	is_array(value)
	every item in value {
		is_string(item)
	}
}

switches := {id | some id in standard.ids} | {
	"kubernetes-anti-affinity",
	"kubernetes-api-deprecated",
	"kubernetes-api-removed",
	"kubernetes-control-plane-hardening",
	"kubernetes-control-plane-unsafe",
	"kubernetes-dangling-reference",
	"kubernetes-default-namespace",
	"kubernetes-disruption-budget",
	"kubernetes-disruption-budget-blocks",
	"kubernetes-duplicate-env",
	"kubernetes-duplicate-object",
	"kubernetes-image-digest",
	"kubernetes-image-latest",
	"kubernetes-image-registry",
	"kubernetes-ingress-injection",
	"kubernetes-ingress-snippet",
	"kubernetes-ingress-tls",
	"kubernetes-pod-shape",
	"kubernetes-probe-port",
	"kubernetes-rbac-anonymous",
	"kubernetes-rbac-certificates",
	"kubernetes-rbac-cluster-admin",
	"kubernetes-rbac-default-account",
	"kubernetes-rbac-escalation",
	"kubernetes-rbac-secrets",
	"kubernetes-rbac-webhooks",
	"kubernetes-rbac-wildcard",
	"kubernetes-readiness-probe",
	"kubernetes-resources",
	"kubernetes-secret-in-config-map",
	"kubernetes-secret-in-env",
	"kubernetes-selector-mismatch",
	"kubernetes-selects-nothing",
	"kubernetes-sensitive-host-path",
	"kubernetes-service-account-token",
	"kubernetes-target-port",
}

problems contains message if {
	version != null
	not is_version(version)
	message := sprintf("`kubernetes.version` may be `latest` or one such as `v1.34`, and is `%v`", [version])
}

problems contains sprintf("`require` may be `encryption` or `none`, and is `%v`", [data.params.require]) if {
	not known_requirement(data.params.require)
}

problems contains "`keys` is a list of `{ name, created }`" if not is_array(object.get(data.params, "keys", []))

problems contains sprintf("`keys[%d]` is not `{ name, created }`, both texts", [index]) if {
	some index, key in listed_keys
	not names_a_key(key)
}

problems contains sprintf("`keys[%d].created` is neither a day (2026-08-01) nor RFC 3339", [index]) if {
	some index, key in listed_keys
	names_a_key(key)
	not is_day(key.created)
}

listed_keys := data.params.keys if {
	is_array(data.params.keys)
} else := []

known_requirement(value) if value in {"encryption", "none"}

known_requirement(value) if {
	is_array(value)
	every one in value {
		one == "encryption"
	}
}

names_a_key(key) if {
	is_string(key.name)
	is_string(key.created)
}

is_day(text) if regex.match(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt ].*)?$`, text)
