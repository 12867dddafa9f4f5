package coze_migration.coze_migration_test

import data.coze_migration.body
import data.coze_migration.conversation
import data.coze_migration.deadline
import data.coze_migration.parameters
import data.coze_migration.token
import data.coze_migration.version
import future.keywords.not

# 2024-08-01T00:00:00Z, and the second at which 2024-08-31 ends in UTC+8.
before := 1722470400

deadline_second := 1725120000

id := "chat_9a2b3c4d-ef56-7890-abcd-ef1234567890"

personal := {"name": "Authorization", "value": "Bearer pat_abc"}

call(method, url) := {"request": {"method": method, "url": url, "headers": [personal], "queryString": []}}

without_token(one) := {"request": object.union(one.request, {"headers": []})}

with_header(name, value) := {"request": object.union(
	call("POST", "https://api.coze.com/v2/chat").request,
	{"headers": [first_header(name), {"name": name, "value": value}]},
)}

first_header(name) := {"name": "Host", "value": "api.coze.com"} if {
	lower(name) == "authorization"
} else := personal

with_body(method, url, value) := {"request": object.union(call(method, url).request, {"postData": {"_json": value}})}

with_query(url, name, value) := {"request": object.union(call("GET", url).request, {"queryString": [{"name": name, "value": value}]})}

with_answer(one, status, value) := object.union(one, {"response": {"status": status, "content": {"_json": value}}})

found(one, now) := {[finding.id, finding.severity, finding.at] |
	some finding in ((version.deny | token.deny) | conversation.deny) with input as one with data.now as now
}

helps(one) := {finding.help | some finding in (version.deny | token.deny) with input as one with data.now as before}

test_v1_urls_warn_and_then_fail if {
	one := call("POST", "https://api.coze.com/v1/bot/chat")
	found(one, before) == {["coze-migration-v1-url", "warning", "/request/url"]}
	found(one, deadline_second - 1) == {["coze-migration-v1-url", "warning", "/request/url"]}
	found(one, deadline_second) == {["coze-migration-v1-url", "error", "/request/url"]}
}

test_the_known_two_name_their_successor if {
	helps(call("POST", "https://api.coze.com/v1/bot/chat")) == {"call `POST /v2/chat` in its place"}
	helps(call("POST", "https://api.coze.com/v1/bot/chat/?a=b#c")) == {"call `POST /v2/chat` in its place"}
	helps(call("GET", "/v1/conversation/messages")) == {"call `GET /v2/chat/{chat_id}/messages` in its place"}
	helps(call("GET", "/v1/bots/1")) == {"look for its successor in the v2.0 endpoints, https://docs.coze.com/v2/api"}
}

test_urls_of_the_api if {
	every url in ["https://API.coze.com/v1", "http://api.coze.com:8080/v1/", "//api.coze.com/v1/x", "https://u:p@api.coze.com/v1/x", "https://api.coze.com./v1/x", "/v1/x", "https://api.coze.com//v1/x", "https://api.coze.com/%76%31/x", "https://api.coze.com/./v1"] {
		count(found(call("GET", url), before)) == 1
	}
	every url in ["https://api.coze.com/v2/x", "https://api.coze.com/v10/x", "https://api.coze.com/v1x", "https://api.coze.com/%2576%31/x", "https://api.coze.com/v%31%2fx", "https://api.coze.com/", "https://api.coze.com", "https://example.org/v1/x", "https://api.coze.com.example.org/v1/x", "https://example.org/?u=https://api.coze.com/v1/x"] {
		count(found(call("GET", url), before)) == 0
	}
}

test_other_hosts if {
	one := call("GET", "https://api.coze.cn/v1/x")
	count(found(one, before)) == 1 with data.params as {"hosts": ["API.coze.cn"]}
	count(found(one, before)) == 1 with data.params as {"hosts": "api.coze.com, api.coze.cn."}
	count(found(call("GET", "https://api.coze.com/v1/x"), before)) == 0 with data.params as {"hosts": ["api.coze.cn"]}
}

