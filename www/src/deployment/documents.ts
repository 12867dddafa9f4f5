// The editor's text as documents for packs, each with the places of its members. YAML is read as kubectl reads it, JSON
// strictly, and a HAR entry by entry.

import type { PackFinding, PackRead } from '../../../pkg/index.js';
import { JsonText } from '../../../pkg/places/json-text.js';
import { Lines } from '../../../pkg/places/lines.js';
import { texts } from '../base/language.js';
import { looksLikeJson, readJson } from './json.js';
import { type JsonProblems, type PackDocument, type Place, placeOf, type ReadDocuments } from './read-documents.js';

const t = texts({
  en: {
    single: 'The document is a single value, not an object or a list.',
    singleHelp: 'Paste a manifest: it begins with apiVersion and kind.',
  },
  'zh-CN': {
    single: '文档只是一个单独的值，不是对象或列表。',
    singleHelp: '请粘贴一份清单：以 apiVersion 和 kind 开头。',
  },
});

let reader: Promise<typeof import('./yaml.js')> | undefined;

/** Loads the readers of YAML and traffic, which are not part of the first load. */
export async function preload(): Promise<void> {
  await Promise.all([yamlReader(), import('./traffic.js')]);
}

/**
 * @param name of the file that was opened, where there was one: its ending says what it is; else the text does
 * @returns the documents, or the first thing that keeps them from being read
 */
export async function readDocuments(text: string, jsonProblems: JsonProblems, name = ''): Promise<ReadDocuments> {
  const read = await documentsOf(text, jsonProblems, name);
  if ('problem' in read) return read;
  const single = read.documents.find(({ value }) => value === null || typeof value !== 'object');
  if (!single) return read;
  const { from, to } = single.locate('');
  return { problem: { message: t('single'), from, to, help: t('singleHelp') } };
}

/** The place of a finding; none if it is about the whole set. */
export function placeOfFinding(
  documents: PackDocument[],
  { document, at }: Pick<PackFinding, 'document' | 'at'>,
): Place | undefined {
  // `document` counts what was given, and `at` goes through `/items` of a list: nothing is to be counted anew.
  return document === undefined ? undefined : documents[document]?.locate(at ?? '');
}

const ALSO = 2; // places that are shown beside the first

/** Where else to look, if the finding is placed by what it read: the second and third place. */
export function alsoRead(
  documents: PackDocument[],
  { document, at, reads: [first, ...others] = [] }: Pick<PackFinding, 'document' | 'at' | 'reads'>,
): (PackRead & Place)[] {
  const source = document === undefined ? undefined : documents[document];
  if (!source || !first || !isAt(first, at)) return [];
  return others.slice(0, ALSO).map((read) => ({ ...read, ...source.locate(read.at) }));
}

/** Of what is absent, the finding's place is that which should have it. */
function isAt({ at, absent }: PackRead, place: string | undefined): boolean {
  return at === place || (absent === true && at.startsWith(`${place}/`));
}

async function documentsOf(text: string, jsonProblems: JsonProblems, name: string): Promise<ReadDocuments> {
  if (/\.har$/i.test(name) || /^\s*\{\s*"log"\s*:\s*\{/.test(text))
    return (await import('./traffic.js')).read(text, jsonProblems);
  return isJson(text, name) ? jsonDocuments(text, jsonProblems) : yamlDocuments(text);
}

function isJson(text: string, name: string): boolean {
  if (/\.ya?ml$/i.test(name)) return false;
  return /\.(nd)?jsonl?$/i.test(name) || looksLikeJson(text);
}

async function yamlDocuments(text: string): Promise<ReadDocuments> {
  return (await yamlReader()).readStream(text);
}

function yamlReader() {
  reader ??= import('./yaml.js').catch((error) => {
    reader = undefined; // the next call tries again
    throw error;
  });
  return reader;
}

/** One document; an array of documents, as cases have them; or one on each line. */
async function jsonDocuments(text: string, jsonProblems: JsonProblems): Promise<ReadDocuments> {
  const lines = jsonLines(text);
  if (lines) return lineDocuments(text, lines, jsonProblems);
  const read = await readJson(text, jsonProblems);
  if ('problem' in read) return read;
  const source = new JsonText(text);
  const documentAt = (value: unknown, prefix: string): PackDocument => {
    const locate = (pointer: string) => placeOf(source.locate(prefix + pointer));
    return { value, line: locate('').line, locate };
  };
  const { value } = read;
  return {
    documents: Array.isArray(value)
      ? value.map((item, index) => documentAt(item, `/${index}`))
      : [documentAt(value, '')],
  };
}

/** The offsets of lines that are an object each, where there are several. */
function jsonLines(text: string): { start: number; line: string; number: number }[] | undefined {
  const lines = new Lines(text);
  const all = Array.from({ length: lines.count }, (_, index) => ({
    start: lines.start(index + 1),
    line: lines.line(index + 1),
    number: index + 1,
  }));
  const filled = all.filter(({ line }) => line.trim() !== '');
  return filled.length > 1 && filled.every(({ line }) => /^\s*\{.*\}\s*$/.test(line)) ? filled : undefined;
}

async function lineDocuments(
  text: string,
  found: { start: number; line: string; number: number }[],
  jsonProblems: JsonProblems,
): Promise<ReadDocuments> {
  const documents: PackDocument[] = [];
  const whole = new Lines(text);
  for (const { start, line, number } of found) {
    const read = await readJson(line, jsonProblems);
    if ('problem' in read)
      return { problem: { ...read.problem, from: read.problem.from + start, to: read.problem.to + start } };
    const source = new JsonText(line);
    const locate = (pointer: string): Place => {
      const place = placeOf(source.locate(pointer));
      const [from, to] = [place.from + start, place.to + start];
      return { ...place, ...whole.place(from), from, to };
    };
    documents.push({ value: read.value, line: number, locate });
  }
  return { documents };
}
