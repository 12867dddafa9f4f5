# METADATA
# title: What to do about a refusal, by its status and by the code that a registry or guard names
package webhook

import rego.v1
import future.keywords.not

status := input.request.status

# Another 2xx is no refusal: `request-status` says enough.
refused if {
	input.event.version == "refused"
	not status in numbers.range(200, 299)
}

# The problem documents of a registry or guard name their cause.
default ours := ""

ours := trim_prefix(input.body.type, "urn:countersign:") if {
	is_object(input.body)
	is_string(input.body.type)
	startswith(input.body.type, "urn:countersign:")
}

# What other answers say, in whatever form: `{"error": …}`, a text. A page says much that is not about the message.
# `registry.settle` reads the same words.
words := lower(concat("\n", [text | walk(input.body, [_, text]); is_string(text)])) if not page

page if {
	is_string(input.body)
	startswith(trim_space(input.body), "<")
}

says(texts) if {
	some text in texts
	contains(words, text)
}

deny contains object.union({"at": "status"}, refusal) if {
	refused
	some refusal in refusals
}

says_signature if ours == "problem:authentication"

says_signature if {
	ours == ""
	says({"signature", "签名", "验签"})
}

says_signature if {
	ours == ""
	regex.match(`(^|[^a-z])sign(ed)?([^a-z]|$)`, words)
}

says_target if says({"target", "目标", "接收方"})

says_origin if says({"origin", "referer", "referrer", "cors", "来源"})

says_other if not ours in {"", "problem:authentication"}

says_other if says_target

says_other if says_origin

wait := trim_space(input.request.headers["retry-after"])

# An error with a wait is not final (RFC 9110, section 10.2.3).
names_wait if regex.match(`^[0-9]+$`, wait)

names_wait if regex.match(`^[A-Z][a-z]+, [0-9]{2}[ -][A-Z][a-z]{2}[ -]([0-9]{2}){1,2} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$`, wait)

names_wait if regex.match(`^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}$`, wait)

# The cause, by what the answer says, else by its status.
cause := "signature" if {
	status in {400, 401, 403, 422}
	says_signature
} else := "signature" if {
	status == 401
	not says_other
} else := "forbidden" if {
	status == 403
	not says_other
} else := "gone" if {
	status == 410
} else := "not-again" if {
	waits
	no_more
} else := "later" if {
	waits
} else := "target" if {
	status in {401, 403}
	says_target
} else := "origin" if {
	status in {401, 403}
	says_origin
} else := "need-callback" if {
	status in {400, 422}
	says({"hook-receipt"})
} else := "data" if {
	status in {400, 422}
	says({"hook-data"})
} else := "form" if {
	status in {400, 422}
} else := "address" if {
	status in {404, 421}
} else := "method" if {
	status == 405
} else := "size" if {
	status in {413, 414, 431}
} else := "media-type" if {
	status in {406, 415}
} else := "redirect" if {
	status < 400
} else := "other"

# No answer has come with 1xx.
waits if status < 200

waits if status in {408, 425, 429}

waits if status >= 500

waits if {
	status >= 400
	names_wait
}

refusals contains object.union({"id": sprintf("hook-%s", [cause])}, remedies[cause])

remedies := {
	"target": {
		"message": "the receiver is not the one that `target` names",
		"help": "correct `target.name` and `target.version`, or the address: this one is somebody else's",
		"facts": {"again": "corrected"},
	},
	"origin": {
		"message": "the receiver takes no message from this page",
		"help": "deliver from a server, which sends neither Origin nor Referer; or ask the receiver to add the page's origin",
		"facts": {"again": "corrected"},
	},
	"signature": {
		"message": "the receiver refuses x-webhook-sign, or the time that is signed",
		"help": "send the SHA-1 of the body's bytes as 40 hex digits, and `serverTime` of now in the receiver's offset; if it goes on, disable the hook",
		"facts": {"again": "signed"},
	},
	"forbidden": {
		"message": "the receiver does not trust the message, and does not say why",
		"help": "check x-webhook-sign, then `target`, then whether the receiver restricts Origin or Referer; if it goes on, disable the hook",
		"facts": {"again": "signed"},
	},
	"need-callback": {
		"message": "the receiver expects another `needCallback`",
		"help": "let `needCallback` say what `receipt` says in the receiver's registry",
		"facts": {"again": "corrected"},
	},
	"data": {
		"message": "the message has data that the receiver did not select",
		"help": "send only the parts of `data` that the hook lists",
		"facts": {"again": "corrected"},
	},
	"form": {
		"message": "the receiver cannot read the message",
		"help": "send one JSON object with source.platform, target.name, target.version, data, needCallback and serverTime; `countersign verify --contract envelope` says what is wrong",
		"facts": {"again": "corrected"},
	},
	"address": {
		"message": "there is no hook at this address",
		"help": "check the hook's `uri`: host, port and path, and whether there is a slash at the end",
		"facts": {"again": "corrected"},
	},
	"method": {
		"message": "the hook does not take this method",
		"help": "use POST; a redirect may have made a GET of it",
		"facts": {"again": "corrected"},
	},
	"gone": {
		"message": "the hook is disabled, or the receiver is gone",
		"help": "send nothing more to it: `countersign registry disable hooks.json --hook ID --reason TEXT`",
		"facts": {"again": "never"},
	},
	"size": {
		"message": "the message is too large for the receiver",
		"help": "select less `data` for this hook",
		"facts": {"again": "corrected"},
	},
	"media-type": {
		"message": "the hook does not take this media type",
		"help": "send Content-Type: application/json",
		"facts": {"again": "corrected"},
	},
	"not-again": {
		"message": "the receiver does not want the message again: its Retry-After is 0 or below",
		"help": "drop the message; the next one may go to this hook",
		"facts": {"again": "never"},
	},
	"later": {
		"message": "the receiver cannot take the message now",
		"help": "send the same message again, after Retry-After if there is one",
		"facts": {"again": "later"},
	},
	"redirect": {
		"message": "the answer is a redirect, which is not followed: the new address gave nobody its consent",
		"help": "if the receiver has moved, change the hook's `uri`",
		"facts": {"again": "corrected"},
	},
	"other": {
		"message": "the receiver, or a gateway before it, refuses the message",
		"help": "compare address, method, headers and body with the contract `envelope`",
		"facts": {"again": "corrected"},
	},
}
