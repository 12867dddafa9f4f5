package kubernetes.hygiene_test

import future.keywords.not

deployment(container) := of_spec({"containers": [container]})

of_spec(spec) := {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "namespace": "shop"}, "spec": {"template": {"spec": spec}}}

found(documents, params) := {[finding.id, finding.at] |
	some finding in data.kubernetes.hygiene.deny with data.documents as documents with data.params as params
}

by(id, documents, params) := {at | some [name, at] in found(documents, params); name == id}

base := "/spec/template/spec/containers/0"

below(place) := {concat("", [base, place])}

resources := {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}

good := {"name": "a", "image": "registry.example/a:1.0", "resources": resources}

with_also(members) := [deployment(object.union(good, members))]

test_a_good_container_passes if {
	count(found([deployment(good)], {})) == 0
}

latest(image) := by("kubernetes-image-latest", with_also({"image": image}), {})

test_an_image_has_a_version if {
	every image in ["nginx", "nginx:latest", "registry.example:5000/nginx", "localhost:5000/a/b:latest"] {
		latest(image) == below("/image")
	}
	every image in ["nginx:1.27", "registry.example:5000/nginx:1", "nginx@sha256:ab", "nginx:latest@sha256:ab", "", null, 1] {
		count(latest(image)) == 0
	}
}

test_an_image_is_pinned_where_that_is_asked if {
	documents := with_also({"image": "nginx:1.27"})
	by("kubernetes-image-digest", documents, {"kubernetes": {"digests": true}}) == below("/image")
	count(by("kubernetes-image-digest", documents, {"kubernetes": {"digests": false}})) == 0
	count(by("kubernetes-image-digest", documents, {})) == 0
	count(by("kubernetes-image-digest", with_also({"image": "nginx:1.27@sha256:ab"}), {"kubernetes.digests": true})) == 0
}

allowed(image, registries) if {
	count(by("kubernetes-image-registry", with_also({"image": image}), {"kubernetes": {"registries": registries}})) == 0
}

test_an_image_comes_from_an_allowed_registry if {
	allowed("registry.example/shop/a:1", ["registry.example"])
	allowed("registry.example/shop/a:1", "other.example,registry.example/shop/")
	allowed("nginx:1", ["docker.io/library"])
	allowed("bitnami/nginx:1", ["docker.io"])
	allowed("localhost:5000/a:1", ["localhost:5000"])
	allowed("localhost/a", ["localhost"])
	allowed("a:1", [])
	not allowed("registry.example.evil/a:1", ["registry.example"])
	not allowed("registry.example/shopping/a", ["registry.example/shop"])
	not allowed("nginx:1", ["registry.example"])
}

requested(value) := by("kubernetes-resources", [deployment(object.union(object.remove(good, ["resources"]), value))], {})

test_a_container_says_what_it_needs if {
	requested({}) == {base}
	requested({"resources": {"requests": {"cpu": "1"}}}) == below("/resources")
	requested({"resources": null}) == below("/resources")
	count(requested({"resources": {"limits": {"cpu": "1", "memory": "1Gi"}}})) == 0
	count(requested({"resources": resources})) == 0
}

test_others_may_say_it if {
	bare := {"name": "a", "image": "a:1"}
	count(by("kubernetes-resources", [of_spec({"containers": [bare], "resources": resources})], {})) == 0
	limit_range := {"kind": "LimitRange", "metadata": {"namespace": "shop"}}
	count(by("kubernetes-resources", [deployment(bare), limit_range], {})) == 0
	count(by("kubernetes-resources", [deployment(bare), object.union(limit_range, {"metadata": {"namespace": "till"}})], {})) == 1
	count(by("kubernetes-resources", [of_spec({"ephemeralContainers": [bare]})], {})) == 0
}

test_a_container_that_serves_says_when_it_is_ready if {
	ports := [{"containerPort": 80}]
	by("kubernetes-readiness-probe", with_also({"ports": ports}), {}) == below("/ports")
	count(by("kubernetes-readiness-probe", with_also({"ports": ports, "readinessProbe": {"tcpSocket": {"port": 80}}}), {})) == 0
	count(by("kubernetes-readiness-probe", with_also({"ports": []}), {})) == 0
	serving := object.union(good, {"ports": ports})
	job := {"kind": "Job", "spec": {"template": {"spec": {"containers": [serving]}}}}
	count(by("kubernetes-readiness-probe", [job], {})) == 0
	count(by("kubernetes-readiness-probe", [of_spec({"initContainers": [serving]})], {})) == 0
}

test_a_patch_is_not_asked if {
	count(found([deployment({"name": "a", "ports": [{"containerPort": 80}]})], {})) == 0
}

in_env(name, value) := by("kubernetes-secret-in-env", with_also({"env": [{"name": name, "value": value}]}), {})

test_secrets_in_the_environment if {
	every name in ["DB_PASSWORD", "password", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "API_KEY", "apiKey", "SECRET_KEY_BASE", "CLIENT_SECRET", "clientSecret", "dbPassword"] {
		in_env(name, "hunter2") == below("/env/0/value")
	}
	in_env("DATABASE_URL", "postgres://user:hunter2@db/shop") == below("/env/0/value")
	in_env("CERT", "-----BEGIN PRIVATE KEY-----\nabc") == below("/env/0/value")
	every name in ["PASSWORD_FILE", "TOKEN_URL", "SECRET_NAME", "KEY", "MONKEY", "PUBLIC_KEY", "TOKENS", "BYPASS", "existingSecret", "imagePullSecret", "tls_secret"] {
		count(in_env(name, "hunter2")) == 0
	}
	every value in ["", "$(OTHER)", "${OTHER}", "/run/secrets/password", "true", "False", "yes", "no", "off", "vault:kv/a#b", null, 1] {
		count(in_env("DB_PASSWORD", value)) == 0
	}
	every value in ["postgres://db/shop", "postgres://user:$(PASSWORD)@db/shop", "https://example.org:8443/a@b"] {
		count(in_env("DATABASE_URL", value)) == 0
	}
	every env in [null, {}, [null], [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}]] {
		count(by("kubernetes-secret-in-env", with_also({"env": env}), {})) == 0
	}
}

