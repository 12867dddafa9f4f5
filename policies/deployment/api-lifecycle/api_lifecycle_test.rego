package api_lifecycle.api_lifecycle_test

import data.api_lifecycle.accept
import data.api_lifecycle.caller
import data.api_lifecycle.days
import data.api_lifecycle.parameters
import data.api_lifecycle.plan
import data.api_lifecycle.retirement
import future.keywords.not

item := {"paths": ["/api/v1/"], "warn": "2025-01-01"}

params := {"retired": [item]}

# The first seconds of the four days, 2025-01-01 and so on.
start := 1735689600

negotiate := 1751328000

protocol := 1767225600

gone := 1782864000

two := "application/vnd.api+json; version=2.0"

header(name, value) := {"name": name, "value": value}

entry(url, headers, answer) := {
	"request": {"method": "GET", "url": url, "httpVersion": "HTTP/1.1", "headers": headers},
	"response": answer,
}

answer(status, headers) := {"status": status, "httpVersion": "HTTP/1.1", "headers": headers}

goods := "https://shop.example/api/v1/goods"

plain := entry(goods, [], answer(200, []))

warning := [header("x-deprecation-warning", "gone from 2026-07-01")]

over(version, one) := object.union(one, {"request": object.union(one.request, {"httpVersion": version}), "response": object.union(one.response, {"httpVersion": version})})

found(one, now) := {[finding.id, object.get(finding, "severity", "error"), finding.at] |
	some finding in (retirement.deny | retirement.warn) with input as one with data.now as now with data.params as params
}

ids(one, now) := {part[0] | some part in found(one, now)}

messages(one, now) := {finding.message |
	some finding in (retirement.deny | retirement.warn) with input as one with data.now as now with data.params as params
}

called := "api-lifecycle-called"

test_before_the_first_phase_nothing_is_said if {
	count(found(plain, start - 1)) == 0
	count(found(plain, 0)) == 0
}

test_phase_1_wants_the_header if {
	found(plain, start) == {["api-lifecycle-called", "warning", "/request/url"], ["api-lifecycle-warning-header", "error", "/response/headers"]}
	ids(plain, negotiate - 1) == {called, "api-lifecycle-warning-header"}
	ids(entry(goods, [], answer(200, warning)), start) == {called}
	ids(entry(goods, [], answer(404, [header("X-Deprecation-Warning", " ")])), start) == {called, "api-lifecycle-warning-header"}
	ids(entry(goods, [], {"status": 0}), start) == {called}
	ids({"request": plain.request}, start) == {called}
}

test_phase_2_wants_the_version if {
	found(plain, negotiate) == {["api-lifecycle-called", "warning", "/request/url"], ["api-lifecycle-accept", "error", "/request/headers"], ["api-lifecycle-answered", "error", "/response/status"]}
	ids(entry(goods, [header("accept", two)], answer(200, [])), negotiate) == {called}
	ids(entry(goods, [header("accept", two)], answer(200, [])), protocol - 1) == {called}
	ids(entry(goods, [], answer(406, [])), negotiate) == {called, "api-lifecycle-accept"}
	ids({"request": plain.request}, negotiate) == {called, "api-lifecycle-accept"}
	some message in messages(plain, negotiate)
	contains(message, "should have been refused with 406")
}

test_phase_3_closes_http_1 if {
	good := entry(goods, [header("accept", two)], answer(200, []))
	found(good, protocol) == {["api-lifecycle-called", "warning", "/request/url"], ["api-lifecycle-protocol", "error", "/request/httpVersion"], ["api-lifecycle-answered", "error", "/response/status"]}
	every version in ["HTTP/1.0", "http/1.1", "HTTP/0.9"] {
		ids(over(version, good), protocol) == {called, "api-lifecycle-protocol", "api-lifecycle-answered"}
	}
	every version in ["h2", "h2c", "HTTP/2", "HTTP/2.0", "http/2.0", "h3", "HTTP/3"] {
		ids(over(version, good), protocol) == {called}
		ids(over(version, plain), protocol) == {called, "api-lifecycle-accept", "api-lifecycle-answered"}
	}
	every version in ["", "unknown", "spdy", null, 2] {
		ids(over(version, good), protocol) == {called, "api-lifecycle-protocol-unknown"}
	}
	every version in ["", "HTTP/1.1"] {
		ids(over(version, entry(goods, [header("accept", two)], {"status": 0})), protocol) == {called}
	}
	ids(entry(goods, [header("accept", two)], answer(426, [])), protocol) == {called, "api-lifecycle-protocol"}
}

test_the_answers_protocol_is_the_one_agreed_on if {
	one := entry(goods, [header("accept", two)], object.union(answer(200, []), {"httpVersion": "h2"}))
	ids(one, protocol) == {called}
}

