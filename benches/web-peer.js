// What runs at the edge in our place, with nothing that only Node has: no code is compiled from text there.

import { Validator } from '@cfworker/json-schema';

const HMAC = { name: 'HMAC', hash: 'SHA-256' };
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Says whether the message { headers, body } may pass at the time `now`. */
export async function webPeer(schema, secret, now) {
  const validator = new Validator(schema, '2020-12');
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), HMAC, false, ['verify']);
  return async ({ headers, body }) => {
    const time = headers['x-cs-timestamp'];
    const prefix = encoder.encode(`${time}.`);
    const signed = new Uint8Array(prefix.byteLength + body.byteLength);
    signed.set(prefix);
    signed.set(body, prefix.byteLength);
    if (!(await crypto.subtle.verify('HMAC', key, bytesOf(headers['x-cs-signature']), signed))) return false;
    return fresh(time, now) && validator.validate(JSON.parse(decoder.decode(body))).valid;
  };
}

export function fresh(time, now) {
  return /^(0|[1-9]\d{0,11})$/.test(time) && Math.abs(now - Number(time)) <= 300;
}

function bytesOf(hex) {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
