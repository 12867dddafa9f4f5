// The implementation of the API. Each runtime's entry gives it the module and a reader of shipped files.

import { gateConfiguration, otherKeysOf, packConfiguration, registryConfiguration } from '../core/configuration.js';
import { Engine } from '../core/engine.js';
import { Held, MADE } from '../core/held.js';
import {
  bodyOf,
  CHECK_OPTIONS,
  checkHeadOf,
  flatHeadOf,
  headOf,
  isPlainCheck,
  kind,
  onlyOptions,
  secondsOf,
} from '../core/request.js';
import { diagnosisOf, signedBytesOf } from '../core/signed.js';
import { acceptVerdict } from './accept.js';
import { opened } from './bundle.js';
import { Decision } from './decision.js';
import { nonceFor } from './nonce.js';
import { Pack } from './pack.js';
import { hookContracts, Registry } from './registry.js';
import { retryFunctions } from './retry.js';

const COMPILE_OPTIONS = ['keys', 'files', 'params', 'origin', 'limits'];
const EXPLAIN_OPTIONS = ['now', 'otherKeys', 'signed'];
const SIGNED_BYTES_OPTIONS = ['now'];
const SIGN_OPTIONS = ['now', 'nonce'];
const SHAPE_OPTIONS = ['now'];
const PACK_OPTIONS = ['limits', 'rego', 'namespaces', 'data', 'templates'];
const REGISTRY_OPTIONS = ['contracts', 'keys', 'limits'];

// What `pass` is asked for, and what it answers.
const DECIDES = 0;
const JUDGES = 1;
const STOPS_AT_FIRST = 2;
const ACCEPT = 1;
const VERDICT = 2;

/** A compiled contract: checks requests. */
export class Gate {
  #held;
  #accept;
  #lint;

