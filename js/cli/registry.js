// `countersign verify --registry`: recorded requests against the hooks of a registry.

import { dirname, isAbsolute, join } from 'node:path';

import { nearest } from '../nearest.js';
import { compile, loadRegistry } from '../node-api.js';
import { enabledHooks } from '../registry.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { hooksReport } from '../report/registry.js';
import { checkOptions, readRecording, seenKeys } from './cases.js';
import { loadContract, named, readContract } from './contract-file.js';
import { problem } from './hints.js';
import { keyFile, keyOf } from './keys.js';
import { failing, Unevaluated, UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { standIn } from './stand-in.js';
import { collect } from './verify.js';

/** Options that the registry answers itself, or that are of one contract. */
const OF_A_CONTRACT = ['contract', 'set', 'key-env', 'key-file', 'origin', 'jkt', 'nonces', 'explain', 'other-key-env'];

export async function verifyHooks(options) {
  const given = OF_A_CONTRACT.find((option) => options[option] !== undefined);
  if (options.registry === undefined) throw new UsageError('--failures is given without --registry, and nothing else reads it', 'add --registry, or leave it out');
  if (given !== undefined) throw new UsageError(`--${given} does not go with --registry`, 'hooks.json says contract and key of every hook; use --contract to judge by one alone');
  if (options.paths.length === 0) throw new UsageError('nothing to verify', `name .http files; \`countersign lint ${options.registry}\` checks the registry itself`);
  onlyOneOnScreen(options);
  const started = performance.now();
  const document = readContract(options.registry, 'registry');
  const failures = failuresOf(options.failures, document);
  const seen = seenKeys(options.seen);
  const opened = await open(options.registry, document, realKey);
  const { cases, problems } = collect(options);
  const results = [];
  for (const found of cases) {
    try {
      results.push(judge(found, { options, seen, failures, opened }));
    } catch (error) {
      if (!(error instanceof Unevaluated)) throw error;
      problems.push(error);
    }
  }
  opened.registry.free();
  problems.forEach(problem);
  const failed = results.filter((result) => result.failed);
  const texts = results.map(({ text }) => text);
  writeReports(options, {
    pretty: (terminal) => hooksReport(terminal, results, { started, verbose: options.verbose, unread: problems.length }),
    json: () => jsonReport(texts, cases.length > 1),
    jsonl: () => jsonlReport(texts),
  }, failed.length === 0);
  return { findings: options.failOn !== 'never' && failed.length > 0, unevaluated: problems.length > 0 };
}

function judge(found, { options, seen, failures, opened }) {
  const { bytes, request, layout } = readRecording(found, {}); // hooks take requests
  if (options.url !== undefined) request.url = options.url;
  const told = { ...checkOptions(options, seen, found), failures: { ...found.case.failures, ...failures } };
  const text = opened.registry.checkText(request, told);
  const outcome = JSON.parse(text);
  if (opened.keyless.has(outcome.hook)) throw opened.keyless.get(outcome.hook);
  const { verdict } = outcome;
  const failed = verdict.verdict === 'reject' || failing(verdict.findings, options.failOn);
  return { file: found.file, bytes, request, layout, contract: opened.contractOf(outcome.hook), text, outcome, verdict, failed };
}

/**
 * The registry with the contracts that its hooks name. Only a hook that a request is for needs its key: for the others
 * whose key is not here a throw-away one stands in, and `keyless` says what to say of them.
 */
async function open(path, document, keyFor) {
  const folder = dirname(path);
  const [contracts, keys, keyless] = [new Map(), new Map(), new Map()];
  const hooks = enabledHooks(document).map(([, hook]) => hook);
  for (const hook of hooks) {
    if (!contracts.has(hook.contract)) contracts.set(hook.contract, await loadContract(hook.contract, folder));
    const { contract } = contracts.get(hook.contract);
    try {
      keys.set(hook.id, keyFor(hook, contract, folder));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      keyless.set(hook.id, error);
      keys.set(hook.id, standIn(contract));
    }
  }
  const beside = { contracts: Object.fromEntries(contracts), keys: Object.fromEntries(keys) };
  const registry = await inFile(path, () => loadRegistry(document, beside));
  const contractOf = (id) => contracts.get(hooks.find((hook) => hook.id === id)?.contract)?.contract ?? {};
  return { registry, keyless, contracts, contractOf };
}

/** The keys of one hook from where hooks.json says that they stand. */
function realKey({ id, key }, contract, folder) {
  const rules = contract.signature?.key ?? {};
  if (typeof key?.env === 'string') {
    const value = process.env[key.env];
    if (value === undefined) throw new UsageError(`hook \`${id}\`: the environment variable \`${key.env}\` is not set`);
    return [keyOf(rules, undefined, value)];
  }
  if (typeof key?.file !== 'string') return [];
  try {
    return [keyOf(rules, undefined, keyFile(isAbsolute(key.file) ? key.file : join(folder, key.file)))];
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`hook \`${id}\`: ${error.message}`, error.help);
    throw error;
  }
}

/** What the core says of keys, in the words of hooks.json. */
async function inFile(path, work) {
  try {
    return await named(path, work);
  } catch (error) {
    if (error.code === 'key-missing') throw new UsageError(error.message, `say where it stands, in ${path}: "key": { "env": "NAME" } or { "file": "NAME" }`);
    throw error;
  }
}

function failuresOf(words = [], { hooks }) {
  const ids = (Array.isArray(hooks) ? hooks : []).map((hook) => hook?.id).filter((id) => typeof id === 'string');
  return Object.fromEntries(words.map((word) => {
    const [, id, count] = /^([^=]+)=(\d{1,9})$/.exec(word) ?? [];
    if (id === undefined) throw new UsageError('--failures takes a hook and a number', 'such as --failures li=2');
    if (ids.includes(id)) return [id, Number(count)];
    const close = nearest(id, ids);
    throw new UsageError(`--failures: there is no hook \`${id}\``, close ? `did you mean \`${close}\`?` : `there are ${ids.join(', ') || 'none'}`);
  }));
}

/** For `countersign lint`: that the registry loads, in words, and what is weak in the contracts of its hooks. */
export async function lintHooks(path, document) {
  const { registry, contracts } = await open(path, document, (hook, contract) => standIn(contract));
  registry.free();
  const enabled = document.hooks.filter((hook) => hook.enabled).length;
  const results = [];
  for (const [name, { contract, files, path: file }] of contracts) {
    const gate = await compile(contract, { files, keys: standIn(contract) });
    results.push({ name, path: file, findings: gate.lint });
    gate.free();
  }
  return { results, summary: `${document.hooks.length} hooks, ${enabled} enabled` };
}
