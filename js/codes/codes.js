// What every code means and how to mend it: the source of `countersign explain` and of the documentation.

import { LINT } from './lint.js';
import { PROOF } from './proof.js';

/** The fixed codes of findings. A test keeps them equal to the core's table and to codes.d.ts. */
export const CODES = {
  ...PROOF,
  ...LINT,
  'body-unexpected': [
    'A body came with a request whose contract reads the query alone, or nothing at all. Nothing signs that body, ' +
      "so a handler that read it would read a stranger's words.",
    'send the request without a body, or declare a `payload.format` and sign the body',
  ],
  'content-truncated': [
    'A text of the message was longer than the contract lets through, so it was cut. Characters are counted, not ' +
      'bytes. The message is still accepted.',
    "shorten the text at the sender, or raise `truncate` in the contract's `shape`",
  ],
  'digest-mismatch': [
    'The digest that is signed in place of the body is not the digest of this body: the body was changed, or the ' +
      'digest was taken of other bytes.',
    'take the digest of the body exactly as it is sent, after compression and re-encoding, and let nothing change ' +
      'it on the way',
  ],
  'encoding-bom': [
    'The body begins with a byte order mark. Parsers disagree on whether it belongs to the JSON.',
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
    'A declared parameter, pair or member of the body is there and is not of its form.',
    'compare the value with the `format` that the contract gives the field; `expected` says it in words',
  ],
  'field-missing': [
    'A declared parameter, pair or member of the body is absent or empty. It is part of what is signed, so no ' +
      'signature can be checked without it.',
    'send it where the contract reads it, or declare the field as `optional` and put its segments into an ' +
      '`optional` group if the scheme has it so',
  ],
  'header-duplicate': [
    'A header that must stand once stands twice, or two of its aliases disagree. Which of them a receiver reads ' +
      'would be a guess.',
    'send the header once; look for a proxy that adds its own',
  ],
  'header-malformed': [
    'A declared header is not of its form, or has bytes other than visible ASCII, space and tab.',
    'compare the header with the `format` that the contract gives it',
  ],
  'header-missing': [
    'A header that the contract declares is absent or empty.',
    'send the header, and check that no proxy removes it',
  ],
  'hook-data': [
    "The message's `data` holds something that its hook did not select: the hook asked for a part of the data, and " +
      'gets more than that.',
    "send this hook what it selected, or add the place to the hook's `data` in hooks.json",
  ],
  'hook-disabled': [
    'The hook at this address is disabled. No signature was computed and nothing else of the request was looked at.',
    'stop calling the hook; whoever keeps hooks.json enables it again with `"enabled": true`',
  ],
  'hook-receipt': [
    'The message says in `needCallback` whether its sender waits for a receipt, and the hook says the other thing ' +
      'in `receipt`.',
    'let both say the same, or leave `receipt` out of the hook: then each message decides',
  ],
  'hook-unknown': [
    'No hook of the registry stands at the host and path of this request. They are compared as URLs compare, ' +
      "without the query; a trailing slash counts, and so does the scheme where the request's URL has one.",
    'compare the address with the `uri` in hooks.json; behind a proxy, check that the Host header is the one that ' +
      'the sender called',
  ],
  'json-duplicate-key': [
    'A key stands twice in one object. Some parsers take the first, some the last: the sender and the receiver ' +
      'could mean different things. Two spellings of the same key (`a` and `\\u0061`) count as the same.',
    'send every key once',
  ],
  'json-invalid': [
    'The body is not JSON. Nothing is repaired: no comments, no trailing commas, no NaN.',
    'send JSON; `offset` is the byte where it stops being JSON',
  ],
  'json-lone-surrogate': [
    'A string escapes half of a surrogate pair, which is no character. Parsers replace it, keep it or refuse it.',
    'cut texts between characters, not between UTF-16 units, before they are written as JSON',
  ],
  'json-number-unsafe': [
    'A number does not survive a double: an integer beyond 2^53 - 1, or one that overflows or underflows. Receivers ' +
      'would see different numbers.',
    'send large identifiers as strings, or set `payload.unsafeNumbers` to "warn" if every receiver reads them exactly',
  ],
  'json-too-deep': [
    'The JSON is nested deeper than the contract allows.',
    'flatten the payload, or raise `payload.maxDepth`',
  ],
  'nonce-malformed': [
    'The nonce is not of its declared form.',
    'compare it with the `format` that the contract gives the field',
  ],
  'nonce-missing': ['The nonce is absent or empty.', 'send a fresh nonce with every request'],
  'payload-empty': [
    'The place of the event\'s payload is there and holds nothing: null, {}, [] or "". Nothing falls through to ' +
      'another place.',
    'fill it, or leave the member out if an older place carries the payload',
  ],
  'payload-missing': [
    "None of the places where the event's payload may stand exists.",
    'send the payload at the first place that the contract lists',
  ],
  'query-duplicate': [
    'A parameter that must stand once stands twice. One reader would take the first, another the last, so the ' +
      'sender and the receiver could mean different things.',
    'send the parameter once; look for a proxy or a redirect that adds its own; a scheme that signs repeated names ' +
      'says how by `repeats`',
  ],
  'query-malformed': [
    'A query parameter that the contract reads has a `%` without two hex digits, or bytes that are not UTF-8. One ' +
      'reader keeps the text as it is, another refuses it, another replaces it.',
    'write `%25` for a percent sign, and encode text as UTF-8 before percent-encoding it',
  ],
  'replay-key-missing': [
    'A part of the replay key is missing, null or empty, so the message could not be recognised when it comes ' +
      'again. A warning where an event is shaped: the message may be sent, and its copies count as new.',
    'send the identifier, or set `replay.onMissing` to "skip" if messages without one may pass unremembered',
  ],
  replayed: [
    'A message with this replay key was seen before, within the time that keys are remembered.',
    'a retry of the sender is normal: answer it like the first; otherwise make identifiers unique for each message',
  ],
  'request-content-type': [
    "The body's media type is absent or not one that the contract accepts. Parameters such as charset do not count.",
    'send the Content-Type that the contract lists',
  ],
  'request-header': [
    "A header's name is not a token, or its value could split the message (a line break or NUL).",
    'remove the control characters',
  ],
  'request-method': ['The method is not one that the contract accepts.', 'use a method of `request.methods`'],
  'request-origin': [
    'The `Origin` header, or else the page that `Referer` names, is not of an origin that the contract accepts; or ' +
      'neither was sent.',
    "add the page's `scheme://host` to `request.origins`, or leave `origins` out where programs send",
  ],
  'request-path': [
    "The path is not the contract's. It is compared segment by segment, undecoded, and no trailing slash is forgiven.",
    'call the path of `request.path`; behind a proxy, pass the URL that the sender called',
  ],
  'request-status': [
    'The status of an answer is not one that the contract accepts; or a request came where the contract is of ' +
      'answers, or an answer where it is of requests.',
    'compare the status with `response.statuses`; a request is judged by a contract that has `request`, an answer ' +
      '(with its `status`) by one that has `response`',
  ],
  'request-too-large': [
    'The body is larger than the contract allows.',
    'send less, or raise `maxBytes` of `request` or `response`',
  ],
  'rule-error': [
    'A policy rule failed while it was evaluated. A rule that cannot answer never counts as a pass.',
    'mend the rule; the message names it',
  ],
  'shape-dropped': [
    'Members of the event have no place in the canonical message and were left out. This only informs.',
    "add them to the contract's `shape` if they are wanted",
  ],
  'shape-malformed': [
    'A value cannot be written in the form that the canonical message wants: a text from an object or list, or a ' +
      'time of another form.',
    "send the value in a form that the member's `format` can read, or give that source a `format` of its own",
  ],
  'shape-missing': [
    'A required member of the canonical message has no source that holds a value.',
    "send one of the places that the member's `from` lists",
  ],
  'signature-malformed': [
    'There is a signature, and it fails the alphabet or the length of its encoding. No key was tried.',
    "compare it with the contract's `encoding`: hex or base64, of the whole MAC, without quotes or line breaks",
  ],
  'signature-mismatch': [
    'The signature is well-formed and verifies under none of the keys: another key, or other bytes than were signed.',
    'check that the body is the raw bytes (not parsed and written again) and that the key is the one of this ' +
      'endpoint and environment',
  ],
  'signature-missing': [
    'The signature is absent or empty.',
    'send the signature where the contract reads it; check that no proxy removes the header',
  ],
  'signature-unsupported': [
    'There are signatures, and none is of a version, prefix or algorithm that the contract knows.',
    'send the version that the contract asks for, or judge by the contract of the other version',
  ],
  'timestamp-malformed': [
    'The time is not of the declared form. Unix seconds are plain digits without leading zeros.',
    "send the time as the contract's field declares it: seconds are not milliseconds",
  ],
  'timestamp-missing': ['The time is absent or empty.', 'send the time where the contract reads it'],
  'timestamp-too-new': [
    "The time is further ahead of the receiver's clock than the window allows.",
    'synchronise both clocks; `skewSeconds` says how far they are apart',
  ],
  'timestamp-too-old': [
    'The time is further back than the window allows: a late delivery, a replay or a wrong clock.',
    'synchronise both clocks and sign at the moment of sending; to judge a recording, give the time of its arrival ' +
      '(--now)',
  ],
  'version-deprecated': [
    'The version, the event or the place of the payload is deprecated, or its last day has passed.',
    'move to the one that the message names',
  ],
  'version-unknown': [
    'The conditions of no version hold, and there is no fallback but those that the contract declares.',
    "compare the request with each version's `when`",
  ],
};

