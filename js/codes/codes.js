// What every code means and how to fix it, in English; zh-CN.json has it in Chinese. `countersign explain` and the page
// show these texts.

import { GATE } from './gate.js';
import { LINT } from './lint.js';
import { PROOF } from './proof.js';

/** The fixed codes of findings. A test keeps them equal to the core's table and to codes.d.ts. */
export const CODES = {
  ...PROOF,
  ...LINT,
  'body-unexpected': [
    'The request has a body, but its contract reads only the query, or nothing at all. The body is not signed, so ' +
      "a handler that reads it may read a stranger's words.",
    'send the request without a body, or declare a `payload.format` and sign the body',
  ],
  'content-truncated': [
    'A text in the message was longer than the contract allows, so it was cut. The limit counts characters, not ' +
      'bytes. The message is still accepted.',
    "shorten the text at the sender, or raise `truncate` in the contract's `shape`",
  ],
  'digest-mismatch': [
    'The signed digest is not the digest of this body: the body was changed, or the digest was computed from other ' +
      'bytes.',
    'compute the digest of the body exactly as it is sent, after compression and re-encoding, and let nothing ' +
      'change it on the way',
  ],
  'encoding-bom': [
    'The body begins with a byte order mark. Parsers disagree whether it is part of the JSON.',
    'write the body as UTF-8 without a byte order mark',
  ],
  'encoding-invalid': [
    'The body is not UTF-8. Replacing the broken bytes would change what was signed, so nothing is replaced.',
    'encode the body as UTF-8, and look for a layer that re-encodes or truncates it; `offset` is the first bad byte',
  ],
  'event-unknown': [
    "The event's type is missing, is neither a string nor an integer, or is not one that the contract lists.",
    'add the type to `route.events`, or set `route.unknown` to "warn" while types are being added',
  ],
  'field-malformed': [
    'A declared parameter, pair or member of the body does not have the declared format.',
    "compare the value with the field's `format` in the contract; `expected` describes it",
  ],
  'field-missing': [
    'A declared parameter, pair or member of the body is absent or empty. It is part of the signed bytes, so the ' +
      'signature cannot be checked without it.',
    'send it where the contract reads it, or if the scheme allows it, declare the field as `optional` and put its ' +
      'segments into an `optional` group',
  ],
  'header-duplicate': [
    'A header that must appear once appears twice, or two of its aliases disagree. Which one a receiver reads ' +
      'would be a guess.',
    'send the header once; look for a proxy that adds its own',
  ],
  'header-malformed': [
    'A declared header does not have the declared format, or contains bytes other than visible ASCII, space and ' +
      'tab.',
    'compare the header with its `format` in the contract',
  ],
  'header-missing': [
    'A header that the contract declares is absent or empty.',
    'send the header, and check that no proxy removes it',
  ],
  'hook-data': [
    "The message's `data` contains something that the hook did not select: the hook asked for a part of the data " +
      'and got more.',
    "send this hook what it selected, or add the place to the hook's `data` in hooks.json",
  ],
  'hook-disabled': [
    'The hook at this address is disabled. The signature and the rest of the request were not checked.',
    'stop calling the hook; whoever maintains hooks.json can enable it again with `"enabled": true`',
  ],
  'hook-receipt': [
    '`needCallback` in the message says whether the sender waits for a receipt, and `receipt` of the hook says the ' +
      'opposite.',
    'make both the same, or leave `receipt` out of the hook: then each message decides',
  ],
  'hook-unknown': [
    'The registry has no hook at the host and path of this request. They are compared as URLs, without the query. ' +
      "A trailing slash matters, and so does the scheme if the request's URL has one.",
    'compare the address with the `uri` in hooks.json; behind a proxy, check that the Host header is the one that ' +
      'the sender called',
  ],
  'json-duplicate-key': [
    'A key appears twice in one object. Some parsers take the first, some the last: the sender and the receiver ' +
      'could mean different things. Two spellings of the same key (`a` and `\\u0061`) count as the same.',
    'send every key once',
  ],
  'json-invalid': [
    'The body is not JSON. Comments, trailing commas and NaN are not allowed.',
    'send JSON; `offset` is the byte where it stops being JSON',
  ],
  'json-lone-surrogate': [
    'A string escapes half of a surrogate pair, which is not a character. Parsers replace it, keep it or reject it.',
    'cut texts between characters, not between UTF-16 units, before they are written as JSON',
  ],
  'json-number-unsafe': [
    'A number cannot be read exactly as a double: an integer beyond 2^53 - 1, or a number that overflows or ' +
      'underflows. Receivers would see different numbers.',
    'send large identifiers as strings, or set `payload.unsafeNumbers` to "warn" if every receiver reads them exactly',
  ],
  'json-too-deep': [
    'The JSON is nested more deeply than the contract allows.',
    'flatten the payload, or raise `payload.maxDepth`',
  ],
  'nonce-malformed': [
    'The nonce does not have the declared format.',
    "compare it with the field's `format` in the contract",
  ],
  'nonce-missing': ['The nonce is absent or empty.', 'send a fresh nonce with every request'],
  'payload-empty': [
    'The event\'s payload is at its place but is empty: null, {}, [] or "". No other place is tried.',
    'fill it, or leave the member out if the payload is at an older place',
  ],
  'payload-missing': [
    "The event's payload is at none of the places that the contract lists.",
    'send the payload at the first place that the contract lists',
  ],
  'query-duplicate': [
    'A parameter that must appear once appears twice. One reader takes the first, another the last, so the sender ' +
      'and the receiver could mean different things.',
    'send the parameter once; look for a proxy or a redirect that adds its own; for a scheme that signs repeated ' +
      'names, set `repeats`',
  ],
  'query-malformed': [
    'A query parameter that the contract reads has a `%` without two hex digits, or bytes that are not UTF-8. One ' +
      'reader keeps the text as it is, another rejects it, another replaces it.',
    'write `%25` for a percent sign, and encode text as UTF-8 before percent-encoding it',
  ],
  'replay-key-missing': [
    'A part of the replay key is missing, null or empty, so the message could not be recognised if it came again. ' +
      'When an event is shaped, this is a warning: the message may be sent, but its copies count as new.',
    'send the identifier, or set `replay.onMissing` to "skip" to accept messages without one, and their copies',
  ],
  replayed: [
    'A message with this replay key was seen before, while the key was still remembered.',
    'a retry by the sender is normal: reply as to the first one; if it is not a retry, make the identifier of each ' +
      'message unique',
  ],
  'request-content-type': [
    "The body's media type is absent, or the contract does not accept it. Parameters such as charset are ignored.",
    'send a Content-Type that the contract lists',
  ],
  'request-header': [
    "A header's name is not a token, or its value could split the message (a line break or NUL).",
    'remove the control characters',
  ],
  'request-method': ['The contract does not accept the method.', 'use one of the methods in `request.methods`'],
  'request-origin': [
    'The contract does not accept the origin in the `Origin` header, or else in `Referer`; or neither header was ' +
      'sent.',
    "add the page's `scheme://host` to `request.origins`, or leave `origins` out if the senders are not web pages",
  ],
  'request-path': [
    "The path does not match the contract's. It is compared segment by segment, without decoding, and a trailing " +
      'slash matters.',
    'call the path in `request.path`; behind a proxy, pass the URL that the sender called',
  ],
  'request-status': [
    'The contract does not accept the status of the response; or it got a request but is for responses, or a ' +
      'response but is for requests.',
    'compare the status with `response.statuses`; requests need a contract with `request`, and responses (with ' +
      'their `status`) one with `response`',
  ],
  'request-too-large': [
    'The body is larger than the contract allows.',
    'send less, or raise `maxBytes` in `request` or `response`',
  ],
  'rule-data-missing': [
    'A rule reads a place below `data.` that nothing provides: no package of the pack, no data file, no parameter. ' +
      'What depends on it is undefined for every document.',
    'give the data with --data or as data.json in the pack, add the package to the pack, or correct the name',
  ],
  'rule-error': [
    'A policy rule could not be evaluated. That never counts as a pass.',
    'fix the rule; the message names it',
  ],
  'rule-name': [
    'The name of a rule is nearly `deny`, `violation` or `warn`, such as `denny`, so the rule does not judge.',
    'name it deny, violation or warn, with a suffix if you like (`deny_images`); if it is a helper, rename it',
  ],
  'rule-not': [
    'A `not` always holds, because what it asks for is misspelled; or a rule stops at it, because what is in it is ' +
      'undefined for a document. A plain `not` means that in OPA: its arguments must have values. With ' +
      '`import future.keywords.not`, the `not` would hold there.',
    'correct the name; add `import future.keywords.not` to the module if the rule shall go on, or ask for the value ' +
      'in a line of its own before the `not`',
  ],
  'rule-unmet': [
    'A rule judged nothing: none of the documents has the member of `input` that it begins with.',
    'compare the name with the documents: `countersign check --why RULE` shows where the rule stops; rules on ' +
      '`input.review` need their ConstraintTemplate',
  ],
  'shape-dropped': [
    'Something in the event was left out of the canonical message: members that have no place in it, the other items ' +
      'of a list that one was read from, or, as a warning, parts of a text that are no text, such as an image.',
    "add them to the contract's `shape` if they are wanted",
  ],
  'shape-malformed': [
    'A value cannot be converted to the format of the canonical message: an object or list instead of a text, or a ' +
      'time in another format. Where the member is not required, this is a warning: its next source is tried, and ' +
      'without one it is left out. When an event is shaped, so is a text that is JSON: a person would see braces.',
    "send the value in the member's `format`, or give that source a `format` of its own; for JSON in a text, use " +
      '`{ "json": …, "at": … }`',
  ],
  'shape-missing': [
    'None of the sources of a required member of the canonical message has a value.',
    "send a value at one of the places in the member's `from`, or add the place where the event has it to `from`, in " +
      'a copy of the contract',
  ],
  'signature-malformed': [
    'The signature has the wrong characters or the wrong length for its encoding. No key was tried.',
    "compare it with the contract's `encoding`: the whole MAC in hex or base64, without quotes or line breaks",
  ],
  'signature-mismatch': [
    'The signature is well-formed, but none of the keys verifies it: it was made with another key, or for other ' +
      'bytes.',
    'check that the body is the raw bytes (not parsed and serialised again) and that the key belongs to this ' +
      'endpoint and environment',
  ],
  'signature-missing': [
    'The signature is absent or empty.',
    'send the signature where the contract reads it; check that no proxy removes the header',
  ],
  'signature-unsupported': [
    'There are signatures, but none has a version, prefix or algorithm that the contract supports.',
    'send the version that the contract requires, or use the contract for the other version',
  ],
  'timestamp-malformed': [
    'The time does not have the declared format. Unix seconds are plain digits without leading zeros.',
    "send the time in the format that the contract's field declares, and do not mix up seconds and milliseconds",
  ],
  'timestamp-missing': ['The time is absent or empty.', 'send the time where the contract reads it'],
  'timestamp-too-new': [
    "The time is further in the future than the window allows, by the receiver's clock.",
    'synchronise both clocks; `skewSeconds` is the difference',
  ],
  'timestamp-too-old': [
    'The time is further in the past than the window allows: a late delivery, a replay or a wrong clock.',
    'synchronise both clocks and sign at the moment of sending; to check a recording, give the time when it ' +
      'arrived (--now)',
  ],
  'version-deprecated': [
    'The version, the event or the place of the payload is deprecated, or no longer supported since the date in ' +
      'the contract.',
    'move to the one that the message names',
  ],
  'version-unknown': [
    'The request does not meet the conditions of any version that the contract declares. There is no other ' +
      'fallback.',
    'compare the request with `when` of each version',
  ],
};

