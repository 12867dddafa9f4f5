// A baseline: the findings that were there when it was written, so that only new ones fail. An entry is a line, sorted,
// without lines and columns, so that a difference shows what was fixed and what came.

import { credentialRanges, merged } from '../places/secrets.js';
import { kindOf } from './walk.js';
import { readDocuments } from './documents.js';
import { writeAtomically } from './files.js';
import { UsageError } from './outcome.js';
import { isOwn } from './packs.js';
import { fromRoot, pathOf, pathOfDocument } from './place.js';
import { Unevaluated } from '../read/unevaluated.js';

const MEMBERS = ['code', 'file', 'fingerprint', 'message'];

/** { packs, entries, document }: what a baseline says, and its file for the place of an entry. */
export function readBaseline(path) {
  const help = `countersign baseline write ${path} PATH... writes one`;
  const fail = (message, { line, column } = {}) =>
    Object.assign(new UsageError(`baseline: ${message}`, help), { place: { file: path, line, column } });
  let document;
  try {
    [document] = readDocuments(path, { as: 'json' });
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    throw fail(error.message, error.place);
  }
  const { value, locate } = document;
  const { version, packs, findings: entries } = value;
  if (version !== 1) throw fail('`version` is not 1', locate('/version'));
  if (!isListOf(packs, (pack) => typeof pack === 'string')) throw fail('`packs` is no list of texts', locate('/packs'));
  if (!isListOf(entries, isEntry)) {
    const index = Array.isArray(entries) ? entries.findIndex((entry) => !isEntry(entry)) : -1;
    throw fail(
      'an entry has a `fingerprint`, a `code`, a `message` and perhaps a `file`',
      locate(`/findings/${index}`),
    );
  }
  return { packs, entries, document };
}

function isListOf(list, isOne) {
  return Array.isArray(list) && list.every(isOne);
}

function isEntry(entry) {
  if (entry === null || typeof entry !== 'object') return false;
  const isText = Object.entries(entry).every(([name, value]) => MEMBERS.includes(name) && typeof value === 'string');
  return isText && 'code' in entry && 'message' in entry && /^[0-9a-f]{16}$/.test(entry.fingerprint);
}

/** An entry for a finding. Its file and message are for readers; only its fingerprint counts. */
export function entryOf({ fingerprint, code, from, message }) {
  return { fingerprint, code, file: from && pathOfDocument(from), message: withoutCredentials(message) };
}

function withoutCredentials(text) {
  let [safe, from] = ['', 0];
  for (const [start, end] of merged(credentialRanges(text))) {
    safe += `${text.slice(from, start)}***`;
    from = end;
  }
  return safe + text.slice(from);
}

/** Writes it whole, or leaves the old one. @param packs as a report names them */
export function writeBaseline(path, packs, entries) {
  const key = ({ file = '', code, message, fingerprint }) => JSON.stringify([file, code, message, fingerprint]);
  const lines = entries.map((entry) => ({ key: key(entry), line: `    ${JSON.stringify(entry)}` }));
  lines.sort((left, right) => (left.key < right.key ? -1 : 1));
  const list = lines.length === 0 ? '[]' : `[\n${lines.map(({ line }) => line).join(',\n')}\n  ]`;
  const text = `{\n  "version": 1,\n  "packs": ${JSON.stringify(packs)},\n  "findings": ${list}\n}\n`;
  try {
    writeAtomically(path, text);
  } catch (error) {
    if (!error.syscall) throw error;
    throw new UsageError(`baseline ${path}: cannot write it (${error.code})`, 'what was there before is still there');
  }
}

/** The names of packs, those of the user's own as paths from the root. */
export function packNames(names) {
  return [...new Set(names.map((name) => (isOwn(name) ? `./${pathOf(name)}` : name)))].sort();
}

/** Whether the file of an entry is there. */
export function isThere(file) {
  return kindOf(fromRoot(file)) !== undefined;
}