/** Codes whose last part is named by a schema keyword, a rule or a limit. */
export const FAMILIES = {
  'limit-': [
    'A named limit was reached before the input was judged to its end, which never counts as a pass.',
    'make the input smaller, or raise that limit in `limits`',
  ],
  'policy-': [
    "A policy rule denied or warned. The code's last part names the rule.",
    "read the finding's message; the rule stands in the contract's or pack's Rego files",
  ],
  'schema-': [
    "A keyword of the JSON Schema does not hold at that place of the document. The code's last part is the keyword, " +
      'in kebab case.',
    'compare the place with the schema; `schemaAt` points at the keyword',
  ],
};

/** Codes that are thrown: the contract, a pack or a key cannot be used. */
export const THROWN = {
  'contract-data': [
    'Data given to a pack stands where the pack, or what the pack is told, stands; or it is nested too deep.',
    'rename the member of the data file: `documents`, `params`, `now` and the names of packages are taken',
  ],
  'contract-file': [
    'A schema or policy file that the contract names, or a contract that a hook names, is not there, or its ' +
      'name is no file name. Nothing is fetched: every file stands beside the contract.',
    'put the file beside the contract, or pass its text in `files`',
  ],
  'contract-freshness': [
    '`freshness` names a field that is not there, or that is no time.',
    'name a field of `signature.fields` with a time format',
  ],
  'contract-grammar': [
    'The document is not of the contract language: an unknown member, an unknown value or another type. Nothing ' +
      'unknown is ignored.',
    "compare the place with the language's schema; the message names what may stand there",
  ],
  'contract-limits': ['A limit is not known, or is not a number.', 'use the names that the types list under Limits'],
  'contract-policy': ['A Rego policy does not load.', 'mend the policy; the message has its line'],
  'contract-registry': [
    "A hook of hooks.json can never be called, judged or answered as it says: its id or address is another hook's " +
      'too, its address is no address, its contract is not one for it, or a disabled hook gives no reason.',
    'mend the member of hooks.json that `at` names',
  ],
  'contract-replay': [
    'The replay key cannot be made from this request, would never be forgotten, or is one that different messages ' +
      'share, so that the second would be lost as a copy of the first.',
    'declare `freshness` or `replay.keepSeconds`, and name places that exist and differ from message to message: an ' +
      'id, a nonce, or `signed`',
  ],
  'contract-request': [
    'The path, a media type, a header name, a status or the origin is not well-formed, or the contract mixes what ' +
      'is of requests with what is of answers.',
    'mend it at the place that `at` names',
  ],
  'contract-route': [
    'A version can never be reached, or there are events without a `type`.',
    'let the version without `when` stand last, and say where the type stands',
  ],
  'contract-schema': [
    'A JSON Schema does not compile, or refers to one that is not there. Nothing is fetched.',
    'mend the schema, or list what it refers to in `schemas`',
  ],
  'contract-shape': [
    'A member of the canonical message can never be made.',
    'name sources that exist, or give a `default`',
  ],
  'contract-signature': [
    'The signature section contradicts itself: it names a field that is not there, signs nothing or only what is ' +
      'the same in every message, can never hold, as where the signature stands in what it signs, gives the key in ' +
      'a format that its algorithm does not take, or reads a pair where there are none. The same code says at ' +
      "signing that the contract's key cannot sign, or that a field of the request is missing.",
    'mend it at the place that `at` names; README.md lists what the parts of a scheme may be',
  ],
  'contract-unknown': [
    'No contract or pack of that name is shipped.',
    'use a shipped name, or the path of your own (with a slash)',
  ],
  'key-empty': ['The key is empty. An empty key would let anybody sign.', 'check that the secret reached the process'],
  'key-kind': [
    'The key is of another kind than the contract signs with, such as an API key in place of a signing secret, or a ' +
      "secret where the sender's public key belongs.",
    "copy the signing secret of this endpoint; for ed25519, ecdsa and rsa give the sender's public key as `publicKey`",
  ],
  'key-malformed': [
    "The key is not of the form that the contract's key format says.",
    'copy the key again as a whole; hex and base64 are read strictly, PEM keeps its lines, and a key with a private ' +
      'part is refused',
  ],
  'key-missing': [
    'The contract signs, and no key was given.',
    'give a key: --key-env NAME or --key-file FILE; in code `keys: [{ secret }]`, or `keys: [{ publicKey }]` for ' +
      'ed25519, ecdsa and rsa',
  ],
  'key-short': ['The key is shorter than the contract allows.', 'use a key of at least `minBytes` random bytes'],
  'key-unused': [
    'Keys were given to a contract that checks no signature: they would protect nothing.',
    'declare `signature`, or give no key; a digest of public things alone takes none',
  ],
  'key-whitespace': [
    'The key begins or ends with white space, most often a line break that came with a copy.',
    'strip it where the key is stored',
  ],
};

/** What a code means and how to mend it, families included. */
export function explanation(code) {
  const family = Object.keys(FAMILIES).find((prefix) => code.startsWith(prefix) && code.length > prefix.length);
  const found = own(CODES, code) ?? own(THROWN, code) ?? FAMILIES[family];
  return found && { code, means: found[0], mend: found[1] };
}

function own(table, code) {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}
