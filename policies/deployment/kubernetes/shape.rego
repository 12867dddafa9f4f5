# METADATA
# title: Pods that cannot be judged
# description: What is not of the shape of a pod has nothing that the other rules could find.
package kubernetes.shape

import data.kubernetes.namespaces
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: A pod has the shape of a pod
# description: The API server refuses a pod whose `spec` is no object or whose `containers` are no list.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/
# custom:
#   id: kubernetes-pod-shape
#   severity: error
#   subject: set
#   remedy: look at the indentation, and at hyphens that begin a list where none is wanted
deny contains finding if {
	parameters.is_on("kubernetes-pod-shape")
	some index, document in data.documents
	path := pods.templates[document.kind]
	not pods.is_custom(document)
	not pods.namespace_of(document) in namespaces.exempt
	[member, wanted] := misshapen(document, path)
	finding := {
		"id": "kubernetes-pod-shape",
		"message": sprintf("`%s` is no %s, so nothing in it was judged", [concat(".", member), wanted]),
		"document": index,
		"at": concat("", [text | some step in member; text := concat("", ["/", step])]),
	}
}

misshapen(document, path) := [spec, "object"] if {
	spec := array.concat(path, ["spec"])
	value := object.get(document, spec, {})
	not is_object(value)
} else := [member, "list"] if {
	some list in ["containers", "initContainers", "ephemeralContainers"]
	member := array.concat(path, ["spec", list])
	value := object.get(document, member, [])
	not is_array(value)
	not may_be_empty(list, value)
}

# No init container at all is often written so.
may_be_empty(list, null) if list != "containers"