  constructor(made, engine, configuration, contract) {
    if (made !== MADE) throw new TypeError('a gate is made by compile(), not by new');
    this.#held = new Held(engine, 'compiling a contract', configuration, (core, text) => core.Gate.compile(text));
    this.retry = Object.freeze({ ...contract.retry });
    this.about = aboutOf(this.#held.use('reading what a contract asks', (gate) => gate.about()));
  }

  get lint() {
    this.#lint ??= Object.freeze(JSON.parse(this.#held.use('reading lint', (gate) => gate.lint())));
    return this.#lint;
  }

  check(request, options = {}) {
    return (
      this.#pass(request, options, JUDGES, (code, door) => this.#verdict(code, door)) ??
      this.#report(request, options, (text) => JSON.parse(text))
    );
  }

  checkText(request, options = {}) {
    return this.#report(request, options, (text) => text);
  }

  measure(request, options = {}) {
    const measured = this.#pass(request, options, JUDGES, (code, door) => {
      const verdict = this.#verdict(code, door);
      return verdict && { verdict, skewSeconds: door.skewSeconds };
    });
    if (measured !== undefined) return measured;
    return this.#report(request, options, (text, door) => ({
      verdict: JSON.parse(text),
      skewSeconds: door.skewSeconds,
    }));
  }

  decide(request, options = {}) {
    return (
      this.#pass(request, options, DECIDES, Decision.read) ??
      this.#report(request, options, (text) => Decision.of(JSON.parse(text)))
    );
  }

  /** Sends a message through the door. Undefined if it must come in as JSON. */
  #pass(request, options, mode, read) {
    const head = isPlainCheck(options) ? flatHeadOf(request) : undefined;
    if (head === undefined) return undefined;
    const now = secondsOf(options.now);
    const body = bodyOf(request);
    return this.#held.pass('checking a request', (gate, door) => {
      const bytes = door.enter(head.text, body);
      const stop = options.stopAtFirst ? STOPS_AT_FIRST : 0;
      return read(gate.pass(bytes, head.length, body.byteLength, now, mode + stop), door);
    });
  }

  #verdict(code, door) {
    if (code === ACCEPT) {
      const text = door.text();
      this.#accept ??= JSON.parse(this.#held.use('reading what an accept has', (gate) => gate.accept()));
      return acceptVerdict(this.#accept, text);
    }
    return code === VERDICT ? JSON.parse(door.text()) : undefined;
  }

  /** Sends a message as JSON and bytes. */
  #report(request, options, read) {
    const head = JSON.stringify(checkHeadOf(request, onlyOptions(options, CHECK_OPTIONS)));
    const body = bodyOf(request);
    return this.#held.pass('checking a request', (gate, door) => read(gate.check(head, body), door));
  }

  duplicate(request, accepted, options = {}) {
    const text = this.#held.use('answering a duplicate', (gate) => gate.duplicate(JSON.stringify(accepted)));
    return text === ''
      ? this.check(request, { ...options, seen: [...(options.seen ?? []), accepted.replay.key] })
      : JSON.parse(text);
  }

  explain(request, options = {}) {
    const { now, otherKeys, signed } = onlyOptions(options, EXPLAIN_OPTIONS);
    if (signed !== undefined && typeof signed !== 'boolean')
      throw new TypeError(`signed must be a boolean, got ${kind(signed)}`);
    const text = JSON.stringify({ ...headOf(request, secondsOf(now)), otherKeys: otherKeysOf(otherKeys), signed });
    const body = bodyOf(request);
    return diagnosisOf(this.#held.use('explaining a request', (gate) => gate.explain(text, body)));
  }

  signedBytes(request, options = {}) {
    const { now } = onlyOptions(options, SIGNED_BYTES_OPTIONS);
    const text = JSON.stringify(headOf(request, secondsOf(now)));
    const body = bodyOf(request);
    return signedBytesOf(this.#held.use('reading what is signed', (gate) => gate.signedBytes(text, body)));
  }

  shape(request, options) {
    return JSON.parse(this.shapeText(request, options).shaped);
  }

  shapeText(request, options = {}) {
    const { now } = onlyOptions(options, SHAPE_OPTIONS);
    const text = JSON.stringify(headOf(request, secondsOf(now)));
    const body = bodyOf(request);
    const [shaped, message] = this.#held.use('shaping an event', (gate) => gate.shape(text, body)).split('\n');
    return message === '' ? { shaped } : { shaped, message };
  }

  sign(request, options = {}) {
    const { now, nonce } = onlyOptions(options, SIGN_OPTIONS);
    const head = headOf(request, secondsOf(now));
    const body = bodyOf(request);
    const text = JSON.stringify({ ...head, nonce: nonceFor(this.about.nonce, nonce) });
    const { url, headers } = JSON.parse(this.#held.use('signing a request', (gate) => gate.sign(text, body)));
    return head.status === undefined
      ? { method: head.method, url, headers, body }
      : { status: head.status, headers, body };
  }

  free() {
    this.#held.free();
  }
}

/** Facts about the contract for its receiver; frozen. */
function aboutOf(text) {
  return JSON.parse(text, (_, value) => (value !== null && typeof value === 'object' ? Object.freeze(value) : value));
}

for (const Kind of [Gate, Pack, Registry]) {
  if (Symbol.dispose) Object.defineProperty(Kind.prototype, Symbol.dispose, { value: Kind.prototype.free });
}

/**
 * @param bindings the module's bindings, from wasm-bindgen @param load returns the WebAssembly.Module, or a promise of
 * it @param shipped `contract(name)` and `pack(name)` return { contract, files } and { files } of shipped ones @param
 * Kind the class of gates
 */
export function createApi(bindings, load, shipped, Kind = Gate) {
  const engine = new Engine(bindings, load);

  /** Loads the module if that takes time, so that the synchronous functions can be called. */
  function init() {
    return engine.ready();
  }

  async function compile(contract, options = {}) {
    onlyOptions(options, COMPILE_OPTIONS);
    const found = typeof contract === 'string' ? await shipped.contract(contract) : opened(contract);
    const files = { ...found.files, ...options.files };
    const configuration = gateConfiguration(found.contract, { ...options, files });
    await engine.ready();
    return new Kind(MADE, engine, configuration, found.contract);
  }

  async function loadPack(source, options = {}) {
    onlyOptions(options, PACK_OPTIONS);
    const files = typeof source === 'string' ? (await shipped.pack(source)).files : source;
    const configuration = packConfiguration(files, options);
    await engine.ready();
    return new Pack(MADE, engine, configuration);
  }

  async function loadRegistry(document, options = {}) {
    onlyOptions(options, REGISTRY_OPTIONS);
    const contracts = await hookContracts(document, options.contracts, shipped);
    const configuration = registryConfiguration(document, contracts, options);
    await engine.ready();
    return new Registry(MADE, engine, configuration, () => hooksOf(document, contracts, options));
  }

  /** Each hook by its id, with its gate, which only a sender needs. */
  function hooksOf({ hooks }, contracts, { keys = {}, limits }) {
    const compiled = ({ id, contract: name }) => {
      const { contract, files } = contracts[name];
      return new Gate(MADE, engine, gateConfiguration(contract, { files, keys: keys[id], limits }), contract);
    };
    return new Map(hooks.map((hook) => [hook.id, { hook, compiled: hook.enabled ? () => compiled(hook) : undefined }]));
  }

  /** Findings, each with a byte offset, on why the bytes are not JSON with only one meaning. */
  function jsonProblems(bytes) {
    return JSON.parse(engine.run('reading JSON', (core) => core.jsonProblems(bytes)));
  }

  const pkce = Object.freeze({
    verify(verifier, challenge, options = {}) {
      const { method = 'S256' } = onlyOptions(options, ['method']);
      if (method !== 'S256') {
        throw new TypeError(
          "method must be 'S256': with `plain` whoever reads the authorization request has the verifier (RFC 7636, " +
            'section 7.2)',
        );
      }
      for (const [name, value] of Object.entries({ verifier, challenge })) {
        if (typeof value !== 'string') throw new TypeError(`${name} must be a string, got ${kind(value)}`);
      }
      return engine.run('checking a verifier', (core) =>
        core.pkceVerify(verifier.toWellFormed(), challenge.toWellFormed()),
      );
    },
  });

  return { init, compile, loadPack, loadRegistry, jsonProblems, pkce, ...retryFunctions(engine) };
}
