# METADATA
# title: A receipt is there where the message asked for one, and is of this message
package webhook

import rego.v1
import future.keywords.not

# params.receipt: no, if `needCallback` was false; params.id: the id of the message, if it has one.
unneeded if data.params.receipt in {false, "false", "no"}

accepted if input.event.version in {"duplicate", "receipt", "no-receipt"}

deny contains {
	"id": "receipt-missing",
	"message": "the message asked for a receipt, and the answer is none",
	"at": "",
	"help": "the receiver is to answer {\"received\": true} in JSON; send the message again, as a duplicate does no harm",
	"facts": {"again": again},
} if {
	accepted
	not received
	not unneeded
}

default again := "later"

again := "never" if no_more

# By the contract `envelope`, Retry-After of 0 or below ends the delivery.
no_more if regex.match(`^(0+|-[0-9]+)$`, trim_space(input.request.headers["retry-after"]))

received if input.body.received == true

warn contains {
	"id": "receipt-form",
	"message": "the receipt has another form than it should",
	"at": at,
	"help": "`id` is a text or a number, and `duplicate` is true or not there",
} if {
	accepted
	received
	some at in misshapen
}

misshapen contains "/id" if {
	_ = input.body.id
	not is_string(input.body.id)
	not is_number(input.body.id)
}

misshapen contains "/duplicate" if input.body.duplicate != true

deny contains {
	"id": "receipt-other",
	"message": "the receipt names another message than the one that was sent",
	"at": "/id",
	"help": "compare the id with what was sent: answers may have been mixed up",
	"facts": {"again": "later"},
} if {
	accepted
	received
	sprintf("%v", [input.body.id]) != sprintf("%v", [data.params.id])
}

deny contains {
	"id": "receipt-parameter",
	"message": "the parameter `receipt` is neither yes nor no",
	"help": "write --set receipt=no for a message whose `needCallback` is false",
} if {
	_ = data.params.receipt
	not data.params.receipt in {true, false, "true", "false", "yes", "no"}
}
