// What `verify` checks: recordings and case folders.

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { jsonProblems } from '../api/node.js';
import { utf8Text } from '../base/bytes.js';
import { entryRecording, readHar } from '../read/har.js';
import { noteText } from '../read/paste/notes.js';
import { read as readPaste } from '../read/paste/read.js';
import { pastedRecording } from '../read/paste/recording.js';
import { recordings } from '../read/recordings.js';
import { Unevaluated } from '../read/unevaluated.js';
import { parseTime } from './clock.js';
import { readBytes, readText } from './files.js';
import { UsageError } from './outcome.js';
import { filesAt } from './sources.js';
import { kindOf } from './walk.js';

const PASTES = 'give raw HTTP, a HAR, a curl command, an export or an event: docs/inputs.md lists what is read';

const MEMBERS = [
  'contract',
  'now',
  'keys',
  'seen',
  'options',
  'params',
  'limits',
  'origin',
  'registry',
  'failures',
  'why',
  'expect',
  'pack',
  'data',
];

/**
 * The recordings that one argument names, without what `leaving` leaves out: { file, folder, case, recorded,
 * read(contract) }. Only a case folder fills `case`. Of an entry of a HAR, `recorded` says when, and `read` gives the
 * request or the response, depending on the contract.
 */
export function casesOf(argument, leaving) {
  const folder = kindOf(argument)?.isDirectory() ?? false;
  if (folder && existsSync(join(argument, 'case.json'))) return [caseOf(argument)];
  const files = filesAt(argument, (path) => /\.(har|http)$/.test(path), leaving);
  return files.flatMap((file) => {
    if (folder && inCaseFolder(file)) return [caseOf(dirname(file))];
    const found = file.endsWith('.har') ? entriesOf : messagesOf;
    return readable(() => found(file), file).map((one) => ({ ...one, case: {} }));
  });
}

/** A file that cannot be read does not keep others from being judged. */
function readable(work, file) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    const read = () => {
      throw error;
    };
    return [{ file, read }];
  }
}

/** The number of an entry is the one in its pointer, `/log/entries/0`. */
function entriesOf(file) {
  return readHar(readBytes(file), file, jsonProblems).entries.map((found, index) => {
    const name = `${file}#${index}`;
    const read = (contract) => entryRecording(found, contract.response !== undefined, name);
    return { file: name, recorded: String(found.entry?.startedDateTime ?? ''), read };
  });
}

/** Of several messages in a file, each is a recording with its number. The file is not kept in memory. */
function messagesOf(file) {
  const bytes = readBytes(file);
  const pasted = pastedIn(bytes, file);
  if (pasted !== undefined) return pasted;
  const read = () => recordings(file === '-' ? bytes : readBytes(file), file);
  return recordings(bytes, file).map(({ file: name }, index) => ({ file: name, read: () => read()[index].read() }));
}

/** What is no recording byte for byte: a curl command, an event, what a page shows. Undefined for a recording. */
function pastedIn(bytes, file) {
  const text = /\.(?:http|rest)$/i.test(file) ? undefined : utf8Text(bytes);
  if (text === undefined) return undefined;
  const { source, requests, notes } = readPaste(text.replace(/^\ufeff/, ''));
  if (source === 'http-file' || (source === 'http' && notes.length === 0)) return undefined;
  if (source === 'har' && notes.length === 0 && /^\s*\{\s*"log"/.test(text)) return entriesOf(file);
  const said = notes.map((note) => noteText(note));
  if (requests.length === 0) throw new Unevaluated(said.join('. '), { file }, PASTES);
  const calls = requests.filter(({ message }) => message?.status === undefined);
  const all = calls.length > 0 ? calls : requests;
  return all.map((one, index) => ({
    file: all.length > 1 ? `${file}#${index}` : file,
    whole: file,
    notes: [...said, ...one.notes.map((note) => noteText(note))],
    ...(one.recorded !== undefined && { recorded: one.recorded }),
    read: () => pastedRecording(one, file),
  }));
}

function inCaseFolder(file) {
  return basename(file) === 'request.http' && existsSync(join(dirname(file), 'case.json'));
}

/** A case folder with what its case.json says. */
export function caseOf(folder) {
  const file = join(folder, 'case.json');
  const found = json(file);
  const unknown = Object.keys(found).find((member) => !MEMBERS.includes(member));
  if (unknown) throw new UsageError(`${file}: unknown member \`${unknown}\``, `there are ${MEMBERS.join(', ')}`);
  return { ...recording(join(folder, 'request.http')), folder, case: found };
}

/** The one recording of a file. */
function recording(file) {
  const read = () => {
    const [first, second] = recordings(readBytes(file), file);
    if (second)
      throw new Unevaluated('it has several messages, and a case has one', { file }, 'make a folder for each');
    return first.read();
  };
  return { file, read };
}

function json(file) {
  try {
    const value = JSON.parse(readText(file));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch (error) {
    if (error instanceof Unevaluated) throw error;
  }
  // The parser's own message would repeat the text, including keys.
  throw new UsageError(`${file}: it is not a JSON object`);
}

/** The options of a check: from the flags, else from the case. Of `signed` and `recorded`, see judged-at.js. */
export function checkOptions(options, known, { case: found }) {
  const seen = [...known, ...(found.seen ?? [])];
  const own = typeof found.now === 'string' ? parseTime(found.now) : found.now;
  const now = typeof options.now === 'number' ? options.now : (own ?? options.now);
  const { jkt = found.options?.jkt, nonces = found.options?.nonces } = options;
  return { ...found.options, now, jkt, nonces, ...(seen.length > 0 ? { seen } : {}) };
}

/** The replay keys in the file of `--seen`, one per line. */
export function seenKeys(path) {
  if (path === undefined) return [];
  try {
    const lines = readText(path)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (lines.every((line) => line.includes(':'))) return lines;
    throw new UsageError(
      `--seen ${path}: a line is not a replay key`,
      'a replay key is `CONTRACT:…`, as in `replay.key` of a verdict (-f json)',
    );
  } catch (error) {
    if (error instanceof Unevaluated) throw new UsageError(`--seen ${path}: ${error.message}`);
    throw error;
  }
}
