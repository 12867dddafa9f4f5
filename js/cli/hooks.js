// `countersign registry`: lists and edits the hooks of a registry, and settles the answers to deliveries. An edited
// registry is written only if it loads.

import { existsSync } from 'node:fs';

import { compile } from '../api/node.js';
import { hookIds } from '../api/registry.js';
import { nearest } from '../base/nearest.js';
import { takesKeys } from '../read/contract-needs.js';
import { recordings } from '../read/recordings.js';
import { editedReport, hooksTable, settledReport } from '../report/hooks.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { readContract } from './contract-file.js';
import { readBytes, writeAtomically } from './files.js';
import { hint } from './hints.js';
import { UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { openWithoutKeys } from './registry.js';
import { standIn } from './stand-in.js';

/** In the order in which they are written. */
const MEMBERS = [
  ...['id', 'uri', 'note', 'enabled', 'reason', 'contract'],
  ...['key', 'receipt', 'data', 'receiver', 'disableAfter'],
];
const REQUIRED = ['id', 'uri', 'enabled'];
/** The options that set a member of a hook. */
const SETTERS = ['uri', 'note', 'contract', 'key-env', 'key-file', 'receipt', 'data', 'receiver', 'disable-after'];
const SETTLING = ['hook', 'failures', 'receipt', 'no-answer', 'now', 'format'];

const VERBS = {
  list: { takes: ['format'], run: list },
  add: { takes: ['hook', ...SETTERS, 'reason'], run: edit(added), done: 'added' },
  set: { takes: ['hook', ...SETTERS, 'unset'], run: edit(changed), done: 'changed' },
  enable: { takes: ['hook', ...SETTERS], run: edit(enabled), done: 'enabled' },
  disable: { takes: ['hook', 'reason'], run: edit(disabled), done: 'disabled' },
  remove: { takes: ['hook'], run: edit(removed), done: 'removed' },
  settle: { takes: SETTLING, run: settle },
};
const OPTIONS = [...new Set(Object.values(VERBS).flatMap(({ takes }) => takes))];

export async function registry(options) {
  const [name, path, ...answers] = options.paths;
  const verbs = Object.keys(VERBS);
  if (name === undefined)
    throw new UsageError('no subcommand given', `write one of ${verbs.join(', ')} and hooks.json`);
  if (!Object.hasOwn(VERBS, name)) {
    const close = nearest(name, verbs);
    throw new UsageError(
      `\`${name}\` is not a subcommand of countersign registry`,
      close ? `did you mean \`${close}\`?` : `there are ${verbs.join(', ')}`,
    );
  }
  const { takes, run, done } = VERBS[name];
  const unused = OPTIONS.find((option) => options[option] !== undefined && !takes.includes(option));
  if (unused !== undefined) throw new UsageError(`--${unused} has no effect with \`countersign registry ${name}\``);
  if (path === undefined) throw new UsageError('no registry given', `countersign registry ${name} hooks.json …`);
  if (name !== 'settle' && answers.length > 0) throw new UsageError('only one registry can be given at a time');
  if (takes.includes('hook') && options.hook === undefined)
    throw new UsageError('no hook given', 'use --hook ID; `countersign registry list` shows the ids');
  onlyOneOnScreen(options);
  return run(options, path, { answers, done });
}

async function list(options, path) {
  const document = await readContract(path, 'registry');
  (await openWithoutKeys(path, document)).registry.free();
  const texts = document.hooks.map((hook) => JSON.stringify(hook));
  await writeReports(
    options,
    {
      pretty: (terminal) => hooksTable(terminal, path, document.hooks),
      json: () => jsonReport(texts, true),
      jsonl: () => jsonlReport(texts),
    },
    true,
  );
  return {};
}

/** `change(hooks, index, options)` changes the list. `index` is the hook's, or -1. */
function edit(change) {
  return async (options, path, { done }) => {
    if (/\.ya?ml$/i.test(path))
      throw new UsageError(`${path}: a registry in YAML is edited by hand`, 'its comments would be lost');
    const fresh = done === 'added' && !existsSync(path);
    const document = fresh ? { version: 1, hooks: [] } : await readContract(path, 'registry');
    if (!Array.isArray(document?.hooks)) (await openWithoutKeys(path, document)).registry.free(); // says what is wrong
    const hooks = [...document.hooks];
    const index = hooks.findIndex((hook) => hook?.id === options.hook);
    if (index < 0 && done !== 'added') throw noHook(options.hook, hookIds(document), path);
    change(hooks, index, options);
    const edited = { ...document, hooks };
    const { registry, contracts } = await openWithoutKeys(path, edited);
    registry.free();
    save(path, `${JSON.stringify(edited, null, 2)}\n`);
    if (options.quiet) return {};
    options.io.stdout.write(editedReport(path, options.hook, done));
    const now = hooks.find((hook) => hook.id === options.hook);
    if (now?.enabled && (done !== 'changed' || options.contract !== undefined))
      await hintAt(options.io, now, contracts.get(now.contract));
    return {};
  };
}

/** What is weak in the contract of a hook is said when the hook is registered, and not only when it is attacked. */
async function hintAt(io, { id, key }, { contract, files }) {
  if (key === undefined && takesKeys(contract))
    hint(io, `hook \`${id}\`: its contract needs a key, and the registry does not say where it is`, {
      help: 'use --key-env NAME or --key-file FILE; a program may give the key itself',
    });
  const gate = await compile(contract, { files, keys: standIn(contract) });
  for (const finding of gate.lint) hint(io, `hook \`${id}\`: ${finding.message}`, finding);
  gate.free();
}

function added(hooks, index, options) {
  if (index >= 0)
    throw new UsageError(`there is already a hook \`${options.hook}\``, 'change it with `countersign registry set`');
  if (options.uri === undefined) throw new UsageError('no address given', "use --uri URL, the hook's address");
  const { reason } = options;
  hooks.push(hookOf({ id: options.hook, enabled: reason === undefined, reason, ...membersOf(options) }));
}

function changed(hooks, index, options) {
  const members = membersOf(options);
  const dropped = (options.unset ?? []).map(unsetOf);
  if (Object.keys(members).length + dropped.length === 0)
    throw new UsageError('nothing to change', 'give the new value, such as --note TEXT, or --unset MEMBER');
  const kept = Object.entries(hooks[index]).filter(([member]) => !dropped.includes(member));
  hooks[index] = hookOf({ ...Object.fromEntries(kept), ...members });
}

function enabled(hooks, index, options) {
  const { reason, ...hook } = hooks[index];
  hooks[index] = hookOf({ ...hook, enabled: true, ...membersOf(options) });
}

function disabled(hooks, index, { reason }) {
  if (reason === undefined)
    throw new UsageError('no reason given', 'use --reason TEXT: whoever calls the disabled hook sees it');
  hooks[index] = hookOf({ ...hooks[index], enabled: false, reason });
}

function removed(hooks, index) {
  hooks.splice(index, 1);
}

/** The members in their order; unknown ones stay, and the core reports them. */
function hookOf(members) {
  const names = [...MEMBERS, ...Object.keys(members).filter((name) => !MEMBERS.includes(name))];
  return Object.fromEntries(names.map((name) => [name, members[name]]).filter(([, value]) => value !== undefined));
}

function membersOf(options) {
  const { uri, note, contract, data, receiver, 'key-env': env, 'key-file': file } = options;
  if (env !== undefined && file !== undefined)
    throw new UsageError('--key-env and --key-file exclude each other: a hook has one key');
  const key = env !== undefined ? { env } : file !== undefined ? { file } : undefined;
  const found = { uri, note, contract, key, receipt: receiptOf(options), data, receiver, ...limitOf(options) };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function receiptOf({ receipt }) {
  if (receipt === undefined) return undefined;
  if (!['yes', 'no'].includes(receipt)) throw new UsageError('--receipt is yes or no');
  return receipt === 'yes';
}

function limitOf({ 'disable-after': after }) {
  return after === undefined ? {} : { disableAfter: countOf('disable-after', after) };
}

function countOf(option, text) {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${option} needs a number of refused signatures, such as 3`);
  return Number(text);
}

function unsetOf(member) {
  const optional = MEMBERS.filter((name) => !REQUIRED.includes(name) && name !== 'reason');
  if (optional.includes(member)) return member;
  const help = REQUIRED.includes(member) ? 'every hook has it' : `there are ${optional.join(', ')}`;
  throw new UsageError(`--unset ${member}: it cannot be taken away`, help);
}

function noHook(id, ids, path) {
  const close = nearest(id, ids);
  return new UsageError(
    `${path}: there is no hook \`${id}\``,
    close ? `did you mean \`${close}\`?` : `there are ${ids.join(', ') || 'none'}`,
  );
}

function save(path, text) {
  try {
    writeAtomically(path, text);
  } catch (error) {
    if (!error.syscall) throw error;
    throw new UsageError(`${path}: cannot write it (${error.code})`);
  }
}

async function settle(options, path, { answers }) {
  const none = options['no-answer'];
  if (none ? answers.length > 0 : answers.length === 0)
    throw new UsageError(
      none ? '--no-answer was given with an answer' : 'no answer given',
      'name the .http files of the answers, which `curl -i` prints, or give --no-answer if none came',
    );
  const document = await readContract(path, 'registry');
  const ids = hookIds(document);
  const { registry } = await openWithoutKeys(path, document);
  if (!ids.includes(options.hook)) throw noHook(options.hook, ids, path);
  const receipt = receiptOf(options);
  let failures = options.failures === undefined ? 0 : countOf('failures', options.failures);
  const texts = (none ? [{ status: 0 }] : answers.map(answerIn)).map((answer) => {
    const text = registry.settleText(options.hook, answer, { now: options.now, failures, receipt });
    ({ failures } = JSON.parse(text).disable);
    return text;
  });
  registry.free();
  const settled = texts.map((text) => JSON.parse(text));
  const done = settled.every(({ action }) => action === 'done');
  await writeReports(
    options,
    {
      pretty: (terminal) => settledReport(terminal, path, settled),
      json: () => jsonReport(texts, texts.length > 1),
      jsonl: () => jsonlReport(texts),
    },
    done,
  );
  return { findings: !done };
}

function answerIn(file) {
  const [first, second] = recordings(readBytes(file), file);
  if (second) throw new UsageError(`${file}: it has several messages`, 'give each answer a file');
  const { request } = first.read();
  if (request.status !== undefined) return request;
  throw new UsageError(`${file}: it is a request`, 'an answer begins with a status line, such as HTTP/1.1 200 OK');
}
