// Recorded traffic: every entry of a HAR is a document, for packs that judge calls. Loaded when the first HAR comes.

import { harEntries } from '../../../pkg/cli/har-entries.js';
import { standing, trafficValue } from '../../../pkg/cli/traffic-entries.js';
import type { Finding } from '../../../pkg/index.js';
import { HarPlaces } from '../../../pkg/report/har-places.js';
import { Lines } from '../../../pkg/report/lines.js';
import { readable, utf8 } from '../base/bytes.js';
import type { ReadDocuments } from './documents.js';
import { placeOf } from './json.js';
import type { JsonProblems } from './json.js';

interface Entry {
  request: object;
  response?: object;
}

export async function read(text: string, jsonProblems: JsonProblems): Promise<ReadDocuments> {
  const bytes = utf8(text);
  const problems = await jsonProblems(bytes);
  try {
    const entries = harEntries(text, bytes, problems, '') as Entry[];
    const values = await valuesOf(entries, jsonProblems);
    let places: HarPlaces | undefined; // only a finding asks
    const locate = (index: number, pointer: string) =>
      placeOf((places ??= new HarPlaces(text)).locate(index, standing(entries[index]!, pointer)));
    return {
      documents: values.map((value, index) => ({
        value,
        get line() {
          return locate(index, '').line;
        },
        locate: (pointer) => locate(index, pointer),
      })),
    };
  } catch (error) {
    const { message, help, place } = error as Error & { help?: string; place?: { line?: number; column?: number } };
    if (place === undefined) throw error;
    const lines = new Lines(text);
    const { line = 1, column = 1 } = place;
    const from = Math.min(lines.start(line) + column - 1, text.length);
    return { problem: { message, from, to: Math.max(from, lines.start(line) + lines.line(line).length), help } };
  }
}

/** The engine answers later, and a value is made at once: the bodies are gathered first, and asked about. */
async function valuesOf(entries: Entry[], jsonProblems: JsonProblems): Promise<unknown[]> {
  const bodies: Uint8Array[] = [];
  for (const entry of entries) trafficValue(entry, (bytes: Uint8Array) => void bodies.push(bytes));
  const answers: Finding[][] = [];
  for (const bytes of bodies) answers.push(await jsonProblems(bytes));
  let next = 0;
  const readJson = (bytes: Uint8Array): unknown => {
    const isJson = !answers[next]!.some(({ severity }) => severity === 'error');
    next += 1;
    return isJson ? JSON.parse(readable(bytes)) : undefined;
  };
  return entries.map((entry) => trafficValue(entry, readJson));
}
