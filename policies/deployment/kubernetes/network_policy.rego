# METADATA
# title: Default deny of ingress
# description: >-
#   Every namespace of the set has a NetworkPolicy that denies all ingress to all its pods, and none that
#   allows all of it again.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
package kubernetes.network_policy

import data.kubernetes.namespaces
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: The namespace denies ingress by default
# custom:
#   id: kubernetes-default-deny-ingress
#   severity: error
#   subject: set
#   remedy: >-
#     add a NetworkPolicy with an empty `podSelector`, `policyTypes: [Ingress]` and no `ingress` to the namespace
deny contains finding if {
	some namespace, subject in subjects
	not denying[namespace]
	finding := object.union(
		{"id": "kubernetes-default-deny-ingress", "resource": {"kind": "Namespace", "name": namespace}},
		complaint(namespace, subject),
	)
}

# METADATA
# title: The Pod Security level of a namespace was looked at
# description: It stands here because only here is it known which namespaces the set names.
# custom:
#   id: kubernetes-pod-security-unchecked
#   severity: info
#   subject: set
#   remedy: add the Namespace to the set, with its label `pod-security.kubernetes.io/enforce`, or exempt it
deny contains finding if {
	some namespace, subject in subjects
	not is_namespace(data.documents[subject])
	finding := {
		"id": "kubernetes-pod-security-unchecked",
		"message": sprintf("the set has no Namespace `%s`, so its Pod Security level was not checked", [namespace]),
		"document": subject,
		"at": "",
		"resource": {"kind": "Namespace", "name": namespace},
	}
}

# METADATA
# title: A Namespace has a name
# custom:
#   id: kubernetes-namespace-unnamed
#   severity: error
#   subject: set
#   remedy: give the Namespace a name, in quotes where YAML would read it as something else (`"no"`, `"123"`)
deny contains finding if {
	some index, document in data.documents
	is_namespace(document)
	not has_name(document)
	finding := {
		"id": "kubernetes-namespace-unnamed",
		"message": "the Namespace has no name that is a text, so no policy can be for it",
		"document": index,
		"at": "/metadata/name",
	}
}

has_name(document) if {
	is_string(document.metadata.name)
	document.metadata.name != ""
}

# METADATA
# title: No NetworkPolicy allows all ingress again
# custom:
#   id: kubernetes-allow-all-ingress
#   severity: error
#   subject: set
#   remedy: NetworkPolicies add up, so remove the rule or name the peers it is for
deny contains finding if {
	some index, document in data.documents
	namespace := namespace_of(document)
	denying[namespace]
	is_policy(document)
	selects_all(document.spec)
	for_ingress(document.spec)
	some position, rule in ingress_rules(document)
	allows_all(rule)
	finding := {
		"id": "kubernetes-allow-all-ingress",
		"message": sprintf("all ingress to the namespace `%s` is allowed again, whatever its default deny says", [namespace]),
		"document": index,
		"at": sprintf("/spec/ingress/%d", [position]),
	}
}

# Kinds that live in a namespace, and so in `default` when they name none.
namespaced := {
	"ConfigMap", "CronJob", "DaemonSet", "Deployment", "Endpoints", "HorizontalPodAutoscaler", "Ingress", "Job",
	"LimitRange", "NetworkPolicy", "PersistentVolumeClaim", "Pod", "PodDisruptionBudget", "PodTemplate",
	"ReplicaSet", "ReplicationController", "ResourceQuota", "Role", "RoleBinding", "Secret", "Service",
	"ServiceAccount", "StatefulSet",
}

# Where a namespace shows in the set: its own document if there is one, else the first that names it.
subjects[namespace] := index if {
	some namespace, indices in places
	own := {index | some index in indices; is_namespace(data.documents[index])}
	index := min(preferred(own, indices))
	not exempt(namespace)
	not is_visited(namespace, indices)
}

# Charts put a Role or a Service into the cluster's own namespaces, which the set does not make.
is_visited(namespace, indices) if {
	namespace in namespaces.systems
	every index in indices {
		not is_namespace(data.documents[index])
		not data.documents[index].kind in object.keys(pods.templates)
	}
}

preferred(own, _) := own if count(own) > 0

preferred(own, others) := others if count(own) == 0

