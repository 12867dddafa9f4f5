# METADATA
# title: Flags of the control plane
# description: >-
#   What the command lines of the API server, the controller manager, the scheduler, etcd and the kubelet say, where a
#   pod runs them, as static pods do.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
package kubernetes.control_plane

import data.kubernetes.namespaces
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: No flag opens the control plane
# description: With such a flag, strangers, or whoever reaches the node, get into the cluster.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/securing-a-cluster/
# custom:
#   id: kubernetes-control-plane-unsafe
#   severity: error
#   subject: set
#   remedy: remove the flag, or give it the value that the message names
deny contains finding if {
	parameters.is_on("kubernetes-control-plane-unsafe")
	some program in programs
	some row in unsafe
	row.program == program.name
	some flag in program.flags
	flag.name == row.flag
	is_unsafe(row, flag.value)
	finding := {
		"id": "kubernetes-control-plane-unsafe",
		"message": sprintf("`--%s` of %s %s", [row.flag, program.name, row.why]),
		"document": program.container.pod.document,
		"at": pods.at(program.container, flag.path),
	}
}

is_unsafe(row, _) if row.values == "any"

is_unsafe(row, value) if value in row.values

is_unsafe(row, value) if {
	row.safe
	not value in row.safe
}

is_unsafe(row, value) if {
	some one in split(value, ",")
	one in row.listed
}

unsafe := [
	{"program": "kube-apiserver", "flag": "anonymous-auth", "values": ["true"], "why": "lets strangers in: set it to `false`"},
	{"program": "kube-apiserver", "flag": "authorization-mode", "listed": ["AlwaysAllow"], "why": "allows everything: use `Node,RBAC`"},
	{"program": "kube-apiserver", "flag": "basic-auth-file", "values": "any", "why": "keeps passwords as plain text: remove it"},
	{"program": "kube-apiserver", "flag": "token-auth-file", "values": "any", "why": "keeps tokens as plain text, which never expire: remove it"},
	{"program": "kube-apiserver", "flag": "insecure-allow-any-token", "values": "any", "why": "accepts every token: remove it"},
	{"program": "kube-apiserver", "flag": "insecure-bind-address", "values": "any", "why": "serves without TLS and without rights: remove it"},
	{"program": "kube-apiserver", "flag": "insecure-port", "safe": ["0"], "why": "serves without TLS and without rights: set it to `0`"},
	{"program": "kube-apiserver", "flag": "secure-port", "values": ["0"], "why": "serves without TLS: remove it"},
	{"program": "kube-apiserver", "flag": "kubelet-https", "values": ["false"], "why": "speaks to kubelets without TLS: remove it"},
	{"program": "kube-apiserver", "flag": "service-account-lookup", "values": ["false"], "why": "accepts tokens of deleted accounts: set it to `true`"},
	{"program": "kube-apiserver", "flag": "enable-admission-plugins", "listed": ["AlwaysAdmit"], "why": "names `AlwaysAdmit`, which admits everything: remove that"},
	{"program": "kube-apiserver", "flag": "disable-admission-plugins", "listed": ["NamespaceLifecycle", "NodeRestriction", "ServiceAccount", "PodSecurity"], "why": "switches off a plugin that protects the cluster: remove that"},
	{"program": "kube-controller-manager", "flag": "feature-gates", "listed": ["RotateKubeletServerCertificate=false"], "why": "never renews the certificates of kubelets: remove `RotateKubeletServerCertificate=false`"},
	{"program": "kube-controller-manager", "flag": "bind-address", "values": ["0.0.0.0", "::"], "why": "answers on every address: set it to `127.0.0.1`"},
	{"program": "kube-scheduler", "flag": "bind-address", "values": ["0.0.0.0", "::"], "why": "answers on every address: set it to `127.0.0.1`"},
	{"program": "etcd", "flag": "auto-tls", "values": ["true"], "why": "uses certificates that nobody can check: set it to `false`"},
	{"program": "etcd", "flag": "peer-auto-tls", "values": ["true"], "why": "uses certificates that nobody can check: set it to `false`"},
	{"program": "etcd", "flag": "client-cert-auth", "values": ["false"], "why": "lets clients in without a certificate: set it to `true`"},
	{"program": "etcd", "flag": "peer-client-cert-auth", "values": ["false"], "why": "lets peers in without a certificate: set it to `true`"},
	{"program": "kubelet", "flag": "anonymous-auth", "values": ["true"], "why": "lets strangers in: set it to `false`"},
	{"program": "kubelet", "flag": "authorization-mode", "listed": ["AlwaysAllow"], "why": "allows everything: use `Webhook`"},
	{"program": "kubelet", "flag": "read-only-port", "safe": ["0"], "why": "shows every pod to whoever asks: set it to `0`"},
	{"program": "kubelet", "flag": "streaming-connection-idle-timeout", "values": ["0", "0s"], "why": "keeps idle connections for ever: give it a time"},
	{"program": "kubelet", "flag": "make-iptables-util-chains", "values": ["false"], "why": "leaves the rules of the firewall to others: set it to `true`"},
	{"program": "kubelet", "flag": "protect-kernel-defaults", "values": ["false"], "why": "lets pods change the kernel's settings: set it to `true`"},
	{"program": "kubelet", "flag": "rotate-certificates", "values": ["false"], "why": "never renews the certificate: set it to `true`"},
	{"program": "kubelet", "flag": "feature-gates", "listed": ["RotateKubeletServerCertificate=false"], "why": "never renews the certificate: remove `RotateKubeletServerCertificate=false`"},
]

