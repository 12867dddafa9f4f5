// One contract under trial: a valid message, then the same with one thing changed, as often as there are things.

import assert from 'node:assert/strict';

import { changed, get, overlap } from './json.js';
import { kinds, parts } from './load.js';
import { model } from './model.js';
import { rules } from './schema.js';
import { violations } from './violate.js';
import { documentOf, ofRequest, ofSignature, ofText, placeOf, written } from './wire.js';

const NONCE = 'a1b2c3d4e5f67890';
const EVERY = 3; // of the changes that there are, so many rounds try all
const HEAVY_EVERY = 7;

export class Trial {
  constructor(gate, foreign, shipped, description) {
    Object.assign(this, { gate, foreign, shipped, description, contract: shipped.contract, expected: model(shipped) });
    const time = shipped.contract.freshness?.field;
    this.clock = time && (typeof time === 'string' ? shipped.contract.signature.fields[time] : time);
    this.query = this.contract.payload?.format === 'query';
    this.parts = parts(shipped);
    this.broken = new Set();
    this.accepted = new Set();
  }

  run(message) {
    const sound = this.sign(written(this.contract, message), message.time);
    const verdict = this.judge('as it is', message, sound);
    if (verdict.verdict === 'accept') {
      this.accepted.add(message.kind.name);
      this.again(verdict, message, sound);
    }
    this.times(message, sound);
    const changes = [...this.ofDocument(message), ...this.ofWire(message, sound)];
    for (const change of changes.filter((_, index) => (index + message.turn) % EVERY === 0)) change();
  }

  *ofDocument(message) {
    yield* this.violations(message);
    for (const change of [...this.detours(message), ...this.slips(message)]) yield () => this.change(change, message);
  }

  *ofWire(message, sound) {
    const { shipped, contract } = this;
    const plain = written(contract, message);
    const turn = Math.floor(message.turn / EVERY);
    for (const { message: wrong, ...change } of [
      ...ofRequest(shipped, plain, turn % HEAVY_EVERY === 0),
      ...ofText(shipped, plain, message.value, turn),
    ]) {
      yield () => this.judge(change.what, message, this.sign(wrong, message.time), change);
    }
    for (const { message: wrong, ...change } of ofSignature(shipped, sound, turn))
      yield () => this.judge(change.what, message, wrong, change);
    const finds = [`error signature-mismatch ${placeOf(contract.signature ?? { from: {} })}`];
    if (this.foreign)
      yield () => this.judge('another key', message, this.sign(plain, message.time, this.foreign), { finds });
  }

  sign(plain, time, gate = this.gate) {
    if (!this.contract.signature) return plain;
    if (this.description.sign) return this.description.sign(plain, time);
    return gate.sign(plain, {
      now: time,
      ...(JSON.stringify(this.contract.signature).includes('hex16') && { nonce: NONCE }),
    });
  }

  /**
   * Holds the verdict to what the change leaves (`finds`) and what the model says of the message. `ends`: nothing is
   * read after it. `loose`: what else it leaves cannot be said. `touches`: the places that policies and clocks may now
   * mind.
   */
  judge(
    what,
    message,
    request,
    { value = message.value, now = message.now, finds = [], ends = false, loose = false, touches = [], seen } = {},
  ) {
    const verdict = this.gate.check(request, { now, ...(seen && { seen }) });
    const { findings } = verdict;
    const expected = new Set([...finds, ...(ends || loose ? [] : this.expects(request, value, now).findings)]);
    const counts = (one) => one.severity !== 'info' && (expected.has(told(one)) || !this.excused(one, touches));
    const found = new Set(findings.filter(counts).map(told));
    const report = () =>
      `${what}: ${JSON.stringify(findings, null, 1)}\n${Buffer.from(request.body).toString().slice(0, 2000)}`;
    if (loose)
      assert.ok(
        verdict.verdict === 'reject' && finds.every((one) => found.has(one)),
        `${finds} is not found, ${report()}`,
      );
    else if (found.size !== expected.size || [...expected].some((one) => !found.has(one)))
      assert.deepEqual(found, expected, report());
    const rejects = findings.some(({ severity }) => severity === 'error');
    if (verdict.verdict !== (rejects ? 'reject' : seen ? 'ignore' : 'accept'))
      assert.fail(`the verdict is ${verdict.verdict}, ${report()}`);
    return verdict;
  }

  expects(request, value, now) {
    return this.expected(
      { value: documentOf(this.contract, request, value), place: (name) => this.read(request, name) },
      now,
    );
  }

  /** What a policy or a clock says of a place that was changed is theirs to say. */
  excused({ stage, code, at }, touches) {
    const touched = (place) => touches.some((one) => overlap(one, place));
    if (stage === 'policy') return (this.description.policyReads ?? []).some(touched);
    return code.startsWith('timestamp-') && at === this.clock?.from.body && touched(at);
  }

  read(request, name) {
    if (name === 'status') return request.status;
    const [kind, rest] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
    if (kind === 'header') return request.headers.find(([one]) => one.toLowerCase() === rest)?.[1];
    if (kind !== 'path') throw new Error(`teach tests/js/property/trial.js the place ${name}`);
    const template = this.contract.request.path
      .replace(/\/\{(\w+)\?\}/g, '(?:/(?<$1>[^/]+))?')
      .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    return new RegExp(`^${template}$`).exec(new URL(request.url).pathname)?.groups?.[rest];
  }

  /** The same message once more. */
  again({ replay }, message, sound) {
    if (!this.contract.replay) return assert.equal(replay, undefined);
    if (!replay) return assert.match(this.contract.replay.onMissing, /^(skip|warn)$/);
    const rejects = this.contract.replay.onDuplicate === 'reject';
    this.judge('again', message, sound, { seen: [replay.key], finds: rejects ? ['error replayed -'] : [] });
  }