test_no_secret_is_in_a_message if {
	documents := with_also({"env": [{"name": "DB_PASSWORD", "value": "hunter2"}]})
	messages := {finding.message | some finding in data.kubernetes.hygiene.deny with data.documents as documents}
	messages == {"the variable `DB_PASSWORD` of the container `a` seems to have its secret in the manifest"}
}

config_map(entries) := [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": entries}]

test_secrets_in_config_maps if {
	by("kubernetes-secret-in-config-map", config_map({"a/db.password": "hunter2"}), {}) == {"/data/a~1db.password"}
	count(found(config_map({"log.level": "info", "password.file": "/run/a"}), {})) == 0
	by("kubernetes-secret-in-config-map", config_map({"app.env": "MODE=a\nREDIS_PASSWORD=abcd1234\n"}), {}) == {"/data/app.env"}
	by("kubernetes-secret-in-config-map", config_map({"app.yaml": "db:\n  password: \"hunter2\"\n"}), {}) == {"/data/app.yaml"}
	every text in ["REDIS_PASSWORD=", "password: ${PASSWORD}\n", "token: /run/secrets/token", "the password: it is asked for later", "passwordFile: a"] {
		count(found(config_map({"config": text}), {})) == 0
	}
	every entries in [null, [], "x", {"password": 1}] {
		count(found(config_map(entries), {})) == 0
	}
	count(found(config_map({"password": "hunter2"}), {"exemptNamespaces": "default"})) == 0
}

host_path(path, level) := by("kubernetes-sensitive-host-path", [of_spec({"volumes": [{"name": "v", "hostPath": {"path": path}}]})], {"kubernetes": {"level": level}})

test_sensitive_paths_where_the_standards_do_not_judge if {
	at := "/spec/template/spec/volumes/0/hostPath/path"
	every path in ["/", "/etc", "/proc/", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/var/lib/kubelet", "/var/run"] {
		host_path(path, "privileged") == {at}
		count(host_path(path, "baseline")) == 0
		count(host_path(path, "restricted")) == 0
	}
	every path in ["/var/log", "/data", "/etc/ssl/certs", "", null] {
		count(host_path(path, "privileged")) == 0
	}
}

hooked(kind, hook) := {"kind": kind, "metadata": {"name": "a", "annotations": {"helm.sh/hook": hook}}, "spec": {"template": {"spec": {"containers": [{"image": "a"}]}}}}

test_a_hook_of_helm_says_not_what_it_needs if {
	count(by("kubernetes-resources", [hooked("Job", "pre-install")], {})) == 0
	count(by("kubernetes-image-latest", [hooked("Job", "pre-install,test")], {})) == 0
	count(by("kubernetes-image-latest", [hooked("Job", "test-success")], {})) == 0
	count(by("kubernetes-image-latest", [hooked("Job", "post-install")], {})) == 1
	every hook in ["", "testing", 1, null] {
		count(by("kubernetes-image-latest", [hooked("Job", hook)], {})) == 1
	}
}

test_ports_for_metrics_need_no_readiness if {
	count(by("kubernetes-readiness-probe", with_also({"ports": [{"name": "metrics"}, {"name": "http-metrics"}]}), {})) == 0
	every ports in [[{"name": "metrics"}, {"name": "http"}], [{"containerPort": 80}], [{"name": 1}]] {
		count(by("kubernetes-readiness-probe", with_also({"ports": ports}), {})) == 1
	}
}

test_an_exempt_namespace_is_not_judged if {
	count(found([deployment({"image": "a"})], {"exemptNamespaces": ["shop"]})) == 0
	count(found([deployment({"image": "a"})], {"exemptNamespaces": ["till"]})) > 0
}

probing(port) := by("kubernetes-probe-port", with_also({"ports": [{"name": "http", "containerPort": 80}], "readinessProbe": {"httpGet": {"port": port}}}), {})

test_a_probe_asks_a_port_that_is_there if {
	probing("htpp") == below("/readinessProbe/httpGet/port")
	every port in ["http", "8080", 8080, null] {
		count(probing(port)) == 0
	}
}

variables(names) := by("kubernetes-duplicate-env", with_also({"env": [{"name": name, "value": "a"} | some name in names]}), {})

test_a_variable_stands_once if {
	variables(["A", "B", "A"]) == below("/env/2/name")
	count(variables(["A", "B"])) == 0
	count(variables([])) == 0
}

test_each_can_be_switched_off if {
	documents := array.concat(config_map({"password": "hunter2"}), [of_spec({
		"containers": [{"image": "nginx", "ports": [{}], "env": [{"name": "TOKEN", "value": "a"}]}],
		"volumes": [{"hostPath": {"path": "/"}}],
	})])
	params := {"level": "privileged", "digests": true, "registries": ["registry.example"]}
	ids := {id | some [id, _] in found(documents, {"kubernetes": params})}
	count(ids) == 8
	every id in ids {
		off := object.union(params, {"off": [id]})
		{other | some [other, _] in found(documents, {"kubernetes": off})} == ids - {id}
	}
}
