// The steps of one request: route, size, the gate's stages (headers, time, MAC, JSON, route, schema, policy), and
// finally the claim of the replay key, the only step that writes.

import { headerPairs, secondsOf } from '../core/request.js';
import { aborted, answerOf, bodyParsed, busy, unavailable, unrouted } from './answer.js';
import { Delivery, Refusal } from './delivery.js';
import { Lease } from './lease.js';
import { targetOf, urlOf } from './target.js';
import { isPromise, within } from './within.js';

export class Visit {
  #settings;
  #incoming;
  #started = performance.now();
  #instance = `urn:uuid:${crypto.randomUUID()}`;
  #lane;
  #headers;
  #bytes = new Uint8Array();
  #bodyBytes = 0;
  #verdict;
  #skewSeconds;

  constructor(settings, incoming) {
    this.#settings = settings;
    this.#incoming = incoming;
  }

  /** Waits for promises alone: what is there already is used at once. */
  async run(laneFor) {
    const url = urlOf(this.#incoming.url);
    this.#headers = headerPairs(this.#incoming.headers);
    const lane = url && laneFor(url, this.#incoming, this.#headers);
    this.#lane = isPromise(lane) ? await lane : lane;
    if (this.#lane === undefined) return this.#refuse('unrouted', unrouted(this.#instance));

    const { gate, about } = this.#lane;
    const declared = declaredBytes(this.#headers);
    const tooLong = declared > about.maxBytes; // not read at all: the gate refuses the length
    this.#bodyBytes = Math.min(declared ?? 0, about.maxBytes + 1); // a stranger's claim beyond it is not counted
    if (!tooLong) {
      try {
        const body = this.#read(about.maxBytes, declared);
        this.#bytes = isPromise(body) ? await body : body;
        this.#bodyBytes = this.#bytes.byteLength;
      } catch (error) {
        return this.#unread(error);
      }
    }

    const proof = this.#settings.proof?.(url, this.#incoming.request);
    const { jkt, nonces } = (isPromise(proof) ? await proof : proof) ?? {};
    const known = nonces && [...nonces]; // an iterator can be read only once
    const options = { jkt, nonces: known, now: secondsOf(this.#settings.now?.()), stopAtFirst: true };
    if (tooLong) options.bodyBytes = declared;
    const request = this.#request();
    const { verdict, skewSeconds, receipt, disabled } = gate.measure(request, options);
    this.#verdict = verdict;
    this.#skewSeconds = skewSeconds;
    if (disabled !== undefined)
      this.#tell('onDisable', { instance: this.#instance, hook: this.#lane.name, ...disabled });
    if (verdict.deadLetter !== undefined && this.#settings.onDeadLetter) return this.#keep(known?.[0]);
    if (verdict.verdict !== 'accept') return this.#answer(verdict.verdict, known?.[0]);
    if (verdict.answer !== undefined) return this.#answer('answer');

    const { store, onStoreDown, limits } = this.#settings;
    if (verdict.replay === undefined || store === null) return this.#deliver('none', receipt);
    const lease = this.#leaseOf(verdict.replay);
    const claim = lease.claim();
    const state = isPromise(claim) ? await claim : claim;
    if (state === 'claimed') return this.#deliver('claimed', receipt, lease);
    if (state === 'busy') return this.#refuse('busy', busy(this.#instance, limits.retryAfterSeconds));
    if (state === 'down' && onStoreDown === 'open') return this.#deliver('unchecked', receipt);
    if (state === 'down') return this.#refuse('store-down', this.#unavailable());
    // The gate decides what happens to a duplicate, as the contract says.
    this.#verdict = gate.duplicate(request, verdict, options);
    return this.#answer(this.#verdict.verdict);
  }

  #read(maxBytes, declared) {
    const { bodyMilliseconds } = this.#settings.limits;
    return within(bodyMilliseconds, 'the body did not arrive', this.#incoming.read(maxBytes, declared));
  }

  /** The body cannot be read. */
  #unread(error) {
    if (error?.name !== 'BodyParsedError') return this.#refuse('aborted', aborted(this.#instance));
    console.error(`countersign: ${error.message}`); // for the server's author, who may not see the reply
    return this.#refuse('body-parsed', bodyParsed(this.#instance, error.message));
  }

  /** The request as the gate judges it. */
  #request() {
    const { method, url } = this.#incoming;
    return { method, url: targetOf(url, this.#lane.about.origin), headers: this.#headers, body: this.#bytes };
  }

  /** A rejected authentic message is stored before the reply. If that fails, the sender must send it again. */
  async #keep(nonce) {
    const { method, url } = this.#incoming;
    try {
      await this.#settings.onDeadLetter({
        instance: this.#instance,
        contract: this.#lane.name,
        verdict: this.#verdict,
        bytes: this.#bytes,
        method,
        url,
        headers: this.#headers,
      });
    } catch (error) {
      console.error(`countersign: onDeadLetter threw for ${this.#instance}`, error);
      return this.#refuse('dead-letter-failed', this.#unavailable());
    }
    return this.#answer('dead-letter', nonce);
  }

  #answer(outcome, nonce) {
    return this.#refuse(outcome, answerOf(this.#verdict, this.#lane.about, this.#instance, nonce));
  }

  #refuse(outcome, answer) {
    this.#judged(outcome, answer.status);
    return new Refusal({ instance: this.#instance, contract: this.#lane?.name, verdict: this.#verdict, answer });
  }

  #deliver(replay, receipt, lease) {
    this.#judged('accept');
    const judged = performance.now();
    const about = { instance: this.#instance, contract: this.#lane.name };
    const settled = (result, status) =>
      this.#tell('onSettled', { ...about, result, status, milliseconds: performance.now() - judged });
    const { again } = this.#incoming;
    const parts = { ...about, verdict: this.#verdict, bytes: this.#bytes, replay, receipt, again };
    return new Delivery(parts, lease, settled);
  }

  #judged(outcome, status) {
    if (this.#settings.onVerdict === undefined) return;
    const failed = this.#verdict?.findings.find(({ severity }) => severity === 'error');
    this.#tell('onVerdict', {
      instance: this.#instance,
      contract: this.#lane?.name ?? 'none',
      outcome,
      stage: failed?.stage ?? 'none',
      code: failed?.code ?? 'none',
      status,
      apiVersion: this.#verdict?.apiVersion,
      milliseconds: performance.now() - this.#started,
      skewSeconds: this.#skewSeconds ?? failed?.skewSeconds,
      bodyBytes: this.#bodyBytes,
      verdict: this.#verdict,
    });
  }

  #leaseOf(replay) {
    const { store, limits, now } = this.#settings;
    const failed = (operation, error) =>
      this.#storeFailed({ instance: this.#instance, contract: this.#lane.name, operation, error });
    // Two contracts with the same name but different keys are two senders: their messages are not duplicates of each
    // other.
    const key = `${this.#lane.name}/${replay.key}`;
    return new Lease(store, { ...replay, key }, { limits, clock: () => secondsOf(now?.()), failed });
  }

  #storeFailed(event) {
    // A failing store must not go unnoticed.
    if (this.#settings.onStoreError === undefined)
      console.error(
        `countersign: the store failed to ${event.operation} for ${this.#instance}: ${event.error?.message}`,
      );
    else this.#tell('onStoreError', event);
  }

  #unavailable() {
    return unavailable(this.#instance, this.#settings.limits.retryAfterSeconds);
  }

  /** An error thrown by an observer is logged and changes nothing. */
  #tell(name, event) {
    const observer = this.#settings[name];
    if (observer === undefined) return;
    const log = (error) => console.error(`countersign: ${name} threw for ${this.#instance}`, error);
    try {
      const telling = observer(event);
      if (isPromise(telling)) telling.then(undefined, log);
    } catch (error) {
      log(error);
    }
  }
}

/** The Content-Length in header pairs; undefined if there is no valid one. */
function declaredBytes(headers) {
  for (const [name, value] of headers) {
    if (name.toLowerCase() === 'content-length' && /^\d+$/.test(value))
      return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  }
  return undefined;
}
