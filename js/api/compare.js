// Compares the verdicts of two gates on one message, such as the old and the new version of an API.

import { bodyOf, CHECK_OPTIONS, headOf, kind as kindOf, onlyOptions, secondsOf, stringsOf } from '../core/request.js';
import { Gate } from './api.js';

const CUT = 'limit-findings';
const MAX_MEMBERS = 100; // listed differences of a message or reply

export function compare(a, b, message, options = {}) {
  for (const [name, gate] of [
    ['first', a],
    ['second', b],
  ]) {
    if (!(gate instanceof Gate))
      throw new TypeError(
        `the ${name} argument must be a gate, as returned by \`await compile(…)\`, got ${kindOf(gate)}`,
      );
  }
  // Read once: the clock, or an iterator that can be read only once, must not make the two differ.
  const { now, seen, nonces, ...others } = onlyOptions(options, CHECK_OPTIONS);
  const told = { ...others, now: secondsOf(now), seen: stringsOf('seen', seen), nonces: stringsOf('nonces', nonces) };
  const request = { ...headOf(message, told.now), body: bodyOf(message) };
  return comparison(a.check(request, told), b.check(request, told));
}

/** `differences` are what the sender or the handler would notice; `notes` change nothing for them. */
function comparison(a, b) {
  const findings = [...onlyIn('a', a, b), ...onlyIn('b', b, a)];
  const members = [...changes('message', a, b), ...changes('answer', a, b)];
  const differences = [
    ...unlike('verdict', a, b),
    ...unlike('status', a, b),
    ...findings.filter(({ severity }) => severity === 'error'),
    ...eventChanges(a, b),
    ...replayChanges(a, b),
    ...members.slice(0, MAX_MEMBERS),
  ];
  const notes = [
    ...unjudged(a, b),
    ...unlike('apiVersion', a, b),
    ...findings.filter(({ severity }) => severity !== 'error'),
  ];
  // What was left out of both may differ: nobody knows that they agree.
  const cut = [a, b].some(leavesErrorsOut);
  const agree = differences.length === 0 && !cut;
  const capped = cut || members.length > MAX_MEMBERS;
  return { schemaVersion: 1, agree, a: side(a), b: side(b), differences, notes, capped };
}

/** Errors are left out last: where anything else is shown, all of them are. */
function leavesErrorsOut({ findings }) {
  const isCut = ({ code }) => code === CUT;
  return findings.some(isCut) && findings.every((finding) => finding.severity === 'error' || isCut(finding));
}

function side({ contract, verdict, status, apiVersion }) {
  return defined({ contract, verdict, status, apiVersion });
}

function unlike(kind, { [kind]: a }, { [kind]: b }) {
  return a === b ? [] : [defined({ kind, a, b })];
}

/** The findings that only one verdict has. */
function onlyIn(only, { findings: own }, { findings: others }) {
  const identity = ({ code, at, property, severity }) => JSON.stringify([code, at, property, severity]);
  const known = new Set(others.map(identity));
  return own
    .filter((finding) => !known.has(identity(finding)))
    .map(({ code, severity, message, at, property }) =>
      defined({ kind: 'finding', only, code, severity, message, at, property }),
    );
}

/** If both reject the signature or the time, neither has a message, an event or a reply, so these were not compared. */
function unjudged(a, b) {
  const [left, right] = [disbelief(a), disbelief(b)];
  return left && right ? [{ kind: 'unjudged', a: left, b: right }] : [];
}

function disbelief({ stages }) {
  return stages.find(({ stage, result }) => result === 'fail' && ['signature', 'freshness'].includes(stage))?.stage;
}

/** Stores use the key. It starts with the contract's name, so that part always differs and is ignored. */
function replayChanges({ replay: a, contract }, { replay: b, contract: other }) {
  if (a === undefined && b === undefined) return [];
  if (b === undefined) return [{ kind: 'replay', at: '', only: 'a' }];
  if (a === undefined) return [{ kind: 'replay', at: '', only: 'b' }];
  const same = {
    key: a.key.slice(contract.length) === b.key.slice(other.length),
    onDuplicate: a.onDuplicate === b.onDuplicate,
  };
  return Object.keys(same)
    .filter((name) => !same[name])
    .map((name) => ({ kind: 'replay', at: `/${name}` }));
}

/** Handlers use the type, the id and the place of the payload. */
function eventChanges({ event: a }, { event: b }) {
  if (!a || !b) return [];
  return ['type', 'id', 'payload']
    .filter((name) => a[name] !== b[name])
    .map((name) => ({ kind: 'event', at: `/${name}` }));
}

/** The members that differ, outermost first, without their values. `only` is set if just one side has the member. */
function changes(kind, { verdict, [kind]: a }, { verdict: other, [kind]: b }) {
  const found = [];
  if (verdict === other) walk(a, b, '');
  return found;

  function walk(left, right, at) {
    if (found.length > MAX_MEMBERS || left === right) return;
    if (left === undefined) found.push({ kind, at, only: 'b' });
    else if (right === undefined) found.push({ kind, at, only: 'a' });
    else if (!isContainer(left) || !isContainer(right) || Array.isArray(left) !== Array.isArray(right))
      found.push({ kind, at });
    else
      membersOf(left, right).forEach((member) => walk(own(left, member), own(right, member), `${at}/${token(member)}`));
  }
}

function membersOf(left, right) {
  return new Set([...Object.keys(left), ...Object.keys(right)]);
}

function defined(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function isContainer(value) {
  return value !== null && typeof value === 'object';
}

function own(value, member) {
  return Object.hasOwn(value, member) ? value[member] : undefined;
}

/** A name as a part of a JSON Pointer. */
function token(member) {
  return member.replaceAll('~', '~0').replaceAll('/', '~1');
}
