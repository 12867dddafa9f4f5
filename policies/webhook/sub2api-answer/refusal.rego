# METADATA
# title: What to do about a refusal, by chapter 7 of the receiver's document
package webhook

import rego.v1
import future.keywords.not

status := input.request.status

# What the answer says, in whatever form: `{"error": …}`, a problem document, a text.
words := lower(concat("\n", [text | walk(input.body, [_, text]); is_string(text)]))

says(texts) if {
	some text in texts
	contains(words, text)
}

deny contains object.union({"at": "status"}, refusal) if {
	input.event.version == "refused"
	some refusal in refusals
}

refusals contains {
	"id": "sub2api-unknown-field",
	"message": "the body has a member that the receiver does not know",
	"help": "send only message_id, channel, open_id, user_id, content, content_type, timestamp and reply_to; `countersign shape` leaves the others out",
	"facts": {"again": "corrected"},
} if {
	status in {400, 422}
	unknown_field
}

refusals contains {
	"id": "sub2api-missing-field",
	"message": "the body lacks channel, open_id or content, or one of them is empty",
	"help": "send all three, channel too where the path names one",
	"facts": {"again": "corrected"},
} if {
	status in {400, 422}
	missing_field
}

refusals contains {
	"id": "sub2api-bad-request",
	"message": "the receiver cannot read the body",
	"help": "send one JSON object in UTF-8 with channel, open_id and content, and no member that the receiver does not know",
	"facts": {"again": "corrected"},
} if {
	status in {400, 422}
	not unknown_field
	not missing_field
}

unknown_field if says({"unknown field", "unknown member", "schema-additional-properties"})

missing_field if says({"missing", "required", "schema-min-length"})

refusals contains {
	"id": "sub2api-stale",
	"message": "the time in X-CS-Timestamp is more than 300 s from the receiver's clock",
	"help": "set the clock of the sender by NTP; write the time in Unix seconds, and sign again when a message is sent again",
	"facts": {"again": "signed"},
} if {
	status in {401, 403}
	says({"stale"})
}

refusals contains {
	"id": "sub2api-signature-missing",
	"message": "X-CS-Timestamp or X-CS-Signature is missing",
	"help": "send both headers; a gateway on the way may have removed them",
	"facts": {"again": "signed"},
} if {
	status in {401, 403}
	not says({"stale"})
	signature_missing
}

refusals contains {
	"id": "sub2api-signature",
	"message": "the signature does not belong to the bytes that arrived, or is missing",
	"help": "send X-CS-Timestamp and X-CS-Signature; sign the final bytes of the body, and do not format them again; use the receiver's AI_CS_WEBHOOK_SECRET",
	"facts": {"again": "signed"},
} if {
	status in {401, 403}
	says({"signature"})
	not says({"stale"})
	not signature_missing
}

refusals contains {
	"id": "sub2api-forbidden",
	"message": "the receiver does not trust the request, and does not say why",
	"help": "send X-CS-Timestamp and X-CS-Signature, signed over the final bytes with the receiver's AI_CS_WEBHOOK_SECRET and the time of now",
	"facts": {"again": "signed"},
} if {
	status in {401, 403}
	not says({"stale", "signature"})
}

signature_missing if {
	says({"signature", "timestamp", "header"})
	says({"missing", "required", "absent"})
}

others := {
	404: {
		"id": "sub2api-path",
		"message": "there is no webhook at this address",
		"help": "post to /api/v1/customer-service/webhook or /api/v1/customer-service/webhook/CHANNEL, without a slash at the end",
	},
	405: {
		"id": "sub2api-method",
		"message": "the webhook does not take this method",
		"help": "use POST; a redirect may have made a GET of it",
	},
	413: {
		"id": "sub2api-too-large",
		"message": "the body is too large",
		"help": "cut or summarise the content before it is sent; the receiver reads 2,000 characters",
	},
	415: {
		"id": "sub2api-media-type",
		"message": "the webhook does not take this media type",
		"help": "send Content-Type: application/json",
	},
}

refusals contains object.union(others[status], {"facts": {"again": "corrected"}})

later if status in {408, 409, 425, 429, 499}

later if status >= 500

refusals contains {
	"id": "sub2api-later",
	"message": sprintf("the receiver did not handle the message now (%d)", [status]),
	"help": "send the same message again later, after Retry-After if there is one, with the same message_id and a new signature",
	"facts": {"again": "later"},
} if {
	later
}

refusals contains {
	"id": "sub2api-refused",
	"message": sprintf("the receiver, or a gateway before it, refuses the request (%d)", [status]),
	"help": "compare address, method, headers and body with the contract sub2api",
	"facts": {"again": "corrected"},
} if {
	status >= 400
	not later
	not others[status]
	not status in {400, 401, 403, 422}
}
