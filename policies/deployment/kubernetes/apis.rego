# METADATA
# title: Versions of the API
# description: What a version of Kubernetes no longer serves, and what it will not serve for long.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
package kubernetes.apis

import data.kubernetes.parameters
import future.keywords.not

# METADATA
# title: The API of a document is served
# description: The API server refuses a document whose version of the API it no longer has.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
# custom:
#   id: kubernetes-api-removed
#   severity: error
#   subject: set
#   remedy: change `apiVersion`, and what changed with it; the message names the version to use
deny contains finding if {
	parameters.is_on("kubernetes-api-removed")
	some use in uses
	use.api.removed <= minor
	finding := {
		"id": "kubernetes-api-removed",
		"message": sprintf("Kubernetes 1.%d removed %s of `%s`%s", [use.api.removed, use.kind, use.version, instead(use.api)]),
		"document": use.document,
		"at": "/apiVersion",
	}
}

# METADATA
# title: The API of a document will be served
# description: A later version of Kubernetes removes it.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
# custom:
#   id: kubernetes-api-deprecated
#   severity: warning
#   subject: set
#   remedy: change `apiVersion`, and what changed with it; the message names the version to use
deny contains finding if {
	parameters.is_on("kubernetes-api-deprecated")
	some use in uses
	use.api.deprecated <= minor
	not is_removed(use)
	finding := {
		"id": "kubernetes-api-deprecated",
		"message": sprintf("%s of `%s` is deprecated since Kubernetes 1.%d%s", [use.kind, use.version, use.api.deprecated, instead(use.api)]),
		"document": use.document,
		"at": "/apiVersion",
	}
}

is_removed(use) if use.api.removed <= minor

instead(api) := sprintf(": use `%s`", [api.instead]) if {
	api.instead
} else := ", and nothing took its place"

# The newest version that the table knows, unless another is asked for.
minor := to_number(trim_prefix(parameters.version, "v1.")) if {
	parameters.is_version(parameters.version)
	parameters.version != "latest"
} else := 37

uses := [use |
	some index, document in data.documents
	api := apis[document.apiVersion][document.kind]
	use := {"document": index, "kind": document.kind, "version": document.apiVersion, "api": api}
]

# By version and kind. The numbers are minor versions of Kubernetes 1.
apis[version][kind] := api if {
	some row in rows
	version := row.version
	some kind in row.kinds
	api := object.remove(row, ["version", "kinds"])
}