errors(one) := {[finding.id, finding.at] |
	some finding in ((version.deny | token.deny) | conversation.deny) with input as one with data.now as before
}

test_bot_tokens if {
	every value in ["Bearer bot_abc123", "bearer  bot_abc123", "bot_abc123", " Token  bot_1"] {
		found(with_header("authorization", value), before) == {["coze-migration-bot-token", "warning", "/request/headers/1/value"]}
		found(with_header("Authorization", value), deadline_second) == {["coze-migration-bot-token", "error", "/request/headers/1/value"]}
	}
	every value in ["Bearer pat_abc", "Bearer robot_abc"] {
		count(found(with_header("Authorization", value), before)) == 0
	}
	every value in ["bot_", "Bearer bot_", "bot_id", "bot_abc x", "x=bot_abc"] {
		count(found(with_header("X-Note", value), before)) == 0
	}
	found(with_header("X-Api-Key", "bot_abc"), before) == {["coze-migration-bot-token", "warning", "/request/headers/1/value"]}
	found(with_query("/v2/x", "access_token", "BOT_abc"), before) == {["coze-migration-bot-token", "warning", "/request/queryString/0/value"]}
}

unread(one) if count(body.warn) == 1 with input as one

with_data(data_of_post) := {"request": object.union(call("POST", "/v2/chat").request, {"postData": data_of_post})}

test_bodies_that_no_rule_sees_into if {
	every one in [{"text": "{"}, {"text": "x", "_json": 1}, {"text": "x", "params": []}] {
		unread(with_data(one))
	}
	unread({"request": object.union(call("POST", "/v2/chat").request, {"bodySize": 5})})
	every one in [{}, {"text": " "}, {"text": "{}", "_json": {}}, {"text": "[]", "_json": []}, {"text": "a=b", "params": [{"name": "a", "value": "b"}]}, null] {
		not unread(with_data(one))
	}
	not unread({"request": object.union(call("POST", "https://example.org/").request, {"postData": {"text": "{"}})})
	not unread({"request": object.union(call("POST", "/v2/chat").request, {"bodySize": -1})})
}

test_bot_ids if {
	at := "/request/postData/_json/bot_id"
	found(with_body("POST", "https://api.coze.com/v2/chat", {"bot_id": "1"}), before) == {["coze-migration-bot-id", "warning", at]}
	found(with_body("POST", "https://api.coze.com/v2/chat/", {"bot_id": 1}), deadline_second) == {["coze-migration-bot-id", "error", at]}
	every value in [null, "", 0, false, {}] {
		found(with_body("POST", "https://api.coze.com/v2/chat", {"bot_id": value}), before) == {["coze-migration-bot-id", "warning", at]}
	}
	count(found(with_body("POST", "https://api.coze.com/v1/bot/chat", {"bot_id": "1"}), before)) == 2
	count(found(with_body("POST", "https://api.coze.com/v2/chat", {"query": "bot_id"}), before)) == 0
	count(found(with_body("POST", "https://api.coze.com/v2/bots", {"bot_id": "1"}), before)) == 0
	every value in [[], [{"bot_id": 1}], "x", 1, null] {
		count(found(with_body("POST", "https://api.coze.com/v2/chat", value), before)) == 0
	}
	form := {"request": object.union(call("POST", "/v2/chat").request, {"postData": {"params": [{"name": "bot_id", "value": "1"}]}})}
	found(form, before) == {["coze-migration-bot-id", "warning", "/request/postData/params/0/value"]}
}

