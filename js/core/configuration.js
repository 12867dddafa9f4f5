// Writes the configuration of a gate, pack or registry as the JSON text that the core reads.

import { kind } from './request.js';

/** @returns JSON text of a gate's configuration */
export function gateConfiguration(contract, { keys = [], files = {}, params, origin, limits }) {
  if (contract === null || typeof contract !== 'object' || Array.isArray(contract)) {
    throw new TypeError(`contract must be a contract document or the name of a shipped one, got ${kind(contract)}`);
  }
  if (origin !== undefined && typeof origin !== 'string') {
    throw new TypeError(`origin must be a string such as 'https://hooks.example.org', got ${kind(origin)}`);
  }
  const beside = { files: texts('files', files), keys: keyList('keys', keys), params, origin, limits };
  return jsonOf('the contract and its options', { contract, ...beside });
}

/** @returns JSON text of a pack's configuration */
export function packConfiguration(files, { limits, rego, namespaces, data, templates }) {
  if (rego !== undefined && rego !== 'v0' && rego !== 'v1') throw new TypeError("rego must be 'v0' or 'v1'");
  everyOf('namespaces', namespaces, 'a string such as `main`', (one) => typeof one === 'string');
  everyOf('templates', templates, 'a ConstraintTemplate or a constraint, parsed', isObject);
  if (data !== undefined && !isObject(data)) throw new TypeError(`data must be an object, got ${kind(data)}`);
  return jsonOf('the pack', { files: texts('a pack', files), limits, rego, namespaces, data, templates });
}

function everyOf(name, list, what, isOne) {
  if (list === undefined) return;
  if (!Array.isArray(list)) throw new TypeError(`${name} must be an array, got ${kind(list)}`);
  const index = list.findIndex((one) => !isOne(one));
  if (index !== -1) throw new TypeError(`${name}[${index}] must be ${what}, got ${kind(list[index])}`);
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Keys for a diagnosis that the gate itself does not use. */
export function otherKeysOf(keys = []) {
  return keyList('otherKeys', keys);
}

/** @returns JSON text of a registry's configuration */
export function registryConfiguration(registry, contracts, { keys = {}, limits }) {
  if (keys === null || typeof keys !== 'object' || Array.isArray(keys)) {
    throw new TypeError(`keys must be an object of hooks and keys: keys: { li: [{ secret }] }, got ${kind(keys)}`);
  }
  const byHook = Object.fromEntries(Object.entries(keys).map(([id, list]) => [id, keyList(`keys.${id}`, list)]));
  return jsonOf('the registry and its options', { registry, contracts, keys: byHook, limits });
}

function keyList(name, keys) {
  if (!Array.isArray(keys)) throw new TypeError(`${name} must be an array: ${name}: [{ secret }], got ${kind(keys)}`);
  return keys.map((key, index) => keyOf(key, `${name}[${index}]`));
}

function keyOf(key, name) {
  if (key === null || typeof key !== 'object') {
    throw new TypeError(`${name} must be an object such as { secret: process.env.WEBHOOK_SECRET }, got ${kind(key)}`);
  }
  const { id, secret, publicKey } = key;
  for (const member of Object.keys(key)) {
    if (!['id', 'secret', 'publicKey'].includes(member)) {
      throw new TypeError(`${name} has an unknown member \`${member}\`: there are id, secret, publicKey`);
    }
  }
  if (id !== undefined && typeof id !== 'string') throw new TypeError(`${name}.id must be a string, got ${kind(id)}`);
  if (publicKey !== undefined && (publicKey === null || !['string', 'object'].includes(typeof publicKey))) {
    throw new TypeError(`${name}.publicKey must be a string or a JSON Web Key, got ${kind(publicKey)}`);
  }
  if (publicKey?.type === 'public' && typeof publicKey !== 'string') {
    throw new TypeError(`${name}.publicKey is a key object: export it first, as spki or jwk`);
  }
  return { id, ...secretOf(name, secret), publicKey };
}

function secretOf(name, secret) {
  if (secret === undefined) return {};
  if (typeof secret === 'string') {
    if (!secret.isWellFormed())
      throw new TypeError(`${name}.secret contains half of a surrogate pair: it was decoded wrongly`);
    return { secret };
  }
  if (secret instanceof Uint8Array) return { secretBytes: Array.from(secret) };
  throw new TypeError(`${name}.secret must be a string or a Uint8Array, got ${kind(secret)}`);
}

export function texts(what, files) {
  if (files === null || typeof files !== 'object' || Array.isArray(files)) {
    throw new TypeError(`${what} must be an object of paths and texts, got ${kind(files)}`);
  }
  for (const [path, text] of Object.entries(files)) {
    if (typeof text !== 'string') throw new TypeError(`the text of \`${path}\` must be a string, got ${kind(text)}`);
  }
  return files;
}

/** JSON text of a caller's value. A value that JSON cannot represent is a TypeError. */
export function jsonOf(what, value, replacer = finite) {
  let text;
  try {
    text = JSON.stringify(value, replacer);
  } catch (cause) {
    if (cause instanceof NotFinite) throw new TypeError(cause.message);
    throw new TypeError(
      `${what} cannot be written as JSON: it contains a cycle, a BigInt or a getter that throws, or is nested ` +
        'thousands of levels deep',
      { cause },
    );
  }
  if (text === undefined) throw new TypeError(`${what} must be a JSON value, got ${kind(value)}`);
  return text;
}

/** JSON.stringify would write null for a number that is not finite, and what is judged would be another document. */
function finite(name, member) {
  if (typeof member === 'number' && !Number.isFinite(member)) {
    throw new NotFinite(`${name === '' ? 'the value' : name} must be plain JSON, got ${member}`);
  }
  return wellFormed(name, member);
}

/** For a caller that looks for numbers itself. */
export function wellFormed(_, member) {
  return typeof member === 'string' ? member.toWellFormed() : member;
}

class NotFinite extends Error {}
