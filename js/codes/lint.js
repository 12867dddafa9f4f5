// Weaknesses of contracts: for each rule what an attacker can do, and how to fix it.

export const LINT = {
  'lint-ambiguous': [
    'Two parts of variable length are signed with nothing between them, or with a separator that both may contain, ' +
      'so different requests can have the same signed bytes. An attacker who records one genuine request can move ' +
      'bytes across the boundary and keep the signature: a timestamp `17` before the body `{"a":1}` signs the same ' +
      'bytes as `1` before `7{"a":1}`, and so does a shorter address before a longer body. With a line break as the ' +
      'separator, the subject of a message can become the end of its id, which is then another replay key. The ' +
      'signature still matches, but the message has changed. Discord, SendGrid, Square, HubSpot, Twilio and Feishu ' +
      'sign with nothing between the parts, Amazon SNS and Adyen with a line break or a colon that their texts may ' +
      'contain, and a receiver cannot change that. Lint assumes that a JSON body is not a bare number, and shows two ' +
      'requests that collide.',
    'if the scheme is yours, put a { "literal": "." } that neither part can contain between them; if it is not, ' +
      'declare with `without` what a text field never contains (`"without": "\\n"`), give the parts a strict format ' +
      '(`unix-seconds` has ten digits today), narrow `freshness`, declare an exact `request.path`, and check the ' +
      'body with a schema so that a body that lost or gained a byte is rejected',
  ],
  'lint-body-unsigned': [
    'The signature does not cover the body: anyone who sees one request can send any body with its signature, as ' +
      'long as the time window is open, or for ever if there is none. Adyen, Mailgun and Amazon SNS sign some ' +
      'members of the body one by one: those can be trusted, but every other member may be forged.',
    "if the sender signs members of the body, trust only those and fetch the rest from the sender's API; if the " +
      'scheme is yours, add { "body": "raw" } to `signature.signed`, or sign a digest of the body: a signed field ' +
      'with `"equals": { "body": { "digest": "sha256", "encoding": "hex" } }`; for a scheme that signs only the ' +
      'query, use `"payload": { "format": "query" }`, which rejects a body',
  ],
  'lint-length-extension': [
    'The signature is a plain hash over the secret and the message. The result of SHA-1 and SHA-256 is their whole ' +
      'internal state, so anyone who sees one signature of secret + message can continue hashing, and sign the ' +
      'message with bytes added at its end without knowing the secret. A receiver that accepts the longer body ' +
      'accepts bytes that nobody signed. HubSpot v1 and v2 sign like this, and so does Feishu. Strict JSON rejects ' +
      'most such bodies because padding bytes are not JSON; a form or a plain text accepts them.',
    'move to a version of the scheme with an HMAC, such as HubSpot v3 (`hmac-sha256`); until then keep ' +
      '`payload.format` at json, check the body with a closed schema, and keep the endpoint private',
  ],
  'lint-mac-oracle': [
    "A handshake's reply contains the MAC of a text from the request, made with the key that signs requests. An " +
      'attacker who can get one handshake sent with a text of their choice, such as `v0:1717030000:{"event":"…"}` ' +
      "for Zoom's token, reads the signature of exactly that request from the reply, and can send it without the " +
      'key. No schema keeps such a text out of the source.',
    'give the source a schema that signed bytes can never match: a `pattern` of one anchored character class that ' +
      "leaves out a character of a literal in `signed` (`^[A-Za-z0-9_-]{1,64}$` leaves out Zoom's colons), or an " +
      "`enum` or `const`, under `properties` of the event's, the version's or the contract's schema; references are " +
      'not followed',
  ],
  'lint-no-key': [
    'The signature is a hash of public data: the body, a time, an address. It uses no key, so anyone can make it. ' +
      'It shows that the body was not damaged on the way, but not who sent it. An attacker can hash a body of their ' +
      'own and send it.',
    'ask the sender for an HMAC with a shared secret; until then let only the sender reach the endpoint (mutual ' +
      'TLS, a private network, the addresses that the sender publishes), and treat the message as a hint: fetch the ' +
      "data from the sender's API before acting",
  ],
  'lint-no-time': [
    'No time is checked, so a recorded request passes for ever: someone can take it from a log, a proxy or a ' +
      'debugging tool and send it again months later, and its signature still matches.',
    'sign a timestamp and declare `freshness`; if the sender has none, declare `replay` with a signed identifier, ' +
      'and a `keepSeconds` as long as the sender may retry',
  ],
  'lint-parsed-before-mac': [
    'A signed field, or the signature itself, is in the body, so the body is parsed before its signature is ' +
      'verified. Strangers can send the parser anything: deep nesting, huge numbers, two members with the same name. ' +
      'The parser here is strict and bounded and rejects those; another reader of the same body may pick the other ' +
      'of two members.',
    'if the scheme is yours, send the signature and the time in headers; if it is not, and they are nowhere else ' +
      '(Linear sends its time only in the body), a receiver cannot change it: keep `request.maxBytes` and ' +
      '`payload.maxDepth` as low as real messages allow, and limit the rate of requests before the check',
  ],
  'lint-replay-unsigned': [
    'The replay key is made from something that is not signed, most often a delivery id in a header. An attacker ' +
      'who replays a recorded request changes that header: the store has never seen the key, so the copy counts as ' +
      'new.',
    'make the replay key from signed places, such as an id in a signed body or the place of a signed field, or ' +
      'from `"signed"`, which is all the signed bytes',
  ],
  'lint-schema-keyword': [
    'A schema may have keywords that nobody knows: they are passed over. This one looks like a known one, so what it ' +
      'was to demand is not demanded, and messages pass that should not.',
    'correct the spelling; if the keyword is your own, give it a name that is less like a known one, such as `x-…`',
  ],
  'lint-sha1': [
    'The scheme uses SHA-1. Anyone can make two messages with the same SHA-1. That does not break HMAC-SHA-1, ' +
      'whose signatures still cannot be forged without the key. A plain digest is worse: if an attacker can choose a ' +
      'message that the sender hashes, they can prepare a second one with the same digest. Audits and FIPS profiles ' +
      'refuse both, and no new scheme should use them.',
    "use the sender's SHA-256 signature, if there is one (GitHub: X-Hub-Signature-256); Twilio has none, so for " +
      'its contract accept the warning',
  ],
  'lint-static-token': [
    'Every request contains the secret itself, and no part of the request is signed. Anyone who reads one request, ' +
      'in a log, a proxy, a tracing tool or an error report, can send any other as long as the token is valid, and ' +
      'nobody notices a body that was changed on the way.',
    'ask the sender for a signature; until then accept requests only over TLS, keep the header out of logs, change ' +
      "the token often (two keys may be valid at once), and fetch the data from the sender's API before acting",
  ],
  'lint-time-unsigned': [
    'The time that freshness checks is not signed: an attacker who replays a recorded request can set it to the ' +
      'current time, so the window protects nothing.',
    "add the time's field to `signature.signed`, if the sender signs it; else do not check the time, and rely on " +
      '`replay`',
  ],
  'lint-unsigned': [
    'The contract declares no signature: anyone who knows the address can send this, and addresses can be found in ' +
      'logs, in browser histories and by guessing.',
    'declare `signature`, or make sure that only the sender can reach the endpoint',
  ],
  'lint-unsigned-field': [
    'The contract reads a header, a parameter or a part of the path that the signature does not cover. An attacker ' +
      'on the way, or one who replays a request, can change it and keep the signature: a push becomes a deletion if ' +
      "the event's name is in a header, or a message goes to another tenant if the tenant is in the path.",
    'read the value from the signed body, if it is there too, or add its field to `signature.signed`, if the ' +
      'sender signs it; else base no decision on it that the body does not confirm',
  ],
  'lint-window': [
    'The time window, past and future together, is wider than 10 minutes. A recorded request can be sent again ' +
      'while the window is open, and replay keys must be remembered for as long.',
    'narrow `pastSeconds` and `futureSeconds` to 300 or less, and synchronise the clocks; a sender that retries ' +
      'for longer must sign each attempt again',
  ],
};
