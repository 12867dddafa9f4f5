// Errors in DPoP proofs (RFC 9449) and HTTP message signatures (RFC 9421): one code per claim or part.

export const PROOF = {
  'dpop-alg': [
    'The proof is signed with an algorithm that the contract does not accept, or with none. The sender may not ' +
      'choose any algorithm: with `none` or a symmetric one, anyone could sign.',
    "sign the proof with one of the contract's `algorithms`",
  ],
  'dpop-ath': [
    "The request has no access token as `Authorization: DPoP TOKEN`, or the proof's `ath` is not the hash of that " +
      'token: the proof was made for another token.',
    'send the token with the scheme DPoP, and make a new proof with `ath`: base64url, without padding, the SHA-256 ' +
      'of the token as it is sent',
  ],
  'dpop-exp': [
    "The access token has expired, has no expiry, or expires later than the contract's `maxTokenSeconds` from now.",
    'fetch a new token; if every token is valid for too long, shorten their lifetime at the authorization server',
  ],
  'dpop-htm': [
    "The method in the proof is not the request's method. Methods are case-sensitive.",
    'make a new proof for each request, with `htm` as its method',
  ],
  'dpop-htu': [
    "The URL in the proof is not the request's URL. Scheme, host, default port and escapes are normalised, and the " +
      "request's query is ignored; the claim itself must have no query and no fragment.",
    'set `htu` to the URL without query and fragment; behind a proxy, set `origin` to the public origin that ' +
      'clients call',
  ],
  'dpop-iat': [
    'The time at which the proof was made is missing, is not a number of Unix seconds, or is outside the ' +
      "contract's window.",
    "make a new proof for each request, in seconds, and set both machines' clocks by NTP",
  ],
  'dpop-jkt': [
    'The access token is bound to a key other than the one that signed the proof, or to none. It may have been ' +
      'stolen. Or the token is opaque, and the receiver did not say which key it is bound to.',
    'use the key that the token was requested with; a bound token has its thumbprint in `cnf.jkt`; for an opaque ' +
      'token the receiver gives `jkt` to the check',
  ],
  'dpop-jti': [
    'The proof has no id, or an empty or too long one, so a copy of it could not be detected.',
    'give each proof a random `jti`, such as a UUID',
  ],
  'dpop-jwk': [
    "The proof's header has no key, a key for another algorithm or use, or a key with its private part, which " +
      'anyone who saw the proof now knows.',
    'send only the public members (`kty`, `crv`, `x`, `y`), and replace a key whose private part was sent',
  ],
  'dpop-nonce': [
    'The contract requires a nonce issued by the server, but the proof has none, or one that the caller did not ' +
      'list.',
    'reply with the error `use_dpop_nonce` and a DPoP-Nonce header; the client then tries again with that nonce',
  ],
  'dpop-scope': [
    "The access token's `scope` is missing, does not allow this method, or contains more than the contract's " +
      '`scopes`: the token allows less than the call needs, or more than it should.',
    'ask for a token with a scope that allows the call and none that the contract does not list, or correct the ' +
      "contract's list",
  ],
  'dpop-signature': [
    "The proof's signature does not match the key in the proof: a part was changed, or another key signed it.",
    'sign the first two parts with the dot between them; an ES256 signature is r and s, 32 bytes each, not DER',
  ],
  'dpop-typ': [
    "The proof's `typ` is not `dpop+jwt`, so it may be a JWT that was made for something else. The RFC allows " +
      'neither `cty` nor `application/dpop+jwt`.',
    "set `typ: dpop+jwt` in the proof's header",
  ],
  'httpsig-component': [
    'The signature does not cover a part of the request that the contract requires, or a covered part has no ' +
      'single value: it is missing, appears twice, or is of an unsupported kind.',
    "cover each of the contract's `components` once, and nothing that is added on the way",
  ],
  'httpsig-created': [
    'The time at which the signature was made is missing, is not a whole number of Unix seconds, or is outside the ' +
      "contract's window.",
    "sign each request again with `created` in seconds, and set both machines' clocks by NTP",
  ],
  'httpsig-digest': [
    'The signature covers Content-Digest, but that header is not a dictionary with `sha-256` or `sha-512`, so the ' +
      'body is not protected.',
    "send `Content-Digest: sha-256=:BASE64:` over the body's bytes (RFC 9530)",
  ],
  'httpsig-expires': [
    "The signature's own `expires` has passed, comes before `created`, or is missing although the contract " +
      'requires it.',
    'send the request sooner, or sign it again',
  ],
  'httpsig-label': [
    "No label has both a member of Signature-Input and one of Signature with the contract's `tag`, or a label " +
      'appears twice.',
    "use the same label in both headers, once each, and the contract's tag",
  ],
  'httpsig-parameter': [
    'A parameter of the signature is missing, malformed or unknown, or names an algorithm or key other than the ' +
      "receiver's.",
    "send the contract's `parameters`; `alg` is the contract's algorithm, and `keyid` is the id of a key that the " +
      'receiver has',
  ],
};