  /** A change of the document, or of an answer's status. */
  change({ what, place, value, status = undefined, finds = [], owner, helps }, message) {
    const document = place === undefined ? message.value : changed(message.value, place, value);
    const request = this.sign(
      written(this.contract, { ...message, value: document, status: status ?? message.status }),
      message.time,
    );
    const judged = owner === undefined || this.expects(request, document, message.now).owners.includes(owner);
    const lost =
      place !== undefined && place === this.clock?.from.body && value === undefined
        ? [`error timestamp-missing ${place}`]
        : [];
    const verdict = this.judge(what, message, request, {
      value: document,
      finds: [...(judged ? finds : []), ...lost],
      touches: [place ?? 'status'],
    });
    if (helps) assert.equal(verdict.findings.find(({ code }) => code === helps.code).help, helps.help, what);
    return judged;
  }

  /** Every rule of the schemas that judge the message. */
  *violations(message) {
    const turn = Math.floor(message.turn / EVERY);
    const judging = this.parts.filter(
      ({ owner, at }) => message.kind.owners.includes(owner) && get(message.value, at) !== undefined,
    );
    for (const { source, at, owner } of judging) {
      const ways = violations([source], get(message.value, at), at).filter(
        ({ rule, value }) => !this.fixed(rule) && (!this.query || ['string', 'undefined'].includes(typeof value)),
      );
      for (const same of grouped(ways, ({ rule, place }) => `${rule} ${place}`)) {
        const { rule, code, at: where, property, ...change } = same[turn % same.length];
        const finds = [`error ${code} ${where}${property === undefined ? '' : ` ${property}`}`];
        const what = `${rule}, by ${JSON.stringify(change.value)}`;
        yield () => this.change({ what, ...change, finds, owner }, message) && this.broken.add(rule);
      }
    }
  }

  /** Events, versions and payloads that are not the contract's. */
  *detours({ kind, value }) {
    const { route } = this.contract;
    const type = [route?.type ?? []].flat().find((place) => place.startsWith('/') && get(value, place) !== undefined);
    if (kind.type && Object.hasOwn(kind.version.events, kind.type) && kind.version.when?.[type] === undefined) {
      const finds = [`${kind.version.otherwise ? 'warning' : 'error'} event-unknown ${[route.type].flat()[0]}`];
      if (typeof get(value, type) === 'number') yield { what: 'an event by one digit', place: type, value: 60, finds };
      else
        yield {
          what: 'an event by one letter',
          place: type,
          value: `${kind.type}x`,
          finds,
          helps: { code: 'event-unknown', help: `did you mean \`${kind.type}\`?` },
        };
    }
    for (const place of Object.keys(kind.version.when ?? {}).filter(
      (one) => one.startsWith('/') && route.versions.every(({ when }) => when && one in when),
    )) {
      yield {
        what: 'a version by one letter',
        place,
        value: get(value, place).replace(/.$/, '9'),
        finds: [`error version-unknown ${place}`],
      };
    }
    const [first] = kind.payloads;
    if (!first) return;
    const { at, mayBeEmpty } = kind.payloads.find((one) => get(value, one.at) !== undefined);
    const owner = kind.version; // which may be chosen by the payload
    yield { what: 'no payload', place: at, finds: [`error payload-missing ${first.at}`], owner };
    for (const empty of mayBeEmpty ? [] : [null, {}, [], ''])
      yield { what: 'an empty payload', place: at, value: empty, finds: [`error payload-empty ${at}`], owner };
  }

  *slips({ kind }) {
    yield* (this.description.slips ?? []).filter(({ of = kind.name }) => of === kind.name);
  }

  /** One second outside the window, at either end. */
  times(message, sound) {
    if (!this.clock) return;
    const { pastSeconds, futureSeconds } = this.contract.freshness;
    const at = placeOf(this.clock);
    this.judge('too old', message, sound, {
      now: message.time + pastSeconds + 1,
      finds: [`error timestamp-too-old ${at}`],
    });
    this.judge('too new', message, sound, {
      now: message.time - futureSeconds - 1,
      finds: [`error timestamp-too-new ${at}`],
    });
  }

  /**
   * Whether no message can break a rule: `sign` writes the member, there are texts alone, or the version is known by
   * it.
   */
  fixed(rule) {
    const bySign = Object.values(this.contract.signature?.fields ?? {}).map(({ from }) => ` required ${from.query}`);
    const byVersion = this.parts.flatMap(({ owner, source: { where } }) => {
      const places = Object.keys(owner.when ?? {}).filter((place) => place.startsWith('/'));
      const members = [...places.map((place) => place.slice(1)), ...(owner.when?.['']?.required ?? [])];
      return members.flatMap((member) => [`${where} type`, `${where} required ${member}`]);
    });
    return byVersion.includes(rule) || (this.query && [' type', ...bySign].some((end) => rule.endsWith(end)));
  }

  /** Whether every kind of message passed once, and every rule was broken once. */
  complete() {
    const { never = () => false } = this.description;
    const missed = kinds(this.shipped)
      .filter((kind) => !never(kind))
      .map(({ name }) => name)
      .filter((name) => !this.accepted.has(name) && !(this.description.never ?? []).includes(name));
    assert.deepEqual(missed, [], 'kinds of messages that never passed');
    const unbroken = [...new Set(this.parts.flatMap(({ source }) => [...rules(source)]))].filter(
      (rule) => !this.broken.has(rule) && !this.fixed(rule),
    );
    assert.deepEqual(unbroken, [], 'rules that no message broke');
  }
}

const told = ({ severity, code, at = '-', property }) =>
  `${severity} ${code} ${at}${property === undefined ? '' : ` ${property}`}`;

function grouped(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups.values();
}