test_ids_of_conversations if {
	path := sprintf("https://api.coze.com/v2/chat/%s/messages", [id])
	count(found(call("GET", path), before)) == 0
	every bad in ["7372", "chat_7372", upper(id), concat("", [id, "0"]), "9a2b3c4d-ef56-7890-abcd-ef1234567890"] {
		found(call("GET", sprintf("https://api.coze.com/v2/chat/%s/messages", [bad])), before) == {["coze-migration-chat-id", "warning", "/request/url"]}
		found(with_query("/v2/x", "chat_id", bad), deadline_second) == {["coze-migration-chat-id", "error", "/request/queryString/0/value"]}
		found(with_body("POST", "/v2/chat", {"conversation_id": bad}), before) == {["coze-migration-chat-id", "warning", "/request/postData/_json/conversation_id"]}
	}
	every bad in [7372, "", true, [id], {"id": id}] {
		found(with_body("POST", "/v2/chat", {"chat_id": bad}), before) == {["coze-migration-chat-id", "warning", "/request/postData/_json/chat_id"]}
	}
	count(found(with_body("POST", "/v2/chat", {"chat_id": id, "conversation_id": null}), before)) == 0
	count(found(with_query("/v1/conversation/messages", "conversation_id", "7372"), before)) == 2
}

test_scopes if {
	at := {["coze-migration-scope", "/response/status"]}
	errors(with_answer(call("POST", "/v2/chat"), 403, {})) == at
	errors(with_answer(call("GET", sprintf("/v2/chat/%s/messages", [id])), 403, null)) == at
	some send in helps(with_answer(call("POST", "/v2/chat"), 403, {}))
	contains(send, "`chat:write`")
	some reading in helps(with_answer(call("get", "/v2/bots"), 403, {}))
	contains(reading, "`bot:read`")
	some both in helps(with_answer({}, 403, {}))
	contains(both, "`bot:read` and `chat:write`")
	count(errors(with_answer(call("POST", "https://example.org/"), 403, {}))) == 0
	count(errors(with_answer(call("POST", "/v2/chat"), 401, {}))) == 0
}

deprecated := {"code": "API_DEPRECATED", "message": "This API version has been retired.", "docs_url": "https://docs.coze.com/v2/api"}

# 2024-07-15T00:00:00+08:00.
retirement := 1720972800

gone(one, now) := {[finding.severity, finding.at] |
	some finding in version.deny with input as one with data.now as now
	finding.id == "coze-migration-gone"
}

test_gone_is_an_error_from_the_retirement_on if {
	every one in [with_answer({}, 410, deprecated), with_answer({}, 410, {}), with_answer({}, 410, null), with_answer(call("POST", "/v1/bot/chat"), 410, {"code": "OTHER"}), with_answer(call("GET", "/v2/x"), 410, deprecated), with_answer(call("POST", "/v1/x"), 200, deprecated)] {
		gone(one, retirement - 1) == {["warning", "/response/status"]}
		gone(one, retirement) == {["error", "/response/status"]}
		gone(one, deadline_second) == {["error", "/response/status"]}
	}
}

test_gone_of_another_call_is_a_warning if {
	every url in ["/v2/files/1", "/v1/kb/1/documents", "/v1/bots/1/publish"] {
		gone(with_answer(call("GET", url), 410, {"code": "OTHER"}), deadline_second) == {["warning", "/response/status"]}
	}
	count(gone(with_answer(call("GET", "https://example.org/v1/x"), 410, deprecated), retirement)) == 0
	count(gone(with_answer(call("GET", "/v1/x"), 404, {}), retirement)) == 0
}

test_paths_that_stay if {
	every url in ["/v1/kb", "/v1/kb/1/documents", "/v1/kb/1/documents/", "/v1/bots/1/publish", "/v1/bots/1/publish/status", "/v1/bots/1/publish/op-1/status", "/v1/bots/1/status"] {
		count(found(call("GET", url), deadline_second)) == 0
	}
	every url in ["/v1/kbs/1", "/v1/bots", "/v1/bots/1", "/v1/bots/publish", "/v1/bots/status", "/v1/bot/1/publish", "/v1/x/kb/1/documents"] {
		found(call("GET", url), deadline_second) == {["coze-migration-v1-url", "error", "/request/url"]}
	}
}

