// Two versions of one contract, and a request that both judge.

import { compare, compile } from '../../../pkg/node.js';
import { NOW, SECRET } from '../setup.js';

export const keys = [{ secret: SECRET }];
export const signature = {
  engine: 'segments',
  key: { algorithm: 'hmac-sha256' },
  from: { header: 'x-signature' },
  shape: { kind: 'plain' },
  encoding: 'hex',
  fields: { ts: { from: { header: 'x-timestamp' }, format: 'unix-seconds' } },
  signed: [{ field: 'ts' }, { literal: '.' }, { body: 'raw' }],
};
export const common = {
  version: 1,
  request: { path: '/hooks' },
  signature,
  freshness: { field: 'ts', pastSeconds: 300, futureSeconds: 300 },
};
export const V1 = {
  contract: 'orders-v1',
  ...common,
  route: { type: '/type', id: '/id', versions: [{ version: 'v1' }] },
  shape: { name: { from: ['/name'] }, tags: { from: ['/tags'] } },
};
export const V2 = {
  contract: 'orders-v2',
  ...common,
  route: { type: ['/event_type', '/type'], id: '/id', versions: [{ version: 'v2' }] },
  schema: { type: 'object', required: ['event_id'] },
  shape: { name: { from: ['/full_name', '/name'] }, tags: { from: ['/tags'] }, event_id: { from: ['/event_id'] } },
};
export const v1 = await compile(V1, { keys });
export const v2 = await compile(V2, { keys });
export const sub2api = await compile('sub2api', { keys });
export const HEADERS = { 'content-type': 'application/json' };
export const signed = (body, gate = v1) =>
  gate.sign({ method: 'POST', url: '/hooks', headers: HEADERS, body: Buffer.from(JSON.stringify(body)) }, { now: NOW });
export const compared = (body, a = v1, b = v2) => compare(a, b, signed(body), { now: NOW });
