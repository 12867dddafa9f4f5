// Bad requests of every kind, made of good ones. Each says what its sender is answered, and the exact code that the
// guard's owner is told: so that no kind is refused for the reason of another.

import { seconds, signed } from './events.js';

const TYPE = 'urn:countersign:problem:authentication';
const opaque = (...codes) => ({ codes, type: TYPE, statuses: { usual: 401, sub2api: 403 } });
const open = (status, ...codes) => ({ codes, statuses: { usual: status } });

/** kind: [what is expected, (provider, id) => request, the providers it can be made for]. */
export const KINDS = {
  'wrong key': [
    opaque('signature-mismatch'),
    (provider, id) => signed(provider, id, { secret: provider.secrets.wrong }),
  ],
  'changed body': [
    opaque('signature-mismatch'),
    async (provider, id) => {
      const request = await signed(provider, id);
      return { ...request, body: Buffer.from(request.body.toString().replace(id, `${id}!`)) };
    },
  ],
  'stale time': [opaque('timestamp-too-old'), (provider, id) => signed(provider, id, { now: seconds() - 900 }), timed],
  'time in the future': [
    opaque('timestamp-too-new'),
    (provider, id) => signed(provider, id, { now: seconds() + 900 }),
    timed,
  ],
  'no signature': [
    opaque('signature-missing', 'timestamp-missing'),
    async (provider, id) => withSignature(provider, await signed(provider, id), undefined),
  ],
  'malformed signature': [
    opaque('signature-malformed', 'timestamp-missing'),
    async (provider, id) => withSignature(provider, await signed(provider, id), '%%%'),
  ],
  'signature that is not ASCII': [
    opaque('signature-malformed'),
    async (provider, id) => {
      const request = await signed(provider, id);
      return withSignature(provider, request, latin1(`${request.headers[provider.signature]}é`));
    },
  ],
  'signature header twice': [
    opaque('header-duplicate', 'signature-malformed', 'timestamp-missing'),
    async (provider, id) => {
      const request = await signed(provider, id);
      const value = request.headers[provider.signature];
      return withSignature(provider, request, [value, value]);
    },
  ],
  'signed for another provider': [
    opaque('signature-missing', 'timestamp-missing', 'nonce-missing'),
    async (provider, id, { other }) => {
      return { ...(await signed(other, id)), path: provider.path };
    },
  ],
  'wrong content type': [
    open(415, 'request-content-type'),
    async (provider, id) => withHeaders(await signed(provider, id), { 'content-type': 'text/plain' }),
  ],
  'wrong method': [
    open(405, 'request-method'),
    async (provider, id) => ({ ...(await signed(provider, id)), method: 'PUT' }),
  ],
  'wrong path': [
    open(404, 'none'),
    async (provider, id) => ({ ...(await signed(provider, id)), path: `/elsewhere${provider.path}` }),
  ],
  'too large, declared': [
    open(413, 'request-too-large'),
    async (provider, id) => ({ ...(await signed(provider, id)), way: 'declared' }),
  ],
  'too large, in chunks': [
    open(413, 'request-too-large'),
    async (provider, id) => ({ ...(await signed(provider, id)), way: 'endless' }),
  ],
  'no JSON, signed': [open(400, 'json-invalid'), (provider, id) => signed(provider, id, { text: `{"id":"${id}",}` })],
  'JSON keys twice, signed': [
    open(400, 'json-duplicate-key'),
    (provider, id) => {
      const text = JSON.stringify(provider.body(id));
      return signed(provider, id, { text: `${text.slice(0, -1)},${text.slice(1)}` });
    },
  ],
  'against the schema, signed': [
    { ...open(422, 'schema-type', 'schema-additional-properties'), statuses: { usual: 422, sub2api: 400 } },
    (provider, id) => signed(provider, id, { text: JSON.stringify(provider.broken(id)) }),
    ({ broken }) => broken !== undefined,
  ],
  'body that breaks off': [
    { codes: [], statuses: { usual: 'hung up' } },
    async (provider, id) => ({ ...(await signed(provider, id)), way: 'broken off' }),
  ],
  'two lengths': [
    { codes: [], statuses: { usual: 400 } },
    async (provider, id) => ({ ...(await signed(provider, id)), way: 'smuggled' }),
  ],
};

function timed(provider) {
  return provider.timed;
}

/**
 * `count` bad requests, every kind for every provider that it can be made for, in turn; `good(kind, provider)`: what is
 * none on this server.
 */
export function badOnes(providers, count, good = () => false) {
  const pairs = Object.entries(KINDS).flatMap(([kind, [expected, make, fits = () => true]]) =>
    providers
      .filter((provider) => fits(provider) && !good(kind, provider.name))
      .map((provider) => ({ kind, expected, make, provider })),
  );
  return Array.from({ length: count }, (_, index) => {
    const { kind, expected, make, provider } = pairs[index % pairs.length];
    const id = `bad-${index}`;
    const other = providers.find(
      ({ signature }) => signature !== provider.signature && !signature.startsWith('webhook'),
    );
    const status = expected.statuses[provider.name] ?? expected.statuses.usual;
    return {
      kind,
      id,
      provider: provider.name,
      expected: { codes: expected.codes, type: expected.type, status },
      make: () => make(provider, id, { other }),
    };
  });
}

function withHeaders(request, headers) {
  return { ...request, headers: { ...request.headers, ...headers } };
}

function withSignature(provider, request, value) {
  const { [provider.signature]: _, ...headers } = request.headers;
  return { ...request, headers: value === undefined ? headers : { ...headers, [provider.signature]: value } };
}

/** The bytes of UTF-8, as Node writes a header: one byte for each character. */
function latin1(text) {
  return Buffer.from(text).toString('latin1');
}