test_tokens_of_the_new_api if {
	every value in ["Bearer pat_abc", "bearer  pat_abc", "BEARER sat_abc", "Bearer eyJ.e30.c2ln", "DPoP eyJ.e30.c2ln", "Bearer abc+/=="] {
		count(found(with_header("Authorization", value), before)) == 0
	}
	every value in ["", " ", "Basic YTpi", "Basic", "pat_abc", "Bearer", "Bearer ", "DPoP", "Bearer pat_", "Bearer ***", "Bearer <token>", "Bearer $TOKEN", "Bearer undefined", "Bearer null", "Bearer pat_a pat_b", "Token pat_abc", "secret pat_abc", "Bearer,pat_abc"] {
		found(with_header("authorization", value), before) == {["coze-migration-authorization", "warning", "/request/headers/1/value"]}
		found(with_header("Authorization", value), deadline_second) == {["coze-migration-authorization", "error", "/request/headers/1/value"]}
	}
}

test_calls_without_a_token if {
	every url in ["/v2/chat", "/v1/kb/1/documents", "/v1/bots/1/publish", "/v3/x"] {
		one := without_token(call("POST", url))
		found(one, before) == {["coze-migration-authorization", "warning", "/request/headers"]}
		found(one, deadline_second) == {["coze-migration-authorization", "error", "/request/headers"]}
		found(with_answer(one, 401, {}), deadline_second) == {["coze-migration-authorization", "error", "/request/headers"]}
		found(with_answer(one, 200, {}), deadline_second) == {["coze-migration-authorization", "warning", "/request/headers"]}
		count(found(without_token(call("OPTIONS", url)), before)) == 0
	}
	every url in ["/", "/oauth2/token", "/favicon.ico", "https://example.org/v2/chat"] {
		count(found(without_token(call("POST", url)), before)) == 0
	}
	signed := {"name": "signature", "value": "0b5c"}
	one := without_token(call("GET", "/v1/kb/1/documents"))
	count(found({"request": object.union(one.request, {"queryString": [signed]})}, before)) == 0
	count(found({"request": object.union(one.request, {"queryString": [object.union(signed, {"value": ""})]})}, before)) == 1
	count(found({"request": object.union(one.request, {"url": "/v2/chat", "method": "POST", "queryString": [signed]})}, before)) == 1
}

sending := "call `POST /v2/chat` in its place"

fetching := "call `GET /v2/chat/{chat_id}/messages` in its place"

messages := sprintf("/v2/chat/%s/messages", [id])

test_endpoints if {
	every one in [["POST", "/v2/chat"], ["post", "/v2/chat/?a=b"], ["OPTIONS", "/v2/chat"], ["GET", messages], ["HEAD", messages], ["GET", "/v2/bots"], ["POST", "/v2/bots/1"], ["POST", "/v3/chat"], ["GET", "/chat"], ["OPTIONS", "/v2/bot/chat"]] {
		count(found(call(one[0], one[1]), before)) == 0
		count(version.deny) == 0 with input as call(one[0], one[1])
	}
	every one in [["GET", "/v2/chat", fetching], ["HEAD", "/v2/chat/", fetching], ["POST", messages, sending], ["POST", "/v2/bot/chat", sending], ["GET", "/v2/bot/chat", sending], ["GET", "/v2/conversation/messages", fetching], ["POST", "/v2/conversation/messages", fetching]] {
		found(call(one[0], one[1]), before) == {["coze-migration-endpoint", "warning", "/request/url"]}
		found(call(one[0], one[1]), deadline_second) == {["coze-migration-endpoint", "error", "/request/url"]}
		helps(call(one[0], one[1])) == {one[2]}
	}
	every one in [["POST", "/v2/conversation/chat"], ["DELETE", "/v2/chat"], ["PUT", messages], ["GET", sprintf("/v2/chat/%s", [id])], ["GET", concat("/", [messages, "1"])], ["GET", "/v2/bot"], ["GET", "/v2/kb/1/documents"], ["POST", "/v2/bots/1/publish"], ["GET", "/v2/bots/1/publish/status"]] {
		{finding.id | some finding in version.deny with input as call(one[0], one[1])} == {"coze-migration-endpoint-unknown"}
	}
	helps(call("GET", "/v2/kb/1/documents")) == {"the guide has `/v1/kb/{kb_id}/documents`"}
	helps(call("POST", "/v2/bots/1/publish")) == {"the guide has `/v1/bots/{id}/publish`"}
	helps(call("POST", "/v2/conversation/chat")) == {"the guide has `POST /v2/chat`"}
}

