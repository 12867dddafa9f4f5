// The file of waivers, in YAML or JSON, checked by policies/waivers.schema.json.

import { readFileSync } from 'node:fs';

import { isDay } from './clock.js';
import { readDocuments } from './documents.js';
import { UsageError } from './outcome.js';
import { pathOfDocument } from './place.js';
import { faultsOf } from './schema.js';
import { globExpression } from './walk.js';
import { Unevaluated } from '../read/unevaluated.js';

const SCHEMA = new URL('../policies/waivers.schema.json', import.meta.url);

const WRITE = {
  fingerprint: "copy it from the finding's `fingerprint` in the report of -f json",
  match: 'say which findings: fingerprint, pointer, resource or file',
  pointer: "copy it from the finding's `at`",
  until: 'write the last day on which it holds, such as 2027-01-31',
};

/** The waivers of a file. Every mistake in it is one of configuration. */
export async function waiversOf(path) {
  const document = read(path);
  const { value, locate } = document;
  const fail = (message, at, help) => {
    const { line, column } = locate(at);
    return Object.assign(new UsageError(message, help), { place: { file: path, line, column } });
  };
  const faults = await faultsOf(JSON.parse(readFileSync(SCHEMA, 'utf8')), value);
  const errors = faults.map(({ message, at, help }) => fail(message, at, help ?? WRITE[at.split('/').at(-1)]));
  throwAll(errors);
  const waivers = value.waivers.map((waiver, index) => {
    const at = `/waivers/${index}`;
    if (!isDay(waiver.until)) errors.push(fail(`\`until\` is no day of the calendar`, `${at}/until`, WRITE.until));
    const file = pattern(waiver.match.file, (message) => errors.push(fail(message, `${at}/match/file`)));
    const fitting = (finding) => fits(waiver.match, file, finding);
    return { ...waiver, by: 'file', from: document, at, place: locate(at), fits: fitting };
  });
  throwAll(errors);
  return waivers;
}

function throwAll([first, ...also]) {
  if (first) throw Object.assign(first, { also });
}

function read(path) {
  try {
    // A day is a text for kubectl's reading, and needs no quotes.
    const found = readDocuments(path);
    if (found.length === 1) return found[0];
    throw new Unevaluated(`it holds ${found.length} documents, not one`, { file: path });
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    const { line, column } = error.place;
    throw Object.assign(new UsageError(`waivers: ${error.message}`, error.help), {
      place: { file: path, line, column },
    });
  }
}

function pattern(text, fail) {
  if (text === undefined) return undefined;
  try {
    return globExpression(text.replace(/^\.\//, ''));
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    fail(error.message);
    return undefined;
  }
}

function fits({ fingerprint, pointer, resource }, file, finding) {
  if (fingerprint !== undefined && fingerprint !== finding.fingerprint) return false;
  if (pointer !== undefined && pointer !== finding.at) return false;
  if (file !== undefined && !(finding.from && file.test(pathOfDocument(finding.from)))) return false;
  const about = finding.resource ?? {};
  return resource === undefined || ['kind', 'namespace', 'name'].every((member) => resource[member] === about[member]);
}
