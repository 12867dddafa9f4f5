# METADATA
# title: Containers
# description: What keeps a pod from harming its neighbours and its callers, and a secret out of a manifest.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/overview/
package kubernetes.hygiene

import data.kubernetes.namespaces
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: A container says what it needs
# description: >-
#   Without requests the scheduler packs a node too full, and without a memory limit one leak takes the node down. A
#   CPU limit is not asked for: it slows a container down even on an idle node. A LimitRange in the set sets them all.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# custom:
#   id: kubernetes-resources
#   severity: warning
#   subject: set
#   remedy: set `resources.requests` for `cpu` and `memory`, and `resources.limits` for `memory`
deny contains finding if {
	parameters.is_on("kubernetes-resources")
	some container in containers
	container.list != "ephemeralContainers"
	not hooks[container.pod.document]
	not container.pod.namespace in with_limits
	missing := [name |
		some [kind, resource, name] in wanted
		not has_resource(container.value, kind, resource)
		not has_resource(container.pod.spec, kind, resource)
	]
	count(missing) > 0
	finding := {
		"id": "kubernetes-resources",
		"message": sprintf("%s sets no %s", [pods.title(container), concat(", no ", missing)]),
		"document": container.pod.document,
		"at": pods.member_at(container, "resources"),
	}
}

wanted := [
	["requests", "cpu", "CPU request"],
	["requests", "memory", "memory request"],
	["limits", "memory", "memory limit"],
]

has_resource(value, kind, resource) if value.resources[kind][resource] != null

# A limit is the request, too, where there is none.
has_resource(value, "requests", resource) if value.resources.limits[resource] != null

with_limits contains pods.namespace_of(document) if {
	some document in data.documents
	document.kind == "LimitRange"
}

# METADATA
# title: A container that serves says when it is ready
# description: >-
#   Without a readiness probe, a Service sends requests to a container that is still starting. Containers without ports
#   are not asked, and nobody is asked for a liveness probe, which restarts what may only be slow.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# custom:
#   id: kubernetes-readiness-probe
#   severity: info
#   subject: set
#   remedy: add a `readinessProbe`
deny contains finding if {
	parameters.is_on("kubernetes-readiness-probe")
	some container in containers
	container.list == "containers"
	container.pod.kind in serving
	is_array(container.value.ports)
	some port in container.value.ports
	is_object(port)
	not is_for_metrics(port)
	not is_probed(container)
	finding := {
		"id": "kubernetes-readiness-probe",
		"message": sprintf("%s has ports and no readiness probe", [pods.title(container)]),
		"document": container.pod.document,
		"at": pods.at(container, ["ports"]),
	}
}

