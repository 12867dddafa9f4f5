// What is wrong with a DPoP proof (RFC 9449) or an HTTP message signature (RFC 9421): one code a claim, one a part.

export const PROOF = {
  'dpop-alg': [
    'The proof is signed with an algorithm that the contract does not accept, or with none. The sender never ' +
      'chooses freely: `none` and the symmetric ones would let anybody sign.',
    "sign the proof with one of the contract's `algorithms`",
  ],
  'dpop-ath': [
    "The request brings no access token as `Authorization: DPoP TOKEN`, or the proof's `ath` is not the hash of " +
      'that token, so the proof was made for another.',
    'send the token with the scheme DPoP, and make a new proof with `ath`: base64url, without padding, of the ' +
      'SHA-256 of the token as it is sent',
  ],
  'dpop-exp': [
    "The access token has expired, says nothing of its end, or lives longer than the contract's `maxTokenSeconds` " +
      'from now.',
    'fetch a new token; where every token lives too long, shorten their life at the authorization server',
  ],
  'dpop-htm': [
    "The proof names another method than the request's. Methods are compared as they are written, in upper case.",
    'make a new proof for each request, with `htm` as its method',
  ],
  'dpop-htu': [
    "The proof names another URL than the request's. Scheme, host, default port and escapes are normalised, and the " +
      "request's query is left out; the claim itself holds neither query nor fragment.",
    'set `htu` to the URL without query and fragment; behind a proxy, give the gate the public `origin` that ' +
      'clients call',
  ],
  'dpop-iat': [
    'The time at which the proof was made is missing, is no number of Unix seconds, or lies outside the ' +
      "contract's window.",
    "make a new proof for each request, in seconds, and set both machines' clocks by NTP",
  ],
  'dpop-jkt': [
    'The access token is bound to another key than the one that made the proof, or to none: it may have been stolen. ' +
      'Or it is opaque, and the receiver did not say which key it is bound to.',
    'use the key that the token was asked for with; a bound token carries its thumbprint as `cnf.jkt`; of an opaque ' +
      'one the receiver gives `jkt` to the check',
  ],
  'dpop-jti': [
    'The proof has no id of its own, or one that is empty or too long, so a copy of it could not be told from the ' +
      'first.',
    'give each proof a random `jti`, such as a UUID',
  ],
  'dpop-jwk': [
    "The proof's header brings no key, one for another algorithm or use, or one with its private part, which is " +
      'then known to all who saw it.',
    'send the public members alone (`kty`, `crv`, `x`, `y`), and replace a key that was sent whole',
  ],
  'dpop-nonce': [
    'The contract wants a nonce that the server gave out, and the proof carries none, or one that the caller did ' +
      'not list.',
    'answer with the error `use_dpop_nonce` and a DPoP-Nonce header; the client tries again with it',
  ],
  'dpop-scope': [
    "The access token's `scope` holds more than the contract's `scopes`: it may do more here than it should.",
    'ask for a token with fewer scopes, or list the scope in the contract',
  ],
  'dpop-signature': [
    "The proof's signature does not verify under the key that it brings: a part was changed, or another key signed it.",
    'sign the first two parts with the dot between them; an ES256 signature is r and s, 32 bytes each, not DER',
  ],
  'dpop-typ': [
    "The proof's `typ` is not `dpop+jwt`, so it may be a JWT that was made for something else. `cty`, and " +
      "`application/dpop+jwt`, are not the RFC's form.",
    "write `typ: dpop+jwt` into the proof's header",
  ],
  'httpsig-component': [
    'A part of the request that the contract wants signed is not covered, or one that is covered has no single ' +
      'value here: it is missing, stands twice, or is of a kind that is not understood.',
    "cover every one of the contract's `components`, each once, and nothing that is added on the way",
  ],
  'httpsig-created': [
    'The time at which the signature was made is missing, is no whole number of Unix seconds, or lies outside the ' +
      "contract's window.",
    "sign each request anew with `created` in seconds, and set both machines' clocks by NTP",
  ],
  'httpsig-digest': [
    'The signature covers Content-Digest, and that header is no dictionary of `sha-256` or `sha-512`, so nothing ' +
      'binds the body.',
    "send `Content-Digest: sha-256=:BASE64:` over the body's bytes (RFC 9530)",
  ],
  'httpsig-expires': [
    "The signature's own `expires` has passed, comes before `created`, or is missing where the contract asks for it.",
    'send the request sooner, or sign it again',
  ],
  'httpsig-label': [
    "No label has both a member of Signature-Input and one of Signature with the contract's `tag`, or a label " +
      'stands twice.',
    'write both headers with the same label, once each, and the tag that the contract names',
  ],
  'httpsig-parameter': [
    'A parameter of the signature is missing, is not of its form, is not known, or says another algorithm or key ' +
      "than the receiver's.",
    "send the contract's `parameters`; `alg` is the contract's algorithm, and `keyid` the id of a key that the " +
      'receiver was given',
  ],
};