test_grpc_sends_no_accept if {
	every type in ["application/grpc", "application/grpc+proto", "Application/gRPC; a=b"] {
		ids(over("h2", entry(goods, [header("content-type", type)], answer(200, []))), protocol) == {called}
	}
	ids(over("h2", entry(goods, [header("content-type", "application/grpc-web+proto")], answer(200, []))), protocol) == {called, "api-lifecycle-accept", "api-lifecycle-answered"}
}

test_after_the_last_phase_it_is_gone if {
	found(plain, gone) == {["api-lifecycle-called", "error", "/request/url"], ["api-lifecycle-answered", "error", "/response/status"]}
	ids(entry(goods, [], answer(410, [])), gone) == {called}
	some message in messages(plain, gone)
	contains(message, "refused with 410")
}

test_gone_null_never_ends if {
	forever := {"retired": [object.union(item, {"gone": null})]}
	good := over("h2", entry(goods, [header("accept", two)], answer(200, [])))
	findings := retirement.warn with input as good with data.now as gone + 1000000 with data.params as forever
	{finding.severity | some finding in findings} == {"warning"}
}

test_paths if {
	every url in ["https://shop.example/api/v1", "https://shop.example/api/v1/", "/api/v1/x?y=z", "https://shop.example:8443/api/v1/x#f", "https://shop.example/%61pi/v1/x", "https://shop.example//api//v1", "https://shop.example/api/./v%31"] {
		called in ids(entry(url, [], answer(200, [])), start)
	}
	every url in ["https://shop.example/api/v10", "https://shop.example/api", "https://shop.example/", "https://shop.example", "https://shop.example/x/api/v1/", "/API/v1/", "", 1] {
		count(ids(entry(url, [], answer(200, [])), start)) == 0
	}
	preflight := {"request": object.union(plain.request, {"method": "OPTIONS"})}
	count(ids(preflight, start)) == 0
}

test_hosts if {
	here := {"retired": [object.union(item, {"hosts": ["Shop.example"]})]}
	count(retirement.warn) == 1 with input as plain with data.now as start with data.params as here
	count(retirement.warn) == 1 with input as entry("/api/v1/x", [], answer(200, [])) with data.now as start with data.params as here
	count(retirement.warn) == 0 with input as entry("https://other.example/api/v1/x", [], answer(200, [])) with data.now as start with data.params as here
}

accepts(value) if accept.is_version_two with input as {"request": {"headers": [header("Accept", value)]}}

test_accept_is_read_as_a_header if {
	every value in [
		two, "application/vnd.api+json;version=2.0", "Application/Vnd.Api+JSON ; Version = \"2.0\"", "text/html, application/vnd.api+json; version=2.0; q=0.5",
		"application/vnd.api+json; ext=\"a,b;version=1.0\"; version=2.0", "application/vnd.api+json; charset=utf-8; version=2.0, */*;q=0", "application/vnd.api+json; q=0.001; version=2.0",
	] {
		accepts(value)
	}
	every value in [
		"", "*/*", "application/json; version=2.0", "application/vnd.api+json", "application/vnd.api+json; version=2", "application/vnd.api+json; version=2.0; q=0",
		"application/vnd.api+json; version=2.0; q=0.000", "application/vnd.api+json, text/html; version=2.0", "application/vnd.api+json; x=\"version=2.0\"",
		"application/vnd.api+json; version=1.0; version=2.0", "xapplication/vnd.api+json; version=2.0", "text/plain; x=\"application/vnd.api+json; version=2.0\"",
	] {
		not accepts(value)
	}
	accept.is_version_two with input as {"request": {"headers": [header("accept", "text/html"), header("Accept", two)]}}
}

caller_of(headers) := found_address if found_address := caller.address with input as {"request": {"headers": headers}}

test_the_callers_address if {
	caller_of([header("X-Forwarded-For", "203.0.113.7, 10.0.0.1")]) == "203.0.113.7"
	caller_of([header("x-forwarded-for", "unknown, 203.0.113.7:4711")]) == "203.0.113.7"
	caller_of([header("Forwarded", "proto=https;For=\"[2001:db8::17]:4711\";by=203.0.113.43, for=198.51.100.1")]) == "2001:db8::17"
	caller_of([header("X-Forwarded-For", "198.51.100.9"), header("Forwarded", "for=203.0.113.60")]) == "203.0.113.60"
	caller_of([header("X-Real-IP", "2001:db8::1")]) == "2001:db8::1"
	every value in ["", "_hidden", "unknown", "secret-token", "203.0.113.7x", "999.1.2.3", "1.2.3.256", "1.2.3.", "1.2.3"] {
		caller_of([header("X-Forwarded-For", value)]) == "a caller whose address was not recorded"
	}
}

test_the_recorders_own_address_counts_first if {
	one := {"_clientAddress": "192.0.2.1", "serverIPAddress": "192.0.2.2", "request": {"headers": [header("X-Forwarded-For", "203.0.113.7")]}}
	caller.address == "192.0.2.1" with input as one
	caller.address == "a caller whose address was not recorded" with input as {"serverIPAddress": "192.0.2.2", "request": {"headers": []}}
}

