// What users have in our place: libraries that do the same work on the same messages. Each takes what `signed` of
// bodies.js gives, and says whether it may pass.

import { createHmac, timingSafeEqual, webcrypto } from 'node:crypto';

import { Validator } from '@cfworker/json-schema';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { NOW, SECRET } from './bodies.js';

export const NODE = 'node:crypto + JSON.parse + ajv';
export const WEB = 'WebCrypto + JSON.parse + @cfworker/json-schema';

export function ajvOf(schema) {
  const ajv = new Ajv2020({ allErrors: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

function fresh(headers) {
  const time = headers['x-cs-timestamp'];
  return /^(0|[1-9]\d{0,11})$/.test(time) && Math.abs(NOW - Number(time)) <= 300;
}

/** Node's own MAC, and the validator that is compiled to JavaScript. */
export function nodePeer(schema) {
  const validate = ajvOf(schema);
  return ({ headers, body }) => {
    const mac = createHmac('sha256', SECRET).update(`${headers['x-cs-timestamp']}.`).update(body).digest();
    const given = Buffer.from(headers['x-cs-signature'], 'hex');
    return (
      given.length === 32 &&
      timingSafeEqual(mac, given) &&
      fresh(headers) &&
      validate(JSON.parse(body.toString('utf8')))
    );
  };
}

/** What runs at the edge, too: no code is compiled from text there. */
export async function webPeer(schema) {
  const validator = new Validator(schema, '2020-12');
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', Buffer.from(SECRET), algorithm, false, ['verify']);
  return async ({ headers, body }) => {
    const signed = Buffer.concat([Buffer.from(`${headers['x-cs-timestamp']}.`), body]);
    const given = Buffer.from(headers['x-cs-signature'], 'hex');
    if (!(await webcrypto.subtle.verify('HMAC', key, given, signed))) return false;
    return fresh(headers) && validator.validate(JSON.parse(new TextDecoder().decode(body))).valid;
  };
}

/** Each contender must let `good` pass and nothing of `bad`, or it is not worth measuring. */
export async function mustJudge(contenders, good, bad) {
  for (const [name, run] of Object.entries(contenders)) {
    if ((await run(good)) !== true) throw new Error(`${name} refuses a good message`);
    for (const [fault, message] of Object.entries(bad)) {
      if ((await run(message)) !== false) throw new Error(`${name} accepts a message that is ${fault}`);
    }
  }
}
