// The cases of tests/cases: what each is made of, read from its folder, and what comes out of it here.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { loadContract } from '../../pkg/cli/contract-file.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { shipped } from '../../pkg/api/node.js';
import * as api from '../../pkg/node.js';
import { replay } from '../edge/replay-runner.js';
import { ROOT } from './setup.js';

export const CASES = join(ROOT, 'tests/cases');

/** Every case folder with its case.json. */
export function cases() {
  const paths = existsSync(CASES)
    ? readdirSync(CASES, { recursive: true })
        .filter((path) => path.endsWith('case.json'))
        .sort()
    : [];
  return paths.map((path) => ({
    folder: join(CASES, dirname(path)),
    found: JSON.parse(readFileSync(join(CASES, path), 'utf8')),
  }));
}

/** What a case gives: [the file that holds it, its text]. `load` gives { contract, files } or a bundle. */
export async function outcome(one, load = loadContract) {
  return replay(api, await prepared(one, load));
}

/** All that a case is made of as one JSON value, for runtimes without files. */
export async function prepared({ folder, found }, load = loadContract) {
  try {
    if (found.call) return { kind: 'call', name: found.call, inputs: found.inputs };
    if (found.registry) return await ofRegistry(folder, found);
    if (found.pack) return await ofPack(folder, found);
    return await ofContract(folder, found, load);
  } catch (error) {
    if (!(error instanceof api.ContractError)) throw error;
    // The command line refused the contract while it read it.
    const { code, at, message, help } = error;
    return { refused: JSON.stringify({ code, at, message, help }) };
  }
}

async function ofContract(folder, found, load) {
  const { contract, files } = await load(found.contract, folder);
  const { keys = [], params, limits, origin, url = '', now, seen, options } = found;
  const made = { kind: 'contract', contract, compile: { files, keys, params, limits, origin } };
  if (found.shape) {
    const body = readFileSync(join(folder, 'event.json'));
    return {
      ...made,
      shape: { now },
      request: sendable({ method: 'POST', url, headers: { 'content-type': 'application/json' }, body }),
    };
  }
  return { ...made, check: { now, seen, ...options }, request: recorded(folder) };
}

async function ofRegistry(folder, { registry: file, keys, limits, now, seen, failures, settle, options }) {
  const path = join(folder, file);
  const document = JSON.parse(readFileSync(path, 'utf8'));
  const contracts = {};
  for (const { contract: name, enabled } of document.hooks ?? []) {
    if (enabled !== true || typeof name !== 'string' || (name.includes('/') && !existsSync(join(dirname(path), name))))
      continue;
    const { contract, files } = await loadContract(name, dirname(path));
    contracts[name] = { contract, files };
  }
  return {
    kind: 'registry',
    document,
    load: { contracts, keys, limits },
    check: { now, seen, failures, ...options },
    request: recorded(folder),
    settle,
  };
}

async function ofPack(folder, { pack: name, data, params, now }) {
  const path = join(folder, name);
  const files = name.includes('/')
    ? { [basename(path)]: readFileSync(path, 'utf8') }
    : (await shipped.pack(name)).files;
  return {
    kind: 'pack',
    files,
    documents: JSON.parse(readFileSync(join(folder, 'input.json'), 'utf8')),
    options: { data, params, now },
  };
}

/** Nothing, where the case is about what is refused or linted before any request. */
function recorded(folder) {
  const path = join(folder, 'request.http');
  return existsSync(path) ? sendable(parseRecording(readFileSync(path), 'request.http').request) : undefined;
}

function sendable({ body, ...head }) {
  return { ...head, base64: Buffer.from(body).toString('base64') };
}

export function expected(folder, file) {
  return readFileSync(join(folder, file), 'utf8').trimEnd();
}

/** Packs are Rego; a contract may name a policy in many places. */
export function isWithoutRego(sent) {
  return sent.kind !== 'pack' && !/"policy":/.test(JSON.stringify(sent));
}

/** Whether a contract checks a request, or is refused: all that the module `edge` is for. */
export function isChecked(sent, folder) {
  const asks = sent.request !== undefined || existsSync(join(folder, 'error.json'));
  return isWithoutRego(sent) && sent.kind === 'contract' && sent.shape === undefined && asks;
}
