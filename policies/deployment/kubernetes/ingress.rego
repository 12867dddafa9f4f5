# METADATA
# title: Ingress
# description: What an Ingress opens to the outside.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/
package kubernetes.ingress

import data.kubernetes.namespaces
import data.kubernetes.objects
import data.kubernetes.parameters
import data.kubernetes.pods
import future.keywords.not

# METADATA
# title: No snippet of configuration in an annotation
# description: Whoever may write an Ingress could read every secret of the controller with it (CVE-2021-25742).
# related_resources:
#   - ref: https://github.com/kubernetes/kubernetes/issues/126811
# custom:
#   id: kubernetes-ingress-snippet
#   severity: warning
#   subject: set
#   remedy: use the annotations that the controller has for this, and forbid snippets (`allow-snippet-annotations`)
deny contains finding if {
	parameters.is_on("kubernetes-ingress-snippet")
	some ingress in ingresses
	annotations := ingress.value.metadata.annotations
	is_object(annotations)
	some name, value in annotations
	regex.match(`^nginx\.(ingress\.kubernetes\.io|org)/[a-z-]+-snippets?$`, name)
	value != ""
	finding := {
		"id": "kubernetes-ingress-snippet",
		"message": sprintf("the annotation `%s` puts text into the controller's configuration", [name]),
		"document": ingress.document,
		"at": sprintf("/metadata/annotations/%s", [pods.escaped(name)]),
	}
}

# METADATA
# title: No annotation leads out of its directive
# description: >-
#   Such a value becomes text of nginx's configuration, and a controller that does not check it runs what follows
#   (CVE-2025-1097, CVE-2025-1098, CVE-2025-24514).
# related_resources:
#   - ref: https://kubernetes.io/blog/2025/03/24/ingress-nginx-cve-2025-1974/
# custom:
#   id: kubernetes-ingress-injection
#   severity: error
#   subject: set
#   remedy: write a plain URL, host or name, without line breaks and without characters that nginx gives a meaning
deny contains finding if {
	parameters.is_on("kubernetes-ingress-injection")
	some ingress in ingresses
	annotations := ingress.value.metadata.annotations
	is_object(annotations)
	some name, value in annotations
	is_string(value)
	regex.match(`^nginx\.ingress\.kubernetes\.io/(auth-url|auth-signin|auth-tls-match-cn|mirror-host|mirror-target)$`, name)
	regex.match("[\\n\\r;{}|\"'`\\\\]", value)
	finding := {
		"id": "kubernetes-ingress-injection",
		"message": sprintf("the annotation `%s` has characters that lead out of it in nginx's configuration", [name]),
		"document": ingress.document,
		"at": sprintf("/metadata/annotations/%s", [pods.escaped(name)]),
	}
}

# METADATA
# title: An Ingress has TLS
# description: Without it, what is sent can be read and changed on the way. A certificate that an annotation names counts.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
# custom:
#   id: kubernetes-ingress-tls
#   severity: warning
#   subject: set
#   remedy: name the hosts and the Secret with the certificate in `spec.tls`
deny contains finding if {
	parameters.is_on("kubernetes-ingress-tls")
	some ingress in ingresses
	is_object(ingress.value.spec)
	not has_tls(ingress.value)
	finding := {
		"id": "kubernetes-ingress-tls",
		"message": "the Ingress answers without TLS",
		"document": ingress.document,
		"at": "/spec",
	}
}

has_tls(ingress) if is_object(ingress.spec.tls[0])

has_tls(ingress) if {
	annotations := ingress.metadata.annotations
	is_object(annotations)
	some name, value in annotations
	regex.match(`(certificate-arn|pre-shared-cert|managed-certificates|ssl-cert|appgw-ssl-certificate|ssl-passthrough|router\.tls)$`, name)
	value != ""
}

# The controller takes the traffic of a wildcard certificate, or another proxy ends TLS before it.
has_tls(ingress) if ingress.metadata.annotations["nginx.ingress.kubernetes.io/force-ssl-redirect"] == "true"

ingresses := [ingress |
	some index, document in data.documents
	document.kind == "Ingress"
	not objects.is_foreign(document)
	not pods.namespace_of(document) in namespaces.exempt
	ingress := {"document": index, "value": document}
]
