// What the schema of a shipped contract cannot say: keys, headers that are signed, times inside the body, what a policy
// asks for. Every contract that has a schema needs an entry, if only an empty one; one without a schema may have one.
//   keys, params, headers   as compile and the sender need them
//   sign(request, time)     where the key that signs is not the one that checks
//   shapes(kind)            further schemas of a valid message
//   settle(value, time)     writes the time into the message
//   status(value)           of an answer
//   never(kind)             whether no valid message is of that kind
//   policyReads             places that the contract's policy decides by
//   slips                   further single changes of a message: { what, of: kind, place, value, status, finds }

import { createHash, generateKeyPairSync, sign as signWith } from 'node:crypto';

import { SECRET } from '../setup.js';
import { schemaAt } from './json.js';

const ED25519 = generateKeyPairSync('ed25519');
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secret = { keys: [{ secret: SECRET }] };
const whsec = { keys: [{ secret: `whsec_${Buffer.from(SECRET).toString('base64')}` }] };

/** A signature over time and body under a private key, in two headers. */
const signed =
  (algorithm, { privateKey }, encoding, header, clock) =>
  (request, time) => {
    const mac = signWith(algorithm, Buffer.concat([Buffer.from(String(time)), request.body]), privateKey).toString(
      encoding,
    );
    return { ...request, headers: [...request.headers, [clock, String(time)], [header, mac]] };
  };

const member = (name, schema) => ({ properties: { [name]: schema } });
const absent = (...names) => ({ properties: Object.fromEntries(names.map((name) => [name, false])) });
const ERRORS = {
  minItems: 1,
  items: { enum: ['BOT_INVALID', 'name too long', { code: 'BOT_INVALID' }, { code: 'NAME' }, {}] },
};
const OF_STATE = { PUBLISHED: member('errors', { maxItems: 0 }), VALIDATION_FAILED: member('errors', ERRORS) };
/** A failure without a state, with this code; nothing in it is a flat boolean. */
const failure = (code) => [
  absent('status'),
  member('code', { enum: [code, 'OTHER'] }),
  member('error_code', { enum: [code, 'OTHER'] }),
  member('errors', { items: { enum: [code, { code }, 'too late', {}] } }),
  { additionalProperties: { type: ['string', 'integer', 'array', 'null'] } },
];
const CHINA = 8 * 3600;
const TOO_LONG = [
  {
    what: 'too long a text',
    place: '/content',
    value: '界'.repeat(2001),
    finds: ['warning content-truncated /content'],
  },
];

