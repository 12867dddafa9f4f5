# METADATA
# title: What refers to what
# description: >-
#   Names and labels that lead nowhere. They are judged only in namespaces of which the set has everything, since of a
#   part of a cluster nobody can say what is missing. Secrets are often made elsewhere, and are judged only with
#   `kubernetes.complete`.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
package kubernetes.references

import data.kubernetes.namespaces
import data.kubernetes.objects
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: What is named is there
# description: A pod whose ConfigMap, claim or account is missing does not start, and a rule without its Service answers 503.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/configmap/#configmaps-and-pods
# custom:
#   id: kubernetes-dangling-reference
#   severity: warning
#   subject: set
#   remedy: add the object to the set, correct its name, or, if it is made elsewhere, set `kubernetes.complete` to `false`
deny contains finding if {
	parameters.is_on("kubernetes-dangling-reference")
	some reference in references
	reference.namespace in objects.complete
	is_string(reference.name)
	is_judged(reference.kind)
	not is_given(reference.kind, reference.name)
	not objects.has(reference.kind, reference.namespace, reference.name)
	finding := {
		"id": "kubernetes-dangling-reference",
		"message": sprintf("the set has no %s `%s` in the namespace `%s`", [reference.kind, reference.name, reference.namespace]),
		"document": reference.document,
		"at": reference.at,
	}
}

is_judged("Secret") if parameters.setting("complete") == true

is_judged(kind) if kind != "Secret"

# What every namespace has of itself.
is_given(kind, name) if [kind, name] in [["ServiceAccount", "default"], ["ConfigMap", "kube-root-ca.crt"]]

references contains reference if {
	some pod in pods.all
	some [kind, path, name] in named_by(pod)
	reference := {"document": pod.document, "namespace": pod.namespace, "kind": kind, "name": name, "at": pods.pointer(pod, path)}
}

named_by(pod) := array.concat(by_spec(pod.spec), by_containers(pod))

by_spec(spec) := array.concat(by_volumes(spec), by_account(spec))

by_account(spec) := [["ServiceAccount", ["spec", member], spec[member]] |
	some member in ["serviceAccountName", "serviceAccount"]
	spec[member] != ""
	member == [one | some one in ["serviceAccountName", "serviceAccount"]; spec[one]][0]
]

# Of a volume, the path to what it names, the member with the name, and its kind.
sources := [
	["configMap", "name", "ConfigMap"],
	["secret", "secretName", "Secret"],
	["persistentVolumeClaim", "claimName", "PersistentVolumeClaim"],
]

by_volumes(spec) := [[kind, ["spec", "volumes", index, source, member], volume[source][member]] |
	is_array(spec.volumes)
	some index, volume in spec.volumes
	some [source, member, kind] in sources
	not volume[source].optional == true
]

by_containers(pod) := [[kind, ["spec", container.list, container.index, "env", index, "valueFrom", member, "name"], variable.valueFrom[member].name] |
	some container in pods.containers_of(pod)
	is_array(container.value.env)
	some index, variable in container.value.env
	some [member, kind] in [["configMapKeyRef", "ConfigMap"], ["secretKeyRef", "Secret"]]
	not variable.valueFrom[member].optional == true
]

references contains reference if {
	some pod in pods.all
	some container in pods.containers_of(pod)
	is_array(container.value.envFrom)
	some index, source in container.value.envFrom
	some [member, kind] in [["configMapRef", "ConfigMap"], ["secretRef", "Secret"]]
	not source[member].optional == true
	reference := {
		"document": pod.document,
		"namespace": pod.namespace,
		"kind": kind,
		"name": source[member].name,
		"at": pods.at(container, ["envFrom", index, member, "name"]),
	}
}

references contains reference if {
	some index, document in data.documents
	document.kind == "Ingress"
	not objects.is_foreign(document)
	some [path, name] in backends(document)
	reference := {"document": index, "namespace": pods.namespace_of(document), "kind": "Service", "name": name, "at": path}
}

backends(document) := [[at, backend.service.name] |
	some [at, backend] in array.concat(default_backend(document), backends_of_rules(document))
]

default_backend(document) := [["/spec/defaultBackend/service/name", backend] | backend := document.spec.defaultBackend]

backends_of_rules(document) := [[sprintf("/spec/rules/%d/http/paths/%d/backend/service/name", [position, place]), path.backend] |
	is_array(document.spec.rules)
	some position, rule in document.spec.rules
	is_array(rule.http.paths)
	some place, path in rule.http.paths
]

references contains reference if {
	some index, document in data.documents
	document.kind == "HorizontalPodAutoscaler"
	target := document.spec.scaleTargetRef
	target.kind in {"Deployment", "ReplicaSet", "StatefulSet"}
	reference := {
		"document": index,
		"namespace": pods.namespace_of(document),
		"kind": target.kind,
		"name": target.name,
		"at": "/spec/scaleTargetRef/name",
	}
}

references contains reference if {
	some index, document in data.documents
	document.kind in {"ClusterRoleBinding", "RoleBinding"}
	is_array(document.subjects)
	some position, subject in document.subjects
	subject.kind == "ServiceAccount"
	reference := {
		"document": index,
		"namespace": object.get(subject, "namespace", pods.namespace_of(document)),
		"kind": "ServiceAccount",
		"name": subject.name,
		"at": sprintf("/subjects/%d/name", [position]),
	}
}

