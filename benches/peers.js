// What users have in our place: libraries that do the same work on the same messages. Each takes what `signed` of
// bodies.js gives, and says whether it may pass.

import { createHmac, timingSafeEqual } from 'node:crypto';

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { NOW, SECRET } from './bodies.js';
import { fresh } from './web-peer.js';

export const NODE = 'node:crypto + JSON.parse + ajv';
export const WEB = 'WebCrypto + JSON.parse + @cfworker/json-schema';

export function ajvOf(schema) {
  const ajv = new Ajv2020({ allErrors: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
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
      fresh(headers['x-cs-timestamp'], NOW) &&
      validate(JSON.parse(body.toString('utf8')))
    );
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
