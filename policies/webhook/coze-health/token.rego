# METADATA
# title: A health check brings a token of the API 2.0
# description: No token is ever part of a finding.
package webhook

import rego.v1
import future.keywords.not

token := word if {
	words := split(trim_space(input.request.headers.authorization), " ")
	count(words) == 2
	lower(words[0]) in {"bearer", "dpop"} # the proof of a bound token is judged by `coze-dpop`
	word := words[1]
}

deny contains {
	"id": "health-token",
	"message": "no token: the request has no `Authorization: Bearer …` or `DPoP …`",
	"at": "header:authorization",
	"help": "send the token that the client was made with, after the word Bearer, or DPoP for a token that is bound to a key",
} if {
	not token
}

deny contains {
	"id": "health-bot-token",
	"message": "a bot token (`bot_…`) is void since the API 2.0",
	"at": "header:authorization",
	"help": "make a personal or bot access token under API Tokens in the console",
} if {
	startswith(lower(token), "bot_")
}
