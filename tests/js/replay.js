// The cases of tests/cases: what comes out of each, whichever way its contract is loaded.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { loadContract } from '../../pkg/cli/contract-file.js';
import { parseRecording } from '../../pkg/cli/recording.js';
import { compile, ContractError, loadPack, loadRegistry } from '../../pkg/node.js';
import { results } from './calls.js';
import { ROOT } from './setup.js';

export const CASES = join(ROOT, 'tests/cases');

/** Every case folder with its case.json. */
export function cases() {
  const paths = existsSync(CASES) ? readdirSync(CASES, { recursive: true }).filter((path) => path.endsWith('case.json')).sort() : [];
  return paths.map((path) => ({ folder: join(CASES, dirname(path)), found: JSON.parse(readFileSync(join(CASES, path), 'utf8')) }));
}

/** What a case gives: [the file that holds it, its text]. `load` gives { contract, files } or a bundle. */
export async function outcome({ folder, found }, load = loadContract) {
  if (found.call) return ['result.json', results(found)];
  if (found.registry) return registryOutcome(folder, found);
  const keys = (found.keys ?? []).map(({ secretBytes, ...key }) => (secretBytes ? { ...key, secret: Uint8Array.from(secretBytes) } : key));
  let gate;
  try {
    if (found.pack) return ['report.json', await report(folder, found)];
    const { contract, files } = await load(found.contract, folder);
    gate = await compile(contract, { files, keys, params: found.params, limits: found.limits, origin: found.origin });
    if (found.shape) return ['shaped.json', shaped(gate, folder, found)];
  } catch (error) {
    return ['error.json', errorText(error)];
  }
  if (!existsSync(join(folder, 'request.http'))) return ['lint.json', JSON.stringify(gate.lint)];
  const { request } = parseRecording(readFileSync(join(folder, 'request.http')), 'request.http');
  const text = gate.checkText(request, { now: found.now, seen: found.seen, ...found.options });
  gate.free();
  return ['verdict.json', text];
}

async function registryOutcome(folder, { registry: file, keys, limits, now, seen, failures, options }) {
  const path = join(folder, file);
  const document = JSON.parse(readFileSync(path, 'utf8'));
  const contracts = {};
  for (const { contract: name, enabled } of document.hooks ?? []) {
    const there = typeof name === 'string' && name.includes('/') && existsSync(join(dirname(path), name));
    if (enabled !== true || !there) continue;
    const { contract, files } = await loadContract(name, dirname(path));
    contracts[name] = { contract, files };
  }
  try {
    const registry = await loadRegistry(document, { contracts, keys, limits });
    const { request } = parseRecording(readFileSync(join(folder, 'request.http')), 'request.http');
    const text = registry.checkText(request, { now, seen, failures, ...options });
    registry.free();
    return ['outcome.json', text];
  } catch (error) {
    return ['error.json', errorText(error)];
  }
}

function errorText(error) {
  if (!(error instanceof ContractError)) throw error;
  const { code, at, message, help } = error;
  return JSON.stringify({ code, at, message, help });
}

function shaped(gate, folder, { url = '', now }) {
  const headers = { 'content-type': 'application/json' };
  return gate.shapeText({ method: 'POST', url, headers, body: readFileSync(join(folder, 'event.json')) }, { now }).shaped;
}

async function report(folder, { pack: name, data, params, now }) {
  const pack = await loadPack(name);
  const documents = JSON.parse(readFileSync(join(folder, 'input.json'), 'utf8'));
  const text = JSON.stringify(pack.check(documents, { data, params, now }));
  pack.free();
  return text;
}

export function expected(folder, file) {
  return readFileSync(join(folder, file), 'utf8').trimEnd();
}
