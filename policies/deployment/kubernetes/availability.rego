# METADATA
# title: Availability
# description: Whether a workload of several pods outlives the loss, or the maintenance, of one node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
package kubernetes.availability

import data.kubernetes.namespaces
import data.kubernetes.objects
import data.kubernetes.owners
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: Several pods run on several nodes
# description: Without a rule to spread them, the scheduler may put all pods of a workload on one node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
# custom:
#   id: kubernetes-anti-affinity
#   severity: info
#   subject: set
#   remedy: add `topologySpreadConstraints`, or a `podAntiAffinity`, over `kubernetes.io/hostname`
deny contains finding if {
	parameters.is_on("kubernetes-anti-affinity")
	some pod in several
	not is_spread(pod.spec)
	finding := {
		"id": "kubernetes-anti-affinity",
		"message": sprintf("%d pods may all run on one node", [replicas_of(pod)]),
		"document": pod.document,
		"at": "/spec/replicas",
	}
}

is_spread(spec) if is_object(spec.topologySpreadConstraints[0])

is_spread(spec) if is_object(spec.affinity.podAntiAffinity)

# METADATA
# title: Several pods have a disruption budget
# description: Without one, draining nodes may end all pods of a workload at once. Judged where the set has any budget.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   id: kubernetes-disruption-budget
#   severity: info
#   subject: set
#   remedy: add a PodDisruptionBudget that selects the pods, whose `maxUnavailable` is 1
deny contains finding if {
	parameters.is_on("kubernetes-disruption-budget")
	count(budgets) > 0
	some pod in several
	not has_budget(pod)
	finding := {
		"id": "kubernetes-disruption-budget",
		"message": sprintf("no PodDisruptionBudget of the set selects these %d pods", [replicas_of(pod)]),
		"document": pod.document,
		"at": "/spec/replicas",
	}
}

has_budget(pod) if {
	some budget in in_namespace[pod.namespace]
	selects(budget.value.spec.selector, pod)
}

# A selector with expressions may select any pod, and is believed to.
selects(selector, _) if is_object(selector.matchExpressions[0])

selects(selector, _) if selector == {}

selects(selector, pod) if objects.has_labels(pod, objects.labels_asked(selector))

# METADATA
# title: A disruption budget lets a pod go
# description: A budget that allows no disruption stops the drain of a node, and with it every upgrade.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#think-about-how-your-application-reacts-to-disruptions
# custom:
#   id: kubernetes-disruption-budget-blocks
#   severity: warning
#   subject: set
#   remedy: set `maxUnavailable` to 1 or more, or `minAvailable` to less than the number of pods
deny contains finding if {
	parameters.is_on("kubernetes-disruption-budget-blocks")
	some budget in budgets
	member := blocking(budget)
	finding := {
		"id": "kubernetes-disruption-budget-blocks",
		"message": sprintf("with `%s: %v`, no pod may ever be evicted", [member, budget.value.spec[member]]),
		"document": budget.document,
		"at": sprintf("/spec/%s", [member]),
	}
}

blocking(budget) := "maxUnavailable" if {
	budget.value.spec.maxUnavailable in {0, "0", "0%"}
} else := "minAvailable" if {
	budget.value.spec.minAvailable == "100%"
} else := "minAvailable" if {
	least := budget.value.spec.minAvailable
	is_number(least)
	some position in objects.selected(pods.namespace_of(budget.value), objects.labels_asked(budget.value.spec.selector))
	pod := pods.described[position]
	not pod.document in object.keys(owners.makers)
	least >= replicas_of(pod)
}

budgets := [budget |
	some index, document in data.documents
	document.kind == "PodDisruptionBudget"
	not pods.namespace_of(document) in namespaces.unjudged
	budget := {"document": index, "value": document}
]

in_namespace[namespace] contains budget if {
	some budget in budgets
	namespace := pods.namespace_of(budget.value)
}

several := [pod |
	some pod in pods.all
	pod.kind in {"Deployment", "StatefulSet"}
	replicas_of(pod) > 1
	not pod.namespace in namespaces.unjudged
]

replicas_of(pod) := count if {
	count := data.documents[pod.document].spec.replicas
	is_number(count)
} else := 1