/** Codes whose last part is the name of a schema keyword, a rule or a limit. */
export const FAMILIES = {
  'limit-': [
    'A limit was reached before the whole input was checked. That never counts as a pass.',
    'make the input smaller, or raise that limit in `limits`',
  ],
  'policy-': [
    "A policy rule denied or warned. The code's last part names the rule.",
    "read the finding's message; the rule is in the Rego files of the contract or pack",
  ],
  'schema-': [
    "The document violates a keyword of the JSON Schema at that place. The code's last part is the keyword, in " +
      'kebab case.',
    'compare the place with the schema; `schemaAt` points at the keyword',
  ],
};

/** Codes of thrown errors: the contract, a pack or a key cannot be used. */
export const THROWN = {
  'contract-data': [
    'The data for a pack uses a name that is taken, or is nested too deeply.',
    'rename the member of the data file: `documents`, `params`, `now` and the names of packages are taken',
  ],
  'contract-file': [
    'A schema or policy file that the contract names, or a contract that a hook names, does not exist, or its name ' +
      'is not a file name. Nothing is fetched: the files must be next to the contract.',
    'put the file next to the contract, or pass its text in `files`',
  ],
  'contract-freshness': [
    '`freshness` names a field that does not exist or is not a time.',
    'name a field of `signature.fields` with a time format',
  ],
  'contract-grammar': [
    'The document is not valid in the contract language: it has an unknown member, an unknown value or a wrong ' +
      'type. Nothing unknown is ignored.',
    "compare the place with the language's schema; the message says what is allowed there",
  ],
  'contract-limits': ['A limit is unknown, or is not a number.', 'use the names in the type Limits'],
  'contract-policy': ['A Rego policy does not load.', 'fix the policy; the message gives the line'],
  'contract-registry': [
    'A hook in hooks.json cannot work: another hook has the same id or address, its address is not valid, its ' +
      'contract cannot be used for a hook, or it is disabled without a reason.',
    'fix the member of hooks.json that `at` points to',
  ],
  'contract-replay': [
    'The replay key cannot be made from this request, would never be forgotten, or is one that different messages ' +
      'share, so that the second would be lost as a copy of the first.',
    'declare `freshness` or `replay.keepSeconds`, and name places that exist and differ from message to message: an ' +
      'id, a nonce, or `signed`',
  ],
  'contract-request': [
    'The path, a media type, a header name, a status or the origin is not well-formed, or the contract mixes ' +
      'members for requests with members for responses.',
    'fix it at the place that `at` points to',
  ],
  'contract-route': [
    'A version can never be reached, or there are events without a `type`.',
    'put the version without `when` last, and declare where the type is',
  ],
  'contract-schema': [
    'A JSON Schema does not compile, or refers to one that does not exist. Nothing is fetched.',
    'fix the schema, or add the schemas that it refers to to `schemas`',
  ],
  'contract-shape': [
    'A member of the canonical message can never have a value.',
    'name sources that exist, or give a `default`',
  ],
  'contract-signature': [
    'The signature section contradicts itself: it names a field that does not exist, signs nothing or only what is ' +
      'the same in every message, can never match because the signature is part of what it signs, declares a key ' +
      'format that its algorithm does not support, or reads a pair from a header without pairs. When signing, ' +
      'the same code means that the key cannot sign, or that a field of the request is missing.',
    'fix it at the place that `at` points to; policies/contracts.md lists the possible parts of a scheme',
  ],
  'contract-unknown': [
    'There is no shipped contract or pack with that name.',
    'use a shipped name, or the path of your own (with a slash)',
  ],
  'key-empty': ['The key is empty. An empty key would let anybody sign.', 'check that the secret reached the process'],
  'key-kind': [
    'The key is of the wrong kind for the contract, such as an API key instead of a signing secret, or a secret ' +
      "instead of the sender's public key.",
    "copy the signing secret of this endpoint; for ed25519, ecdsa and rsa give the sender's public key as `publicKey`",
  ],
  'key-malformed': [
    "The key does not have the contract's key format.",
    'copy the whole key again; hex and base64 are read strictly, PEM needs its line breaks, and a key with a ' +
      'private part is refused',
  ],
  'key-missing': [
    'The contract requires a signature, but no key was given.',
    'give a key: --key-env NAME or --key-file FILE; in code `keys: [{ secret }]`, or `keys: [{ publicKey }]` for ' +
      'ed25519, ecdsa and rsa',
  ],
  'key-short': ['The key is shorter than the contract allows.', 'use a key of at least `minBytes` random bytes'],
  'key-unused': [
    'Keys were given, but the contract checks no signature, so they would protect nothing.',
    'declare `signature`, or give no key; a digest of only public data needs none',
  ],
  'key-whitespace': [
    'The key begins or ends with white space, most often a line break that was copied along.',
    'strip it where the key is stored',
  ],
};

/** All of them by code, or by the beginning of a family's codes. zh-CN.json has the same in Chinese. */
export const TEXTS = { ...FAMILIES, ...THROWN, ...CODES, ...GATE };

/** What a code means and how to fix it, including codes of families. */
export function explanation(code, texts = TEXTS) {
  const family = Object.keys(FAMILIES).find((prefix) => code.startsWith(prefix) && code.length > prefix.length);
  const found = Object.hasOwn(FAMILIES, code) ? undefined : (own(texts, code) ?? texts[family]);
  return found && { code, means: found[0], fix: found[1] };
}

function own(table, code) {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}