references contains reference if {
	some index, document in data.documents
	document.kind == "RoleBinding"
	document.roleRef.kind == "Role"
	reference := {
		"document": index,
		"namespace": pods.namespace_of(document),
		"kind": "Role",
		"name": document.roleRef.name,
		"at": "/roleRef/name",
	}
}

# METADATA
# title: A selector selects something
# description: A Service without pods answers nobody, and a policy or a budget without pods protects none.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
# custom:
#   id: kubernetes-selects-nothing
#   severity: warning
#   subject: set
#   remedy: correct the labels of the selector or of the pods, or, if the pods are made elsewhere, set `kubernetes.complete` to `false`
deny contains finding if {
	parameters.is_on("kubernetes-selects-nothing")
	some index, document in data.documents
	selector := selector_of(document)
	namespace := pods.namespace_of(document)
	namespace in objects.complete
	count(objects.selected(namespace, selector.labels)) == 0
	finding := {
		"id": "kubernetes-selects-nothing",
		"message": sprintf("the %s selects no pod of the set", [document.kind]),
		"document": index,
		"at": selector.at,
	}
}

selector_of(document) := {"at": "/spec/selector", "labels": labels} if {
	document.kind == "Service"
	not objects.is_foreign(document)
	labels := objects.own_labels(document.spec.selector)
} else := {"at": "/spec/selector", "labels": labels} if {
	document.kind == "PodDisruptionBudget"
	labels := objects.labels_asked(document.spec.selector)
} else := {"at": "/spec/podSelector", "labels": labels} if {
	document.kind == "NetworkPolicy"
	not objects.is_foreign(document)
	labels := objects.labels_asked(document.spec.podSelector)
}

# METADATA
# title: A port that is named is there
# description: A Service whose target port no selected pod has by this name sends requests nowhere.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
# custom:
#   id: kubernetes-target-port
#   severity: warning
#   subject: set
#   remedy: give a port of the pod this name, or use its number
deny contains finding if {
	parameters.is_on("kubernetes-target-port")
	some index, document in data.documents
	document.kind == "Service"
	selector := selector_of(document)
	is_array(document.spec.ports)
	some position, port in document.spec.ports
	is_string(port.targetPort)
	not regex.match(`^[0-9]+$`, port.targetPort)
	namespace := pods.namespace_of(document)
	not namespace in namespaces.exempt
	selected := objects.selected(namespace, selector.labels)
	count(selected) > 0
	not has_port(selected, port.targetPort)
	finding := {
		"id": "kubernetes-target-port",
		"message": sprintf("no pod that the Service selects has a port `%s`", [port.targetPort]),
		"document": index,
		"at": sprintf("/spec/ports/%d/targetPort", [position]),
	}
}

has_port(selected, name) if {
	some position in selected
	some container in pods.containers_of(pods.described[position])
	container.value.ports[_].name == name
}

# METADATA
# title: A workload selects its own pods
# description: The API server refuses a workload whose selector its template's labels do not match.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
# custom:
#   id: kubernetes-selector-mismatch
#   severity: error
#   subject: set
#   remedy: give the template the labels that the selector asks for
deny contains finding if {
	parameters.is_on("kubernetes-selector-mismatch")
	some pod in pods.all
	pod.kind in {"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}
	not pod.namespace in namespaces.exempt
	labels := data.documents[pod.document].spec.selector.matchLabels
	is_object(labels)
	is_object(pod.template.metadata)
	not objects.has_labels(pod, labels)
	finding := {
		"id": "kubernetes-selector-mismatch",
		"message": "the selector asks for labels that the template does not have",
		"document": pod.document,
		"at": "/spec/selector/matchLabels",
	}
}

# METADATA
# title: An object stands once
# description: Of two for one name, only what is applied last stays.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
# custom:
#   id: kubernetes-duplicate-object
#   severity: warning
#   subject: set
#   remedy: remove one, or give it another name or namespace
deny contains finding if {
	parameters.is_on("kubernetes-duplicate-object")
	not is_for_kustomize
	some indices in identities
	count(indices) > 1
	first := min(indices)
	some index in indices
	index != first
	document := data.documents[index]
	finding := {
		"id": "kubernetes-duplicate-object",
		"message": sprintf("the set has the %s `%s` before", [document.kind, document.metadata.name]),
		"document": index,
		"at": "/metadata/name",
	}
}

# Kustomize puts documents of one name together.
is_for_kustomize if {
	some document in data.documents
	document.kind == "Kustomization"
	is_string(document.apiVersion)
	startswith(document.apiVersion, "kustomize.config.k8s.io/")
}

identities[identity] contains index if {
	some index, document in data.documents
	is_string(document.metadata.name)
	document.metadata.name != ""
	is_string(document.kind)
	not index in patches
	not pods.namespace_of(document) in namespaces.exempt
	identity := objects.key(document.kind, sprintf("%s/%s", [group_of(document), pods.namespace_of(document)]), document.metadata.name)
}

group_of(document) := split(document.apiVersion, "/")[0] if {
	is_string(document.apiVersion)
	contains(document.apiVersion, "/")
} else := ""

# A part of a workload, to be merged into another document.
patches contains pod.document if {
	some pod in pods.all
	not has_image(pod)
}

has_image(pod) if {
	some container in pods.containers_of(pod)
	is_string(container.value.image)
}