places[namespace] contains index if {
	some index, document in data.documents
	namespace := namespace_of(document)
}

exempt(namespace) if namespace in namespaces.own

exempt(namespace) if {
	is_array(data.params.exemptNamespaces)
	namespace in data.params.exemptNamespaces
}

exempt(namespace) if {
	is_string(data.params.exemptNamespaces)
	namespace in split(data.params.exemptNamespaces, ",")
}

denying contains namespace_of(document) if {
	some document in data.documents
	denies_by_default(document)
}

denies_by_default(document) if {
	is_policy(document)
	count(flaws(document)) == 0
}

complaint(namespace, subject) := {"message": message, "document": index, "at": flaw.at} if {
	index := min(near_misses[namespace])
	flaw := flaws(data.documents[index])[0]
	message := sprintf("the namespace `%s` has no default deny of ingress: %s", [namespace, flaw.message])
} else := {"message": message, "document": subject, "at": ""} if {
	message := sprintf("the namespace `%s` has no NetworkPolicy that denies ingress by default", [namespace])
}

# A policy for all pods that still does not deny: it says why.
near_misses[namespace] contains index if {
	some index, document in data.documents
	document.kind == "NetworkPolicy"
	selects_all(spec_of(document))
	count(flaws(document)) > 0
	namespace := namespace_of(document)
}

# What keeps a NetworkPolicy from being a default deny of ingress.
flaws(document) := array.concat(array.concat(version_flaws(document), selector_flaws(document)), array.concat(type_flaws(document), rule_flaws(document)))

version_flaws(document) := [{"message": "the policy is not of `networking.k8s.io/v1`", "at": ""} | not is_policy(document)]

selector_flaws(document) := [{"message": "the policy is for some pods only", "at": "/spec/podSelector"} | not selects_all(spec_of(document))]

type_flaws(document) := [{"message": "the policy's `policyTypes` leave out `Ingress`", "at": "/spec/policyTypes"} | not for_ingress(spec_of(document))]

rule_flaws(document) := [{"message": rule_message(document), "at": "/spec/ingress"} | has_rules(spec_of(document))]

rule_message(document) := "the policy's `ingress` allows everything" if {
	some rule in ingress_rules(document)
	allows_all(rule)
} else := "the policy's `ingress` allows something"

is_policy(document) if {
	document.kind == "NetworkPolicy"
	document.apiVersion == "networking.k8s.io/v1"
	is_object(document.spec)
}

spec_of(document) := spec if {
	spec := document.spec
	is_object(spec)
} else := {}

# `{}` selects every pod, as does a selector whose parts are empty. A selector with any other part does not.
selects_all(spec) if is_empty(object.get(spec, "podSelector", null))

selects_all(spec) if {
	is_object(spec.podSelector)
	every name, part in spec.podSelector {
		name in {"matchLabels", "matchExpressions"}
		is_empty(part)
	}
}

# Without types, a policy is for ingress.
for_ingress(spec) if is_empty(object.get(spec, "policyTypes", null))

for_ingress(spec) if {
	is_array(spec.policyTypes)
	"Ingress" in spec.policyTypes
}

ingress_rules(document) := document.spec.ingress if {
	is_array(document.spec.ingress)
} else := []

has_rules(spec) if not is_empty(object.get(spec, "ingress", null))

is_empty(value) if value in [null, [], {}]

# A rule that names neither peers nor ports, or every address.
allows_all(rule) if {
	is_object(rule)
	is_empty(object.get(rule, "ports", null))
	any_peer(object.get(rule, "from", null))
}

any_peer(peers) if is_empty(peers)

any_peer(peers) if {
	is_array(peers)
	some peer in peers
	peer.ipBlock.cidr in {"0.0.0.0/0", "::/0"}
	is_empty(object.get(peer.ipBlock, "except", null))
}

is_namespace(document) if {
	document.kind == "Namespace"
	not other_group(document)
}

other_group(document) if {
	is_string(document.apiVersion)
	contains(document.apiVersion, "/")
}

namespace_of(document) := document.metadata.name if {
	is_namespace(document)
	has_name(document)
} else := document.metadata.namespace if {
	not is_namespace(document)
	is_string(document.metadata.namespace)
	document.metadata.namespace != ""
} else := "default" if {
	is_object(document)
	document.kind in namespaced
}
