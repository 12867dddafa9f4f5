# METADATA
# title: The message is for this receiver
package webhook

import rego.v1
import future.keywords.not

# params.receiver: our name, or a list of names; params.version: ours, where it matters.
receivers := {data.params.receiver} if is_string(data.params.receiver)

receivers := {name | some name in data.params.receiver} if is_array(data.params.receiver)

deny contains {
	"id": "target-mismatch",
	"message": "sent to another receiver",
	"at": "/target/name",
	"help": "the sender has this hook's address for somebody else: correct it there",
} if {
	not input.body.target.name in receivers
	receivers
}

deny contains {
	"id": "target-mismatch",
	"message": "sent to another version of this receiver",
	"at": "/target/version",
} if input.body.target.version != data.params.version

warn contains {
	"id": "target-unchecked",
	"message": "no receiver is declared, so a message for somebody else would pass",
	"at": "/target/name",
	"help": "set the parameter `receiver`: --set receiver=NAME, or `params: { receiver }` in code",
} if not receivers