# METADATA
# title: The control plane sets what hardens it
# description: >-
#   What the CIS Benchmark for Kubernetes asks for and the flag's default is not. The finding lists the flags of one
#   program.
# related_resources:
#   - ref: https://www.cisecurity.org/benchmark/kubernetes
# custom:
#   id: kubernetes-control-plane-hardening
#   severity: info
#   subject: set
#   remedy: add the flags that the message names
deny contains finding if {
	parameters.is_on("kubernetes-control-plane-hardening")
	some program in programs
	missing := [text |
		some [flag, values] in wanted[program.name]
		not is_set(program, flag, values)
		text := shown(flag, values)
	]
	count(missing) > 0
	finding := {
		"id": "kubernetes-control-plane-hardening",
		"message": sprintf("%s lacks %s", [program.name, concat(", ", missing)]),
		"document": program.container.pod.document,
		"at": pods.member_at(program.container, "command"),
	}
}

is_set(program, flag, values) if {
	some given in program.flags
	given.name == flag
	fits(given.value, values)
}

# A finding of its own says what it is set to.
is_set(program, flag, _) if {
	some row in unsafe
	row.program == program.name
	row.flag == flag
	some given in program.flags
	given.name == flag
	is_unsafe(row, given.value)
}

fits(_, values) if values == "any"

fits(value, values) if value in values

fits(value, values) if {
	some one in split(value, ",")
	one in values
}

shown(flag, values) := sprintf("`--%s`", [flag]) if {
	values == "any"
} else := sprintf("`--%s=%s`", [flag, values[0]])

# By program, each flag with the values that do.
wanted := {
	"etcd": [
		["cert-file", "any"], ["key-file", "any"], ["client-cert-auth", ["true"]],
		["peer-cert-file", "any"], ["peer-key-file", "any"], ["peer-client-cert-auth", ["true"]],
	],
	"kube-apiserver": [
		["anonymous-auth", ["false"]], ["authorization-mode", ["RBAC"]], ["client-ca-file", "any"],
		["enable-admission-plugins", ["NodeRestriction"]], ["encryption-provider-config", "any"],
		["etcd-cafile", "any"], ["etcd-certfile", "any"], ["etcd-keyfile", "any"],
		["kubelet-certificate-authority", "any"], ["kubelet-client-certificate", "any"], ["kubelet-client-key", "any"],
		["audit-log-path", "any"], ["audit-log-maxage", "any"], ["audit-log-maxbackup", "any"], ["audit-log-maxsize", "any"],
		["profiling", ["false"]], ["service-account-key-file", "any"],
		["tls-cert-file", "any"], ["tls-private-key-file", "any"],
	],
	"kube-controller-manager": [
		["bind-address", ["127.0.0.1", "::1"]], ["profiling", ["false"]], ["root-ca-file", "any"], ["service-account-private-key-file", "any"],
		["terminated-pod-gc-threshold", "any"], ["use-service-account-credentials", ["true"]],
	],
	"kube-scheduler": [["bind-address", ["127.0.0.1", "::1"]], ["profiling", ["false"]]],
	"kubelet": [["anonymous-auth", ["false"]], ["authorization-mode", ["Webhook"]], ["client-ca-file", "any"]],
}

# A container that runs one of them, and its flags, each with the path to its text.
programs := [program |
	some container in pods.containers
	not container.pod.namespace in namespaces.exempt
	words := words_of(container.value)
	some name, _ in wanted
	is_run(words, name)
	program := {"name": name, "container": container, "flags": flags_of(words)}
]

words_of(container) := [{"text": text, "path": [member, index]} |
	some member in ["command", "args"]
	is_array(container[member])
	some index, text in container[member]
	is_string(text)
]

is_run(words, name) if {
	some position in [0, 1, 2]
	regex.replace(words[position].text, `^.*/`, "") == name
}

flags_of(words) := [{"name": parts[0], "value": value, "path": word.path} |
	some word in words
	startswith(word.text, "--")
	parts := split(trim_prefix(word.text, "--"), "=")
	value := value_of(word.text, parts)
]

# A flag without a value is switched on.
value_of(text, parts) := substring(text, count(parts[0]) + 3, -1) if {
	count(parts) > 1
} else := "true"
