package kubernetes.ingress_test

ingress(annotations, spec) := {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "i", "annotations": annotations}, "spec": spec}

found(document) := {[finding.id, finding.at] | some finding in data.kubernetes.ingress.deny with data.documents as [document] with data.params as {}}

tls := {"tls": [{"hosts": ["shop.example"], "secretName": "shop"}]}

test_snippets if {
	every name in ["nginx.ingress.kubernetes.io/server-snippet", "nginx.ingress.kubernetes.io/configuration-snippet", "nginx.org/location-snippets"] {
		found(ingress({name: "return 200;"}, tls)) == {["kubernetes-ingress-snippet", concat("", ["/metadata/annotations/", replace(name, "/", "~1")])]}
	}
	count(found(ingress({"nginx.ingress.kubernetes.io/rewrite-target": "/"}, tls))) == 0
	count(found(ingress({"nginx.ingress.kubernetes.io/server-snippet": ""}, tls))) == 0
}

test_what_leads_out_of_an_annotation if {
	every value in ["http://a.example/|b", "http://a.example/#;\ninjected", "CN=a;b", "a{b}"] {
		found(ingress({"nginx.ingress.kubernetes.io/auth-url": value}, tls)) == {["kubernetes-ingress-injection", "/metadata/annotations/nginx.ingress.kubernetes.io~1auth-url"]}
	}
	every value in ["https://a.example/auth?rd=$escaped_request_uri", "CN=a.example", ""] {
		count(found(ingress({"nginx.ingress.kubernetes.io/auth-url": value}, tls))) == 0
	}
}

test_tls if {
	found(ingress({}, {"rules": []})) == {["kubernetes-ingress-tls", "/spec"]}
	found(ingress({}, {"tls": []})) == {["kubernetes-ingress-tls", "/spec"]}
	count(found(ingress({}, tls))) == 0
	every name in ["alb.ingress.kubernetes.io/certificate-arn", "networking.gke.io/managed-certificates", "ingress.gcp.kubernetes.io/pre-shared-cert"] {
		count(found(ingress({name: "a"}, {}))) == 0
	}
	custom := object.union(ingress({}, {}), {"apiVersion": "example.org/v1"})
	count(found(custom)) == 0
}
