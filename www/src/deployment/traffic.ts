// Recorded traffic: every entry of a HAR is a document, for packs that judge calls. Loaded when the first HAR comes.

import type { Finding } from '../../../pkg/index.js';
import { harEntries } from '../../../pkg/read/har.js';
import { trafficValue } from '../../../pkg/read/traffic-entries.js';
import { type EntryDocument, entryDocuments } from '../../../pkg/read/traffic.js';
import { readable, utf8 } from '../base/bytes.js';
import { type JsonProblems, placeOf, problemOf, type ReadDocuments } from './read-documents.js';

export async function read(text: string, jsonProblems: JsonProblems): Promise<ReadDocuments> {
  const bytes = utf8(text);
  const problems = await jsonProblems(bytes);
  try {
    const entries = harEntries(text, bytes, problems, '');
    const readable = entries.flatMap(({ entry }) => entry ?? []);
    const documents = entryDocuments(text, entries, '', await jsonReader(readable, jsonProblems)).map(usable);
    return {
      documents: documents.map(({ value, locate }) => ({
        value,
        get line() {
          return placeOf(locate('')).line;
        },
        locate: (pointer: string) => placeOf(locate(pointer)),
      })),
    };
  } catch (error) {
    return problemOf(error, text);
  }
}

/** The page judges a whole HAR or none of it. */
function usable(document: ReturnType<typeof entryDocuments>[number]): EntryDocument {
  if ('problem' in document) throw document.problem;
  return document;
}

/** The engine answers later, and a value is made at once: the bodies are gathered first, and asked about. */
async function jsonReader(entries: unknown[], jsonProblems: JsonProblems): Promise<(bytes: Uint8Array) => unknown> {
  const bodies: Uint8Array[] = [];
  for (const entry of entries) trafficValue(entry, (bytes: Uint8Array) => void bodies.push(bytes));
  const answers: Finding[][] = [];
  for (const bytes of bodies) answers.push(await jsonProblems(bytes));
  let next = 0;
  return (bytes) => {
    const isJson = !answers[next]!.some(({ severity }) => severity === 'error');
    next += 1;
    return isJson ? JSON.parse(readable(bytes)) : undefined;
  };
}