serving := {"DaemonSet", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"}

# What only a monitoring system asks is no service to wait for.
is_for_metrics(port) if {
	is_string(port.name)
	regex.match(`^(https?-)?(metrics|prometheus|monitoring)$`, port.name)
}

is_probed(container) if container.value.readinessProbe != null

# METADATA
# title: No secret stands in an environment variable
# description: >-
#   Whoever reads the manifest, its repository or the pod reads the secret. Judged are names that end in password,
#   token, key and the like, and URLs with a password.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/
# custom:
#   id: kubernetes-secret-in-env
#   severity: warning
#   subject: set
#   remedy: put the value into a Secret and name it in `valueFrom.secretKeyRef`
deny contains finding if {
	parameters.is_on("kubernetes-secret-in-env")
	some container in containers
	env := container.value.env
	is_array(env)
	some index, variable in env
	is_string(variable.value)
	is_string(variable.name)
	is_secret(variable.name, variable.value)
	finding := {
		"id": "kubernetes-secret-in-env",
		"message": sprintf("the variable `%s` of %s seems to have its secret in the manifest", [variable.name, pods.title(container)]),
		"document": container.pod.document,
		"at": pods.at(container, ["env", index, "value"]),
	}
}

# METADATA
# title: No secret stands in a ConfigMap
# description: A ConfigMap is neither encrypted nor kept from readers as a Secret is.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/configmap/
# custom:
#   id: kubernetes-secret-in-config-map
#   severity: warning
#   subject: set
#   remedy: move the value to a Secret
deny contains finding if {
	parameters.is_on("kubernetes-secret-in-config-map")
	some index, document in data.documents
	document.kind == "ConfigMap"
	is_object(document.data)
	some name, value in document.data
	is_string(value)
	has_secret(name, value)
	not pods.namespace_of(document) in namespaces.exempt
	finding := {
		"id": "kubernetes-secret-in-config-map",
		"message": sprintf("the entry `%s` seems to be a secret", [name]),
		"document": index,
		"at": sprintf("/data/%s", [pods.escaped(name)]),
	}
}

has_secret(name, value) if is_secret(name, value)

# An entry may be a file of lines.
has_secret(_, value) if {
	regex.match(`(?i)(pass|pwd|secret|token|credential|key)[\w.-]*["']?\s*[=:]`, value)
	some line in split(value, "\n")
	[_, name, text] := regex.find_all_string_submatch_n(`^\s*(?:export\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[=:]\s*["']?([^"'\s]+)["']?,?\s*$`, line, 1)[0]
	is_secret(name, text)
}

is_secret(name, value) if {
	regex.match(secret_name, spaced(name))
	not regex.match(`(?i)(^|[_.-])(existing|pull|tls)[_.-]secret$`, spaced(name))
	not is_reference(value)
}

# `clientSecret` as `client_Secret`.
spaced(name) := regex.replace(name, `([a-z0-9])([A-Z])`, "${1}_${2}")

secret_name := `(?i)(^|[_.-])(pass(word|wd|phrase)?|pwd|secret|token|credentials?|(api|access|private|secret|auth|encryption|signing)[_.-]?key(_base)?)$`

is_secret(_, value) if regex.match(`://[^/@:\s]+:[^/@\s$]+@`, value)

is_secret(_, value) if contains(value, "PRIVATE KEY-----")

# A value that says where the secret is, or a choice.
is_reference(value) if regex.match(`(?i)^\s*($|\$|/|(true|false|yes|no|on|off|enabled|disabled|none|null)$|\{|\[|(arn|file|ref\+\w+|secretref|ssm|vault):)`, value)

# METADATA
# title: A probe asks a port that is there
# description: A probe names its port, and no port of the container has this name, so it always fails.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port
# custom:
#   id: kubernetes-probe-port
#   severity: warning
#   subject: set
#   remedy: give a port of the container this name, or use its number
deny contains finding if {
	parameters.is_on("kubernetes-probe-port")
	some container in containers
	some member in ["livenessProbe", "readinessProbe", "startupProbe"]
	some way in ["httpGet", "tcpSocket"]
	port := container.value[member][way].port
	is_string(port)
	not regex.match(`^[0-9]+$`, port)
	not has_port(container.value, port)
	finding := {
		"id": "kubernetes-probe-port",
		"message": sprintf("%s has no port `%s`, which its %s asks", [pods.title(container), port, member]),
		"document": container.pod.document,
		"at": pods.at(container, [member, way, "port"]),
	}
}

name_of(variable) := variable.name if {
	is_object(variable)
	is_string(variable.name)
} else := null

has_port(container, name) if container.ports[_].name == name

# METADATA
# title: A variable stands once
# description: Of two for one name, only the last counts.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
# custom:
#   id: kubernetes-duplicate-env
#   severity: warning
#   subject: set
#   remedy: remove one of the two
deny contains finding if {
	parameters.is_on("kubernetes-duplicate-env")
	some container in containers
	env := container.value.env
	is_array(env)
	names := [name_of(variable) | some variable in env]
	count(names) > count({name | some name in names})
	some index, name in names
	is_string(name)
	some before in numbers.range(0, index - 1)
	before < index
	names[before] == name
	finding := {
		"id": "kubernetes-duplicate-env",
		"message": sprintf("%s sets the variable `%s` before", [pods.title(container), name]),
		"document": container.pod.document,
		"at": pods.at(container, ["env", index, "name"]),
	}
}

# METADATA
# title: No sensitive path of the node is mounted
# description: >-
#   The socket of a container runtime, or the node's root, is the node. Judged where no level of the Pod Security
#   Standards forbids all paths of the node.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
# custom:
#   id: kubernetes-sensitive-host-path
#   severity: warning
#   subject: set
#   remedy: mount the one folder that is needed, read-only
deny contains finding if {
	parameters.is_on("kubernetes-sensitive-host-path")
	some pod in pods.all
	not pod.document in skipped
	volumes := pod.spec.volumes
	is_array(volumes)
	some index, volume in volumes
	path := volume.hostPath.path
	is_string(path)
	is_sensitive(path)
	not is_forbidden(pod)
	finding := {
		"id": "kubernetes-sensitive-host-path",
		"message": sprintf("the volume `%v` is `%s` of the node", [object.get(volume, "name", ""), path]),
		"document": pod.document,
		"at": pods.pointer(pod, ["spec", "volumes", index, "hostPath", "path"]),
	}
}

is_sensitive(path) if regex.match(`^/+(|etc|proc|root|sys|dev|boot|var|var/run|run|var/lib/kubelet|var/lib/docker|var/lib/etcd|etc/kubernetes)/*$`, path)

is_sensitive(path) if regex.match(`/(docker|containerd|crio|cri-dockerd|podman)\.sock/*$`, path)

is_forbidden(pod) if {
	some check in ["hostPathVolumes", "restrictedVolumes"]
	check in data.kubernetes.pss.policies[pod.namespace].checks
}

# A container without an image is part of a patch, and what it leaves out stands elsewhere.
containers := [container |
	some container in pods.containers
	is_string(container.value.image)
	not container.pod.document in skipped
]

# A test of a Helm chart runs when somebody asks for it, and ends.
skipped contains index if {
	some index, hook in hooks
	regex.match(`(^|,)\s*test(-success|-failure)?\s*(,|$)`, hook)
}

# What Helm runs for a moment.
hooks[pod.document] := hook if {
	some pod in pods.all
	hook := data.documents[pod.document].metadata.annotations["helm.sh/hook"]
	is_string(hook)
}

skipped contains pod.document if {
	some pod in pods.all
	pod.namespace in namespaces.unjudged
}