test_no_finding_holds_a_secret if {
	secret := "bot_0123456789"
	one := object.union(with_header("Authorization", secret), {"response": {"status": 403}})
	paths := [call("GET", sprintf("/v1/%s/x?token=%s", [part, secret])) |
		some part in [secret, upper(secret), "%62ot_0123456789", "eyJ0123456789", "sk_live_0123456789", "GHP_0123456789", "x;a=0123456789", "0123456789;", "token=0123456789", "0123456789%3D", "01234567890123456789012345678901x"]
	]
	named := with_header(secret, secret)
	every document in array.concat([one, named], paths) {
		findings := (version.deny | token.deny) with input as document with data.now as before
		count(findings) > 0
		not contains(json.marshal(findings), "0123456789")
	}
}

test_malformed_entries_say_nothing if {
	every one in [[], {}, {"request": null}, {"request": {}}, {"request": []}, {"request": {"url": 1}}, {"request": {"url": "/v2", "headers": null}}, {"request": {"url": "/v2", "headers": [1, {}, {"name": 1, "value": 2}]}}, {"request": {"url": "/v2", "postData": "x", "queryString": 1}}, {"response": {"status": "403"}}, {"response": []}] {
		count(errors(one)) == 0
	}
}

left(now) := text if text := deadline.left with data.now as now

test_days_left if {
	left(before) == "30 days left until 2024-08-31"
	left(deadline_second - 86400) == "1 day left until 2024-08-31"
	left((deadline_second - 86400) - 1) == "1 day left until 2024-08-31"
	left(deadline_second - 1) == "less than a day left until 2024-08-31 is over"
	left(deadline_second) == "the deadline 2024-08-31 has passed"
}

test_another_deadline if {
	left(1735660799) == "less than a day left until 2024-12-31 is over" with data.params as {"deadline": "2024-12-31"}
	left(1735660800) == "the deadline 2024-12-31 has passed" with data.params as {"deadline": "2024-12-31"}
	left(1735689599) == "less than a day left until 2025-01-01T00:00:00Z is over" with data.params as {"deadline": "2025-01-01T00:00:00Z"}
	left(1735689600) == "the deadline 2025-01-01T00:00:00Z has passed" with data.params as {"deadline": "2025-01-01T00:00:00Z"}
}

test_parameters if {
	count(parameters.deny) == 0 with data.params as {"deadline": "2024-02-29", "hosts": "a.example, b.example"}
	count(parameters.deny | parameters.warn) == 0 with data.params as {}
	every params in [{"deadline": "2023-02-29"}, {"deadline": "2024-02-30"}, {"deadline": "31.12.2024"}, {"deadline": 1}, {"deadline": null}, {"deadline": "2024-01-01T25:00:00Z"}, {"hosts": []}, {"hosts": ""}, {"hosts": 1}, {"hosts": ["https://a.example"]}, {"hosts": ["a", 1]}] {
		count(parameters.deny) == 1 with data.params as params
	}
	count(parameters.warn) == 1 with data.params as {"host": "a.example"}
}

test_no_call_is_told if {
	count(parameters.deny_no_call) == 1 with data.documents as [call("GET", "https://example.org/v1/x")]
	count(parameters.deny_no_call) == 0 with data.documents as [call("GET", "https://example.org/"), call("GET", "https://api.coze.com/v2/x")]
	count(parameters.deny_no_call) == 0 with data.documents as []
}
