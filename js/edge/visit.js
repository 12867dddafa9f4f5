// The way of one request: route, size, then the gate's own stages (headers, time, MAC, JSON, route, schema, policy), and last the
// claim of the replay key, which alone writes.

import { headerPairs, secondsOf } from '../request.js';
import { aborted, answerOf, bodyParsed, busy, unavailable, unrouted } from './answer.js';
import { Delivery, Refusal } from './delivery.js';
import { Lease } from './lease.js';
import { targetOf, urlOf } from './target.js';

export class Visit {
  #settings;
  #incoming;
  #started = performance.now();
  #instance = `urn:uuid:${crypto.randomUUID()}`;
  #lane;
  #headers;
  #bytes = new Uint8Array();
  #bodyBytes = 0;

  constructor(settings, incoming) {
    this.#settings = settings;
    this.#incoming = incoming;
  }

  async run(laneFor) {
    const url = urlOf(this.#incoming.url);
    this.#lane = url && await laneFor(url, this.#incoming.request);
    if (this.#lane === undefined) return this.#refuse('unrouted', unrouted(this.#instance));

    this.#headers = headerPairs(this.#incoming.headers);
    const failed = await this.#read();
    if (failed !== undefined) return failed;

    const { method, url: called } = this.#incoming;
    const request = { method, url: targetOf(called, this.#settings.origin), headers: this.#headers, body: this.#bytes };
    const proof = await this.#settings.proof?.(url, this.#incoming.request);
    const options = { ...proof, now: secondsOf(this.#settings.now?.()), stopAtFirst: true, bodyBytes: this.#bodyBytes };
    const { verdict, skewSeconds } = this.#lane.gate.measure(request, options);
    const [nonce] = proof?.nonces ?? [];
    if (verdict.verdict !== 'accept') return this.#reject(verdict, skewSeconds, nonce);
    if (verdict.answer !== undefined) return this.#answer('answer', verdict, skewSeconds);

    if (verdict.replay === undefined || this.#settings.store === null) return this.#deliver(verdict, skewSeconds, 'none');
    const lease = this.#leaseOf(verdict.replay);
    const state = await lease.claim();
    if (state === 'claimed') return this.#deliver(verdict, skewSeconds, 'claimed', lease);
    if (state === 'busy') return this.#refuse('busy', busy(this.#instance, this.#settings.limits.retryAfterSeconds), { verdict, skewSeconds });
    if (state === 'down' && this.#settings.onStoreDown === 'open') return this.#deliver(verdict, skewSeconds, 'unchecked');
    if (state === 'down') return this.#refuse('store-down', this.#unavailable(), { verdict, skewSeconds });
    // The gate says what becomes of a duplicate, in the words of the contract.
    const again = this.#lane.gate.check(request, { ...options, seen: [verdict.replay.key] });
    return this.#answer(again.verdict, again, skewSeconds);
  }

  /** Reads the body; what keeps it from being read is a refusal. */
  async #read() {
    const { maxBytes } = this.#lane.about;
    this.#bodyBytes = declaredBytes(this.#headers);
    if (this.#bodyBytes > maxBytes) return undefined; // not even begun: the gate refuses its length
    try {
      this.#bytes = await this.#incoming.read(maxBytes);
      this.#bodyBytes = this.#bytes.byteLength;
      return undefined;
    } catch (error) {
      const mine = error?.name === 'BodyParsedError';
      return mine ? this.#refuse('body-parsed', bodyParsed(this.#instance, error.message)) : this.#refuse('aborted', aborted(this.#instance));
    }
  }

  /** A message that nobody may handle is kept first, or the sender must send it again. */
  async #reject(verdict, skewSeconds, nonce) {
    const { onDeadLetter } = this.#settings;
    if (verdict.deadLetter === undefined || !onDeadLetter) return this.#answer(verdict.verdict, verdict, skewSeconds, nonce);
    const { method, url } = this.#incoming;
    try {
      await onDeadLetter({ instance: this.#instance, contract: this.#lane.name, verdict, bytes: this.#bytes, method, url, headers: this.#headers });
    } catch (error) {
      console.error(`countersign: onDeadLetter threw for ${this.#instance}`, error);
      return this.#refuse('dead-letter-failed', this.#unavailable(), { verdict, skewSeconds });
    }
    return this.#answer(verdict.verdict, verdict, skewSeconds, nonce);
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
    const settled = (result, status) => this.#tell('onSettled', { ...about, result, status, milliseconds: performance.now() - judged });
    return new Delivery({ ...about, verdict, bytes: this.#bytes, replay }, lease, settled);
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
    const failed = (operation, error) => this.#tell('onStoreError', { instance: this.#instance, contract: this.#lane.name, operation, error });
    return new Lease(store, replay, { limits, clock: () => secondsOf(now?.()), failed });
  }

  #unavailable() {
    return unavailable(this.#instance, this.#settings.limits.retryAfterSeconds);
  }

  /** What an observer throws is logged, and changes nothing. */
  #tell(name, event) {
    const observer = this.#settings[name];
    if (observer === undefined) return;
    const log = (error) => console.error(`countersign: ${name} threw for ${this.#instance}`, error);
    try {
      Promise.resolve(observer(event)).catch(log);
    } catch (error) {
      log(error);
    }
  }
}

/** What Content-Length says; 0 where it says nothing that can be read. */
function declaredBytes(headers) {
  for (const [name, value] of headers) {
    if (name.toLowerCase() === 'content-length' && /^\d{1,15}$/.test(value)) return Number(value);
  }
  return 0;
}
