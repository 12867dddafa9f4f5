# METADATA
# title: Service accounts and namespaces
# description: Who a pod is in the cluster, and where it lives, if nobody says so.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/
package kubernetes.accounts

import data.kubernetes.namespaces
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: A pod without an account of its own gets no token
# description: >-
#   A pod that names no account runs as `default`, and its token is mounted, though a pod that used the API would have an
#   account with rights. Whoever breaks into the pod has it.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting
# custom:
#   id: kubernetes-service-account-token
#   severity: info
#   subject: set
#   remedy: set `automountServiceAccountToken` to `false`, or name the account that the pod needs
deny contains finding if {
	parameters.is_on("kubernetes-service-account-token")
	some pod in pods.all
	not pod.document in data.kubernetes.hygiene.skipped
	not has_own_account(pod.spec)
	not pod.spec.automountServiceAccountToken == false
	not pod.namespace in without_token
	has_image(pod)
	finding := {
		"id": "kubernetes-service-account-token",
		"message": "the pod runs as the account `default`, with its token",
		"document": pod.document,
		"at": pods.pointer(pod, ["spec"]),
	}
}

has_own_account(spec) if {
	some member in ["serviceAccountName", "serviceAccount"]
	name := spec[member]
	is_string(name)
	not name in {"", "default"}
}

without_token contains pods.namespace_of(document) if {
	some document in data.documents
	document.kind == "ServiceAccount"
	document.metadata.name == "default"
	document.automountServiceAccountToken == false
}

has_image(pod) if {
	some container in pods.containers_of(pod)
	is_string(container.value.image)
}

# METADATA
# title: The default account has no rights
# description: Every pod of the namespace that names no account would have them, too.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
# custom:
#   id: kubernetes-rbac-default-account
#   severity: warning
#   subject: set
#   remedy: make a ServiceAccount for the pods that need the rights, and bind that
deny contains finding if {
	parameters.is_on("kubernetes-rbac-default-account")
	some binding in data.kubernetes.rbac.bindings
	some position, subject in data.kubernetes.rbac.list_of(binding.value, "subjects")
	subject.kind == "ServiceAccount"
	subject.name == "default"
	finding := {
		"id": "kubernetes-rbac-default-account",
		"message": "the binding gives rights to the account `default` of a namespace",
		"document": binding.document,
		"at": sprintf("/subjects/%d/name", [position]),
	}
}

# METADATA
# title: Nothing is put into the namespace `default`
# description: >-
#   It cannot be deleted as a whole, and has no policies of its own. Judged where a document names it; one that names none
#   goes where it is applied.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
# custom:
#   id: kubernetes-default-namespace
#   severity: info
#   subject: set
#   remedy: give the application a namespace of its own
deny contains finding if {
	parameters.is_on("kubernetes-default-namespace")
	not "default" in namespaces.exempt
	some index, document in data.documents
	document.metadata.namespace == "default"
	not is_from_cluster(document)
	finding := {
		"id": "kubernetes-default-namespace",
		"message": sprintf("the %v is put into the namespace `default`", [document.kind]),
		"document": index,
		"at": "/metadata/namespace",
	}
}

# What the cluster makes itself in this namespace, and what another object makes.
is_from_cluster(document) if document.metadata.name in {"kubernetes", "default", "kube-root-ca.crt"}

is_from_cluster(document) if is_object(document.metadata.ownerReferences[0])
