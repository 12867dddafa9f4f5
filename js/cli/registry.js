// `countersign verify --registry`: checks recorded requests with the hooks of a registry.

import { dirname, isAbsolute, join } from 'node:path';

import { compile, loadRegistry } from '../api/node.js';
import { enabledHooks, hookIds } from '../api/registry.js';
import { nearest } from '../base/nearest.js';
import { ContractError } from '../core/errors.js';
import { takesKeys } from '../read/contract-needs.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { hooksReport } from '../report/registry.js';
import { loadContract, named, readContract } from './contract-file.js';
import { reported } from './graded.js';
import { judgedAt } from './judged-at.js';
import { keyFile, keyOf, notSet } from './keys.js';
import { UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { formatsOfRequests } from './requests.js';
import { standIn } from './stand-in.js';
import { judgeAll, recordingOf } from './verify.js';

/** Options that the registry sets itself, or that are for a single contract. */
const OF_A_CONTRACT = ['contract', 'set', 'key-env', 'key-file', 'origin', 'jkt', 'nonces', 'explain', 'other-key-env'];

export async function verifyHooks(options) {
  const given = OF_A_CONTRACT.find((option) => options[option] !== undefined);
  if (options.registry === undefined)
    throw new UsageError('--failures has no effect without --registry', 'add --registry, or leave it out');
  if (given !== undefined)
    throw new UsageError(
      `--${given} cannot be used with --registry`,
      'hooks.json gives the contract and the key of every hook; use --contract to check with a single one',
    );
  if (options.paths.length === 0)
    throw new UsageError(
      'nothing to verify',
      `name .http files; \`countersign lint ${options.registry}\` checks the registry itself`,
    );
  onlyOneOnScreen(options);
  const started = performance.now();
  const document = await readContract(options.registry, 'registry');
  const failures = failuresOf(options.failures, document);
  const opened = await open(options.registry, document, (...of) => realKey(...of, options.io.env));
  const {
    cases,
    results: judged,
    problems,
  } = await judgeAll(options, (found, { told }) => judge(found, { options, failures, opened, told }));
  opened.registry.free();
  const results = reported(judged, '/verdict/findings', options);
  const failed = results.filter((result) => result.failed);
  const texts = results.map(({ text }) => text);
  await writeReports(
    options,
    {
      pretty: (terminal) =>
        hooksReport(terminal, results, { started, verbose: options.verbose, unread: problems.length }),
      json: () => jsonReport(texts, cases.length > 1),
      jsonl: () => jsonlReport(texts),
      ...formatsOfRequests(options, results, problems),
    },
    failed.length === 0,
  );
  return { findings: options.failOn !== 'never' && failed.length > 0, unevaluated: problems.length > 0 };
}

function judge(found, { options, failures, opened, told }) {
  const { request, head } = recordingOf(found, options, {}); // hooks take requests
  const given = { ...told, failures: { ...found.case.failures, ...failures } };
  const at = (now) => opened.registry.checkText(request, { ...given, now });
  const now = judgedAt(told.now, found, (time) => JSON.parse(at(time)).verdict);
  const text = at(now);
  const outcome = JSON.parse(text);
  if (opened.keyless.has(outcome.hook)) throw opened.keyless.get(outcome.hook);
  return {
    file: found.file,
    whole: found.whole,
    head,
    request,
    contract: opened.contractOf(outcome.hook),
    text,
    outcome,
    verdict: outcome.verdict,
    clocked: now === undefined,
  };
}

/**
 * Loads the registry with the contracts that its hooks name. Only hooks that get a request need their key. For a
 * missing key a throw-away one is used, and `keyless` has the error to report if a request does need it.
 */
async function open(path, document, keyFor) {
  const folder = dirname(path);
  const [contracts, keys, keyless] = [new Map(), new Map(), new Map()];
  const enabled = enabledHooks(document);
  const hooks = enabled.map(([, hook]) => hook);
  for (const [index, hook] of enabled) {
    if (!contracts.has(hook.contract)) contracts.set(hook.contract, await contractOfHook(path, index, hook));
    const { contract } = contracts.get(hook.contract);
    try {
      keys.set(hook.id, keyFor(hook, contract, folder));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      keyless.set(hook.id, error);
      keys.set(hook.id, standIn(contract));
    }
  }
  const bundles = [...contracts].map(([name, { contract, files }]) => [name, { contract, files }]);
  const beside = { contracts: Object.fromEntries(bundles), keys: Object.fromEntries(keys) };
  const registry = await inFile(path, () => loadRegistry(document, beside));
  const contractOf = (id) => contracts.get(hooks.find((hook) => hook.id === id)?.contract)?.contract ?? {};
  return { registry, keyless, contracts, contractOf };
}

async function contractOfHook(path, index, { id, contract }) {
  try {
    return await loadContract(contract, dirname(path));
  } catch (error) {
    const isTheirs = error instanceof UsageError || error instanceof ContractError;
    throw isTheirs
      ? Object.assign(error, {
          message: `hook \`${id}\`: ${error.message}`,
          file: path,
          at: `/hooks/${index}/contract`,
        })
      : error;
  }
}

/** The keys of one hook, from where hooks.json says they are. */
function realKey({ id, key }, contract, folder, env) {
  const rules = contract.signature?.key ?? {};
  if (typeof key?.env === 'string') {
    const value = env[key.env];
    if (value === undefined) throw notSet(`hook \`${id}\``, key.env);
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

/** The core's errors about keys, with the help for hooks.json. */
async function inFile(path, work) {
  try {
    return await named(path, work);
  } catch (error) {
    if (error.code === 'key-missing')
      throw new UsageError(error.message, `say where it is in ${path}: "key": { "env": "NAME" } or { "file": "NAME" }`);
    throw error;
  }
}

function failuresOf(words = [], document) {
  const ids = hookIds(document);
  const failures = new Map();
  for (const word of words) {
    const [, id, count] = /^([^=]+)=(\d{1,9})$/.exec(word) ?? [];
    if (id === undefined) throw new UsageError('--failures needs a hook and a number', 'such as --failures li=2');
    if (failures.has(id))
      throw new UsageError(
        `--failures: the hook \`${id}\` is given twice`,
        'give the number of its refused signatures in a row once',
      );
    if (!ids.includes(id)) throw noHook(id, ids);
    failures.set(id, Number(count));
  }
  return Object.fromEntries(failures);
}

function noHook(id, ids) {
  const close = nearest(id, ids);
  return new UsageError(
    `--failures: there is no hook \`${id}\``,
    close ? `did you mean \`${close}\`?` : `there are ${ids.join(', ') || 'none'}`,
  );
}

/** Opens a registry for a command that checks no request. A key that the hook has, and its contract not, is an error. */
export function openWithoutKeys(path, document) {
  return open(path, document, ({ key }, contract) =>
    key === undefined || takesKeys(contract) ? standIn(contract) : [{ secret: 'any' }],
  );
}

/** For `countersign lint`: checks that the registry loads, and reports weaknesses of the contracts of its hooks. */
export async function lintHooks(path, document) {
  const { registry, contracts } = await openWithoutKeys(path, document);
  registry.free();
  const enabled = document.hooks.filter((hook) => hook.enabled).length;
  const results = [];
  for (const [name, { contract, files, path: file, within }] of contracts) {
    const gate = await compile(contract, { files, keys: standIn(contract) });
    results.push({ name: file ?? name, path: file, within, findings: gate.lint });
    gate.free();
  }
  return { results, empty: document.hooks.length === 0, summary: `${document.hooks.length} hooks, ${enabled} enabled` };
}