rows := [
	{"version": "admissionregistration.k8s.io/v1beta1", "kinds": ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], "deprecated": 16, "removed": 22, "instead": "admissionregistration.k8s.io/v1"},
	{"version": "apiextensions.k8s.io/v1beta1", "kinds": ["CustomResourceDefinition"], "deprecated": 16, "removed": 22, "instead": "apiextensions.k8s.io/v1"},
	{"version": "apiregistration.k8s.io/v1beta1", "kinds": ["APIService"], "deprecated": 19, "removed": 22, "instead": "apiregistration.k8s.io/v1"},
	{"version": "apps/v1beta1", "kinds": ["ControllerRevision", "Deployment", "StatefulSet"], "deprecated": 8, "removed": 16, "instead": "apps/v1"},
	{"version": "apps/v1beta2", "kinds": ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], "deprecated": 9, "removed": 16, "instead": "apps/v1"},
	{"version": "authentication.k8s.io/v1beta1", "kinds": ["TokenReview"], "deprecated": 19, "removed": 22, "instead": "authentication.k8s.io/v1"},
	{"version": "authorization.k8s.io/v1beta1", "kinds": ["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SubjectAccessReview"], "deprecated": 19, "removed": 22, "instead": "authorization.k8s.io/v1"},
	{"version": "autoscaling/v2beta1", "kinds": ["HorizontalPodAutoscaler"], "deprecated": 22, "removed": 25, "instead": "autoscaling/v2"},
	{"version": "autoscaling/v2beta2", "kinds": ["HorizontalPodAutoscaler"], "deprecated": 23, "removed": 26, "instead": "autoscaling/v2"},
	{"version": "batch/v1beta1", "kinds": ["CronJob"], "deprecated": 21, "removed": 25, "instead": "batch/v1"},
	{"version": "certificates.k8s.io/v1beta1", "kinds": ["CertificateSigningRequest"], "deprecated": 19, "removed": 22, "instead": "certificates.k8s.io/v1"},
	{"version": "coordination.k8s.io/v1beta1", "kinds": ["Lease"], "deprecated": 19, "removed": 22, "instead": "coordination.k8s.io/v1"},
	{"version": "discovery.k8s.io/v1beta1", "kinds": ["EndpointSlice"], "deprecated": 21, "removed": 25, "instead": "discovery.k8s.io/v1"},
	{"version": "events.k8s.io/v1beta1", "kinds": ["Event"], "deprecated": 19, "removed": 25, "instead": "events.k8s.io/v1"},
	{"version": "extensions/v1beta1", "kinds": ["DaemonSet", "Deployment", "ReplicaSet"], "deprecated": 8, "removed": 16, "instead": "apps/v1"},
	{"version": "extensions/v1beta1", "kinds": ["Ingress"], "deprecated": 14, "removed": 22, "instead": "networking.k8s.io/v1"},
	{"version": "extensions/v1beta1", "kinds": ["NetworkPolicy"], "deprecated": 9, "removed": 16, "instead": "networking.k8s.io/v1"},
	{"version": "extensions/v1beta1", "kinds": ["PodSecurityPolicy"], "deprecated": 10, "removed": 16},
	{"version": "flowcontrol.apiserver.k8s.io/v1beta1", "kinds": ["FlowSchema", "PriorityLevelConfiguration"], "deprecated": 23, "removed": 26, "instead": "flowcontrol.apiserver.k8s.io/v1"},
	{"version": "flowcontrol.apiserver.k8s.io/v1beta2", "kinds": ["FlowSchema", "PriorityLevelConfiguration"], "deprecated": 26, "removed": 29, "instead": "flowcontrol.apiserver.k8s.io/v1"},
	{"version": "flowcontrol.apiserver.k8s.io/v1beta3", "kinds": ["FlowSchema", "PriorityLevelConfiguration"], "deprecated": 29, "removed": 32, "instead": "flowcontrol.apiserver.k8s.io/v1"},
	{"version": "networking.k8s.io/v1beta1", "kinds": ["Ingress", "IngressClass"], "deprecated": 19, "removed": 22, "instead": "networking.k8s.io/v1"},
	{"version": "node.k8s.io/v1beta1", "kinds": ["RuntimeClass"], "deprecated": 22, "removed": 25, "instead": "node.k8s.io/v1"},
	{"version": "policy/v1beta1", "kinds": ["PodDisruptionBudget"], "deprecated": 21, "removed": 25, "instead": "policy/v1"},
	{"version": "policy/v1beta1", "kinds": ["PodSecurityPolicy"], "deprecated": 21, "removed": 25},
	{"version": "rbac.authorization.k8s.io/v1beta1", "kinds": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"], "deprecated": 17, "removed": 22, "instead": "rbac.authorization.k8s.io/v1"},
	{"version": "scheduling.k8s.io/v1beta1", "kinds": ["PriorityClass"], "deprecated": 14, "removed": 22, "instead": "scheduling.k8s.io/v1"},
	{"version": "storage.k8s.io/v1beta1", "kinds": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"], "deprecated": 19, "removed": 22, "instead": "storage.k8s.io/v1"},
	{"version": "storage.k8s.io/v1beta1", "kinds": ["CSIStorageCapacity"], "deprecated": 24, "removed": 27, "instead": "storage.k8s.io/v1"},
]
