# METADATA
# title: Rights in the cluster
# description: >-
#   Roles and bindings that give more than their names say. The cluster's own, which it makes itself, are left out.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
package kubernetes.rbac

import data.kubernetes.namespaces
import data.kubernetes.objects
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: A rule names what it allows
# description: A wildcard allows what exists today, and whatever is added later.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
# custom:
#   id: kubernetes-rbac-wildcard
#   severity: warning
#   subject: set
#   remedy: list the verbs and resources that are needed
deny contains finding if {
	parameters.is_on("kubernetes-rbac-wildcard")
	some rule in rules
	names := wild(rule.value)
	count(names) > 0
	finding := {
		"id": "kubernetes-rbac-wildcard",
		"message": sprintf("the rule allows all %s", [concat(" and ", names)]),
		"document": rule.document,
		"at": sprintf("/rules/%d/%s", [rule.index, names[0]]),
	}
}

wild(rule) := [name |
	some name in ["resources", "verbs"]
	"*" in list_of(rule, name)
	not is_operator(rule, name)
]

# An operator does everything with the custom resources that it names.
is_operator(rule, "verbs") if {
	groups := list_of(rule, "apiGroups")
	count(groups) > 0
	every group in groups {
		objects.is_foreign({"apiVersion": group})
	}
	not "*" in list_of(rule, "resources")
}

# METADATA
# title: A role gives no way to more rights
# description: With `escalate` or `bind` one gives oneself any role, and with `impersonate` one is anybody.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
# custom:
#   id: kubernetes-rbac-escalation
#   severity: warning
#   subject: set
#   remedy: remove the verb, or limit it with `resourceNames`
deny contains finding if {
	parameters.is_on("kubernetes-rbac-escalation")
	some rule in rules
	count(list_of(rule.value, "resourceNames")) == 0
	some position, verb in list_of(rule.value, "verbs")
	verb in {"bind", "escalate", "impersonate"}
	finding := {
		"id": "kubernetes-rbac-escalation",
		"message": sprintf("the rule allows `%s`, which leads to any other right", [verb]),
		"document": rule.document,
		"at": sprintf("/rules/%d/verbs/%d", [rule.index, position]),
	}
}

# METADATA
# title: Nobody reads the secrets of the whole cluster
# description: A ClusterRole that is bound by a ClusterRoleBinding is for every namespace, `kube-system` too.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets
# custom:
#   id: kubernetes-rbac-secrets
#   severity: warning
#   subject: set
#   remedy: use a Role in the one namespace, or name the secrets in `resourceNames`
deny contains finding if {
	parameters.is_on("kubernetes-rbac-secrets")
	some rule in rules
	rule.kind == "ClusterRole"
	count(list_of(rule.value, "resourceNames")) == 0
	has_verb(rule, {"*", "get", "list", "watch"})
	some position, resource in list_of(rule.value, "resources")
	resource == "secrets"
	finding := {
		"id": "kubernetes-rbac-secrets",
		"message": "the rule reads the secrets of every namespace",
		"document": rule.document,
		"at": sprintf("/rules/%d/resources/%d", [rule.index, position]),
	}
}

# METADATA
# title: Nobody changes what is admitted
# description: Who writes a webhook of admission sees and changes every object that is made, secrets too.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks
# custom:
#   id: kubernetes-rbac-webhooks
#   severity: warning
#   subject: set
#   remedy: remove the verb, or name the webhooks in `resourceNames`
deny contains finding if {
	parameters.is_on("kubernetes-rbac-webhooks")
	some rule in rules
	count(list_of(rule.value, "resourceNames")) == 0
	has_verb(rule, {"*", "create", "patch", "update"})
	some position, resource in list_of(rule.value, "resources")
	resource in {"mutatingwebhookconfigurations", "validatingwebhookconfigurations"}
	finding := {
		"id": "kubernetes-rbac-webhooks",
		"message": sprintf("the rule changes `%s`, through which every object of the cluster goes", [resource]),
		"document": rule.document,
		"at": sprintf("/rules/%d/resources/%d", [rule.index, position]),
	}
}

