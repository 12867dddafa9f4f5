// Keys come from environment variables and files, never from the command line.

import { decode } from '../read/text.js';
import { Unevaluated } from '../read/unevaluated.js';
import { readBytes } from './files.js';
import { UsageError } from './outcome.js';

const SYMMETRIC = /^(hmac-|digest-|token$)/;
const NAMED = /^([A-Za-z0-9._-]+)=(.+)$/s;

/** The keys of `--key-env` and `--key-file`, in that order, in the form that the contract's algorithm needs. */
export function keysOf(options, contract) {
  const key = contract.signature?.key ?? {};
  const fromEnvironment = environmentKeys(options, 'key-env', key);
  const fromFiles = (options['key-file'] ?? []).map((word) => {
    const { id, rest } = named(word);
    return keyOf(key, id, keyFile(rest));
  });
  return [...fromEnvironment, ...fromFiles];
}

/** The keys of `--other-key-env`. No request passes with them. The id of each is the name of its variable. */
export function otherKeysOf(options, contract) {
  return environmentKeys(options, 'other-key-env', contract.signature?.key ?? {}, (name) => name);
}

function environmentKeys(options, option, key, idOf = () => undefined) {
  return (options[option] ?? []).map((word) => {
    const { id, rest } = named(word);
    const value = options.io.env[rest];
    if (value === undefined) throw notSet(`--${option}`, rest);
    return keyOf(key, id ?? idOf(rest), value);
  });
}

/** A text that does not look like the name of a variable may be the key itself, so it is not repeated. */
export function notSet(where, name) {
  if (/^[A-Z_][A-Z0-9_]{0,63}$/.test(name))
    return new UsageError(`${where}: the environment variable \`${name}\` is not set`);
  return new UsageError(
    `${where}: there is no environment variable with the given name`,
    'give the name of a variable, such as WEBHOOK_SECRET, never the key itself',
  );
}

function named(word) {
  const [, id, rest] = NAMED.exec(word) ?? [];
  return rest === undefined ? { rest: word } : { id, rest };
}

export function keyFile(path) {
  const bytes = read(path);
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end -= bytes[end - 2] === 0x0d ? 2 : 1;
  const key = bytes.subarray(0, end);
  try {
    return decode(key, path);
  } catch {
    return new Uint8Array(key); // a secret of any bytes
  }
}

function read(path) {
  try {
    return readBytes(path);
  } catch (error) {
    if (error instanceof Unevaluated) throw new UsageError(`key file ${path}: ${error.message}`);
    throw error;
  }
}

export function keyOf({ algorithm = 'hmac-', format }, id, value) {
  const name = id === undefined ? {} : { id };
  if (SYMMETRIC.test(algorithm)) return { ...name, secret: value };
  if (typeof value !== 'string') {
    throw new UsageError(
      'a public key must be text: PEM, base64, hex or a JSON Web Key',
      'write a DER file as PEM: openssl pkey -pubin -inform DER -in FILE',
    );
  }
  return { ...name, publicKey: format === 'jwk' ? jwk(value) : value };
}

function jwk(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(
      'the key is not JSON, and the contract reads a JSON Web Key',
      'give { "kty": …, "crv": …, "x": … } as one JSON text',
    );
  }
}
