// Many hooks, each with a contract of its own.

import { nearest } from '../base/nearest.js';
import { jsonOf, texts, wellFormed } from '../core/configuration.js';
import { ContractError } from '../core/errors.js';
import { Held, MADE } from '../core/held.js';
import { bodyOf, CHECK_OPTIONS, checkHeadOf, headOf, kind, onlyOptions, secondsOf } from '../core/request.js';
import { isBundle, opened } from './bundle.js';
import { answerOf, checkPlain, DELAY_OPTIONS } from './retry.js';

const MAX_FAILURES = 2 ** 32 - 1;
const SETTLE_OPTIONS = [...DELAY_OPTIONS, 'failures', 'receipt'];

/** A compiled registry: finds the hook of a request and checks the request with the hook's contract. */
export class Registry {
  #held;
  #hooks;
  #gates = new Map();

  /** `hooksOf()` gives the hooks by id: each as it is written and, if it is enabled, `compiled()`, its gate. */
  constructor(made, engine, configuration, hooksOf) {
    if (made !== MADE) throw new TypeError('a registry is made by loadRegistry(), not by new');
    this.#held = new Held(engine, 'loading a registry', configuration, (core, text) => core.Registry.load(text));
    this.#hooks = hooksOf();
  }

  check(request, options) {
    return JSON.parse(this.checkText(request, options));
  }

  checkText(request, options) {
    const text = checkTextOf(request, options);
    const body = bodyOf(request);
    return this.#held.use('checking a request', (registry) => registry.check(text, body));
  }

  measure(request, options) {
    const text = checkTextOf(request, options);
    const body = bodyOf(request);
    const [skew, outcome] = this.#held.use('checking a request', (held) => held.measure(text, body)).split('\n');
    return { outcome: JSON.parse(outcome), skewSeconds: skew === '' ? undefined : Number(skew) };
  }

  /** The id of the hook at the request's address. The body is not read. */
  pick(request) {
    const text = JSON.stringify(headOf(request, 0));
    return this.#held.use('picking a hook', (registry) => registry.hook(text)) || undefined;
  }

  /** What an enabled hook's contract requires of its receiver. */
  about(hook) {
    const text = this.#held.use('reading what a hook asks', (registry) => registry.about(hook));
    return text === '' ? undefined : JSON.parse(text);
  }

  settle(hook, answer, options) {
    return JSON.parse(this.settleText(hook, answer, options));
  }

  settleText(hook, answer, options = {}) {
    if (typeof hook !== 'string') throw new TypeError(`hook must be the id of a hook, a string, got ${kind(hook)}`);
    const { now, failures, receipt, ...retry } = onlyOptions(options, SETTLE_OPTIONS);
    if (failures !== undefined && !isCount(failures)) {
      throw new TypeError(
        `failures must be a whole number, \`disable.failures\` of the hook's last settlement, got ${kind(failures)}`,
      );
    }
    if (receipt !== undefined && typeof receipt !== 'boolean')
      throw new TypeError(`receipt must be a boolean, the message's needCallback, got ${kind(receipt)}`);
    for (const [name, value] of Object.entries(retry)) checkPlain(name, value);
    const came = answerOf('answer', answer, '; if no answer came, pass { status: 0 }');
    const input = { hook, answer: came, options: { ...retry, failures, receipt, now: secondsOf(now) } };
    const text = jsonOf('the options', input, wellFormed);
    const body = bytesOfAnswer(answer);
    return this.#held.use('settling a delivery', (registry) => registry.settle(text, body));
  }

  hook(id) {
    if (typeof id !== 'string') throw new TypeError(`hook must be the id of a hook, a string, got ${kind(id)}`);
    const found = this.#hooks.get(id);
    if (found === undefined) throw new TypeError(`there is no hook \`${id}\`${meant(id, this.#hooks.keys())}`);
    const { hook, compiled } = found;
    if (compiled === undefined) throw new TypeError(`the hook \`${id}\` is disabled: ${hook.reason}`);
    if (!this.#gates.has(id)) this.#gates.set(id, compiled());
    return { uri: hook.uri, gate: this.#gates.get(id) };
  }

  free() {
    this.#held.free();
    for (const gate of this.#gates.values()) gate.free();
  }
}

function checkTextOf(request, options = {}) {
  const { failures, ...rest } = onlyOptions(options, [...CHECK_OPTIONS, 'failures']);
  return JSON.stringify(Object.assign(checkHeadOf(request, rest), { failures: failuresOf(failures) }));
}

function meant(id, ids) {
  const close = nearest(id, ids);
  return close === undefined ? '' : `; did you mean \`${close}\`?`;
}

/** Nobody signs an answer, so text does as well as bytes. */
function bytesOfAnswer({ body }) {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (typeof body.getReader !== 'function') return bodyOf({ body }, 'answer');
  throw new TypeError(
    'answer.body must be bytes or text, got a stream: pass { status, headers, body: await response.text() }',
  );
}

function isCount(count) {
  return Number.isInteger(count) && count >= 0 && count <= MAX_FAILURES;
}

/** Counts of hooks that no longer exist are accepted: the store may be older than the registry. */
function failuresOf(failures = {}) {
  if (failures === null || typeof failures !== 'object' || Array.isArray(failures)) {
    throw new TypeError(`failures must be an object of hooks and numbers: failures: { li: 2 }, got ${kind(failures)}`);
  }
  for (const [id, count] of Object.entries(failures)) {
    if (isCount(count)) continue;
    throw new TypeError(
      `failures.${id} must be a whole number, like \`disable.failures\` of an outcome, got ${kind(count)}`,
    );
  }
  return failures;
}

/** The ids of a registry that loads. */
export function hookIds({ hooks }) {
  return Array.isArray(hooks) ? hooks.map((hook) => hook?.id).filter((id) => typeof id === 'string') : [];
}

/** The enabled hooks. The document may not be a registry at all; the core reports that. */
export function enabledHooks(document) {
  const hooks = Array.isArray(document?.hooks) ? [...document.hooks.entries()] : [];
  return hooks.filter(([, hook]) => hook?.enabled === true && typeof hook.contract === 'string');
}

/** The contracts that enabled hooks name, by name: the caller's, else the shipped ones. */
export async function hookContracts(document, own = {}, shipped) {
  if (document === null || typeof document !== 'object' || Array.isArray(document)) {
    throw new TypeError(`a registry must be a document such as { version: 1, hooks: […] }, got ${kind(document)}`);
  }
  if (own === null || typeof own !== 'object') throw new TypeError(`contracts must be an object, got ${kind(own)}`);
  const found = new Map();
  for (const [index, { contract: name }] of enabledHooks(document)) {
    if (found.has(name)) continue;
    if (Object.hasOwn(own, name)) found.set(name, bundleOf(name, own[name]));
    // The core reports missing ones.
    else if (!/[/\\.]/.test(name)) found.set(name, await shippedFor(name, index, shipped));
  }
  return Object.fromEntries(found);
}

function bundleOf(name, given) {
  const { contract, files = {}, ...others } = isBundle(given) ? opened(given) : (given ?? {});
  if (contract === null || typeof contract !== 'object') {
    throw new TypeError(`contracts['${name}'] must be { contract, files }, got ${kind(given)}`);
  }
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(`contracts['${name}'] has an unknown member \`${unknown}\`: there are contract, files`);
  return { contract, files: texts(`contracts['${name}'].files`, files) };
}

async function shippedFor(name, index, shipped) {
  try {
    return await shipped.contract(name);
  } catch (error) {
    if (error instanceof ContractError) error.at ??= `/hooks/${index}/contract`;
    throw error;
  }
}