export const DESCRIPTIONS = {
  'api-versions': {},
  'coze-health': { headers: [['authorization', 'Bearer pat_abc123']] },
  'coze-health-answer': {
    shapes: () => [member('health', { const: true }), member('status', { enum: ['healthy', 'OK', 'up'] })],
    status: () => 200,
    policyReads: ['status', '/health', '/status'],
    slips: [
      {
        what: 'unhealthy by its word',
        place: '/status',
        value: 'unhealthy',
        finds: ['error policy-health-unhealthy /status'],
      },
      { what: 'degraded', place: '/status', value: 'degraded', finds: ['error policy-health-degraded /status'] },
      {
        what: 'unhealthy by its flag',
        place: '/health',
        value: false,
        finds: ['error policy-health-unhealthy /health'],
      },
    ],
  },
  'coze-kb': secret,
  'coze-publish-answer': {
    shapes: ({ version, type }) => {
      if (type) return [OF_STATE[type] ?? true];
      if (version.version === '2') return failure('BOT_INVALID');
      return [schemaAt('/published', { type: 'boolean' }), absent('status', 'operation_id', 'errors')];
    },
    status: ({ status, code, error_code, errors }) =>
      status === 'VALIDATION_FAILED' || (status === undefined && (code ?? error_code ?? errors)) ? 422 : 200,
    never: ({ version }) => version.when?.status === 200, // the three parts have a state
    policyReads: ['status', '/status', '/errors', '/code', '/error_code'],
    slips: [
      {
        what: 'published, and errors',
        of: '2 PUBLISHED',
        place: '/errors',
        value: ['x'],
        finds: ['error policy-publish-errors /errors'],
      },
      {
        what: 'not valid, and no error',
        of: '2 VALIDATION_FAILED',
        place: '/errors',
        value: [],
        finds: ['error policy-publish-errors /errors'],
      },
      { what: 'published under 422', of: '2 PUBLISHED', status: 422, finds: ['error policy-publish-status /status'] },
      {
        what: 'a code under the old status',
        of: '2 DEPLOYMENT_PENDING',
        place: '/errors',
        value: [{ code: 'BOT_INVALID' }],
        finds: ['error policy-error-remap status'],
      },
    ],
  },
  'coze-publish-status-answer': {
    shapes: ({ type }) => (type ? [OF_STATE[type] ?? true] : failure('PUBLISH_TIMEOUT')),
    status: ({ status }) => (status === undefined ? 504 : 200),
    never: ({ version }) => version.when === undefined, // the three parts have a state
    policyReads: ['status', '/status', '/errors', '/code', '/error_code'],
    slips: [
      {
        what: 'a timeout under 200',
        of: '2 DEPLOYMENT_PENDING',
        place: '/errors',
        value: ['PUBLISH_TIMEOUT'],
        finds: ['error policy-error-remap status'],
      },
      { what: 'published under 504', of: '2 PUBLISHED', status: 504, finds: ['error policy-publish-status /status'] },
    ],
  },
  'coze-v2': {
    shapes: ({ version: { when, deprecated } }) => {
      if (deprecated) return [absent('event_id', 'timestamp', 'payload_v2')];
      if (when?.['']) return [absent('payload_v2')];
      return when ? [] : [{ required: ['payload_v2'] }];
    },
    // A new event in the third form has no payload there.
    never: ({ version, payloads: [{ at }] }) => version.when?.[''] !== undefined && at === '/payload_v2',
  },
  discord: {
    keys: [{ publicKey: ED25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex') }],
    sign: signed(null, ED25519, 'hex', 'x-signature-ed25519', 'x-signature-timestamp'),
  },
  envelope: {
    sign: (request) => ({
      ...request,
      headers: [...request.headers, ['x-webhook-sign', createHash('sha1').update(request.body).digest('hex')]],
    }),
    params: { receiver: 'billing', version: '2' },
    shapes: () => [member('target', { properties: { name: { const: 'billing' }, version: { const: '2' } } })],
    settle: (value, time) => ({
      ...value,
      serverTime: new Date((time + CHINA) * 1000).toISOString().slice(0, 19).replace('T', ' '),
    }),
    policyReads: ['/target/name', '/target/version'],
    slips: [
      {
        what: 'for another receiver',
        place: '/target/name',
        value: 'sales',
        finds: ['error policy-target-mismatch /target/name'],
      },
      {
        what: 'for another version',
        place: '/target/version',
        value: '3',
        finds: ['error policy-target-mismatch /target/version'],
      },
    ],
  },
  'event-standard': {
    settle: (value, time) => {
      const digits = (time * 1000 + 987).toString(16).padStart(12, '0');
      return { ...value, event_id: `${digits.slice(0, 8)}-${digits.slice(8)}${value.event_id.slice(13)}` };
    },
  },
  feishu: { ...secret, headers: [['x-lark-request-nonce', 'n-1']] },
  github: {
    ...secret,
    headers: [
      ['x-github-event', 'push'],
      ['x-github-delivery', '1'],
    ],
  },
  'hubspot-v1': secret,
  'hubspot-v2': secret,
  'hubspot-v3': secret,
  line: secret,
  paddle: secret,
  sendgrid: {
    keys: [{ publicKey: P256.publicKey.export({ type: 'spki', format: 'pem' }) }],
    sign: signed(
      'sha256',
      P256,
      'base64',
      'x-twilio-email-event-webhook-signature',
      'x-twilio-email-event-webhook-timestamp',
    ),
  },
  shopify: secret,
  'shopify-app-proxy': secret,
  slack: secret,
  square: secret,
  'standard-webhooks': { ...whsec, headers: [['webhook-id', 'msg_1']] },
  stripe: secret,
  sub2api: { ...secret, slips: TOO_LONG },
  'sub2api-answer': {
    never: ({ name }) => name === 'refused',
    policyReads: ['status'],
    shapes: ({ name, version: { when } }) => {
      if (when?.[''] !== undefined)
        return [{ type: 'object', required: ['error'], ...member('error', { const: 'duplicate message ignored' }) }];
      return [name === 'handled' ? member('handoff', { const: false }) : true];
    },
    settle: (value) => (value.handoff === false ? { ...value, ticket_id: '' } : value),
    slips: [
      {
        what: 'handed off, and no ticket',
        of: 'handled',
        place: '/handoff',
        value: true,
        finds: ['error schema-min-length /ticket_id'],
      },
    ],
  },
  'sub2api-unsigned': { slips: TOO_LONG },
  svix: { ...whsec, headers: [['svix-id', 'msg_1']] },
  'x-webhook-sign': {},
};
