# METADATA
# title: The answer is the service's own, and what the caller expected
package webhook

import rego.v1
import future.keywords.not

# params.handoff: true or false; params.intent: a text.
handoff := true if data.params.handoff in {true, "true"}

handoff := false if data.params.handoff in {false, "false"}

duplicate if input.event.version == "duplicate"

handled if input.event.version == "handled"

deny contains {
	"id": "sub2api-handoff",
	"message": sprintf("`handoff` is %v, and %v is expected", [input.body.handoff, handoff]),
	"at": "/handoff",
} if {
	handled
	is_boolean(input.body.handoff)
	input.body.handoff != handoff
}

deny contains {
	"id": "sub2api-intent",
	"message": "`intent` is not the expected one",
	"at": "/intent",
} if {
	handled
	is_string(input.body.intent)
	input.body.intent != data.params.intent
}

deny contains {
	"id": id,
	"message": sprintf("the answer to a duplicate does not say `%s`, which is expected", [name]),
	"at": "",
	"help": "send a message with a new message_id",
} if {
	duplicate
	some name, id in {"handoff": "sub2api-handoff", "intent": "sub2api-intent"}
	_ = data.params[name]
}

deny contains {
	"id": "sub2api-parameter",
	"message": "the parameter `handoff` is neither true nor false",
	"help": "write --set handoff=true or --set handoff=false",
} if {
	_ = data.params.handoff
	not data.params.handoff in {true, false, "true", "false"}
}

warn contains {
	"id": "sub2api-parameter",
	"message": sprintf("no rule reads the parameter `%s`", [name]),
	"help": "an answer is compared with `handoff` and `intent`",
} if {
	is_object(data.params)
	some name, _ in data.params
	not name in {"handoff", "intent"}
}

deny contains {
	"id": "sub2api-content-type",
	"message": "the answer is said to be of another media type than JSON or text, so something else than the service may have written it",
	"at": "header:content-type",
	"help": "call the service itself, without a page in between",
} if {
	input.request.status == 200
	input.body != ""
	not media_type in {"application/json", "text/plain"}
}

media_type := lower(trim_space(split(input.request.headers["content-type"], ";")[0]))