test_every_finding_about_a_call_names_the_caller if {
	one := entry(goods, [header("X-Forwarded-For", "203.0.113.7")], answer(406, []))
	every now in [start, negotiate, protocol, gone] {
		every message in messages(one, now) {
			contains(message, "203.0.113.7")
		}
		count(messages(one, now)) > 0
	}
}

test_six_months_are_the_default if {
	made := plan.planned(item)
	[made.warn, made.negotiate, made.protocol, made.gone] == ["2025-01-01", "2025-07-01", "2026-01-01", "2026-07-01"]
	days.after_six_months("2025-08-31") == "2026-02-28"
	days.after_six_months("2023-08-30") == "2024-02-29"
	days.after_six_months("2025-06-15") == "2025-12-15"
	days.after_six_months("2025-07-01") == "2026-01-01"
	days.after_six_months("2025-12-31") == "2026-06-30"
	late := plan.planned(object.union(item, {"negotiate": "2025-03-01"}))
	late.protocol == "2025-09-01"
}

errors(given) := texts if texts := parameters.deny with data.params as given

test_parameters if {
	count(errors(params)) == 0
	count(errors({"retired": [object.union(item, {"hosts": ["a.example"], "gone": null}), item]})) == 0
	every given in [{}, {"retired": []}, {"retired": item}, {"retired": "x"}, {"retired": null}] {
		count(errors(given)) == 1
	}
	every more in [{"paths": []}, {"paths": "/api"}, {"paths": ["api"]}, {"paths": [1]}, {"warn": "2025-02-30"}, {"warn": 1}, {"warn": null}, {"negotiate": "soon"}, {"negotiate": null}, {"gone": 5}, {"hosts": "a"}, {"hosts": ["https://a.example"]}, {"hosts": ["a.example:443"]}, {"hosts": ["*.example"]}, {"hosts": ["a.example/x"]}, {"paths": ["/api/*"]}, {"paths": ["/x", "/api/{v}/x"]}, {"paths": ["/api//v1"]}, {"paths": ["/api/v1?x=1"]}, {"paths": ["/api/v1#x"]}, {"paths": ["/a b"]}, {"path": "/x"}, {"negotiate": "2025-01-01"}, {"protocol": "2025-02-01"}, {"gone": "2025-12-31"}] {
		count(errors({"retired": [object.union(item, more)]})) == 1
	}
	every one in [null, 1, "x", [], {}, {"paths": ["/x"]}, {"warn": "2025-01-01"}] {
		count(errors({"retired": [one]})) > 0
	}
	count(parameters.warn) == 1 with data.params as {"retired": [item], "retire": 1}
}

test_bad_items_judge_nothing_and_good_ones_go_on if {
	count(retirement.warn) == 1 with input as plain with data.now as start with data.params as {"retired": [null, object.union(item, {"warn": "x"}), item]}
	every bad in [{"protocol": null}, {"negotiate": 1}, {"gone": "x"}, {"hosts": "shop.example"}, {"hosts": [1]}, {"paths": "/api/v1"}, {"paths": [1]}] {
		count(retirement.warn | retirement.deny) == 0 with input as plain with data.now as gone with data.params as {"retired": [object.union(item, bad)]}
	}
}

test_an_answer_alone_says_no_path if {
	count(parameters.warn_no_request) == 1 with input as {"response": answer(200, [])}
	count(parameters.warn_no_request) == 0 with input as plain
}

test_malformed_entries_say_nothing if {
	every one in [[], {}, {"request": null}, {"request": []}, {"request": {"url": goods}}, {"request": {"method": 1, "url": goods}}, {"response": []}] {
		count(found(one, negotiate)) == 0
	}
	every headers in [null, {}, "x", [1, null, {}, {"name": 1, "value": 2}]] {
		called in ids(entry(goods, headers, {"status": "200", "headers": headers}), start)
		called in ids(entry(goods, headers, {"status": 200, "headers": headers}), protocol)
	}
}

told(documents) if count(parameters.warn_no_call) == 1 with data.documents as documents with data.params as params

test_no_call_is_told if {
	told([entry("https://shop.example/", [], answer(200, [])), {"response": answer(200, [])}])
	not told([entry("https://shop.example/", [], answer(200, [])), plain])
	not told([])
	not told([{"response": answer(200, [])}, {}, null])
	count(parameters.warn_no_call) == 0 with data.documents as [plain] with data.params as {"retired": [{"paths": ["/x*"], "warn": "2025-01-01"}]}
}

test_no_finding_holds_a_secret if {
	every part in ["sk_live_0123456789", "%73k_0123456789", "eyJ0123456789", "BOT_0123456789", "x;a=0123456789", "01234567890123456789012345678901x"] {
		findings := retirement.warn with input as entry(sprintf("/api/v1/%s", [part]), [], answer(200, [])) with data.now as gone with data.params as params
		count(findings) == 1
		not contains(json.marshal(findings), "0123456789")
	}
}
