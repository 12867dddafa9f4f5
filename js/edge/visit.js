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
  #receipt; // of a hook that needs one

  constructor(settings, incoming) {
    this.#settings = settings;
    this.#incoming = incoming;
  }

  async run(laneFor) {
    const { url: called, method, request: original } = this.#incoming;
    const url = urlOf(called);
    this.#headers = headerPairs(this.#incoming.headers);
    const lane = url && laneFor(url, this.#incoming, this.#headers);
    this.#lane = isPromise(lane) ? await lane : lane;
    if (this.#lane === undefined) return this.#refuse('unrouted', unrouted(this.#instance));

    const { maxBytes, origin } = this.#lane.about;
    const declared = declaredBytes(this.#headers);
    const tooLong = declared > maxBytes; // not read at all: the gate refuses the length
    this.#bodyBytes = Math.min(declared ?? 0, maxBytes + 1); // a stranger's claim beyond it is not counted
    if (!tooLong) {
      try {
        const body = this.#read(maxBytes, declared);
        this.#bytes = isPromise(body) ? await body : body;
        this.#bodyBytes = this.#bytes.byteLength;
      } catch (error) {
        return this.#unread(error);
      }
    }

    const proof = this.#settings.proof?.(url, original);
    const { jkt, nonces } = (isPromise(proof) ? await proof : proof) ?? {};
    const known = nonces && [...nonces]; // an iterator can be read only once
    const options = { jkt, nonces: known, now: secondsOf(this.#settings.now?.()), stopAtFirst: true };
    if (tooLong) options.bodyBytes = declared;
    const request = { method, url: targetOf(called, origin), headers: this.#headers, body: this.#bytes };
    const { verdict, skewSeconds, receipt, disabled } = this.#lane.gate.measure(request, options);
    this.#receipt = receipt;
    if (disabled !== undefined)
      this.#tell('onDisable', { instance: this.#instance, hook: this.#lane.name, ...disabled });
    if (verdict.verdict !== 'accept') return this.#reject(verdict, skewSeconds, known?.[0]);
    if (verdict.answer !== undefined) return this.#answer('answer', verdict, skewSeconds);

    if (verdict.replay === undefined || this.#settings.store === null)
      return this.#deliver(verdict, skewSeconds, 'none');
    const lease = this.#leaseOf(verdict.replay);
    const claim = lease.claim();
    const state = isPromise(claim) ? await claim : claim;
    if (state === 'claimed') return this.#deliver(verdict, skewSeconds, 'claimed', lease);
    if (state === 'busy')
      return this.#refuse('busy', busy(this.#instance, this.#settings.limits.retryAfterSeconds), {
        verdict,
        skewSeconds,
      });
    if (state === 'down' && this.#settings.onStoreDown === 'open')
      return this.#deliver(verdict, skewSeconds, 'unchecked');
    if (state === 'down') return this.#refuse('store-down', this.#unavailable(), { verdict, skewSeconds });
    // The gate decides what happens to a duplicate, as the contract says.
    const again = this.#lane.gate.duplicate(request, verdict, options);
    return this.#answer(again.verdict, again, skewSeconds);
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

  /** A rejected authentic message is stored before the reply. If that fails, the sender must send it again. */
  async #reject(verdict, skewSeconds, nonce) {
    const { onDeadLetter } = this.#settings;
    if (verdict.deadLetter === undefined || !onDeadLetter)
      return this.#answer(verdict.verdict, verdict, skewSeconds, nonce);
    const { method, url } = this.#incoming;
    try {
      await onDeadLetter({
        instance: this.#instance,
        contract: this.#lane.name,
        verdict,
        bytes: this.#bytes,
        method,
        url,
        headers: this.#headers,
      });
    } catch (error) {
      console.error(`countersign: onDeadLetter threw for ${this.#instance}`, error);
      return this.#refuse('dead-letter-failed', this.#unavailable(), { verdict, skewSeconds });
    }
    return this.#answer('dead-letter', verdict, skewSeconds, nonce);
  }

  #answer(outcome, verdict, skewSeconds, nonce) {
    return this.#refuse(outcome, answerOf(verdict, this.#lane.about, this.#instance, nonce), { verdict, skewSeconds });
  }

  #refuse(outcome, answer, { verdict, skewSeconds } = {}) {
    this.#judged(outcome, answer.status, verdict, skewSeconds);
    return new Refusal({ instance: this.#instance, contract: this.#lane?.name, verdict, answer });
  }

  #deliver(verdict, skewSeconds, replay, lease) {
    this.#judged('accept', undefined, verdict, skewSeconds);
    const judged = performance.now();
    const about = { instance: this.#instance, contract: this.#lane.name };
    const settled = (result, status) =>
      this.#tell('onSettled', { ...about, result, status, milliseconds: performance.now() - judged });
    const { again } = this.#incoming;
    const parts = { ...about, verdict, bytes: this.#bytes, replay, receipt: this.#receipt, again };
    return new Delivery(parts, lease, settled);
  }

  #judged(outcome, status, verdict, skewSeconds) {
    const failed = verdict?.findings.find(({ severity }) => severity === 'error');
    this.#tell('onVerdict', {
      instance: this.#instance,
      contract: this.#lane?.name ?? 'none',
      outcome,
      stage: failed?.stage ?? 'none',
      code: failed?.code ?? 'none',
      status,
      apiVersion: verdict?.apiVersion,
      milliseconds: performance.now() - this.#started,
      skewSeconds: skewSeconds ?? failed?.skewSeconds,
      bodyBytes: this.#bodyBytes,
      verdict,
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