# METADATA
# title: Nobody signs certificates of the cluster
# description: Who approves a request for a certificate can give out one for any user and any node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#csrs-and-certificate-issuing
# custom:
#   id: kubernetes-rbac-certificates
#   severity: warning
#   subject: set
#   remedy: remove the verb, or name the signers in `resourceNames`
deny contains finding if {
	parameters.is_on("kubernetes-rbac-certificates")
	some rule in rules
	count(list_of(rule.value, "resourceNames")) == 0
	count({"*", "certificates.k8s.io"} & {group | some group in list_of(rule.value, "apiGroups")}) > 0
	some verbs, pattern in signing
	has_verb(rule, verbs)
	some position, resource in list_of(rule.value, "resources")
	is_string(resource)
	regex.match(pattern, resource)
	finding := {
		"id": "kubernetes-rbac-certificates",
		"message": sprintf("the rule signs certificates of the cluster, by `%s`", [resource]),
		"document": rule.document,
		"at": sprintf("/rules/%d/resources/%d", [rule.index, position]),
	}
}

# Verbs, and the resources with which they sign.
signing := {
	{"*", "patch", "update"}: `^(certificatesigningrequests|\*)/(approval|status)$`,
	{"*", "approve", "sign"}: `^signers$`,
}

has_verb(rule, verbs) if {
	some verb in list_of(rule.value, "verbs")
	verb in verbs
}

# METADATA
# title: Nobody is bound to cluster-admin
# description: It has every right there is.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
# custom:
#   id: kubernetes-rbac-cluster-admin
#   severity: warning
#   subject: set
#   remedy: bind a role with the rights that are needed
deny contains finding if {
	parameters.is_on("kubernetes-rbac-cluster-admin")
	some binding in bindings
	binding.value.roleRef.name == "cluster-admin"
	finding := {
		"id": "kubernetes-rbac-cluster-admin",
		"message": "the binding gives every right there is",
		"document": binding.document,
		"at": "/roleRef/name",
	}
}

# METADATA
# title: Strangers have no rights
# description: Whoever reaches the API server is `system:anonymous`, of the group `system:unauthenticated`.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests
# custom:
#   id: kubernetes-rbac-anonymous
#   severity: error
#   subject: set
#   remedy: bind the role to users, groups or service accounts of your own
deny contains finding if {
	parameters.is_on("kubernetes-rbac-anonymous")
	some binding in bindings
	some position, subject in list_of(binding.value, "subjects")
	subject.name in {"system:anonymous", "system:unauthenticated"}
	finding := {
		"id": "kubernetes-rbac-anonymous",
		"message": sprintf("the binding gives rights to `%s`, which is anybody", [subject.name]),
		"document": binding.document,
		"at": sprintf("/subjects/%d/name", [position]),
	}
}

rules := [rule |
	some index, document in data.documents
	document.kind in {"ClusterRole", "Role"}
	is_judged(document)
	some position, value in list_of(document, "rules")
	rule := {"document": index, "index": position, "kind": document.kind, "value": value}
]

bindings := [binding |
	some index, document in data.documents
	document.kind in {"ClusterRoleBinding", "RoleBinding"}
	is_judged(document)
	binding := {"document": index, "value": document}
]

is_judged(document) if {
	not is_default(document)
	not is_exempt(document)
}

# A ClusterRole is in no namespace.
is_exempt(document) if {
	document.kind in {"Role", "RoleBinding"}
	pods.namespace_of(document) in namespaces.exempt
}

# The API server makes these again if they are changed.
is_default(document) if document.metadata.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"

# What kubeadm makes for whoever runs the cluster.
is_default(document) if document.metadata.name == "kubeadm:cluster-admins"

# Its rules are copies of those of other roles.
is_default(document) if is_object(document.aggregationRule)

list_of(value, name) := list if {
	list := value[name]
	is_array(list)
} else := []
