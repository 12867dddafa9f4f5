// What a case expects, how the answer differs from that, and writing what came as expected.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { nearest } from '../base/nearest.js';
import { JsonText } from '../places/json-text.js';
import { readText, writeAtomically } from './files.js';
import { UsageError } from './outcome.js';

/** The file that holds a whole answer, by what a case names. */
export const FILES = { contract: 'verdict.json', registry: 'outcome.json', pack: 'report.json' };
/** The file that holds the error of a contract or a registry that is refused. Of it, what it says is compared. */
export const ERROR = 'error.json';

const MEMBERS = { verdict: 'string', status: 'number', codes: 'object' };
const VERDICTS = { contract: ['accept', 'ignore', 'reject'], pack: ['pass', 'fail', 'error'] };

/**
 * { whole, some, isError }: the answer that the case's file holds, `expect` of its case.json, and whether an error is
 * expected. The first two may be undefined.
 */
export function expectationOf(folder, found) {
  const file = FILES[found.pack !== undefined ? 'pack' : found.registry !== undefined ? 'registry' : 'contract'];
  const some = found.expect;
  const isThere = (name) => existsSync(join(folder, name));
  const whole = (name) => ({ file: name, path: join(folder, name), value: json(join(folder, name)) });
  if (isThere(ERROR)) {
    if (some !== undefined || isThere(file))
      throw new UsageError(
        `${ERROR} expects an error, and ${some === undefined ? file : '`expect`'} an answer`,
        'remove one of them',
      );
    return { whole: whole(ERROR), isError: true };
  }
  if (some !== undefined) refuseWrong(some, found.pack === undefined ? 'contract' : 'pack');
  return { whole: isThere(file) ? withoutFingerprints(whole(file)) : undefined, some, isError: false };
}

/** `verify -f json` adds them to what its contract finds. */
function withoutFingerprints(whole) {
  const { findings } = verdictIn(whole.value) ?? {};
  if (whole.file === FILES.pack || !Array.isArray(findings)) return whole;
  for (const finding of findings) delete finding?.fingerprint;
  return whole;
}

/** Whether nothing is compared. */
export function isEmpty({ whole, some, isError }) {
  return isError ? typeof whole.value?.code !== 'string' : whole === undefined && some === undefined;
}

function json(path) {
  try {
    return JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${path}: it is not JSON`, 'write it with --update');
    throw error;
  }
}

function refuseWrong(some, kind) {
  const names = Object.keys(MEMBERS).filter((name) => kind === 'contract' || name !== 'status');
  if (some === null || typeof some !== 'object' || Array.isArray(some) || Object.keys(some).length === 0)
    throw new UsageError('`expect` must be an object with what is expected', `it has ${names.join(', ')}`);
  for (const [name, value] of Object.entries(some)) {
    const close = nearest(name, names);
    if (!names.includes(name))
      throw new UsageError(
        `\`expect\` has an unknown member \`${name}\``,
        close ? `did you mean \`${close}\`?` : `it has ${names.join(', ')}`,
      );
    if (typeof value !== MEMBERS[name] || (name === 'codes' && !isCodes(value)))
      throw new UsageError(`\`expect.${name}\` has the wrong type`, 'codes are a list of texts, status is a number');
  }
  if (some.verdict !== undefined && !VERDICTS[kind].includes(some.verdict))
    throw new UsageError(
      `\`expect.verdict\` is \`${some.verdict}\`, which no verdict is`,
      `use one of ${VERDICTS[kind].join(', ')}`,
    );
}

function isCodes(value) {
  return Array.isArray(value) && value.every((code) => typeof code === 'string');
}

/** What `expect` may say of an answer. `codes` are those of errors and warnings, each once. */
export function summaryOf(answer) {
  if (answer.code !== undefined) return { error: answer.code };
  const { verdict, status, findings } = verdictIn(answer);
  const codes = findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
  return { verdict, status, codes: [...new Set(codes)].sort() };
}

/** The verdict in the outcome of a registry, or the answer itself. */
function verdictIn(answer) {
  return typeof answer?.verdict === 'object' ? answer.verdict : answer;
}

/**
 * How the answer differs from what is expected; undefined if it does not. `verdict`, `status` and `error` are
 * { expected, actual }, `codes` { missing, extra }, and `at` where else, as pointers: the values there may be what a
 * message contains.
 */
export function difference({ whole, some, isError }, answer) {
  const actual = summaryOf(answer);
  const expected = { ...(whole && summaryOfExpected(whole.value)), ...some };
  const found = {};
  for (const name of ['verdict', 'status', 'error'])
    if (name in expected && expected[name] !== actual[name])
      found[name] = { expected: expected[name], actual: actual[name] };
  const codes = expected.codes && codesDiffer(expected.codes, actual.codes);
  if (codes) found.codes = codes;
  const isOther = isError !== (actual.error !== undefined);
  const at =
    whole === undefined || isOther ? [] : pointers(whole.value, isError ? membersOf(whole.value, answer) : answer, '');
  if (at.length > 0) found.at = at;
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Of an error, what the file says is compared. */
function membersOf(expected, answer) {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => Object.hasOwn(expected, name)));
}

/** The file is the user's: it may hold anything. */
function summaryOfExpected(value) {
  if (typeof value?.code === 'string' || Array.isArray(verdictIn(value)?.findings)) return summaryOf(value);
  return {};
}

function codesDiffer(expected, actual) {
  const missing = [...new Set(expected)].filter((code) => !actual.includes(code)).sort();
  const extra = actual.filter((code) => !expected.includes(code));
  return missing.length + extra.length > 0 ? { missing, extra } : undefined;
}

/** Where two JSON values differ. */
function pointers(one, other, at) {
  const isObject = (value) => value !== null && typeof value === 'object';
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other))
    return Object.is(one, other) ? [] : [at];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.flatMap((name) => {
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!Object.hasOwn(one, name) || !Object.hasOwn(other, name)) return [pointer];
    return pointers(one[name], other[name], pointer);
  });
}

/**
 * Writes the answer as what is expected, where that is: the case's file, `expect`, or both. Where nothing is expected,
 * `expect` is added. @returns what was written
 */
export function update(folder, { whole, some }, { answer, text }) {
  const written = [];
  if (whole !== undefined) {
    writeAtomically(whole.path, readText(whole.path).endsWith('\n') ? `${text}\n` : text);
    written.push(whole.file);
  }
  if (some !== undefined || whole === undefined) {
    const all = Object.entries(summaryOf(answer)).filter(([, value]) => value !== undefined);
    const kept = all.filter(([name]) => some === undefined || name in some);
    writeExpect(join(folder, 'case.json'), some !== undefined, Object.fromEntries(kept));
    written.push('expect');
  }
  return written;
}

/** Replaces or adds one member, and leaves the rest of the file as it is written. */
function writeExpect(path, isThere, expect) {
  const text = readText(path);
  const value = JSON.stringify(expect, null, 1).replace(/\n\s*/g, ' ');
  if (isThere) {
    const [start, end] = new JsonText(text).locate('/expect').value;
    writeAtomically(path, text.slice(0, start) + value + text.slice(end));
    return;
  }
  const end = text.lastIndexOf('}');
  const before = text.slice(0, end).trimEnd();
  const indent = /\n[ \t]+(?=")/.exec(text)?.[0] ?? ' ';
  const comma = before.endsWith('{') ? '' : ',';
  writeAtomically(path, `${before}${comma}${indent}"expect": ${value}${text.slice(before.length)}`);
}
