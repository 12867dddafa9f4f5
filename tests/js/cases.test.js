// The cases of tests/cases through the module: the same bytes as the crate gives natively.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

import { parseRecording } from '../../pkg/cli/recording.js';
import { loadContract } from '../../pkg/cli/contract-file.js';
import { backoff, breaker, compile, ContractError, loadPack, negotiation, retryDelay } from '../../pkg/node.js';
import { ROOT } from './setup.js';

const CASES = join(ROOT, 'tests/cases');
const folders = existsSync(CASES)
  ? readdirSync(CASES, { recursive: true }).filter((path) => path.endsWith('case.json')).map((path) => join(CASES, dirname(path))).sort()
  : [];

async function outcome(folder) {
  const found = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
  if (found.call) return ['result.json', results(found)];
  const keys = (found.keys ?? []).map(({ secretBytes, ...key }) => (secretBytes ? { ...key, secret: Uint8Array.from(secretBytes) } : key));
  let gate;
  try {
    if (found.pack) return ['report.json', await report(folder, found)];
    const { contract, files } = await loadContract(found.contract, folder);
    gate = await compile(contract, { files, keys, params: found.params, limits: found.limits, origin: found.origin });
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const { code, at, message, help } = error;
    return ['error.json', JSON.stringify({ code, at, message, help })];
  }
  if (!existsSync(join(folder, 'request.http'))) return ['lint.json', JSON.stringify(gate.lint)];
  const { request } = parseRecording(readFileSync(join(folder, 'request.http')), 'request.http');
  const text = gate.checkText(request, { now: found.now, seen: found.seen, ...found.options });
  gate.free();
  return ['verdict.json', text];
}

const CALLS = {
  retryDelay: ({ headers, options }) => retryDelay(headers, options),
  backoff: ({ attempt, options }) => backoff(attempt, options),
  breaker: ({ state, answer, options }) => breaker(state, answer, options),
  negotiation: ({ response }) => negotiation(response),
};

/** One input after the other. A breaker's state that an input does not give is the result before. */
function results({ call, inputs }) {
  let held;
  const lines = inputs.map((input) => {
    try {
      return JSON.stringify((held = CALLS[call](call === 'breaker' ? { state: held, ...input } : input)));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return JSON.stringify({ misuse: error.message });
    }
  });
  return `[\n${lines.join(',\n')}\n]`;
}

async function report(folder, { pack: name, data, params, now }) {
  const pack = await loadPack(name);
  const documents = JSON.parse(readFileSync(join(folder, 'input.json'), 'utf8'));
  const text = JSON.stringify(pack.check(documents, { data, params, now }));
  pack.free();
  return text;
}

for (const folder of folders) {
  const name = relative(CASES, folder);
  test(name, async () => {
    const [file, text] = await outcome(folder);
    assert.equal(text, readFileSync(join(folder, file), 'utf8').trimEnd());
  });
}
