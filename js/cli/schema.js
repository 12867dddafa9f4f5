// Checks a value by a JSON Schema, with the engine's own reader of schemas: bounded, and with its messages.

import { compile } from '../api/node.js';
import { pointerParts } from '../places/lines.js';
import { surelyHolds } from './schema-holds.js';

/** What is wrong: { message, help, at, isUnknown }, `at` a JSON Pointer. Throws ContractError for a bad schema. */
export async function faultsOf(schema, value) {
  if (surelyHolds(schema, value)) return [];
  const gate = await compile({ contract: 'value', version: 1, signature: null, schema });
  const body = new TextEncoder().encode(JSON.stringify(value));
  const { findings } = gate.check({ method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, body });
  gate.free();
  return findings.filter(({ severity }) => severity === 'error').map(inOurWords);
}

function inOurWords({ code, message, at = '', help, allowed }) {
  const name = pointerParts(at).join('.');
  if (code === 'schema-additional-properties') return { message: `unknown key \`${name}\``, help, at, isUnknown: true };
  const values = code === 'schema-enum' && Array.isArray(allowed) ? `use one of ${allowed.join(', ')}` : undefined;
  const list = code === 'schema-type' && allowed === 'array' ? 'write a list: [ … ]' : undefined;
  return {
    message: message.startsWith('`') || name === '' ? message : `\`${name}\` ${message}`,
    help: help ?? values ?? list,
    at,
  };
}
