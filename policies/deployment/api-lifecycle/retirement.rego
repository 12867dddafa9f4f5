# METADATA
# title: Retirement in phases
# description: >-
#   A warning header first, then the version in `Accept`, then no HTTP/1.1, then nothing. What a later phase demands comes on
#   top of the earlier ones, but for the header.
# related_resources:
#   - ref: https://www.rfc-editor.org/rfc/rfc9110.html#section-12.5.1
package api_lifecycle.retirement

import data.api_lifecycle.accept
import data.api_lifecycle.call
import data.api_lifecycle.caller
import future.keywords.not

# METADATA
# title: Nobody calls a path that is being retired
# custom:
#   id: api-lifecycle-called
#   severity: warning
#   remedy: tell the caller, and move the call to the API's successor
warn contains finding if {
	some item in call.items
	finding := {
		"id": "api-lifecycle-called",
		"severity": severities[item.phase],
		"message": sprintf("%s still calls `%s`: %s", [caller.address, call.title, state(item, item.phase)]),
		"at": "/request/url",
		"resource": call.resource,
	}
}

severities := {"warn": "warning", "negotiate": "warning", "protocol": "warning", "gone": "error"}

state(item, "warn") := sprintf("its answers warn since %s, and from %s it needs version 2.0 in `Accept`", [item.warn, item.negotiate])

state(item, "negotiate") := sprintf("it needs version 2.0 in `Accept` since %s, and from %s HTTP/2 or gRPC", [item.negotiate, item.protocol])

state(item, "protocol") := sprintf("it needs HTTP/2 or gRPC since %s, and is gone from %s", [item.protocol, item.gone]) if is_string(item.gone)

state(item, "protocol") := sprintf("it needs HTTP/2 or gRPC since %s", [item.protocol]) if is_null(item.gone)

state(item, "gone") := sprintf("it is gone since %s", [item.gone])

# METADATA
# title: In phase 1 the answer warns
# custom:
#   id: api-lifecycle-warning-header
#   severity: error
#   remedy: send `X-Deprecation-Warning` with every answer of the path, with the date and the successor in it
deny contains finding if {
	some item in call.items
	item.phase == "warn"
	call.is_answered
	not warns
	finding := {
		"id": "api-lifecycle-warning-header",
		"message": sprintf("the answer has no `X-Deprecation-Warning`, which `%s` must send since %s; called by %s", [call.title, item.warn, caller.address]),
		"at": "/response/headers",
		"resource": call.resource,
	}
}

warns if {
	some value in call.values(call.response, "x-deprecation-warning")
	trim_space(value) != ""
}

# METADATA
# title: From phase 2 on the request accepts version 2.0
# custom:
#   id: api-lifecycle-accept
#   severity: error
#   remedy: "send `Accept: application/vnd.api+json; version=2.0`"
deny contains finding if {
	some item in call.items
	item.phase in {"negotiate", "protocol"}
	lacks_version
	finding := {
		"id": "api-lifecycle-accept",
		"message": sprintf("`%s` is called without `application/vnd.api+json; version=2.0` in `Accept`, needed since %s, by %s", [call.title, item.negotiate, caller.address]),
		"at": "/request/headers",
		"resource": call.resource,
	}
}

lacks_version if {
	not accept.is_version_two
	not is_grpc
}

# gRPC names its version in the path of the service, and sends no `Accept`.
is_grpc if {
	some value in call.values(call.request, "content-type")
	type := trim_space(split(lower(value), ";")[0])
	split(type, "+")[0] == "application/grpc"
}

# METADATA
# title: In phase 3 nobody calls over HTTP/1.1
# custom:
#   id: api-lifecycle-protocol
#   severity: error
#   remedy: call over HTTP/2 or gRPC
deny contains finding if {
	some item in call.items
	item.phase == "protocol"
	not call.was_never_sent
	is_closed
	finding := {
		"id": "api-lifecycle-protocol",
		"message": sprintf("`%s` is called over HTTP/1.1 or older, closed since %s, by %s", [call.title, item.protocol, caller.address]),
		"at": "/request/httpVersion",
		"resource": call.resource,
	}
}

is_closed if protocol in {"http/0.9", "http/1", "http/1.0", "http/1.1"}

is_open if protocol in {"h2", "h2c", "h3", "http/2", "http/2.0", "http/3", "http/3.0"}

# As browsers and proxies write it: HTTP/1.1, http/2.0, h2, HTTP/3. The answer's is the one that both sides agreed on.
protocol := lower(call.response.httpVersion) if {
	is_named(call.response)
} else := lower(call.request.httpVersion) if {
	is_named(call.request)
} else := ""

is_named(message) if {
	is_string(message.httpVersion)
	not message.httpVersion in {"", "unknown"}
}

# METADATA
# title: In phase 3 the protocol of a call is known
# custom:
#   id: api-lifecycle-protocol-unknown
#   severity: warning
#   remedy: record the call with a tool that writes `httpVersion`
warn contains finding if {
	some item in call.items
	item.phase == "protocol"
	not call.was_never_sent
	not is_closed
	not is_open
	finding := {
		"id": "api-lifecycle-protocol-unknown",
		"message": sprintf("the recording does not say over which protocol `%s` was called", [call.title]),
		"at": "/request/httpVersion",
		"resource": call.resource,
	}
}

# METADATA
# title: What is closed is refused
# custom:
#   id: api-lifecycle-answered
#   severity: error
#   remedy: refuse it at the gateway, so that a caller who missed every notice learns of it
deny contains finding if {
	some item in call.items
	some status in due(item.phase)
	call.is_answered
	call.response.status < 400
	finding := {
		"id": "api-lifecycle-answered",
		"message": sprintf("`%s` was answered %d, and should have been refused with %d", [call.title, call.response.status, status]),
		"at": "/response/status",
		"resource": call.resource,
	}
}

due("negotiate") := {406 | lacks_version}

due("protocol") := {426 | is_closed} | {406 | lacks_version; not is_closed}

due("gone") := {410}
