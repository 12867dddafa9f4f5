// What is weak in a contract itself: for each rule what an attacker does with it, and how to mend it.

export const LINT = {
  'lint-ambiguous': [
    'Two parts of no fixed length are signed with nothing between them, or with something that both may hold ' +
      'themselves, so that different requests have the same signed bytes. Whoever records one genuine request moves ' +
      'bytes over the seam and keeps the signature: a timestamp `17` before the body `{"a":1}` signs the same ' +
      'bytes as `1` before `7{"a":1}`, or a shorter address before a longer body; between line breaks the ' +
      'subject of a message becomes the end of its id, which is then another replay key. The signature holds, ' +
      'and what it says has changed. Discord, SendGrid, Square, HubSpot, Twilio and Feishu sign with ' +
      'nothing between the parts, Amazon SNS and Adyen with a line break or a colon that their texts ' +
      'may hold, and a receiver cannot change it. Lint takes it that a JSON body is no bare number, and shows two ' +
      'requests that collide.',
    'if the scheme is yours, put a { "literal": "." } that neither part can hold between them; if it is not, say ' +
      'with `without` what a text field never holds (`"without": "\\n"`), give the parts a strict form ' +
      '(`unix-seconds` has ten digits today), narrow `freshness`, fix `request.path`, and judge the body by a ' +
      'schema so that a body which lost or gained a byte is refused',
  ],
  'lint-body-unsigned': [
    'The signature does not cover the body: whoever sees one request can send any body with its signature, for as ' +
      'long as the time window is open, or for ever where there is none. Adyen, Mailgun and Amazon SNS sign some ' +
      'members of the body one by one: those hold, and whatever stands beside them may be anything.',
    "where the sender signs members of the body, trust those alone and fetch the rest from the sender's API; if " +
      'the scheme is yours, add { "body": "raw" } to `signature.signed`, or sign a digest of the body: a field with ' +
      '`"equals": { "body": { "digest": "sha256", "encoding": "hex" } }` that is signed itself; a scheme that ' +
      'signs the query alone takes `"payload": { "format": "query" }`, which refuses a body',
  ],
  'lint-length-extension': [
    'The signature is a plain hash over the secret and the message. SHA-1 and SHA-256 hand their whole state out as ' +
      'their result, so whoever sees one signature of secret + message can continue hashing and sign the message ' +
      'with bytes added at its end, without knowing the secret. A receiver that reads the longer body has read ' +
      'what nobody signed. HubSpot v1 and v2 sign like this, and so does Feishu. Strict JSON refuses most such ' +
      'bodies, as padding bytes are no JSON; a form or a plain text takes them.',
    'move to a version of the scheme with an HMAC, such as HubSpot v3 (`hmac-sha256`); until then keep ' +
      '`payload.format` at json, judge the body by a closed schema, and keep the endpoint private',
  ],
  'lint-mac-oracle': [
    'An answer holds the MAC of something that stands in the request, made with the key that signs requests. ' +
      'Whoever can have one handshake sent with a text of their choice, such as `v0:1717030000:{"event":"…"}` for ' +
      "Zoom's token, reads from the answer the signature of that very request, and sends it without ever having " +
      'had the key. Nothing in a schema keeps such a text out of the source.',
    'give the source a schema that no signed bytes fit: a `pattern` of one anchored class without a character of a ' +
      'literal that `signed` always holds (`^[A-Za-z0-9_-]{1,64}$` keeps out the colons of Zoom), or an `enum` or ' +
      "`const`, under `properties` of the event's, the version's or the contract's schema; references are not " +
      'followed',
  ],
  'lint-no-key': [
    'The signature is a hash of public things: the body, a time, an address. It has no key, so anybody can make it, ' +
      'and it proves that the body was not damaged on the way but never who sent it. An attacker hashes a body of ' +
      'their own and sends it.',
    'ask the sender for an HMAC with a shared secret; until then let nobody but the sender reach the endpoint ' +
      '(mutual TLS, a private network, the addresses that the sender publishes), and read the message as a hint: ' +
      "fetch what it speaks of from the sender's API before acting",
  ],
  'lint-no-time': [
    'No time is checked, so a request that was recorded once passes for ever: from a log, a proxy or a debugging ' +
      'tool it can be sent again months later, and its signature still holds.',
    'sign a timestamp and declare `freshness`; where the sender has none, declare `replay` with an identifier that ' +
      'is signed, and a `keepSeconds` as long as the sender may retry',
  ],
  'lint-parsed-before-mac': [
    'A signed field, or the signature itself, stands in the body, so the body is parsed before its signature is ' +
      'known to hold. Strangers reach the parser with anything they like: deep nesting, huge numbers, two members ' +
      'of one name. The parser here is strict and bounded, and refuses those; another reader of the same body may ' +
      'pick the other of two members.',
    'if the scheme is yours, carry signature and time in headers; if it is not, and they stand nowhere else (Linear ' +
      'puts its time into the body alone), a receiver cannot change it: keep `request.maxBytes` and ' +
      '`payload.maxDepth` as low as real messages allow, and limit the rate of requests before the check',
  ],
  'lint-replay-unsigned': [
    'The replay key is made of something that is not signed, most often a delivery id in a header. Whoever replays ' +
      'a recorded request changes that header: the store has never seen the key, and the copy counts as new.',
    'make the replay key of signed places, such as an id in a signed body, the place that a signed field is read ' +
      'from, or of `"signed"`, which is all the signed bytes',
  ],
  'lint-sha1': [
    'The scheme rests on SHA-1. Two messages with the same SHA-1 can be made at will; that does not break an HMAC ' +
      'of it, so a signature of HMAC-SHA-1 still cannot be forged without the key. A plain digest is worse: where ' +
      'an attacker may choose a message that the sender hashes, a second one with the same digest can be ready. ' +
      'Audits and FIPS profiles refuse both, and no new scheme should use them.',
    "take the sender's SHA-256 form, if there is one (GitHub: X-Hub-Signature-256); for Twilio there is none, so " +
      'its contract stays as it is and the warning is accepted',
  ],
  'lint-static-token': [
    'The secret itself travels in every request, and nothing of the request is signed. Whoever reads one request, ' +
      'in a log, a proxy, a tracing tool or an error report, can send any other for as long as the token lives, and ' +
      'a body that was changed on the way is not noticed.',
    'ask the sender for a signature; until then take requests over TLS alone, keep the header out of logs, change ' +
      'the token often (two keys may be valid at once), and fetch what the message speaks of before acting',
  ],
  'lint-time-unsigned': [
    'The time that freshness judges is not signed: whoever replays a recorded request writes the present time into ' +
      'it, and the window protects nothing.',
    "add the time's field to `signature.signed`, if the sender signs it; else judge no time by it, and rely on " +
      '`replay`',
  ],
  'lint-unsigned': [
    'The contract declares no signature: anybody who knows the address can send this, and addresses are found in ' +
      'logs, in browser histories and by guessing.',
    'declare `signature`, or keep the endpoint where the sender alone reaches it',
  ],
  'lint-unsigned-field': [
    'A header, parameter or part of the path is read, and the signature does not speak for it. Whoever is on the ' +
      "way, or replays a request, changes it and keeps the signature: a push becomes a deletion where the event's " +
      'name stands in a header, or a message goes to another tenant where the tenant stands in the path.',
    'take the value from the signed body, if it is there too, or add its field to `signature.signed` if the sender ' +
      'signs it; else decide nothing by it that the body does not confirm',
  ],
  'lint-window': [
    'The time window, past and future together, is wider than 10 minutes. A recorded request can be sent again for ' +
      'as long as it is open, and replay keys must be remembered as long.',
    'narrow `pastSeconds` and `futureSeconds` to 300 or less, and synchronise the clocks; a sender that retries for ' +
      'longer signs each attempt anew',
  ],
};
