// DPoP proofs (RFC 9449) with WebCrypto: ES256, by a key that cannot leave the process.

import { readable, utf8 } from '../base/bytes.js';
import { collected } from '../base/stream.js';
import { kind, onlyOptions, secondsOf } from '../core/request.js';
import { base64Url, sha256 } from './encoding.js';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const MAX_ERROR = 65_536; // bytes of an answer that may say `use_dpop_nonce`
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/; // RFC 6750, section 2.1

/** Makes a key for proofs, or takes the caller's. */
export async function createDpopKey(options = {}) {
  const { keyPair, extractable = false } = onlyOptions(options, ['keyPair', 'extractable']);
  if (typeof extractable !== 'boolean') throw new TypeError(`extractable must be a boolean, got ${kind(extractable)}`);
  const pair = keyPair ?? (await crypto.subtle.generateKey(CURVE, extractable, ['sign', 'verify']));
  const { algorithm } = pair.privateKey ?? {};
  if (algorithm?.name !== CURVE.name || algorithm.namedCurve !== CURVE.namedCurve || pair.publicKey === undefined)
    throw new TypeError('keyPair must be a CryptoKeyPair of ECDSA over P-256, as crypto.subtle.generateKey makes it');
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const jwk = { kty: 'EC', crv: 'P-256', x, y };
  // RFC 7638, section 3: the required members in the order of the alphabet.
  const jkt = base64Url(await sha256(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x, y })));
  return new DpopKey(pair.privateKey, jwk, jkt);
}

class DpopKey {
  #privateKey;

  constructor(privateKey, jwk, jkt) {
    this.#privateKey = privateKey;
    this.jwk = Object.freeze(jwk);
    this.jkt = jkt;
  }

  /** A proof for one request (section 4.2). */
  async proof(options) {
    const { method, url, token, nonce, now } = onlyOptions(options, ['method', 'url', 'token', 'nonce', 'now']);
    if (typeof method !== 'string') throw new TypeError(`method must be a string, got ${kind(method)}`);
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk };
    const claims = {
      jti: base64Url(crypto.getRandomValues(new Uint8Array(16))),
      htm: method,
      htu: htuOf(url),
      iat: secondsOf(now),
      ...(token !== undefined && { ath: base64Url(await sha256(tokenOf(token))) }),
      ...(nonce !== undefined && { nonce }),
    };
    const text = [header, claims].map((part) => base64Url(utf8(JSON.stringify(part)))).join('.');
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, this.#privateKey, utf8(text));
    return `${text}.${base64Url(new Uint8Array(signature))}`;
  }
}

/** The URL without query and fragment. */
function htuOf(url) {
  if (!URL.canParse(url)) throw new TypeError('url must be the whole URL of the request');
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function tokenOf(token) {
  if (typeof token === 'string' && TOKEN.test(token)) return token;
  throw new TypeError(
    typeof token === 'string'
      ? 'the access token has characters that no token has (RFC 6750, section 2.1)'
      : `the access token must be a string, got ${kind(token)}`,
  );
}

/** `dpop` of a call, checked. */
export function dpopOf(dpop) {
  if (dpop === undefined) return undefined;
  const { key, token } = onlyOptions(dpop, ['key', 'token']);
  if (!(key instanceof DpopKey)) throw new TypeError(`dpop.key must be a key of createDpopKey(), got ${kind(key)}`);
  if (typeof token !== 'function' && token !== undefined) tokenOf(token);
  return { key, token };
}

/** The newest nonce of each server (section 8.2), by key and origin. */
const nonces = new WeakMap();

const nonceOf = (key, url) => nonces.get(key)?.get(new URL(url).origin);

function keepNonce(key, url, nonce) {
  if (!nonces.has(key)) nonces.set(key, new Map());
  nonces.get(key).set(new URL(url).origin, nonce);
}

/**
 * Sends a request with a proof of its own. A server that asks for its nonce (section 8, section 9) gets it, once.
 * `send(headers)` sends the request with these headers; `again` is whether it can be sent twice.
 */
export async function proven({ key, token }, { method, url, headers, again, now }, send) {
  const withProof = async (nonce) => {
    const held = typeof token === 'function' ? tokenOf(await token()) : token;
    const all = new Headers(headers);
    all.set('dpop', await key.proof({ method, url, token: held, nonce, now: now() }));
    if (held !== undefined) all.set('authorization', `DPoP ${held}`);
    const answer = await send(all);
    const given = answer.headers.get('dpop-nonce') ?? undefined;
    if (given !== undefined) keepNonce(key, url, given);
    return { answer, fresh: given !== undefined && given !== nonce };
  };
  const { answer, fresh } = await withProof(nonceOf(key, url));
  if (!fresh || !again || !(await wantsNonce(answer))) return answer;
  answer.body?.cancel().catch(() => {});
  return (await withProof(nonceOf(key, url))).answer;
}

/** A resource server says so in WWW-Authenticate (section 9), an authorization server in its JSON (section 8). */
async function wantsNonce(answer) {
  if (answer.status === 401) return /\buse_dpop_nonce\b/.test(answer.headers.get('www-authenticate') ?? '');
  if (answer.status !== 400 || answer.body === null) return false;
  try {
    const bytes = await collected(answer.clone().body, MAX_ERROR);
    return bytes.length <= MAX_ERROR && JSON.parse(readable(bytes))?.error === 'use_dpop_nonce';
  } catch {
    return false;
  }
}
