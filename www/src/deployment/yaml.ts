// YAML by the reader of the command line. Loaded when the first YAML comes.

import { Lines } from '../../../pkg/places/lines.js';
import { yamlDocuments } from '../../../pkg/read/yaml-documents.js';
import { type PackDocument, placeOf, problemOf, type ReadDocuments } from './read-documents.js';

/** @param asJson refuses plain values that readers of YAML take in different ways: for contracts */
export function read(text: string, { asJson = false } = {}): ReadDocuments {
  try {
    const documents = yamlDocuments(text, '', { asJson });
    return {
      documents: documents.map(({ value, line, locate }) => ({
        value,
        line,
        locate: (pointer: string) => placeOf(locate(pointer)),
      })),
    };
  } catch (error) {
    return problemOf(error, text);
  }
}

const BREATH = 50; // milliseconds of reading, after which the page may draw

let remembered = new Map<string, PackDocument[]>(); // what is typed changes one document of many

/** As `read`, document by document: what was in the text that was read before is not read again. */
export async function readStream(text: string): Promise<ReadDocuments> {
  const used = new Map<string, PackDocument[]>();
  const documents: PackDocument[] = [];
  let [start, line, begun] = [0, 0, performance.now()];
  for (const part of streamParts(text)) {
    let found = remembered.get(part) ?? used.get(part);
    if (!found) {
      if (performance.now() - begun > BREATH) {
        await new Promise((resolve) => {
          setTimeout(resolve);
        });
        begun = performance.now();
      }
      const fresh = read(part);
      if ('problem' in fresh)
        return { problem: { ...fresh.problem, from: fresh.problem.from + start, to: fresh.problem.to + start } };
      found = fresh.documents;
      remembered.set(part, found);
    }
    used.set(part, found);
    documents.push(...found.map((document) => moved(document, start, line)));
    start += part.length;
    line += new Lines(part).count - 1;
  }
  remembered = used;
  return { documents };
}

/**
 * The text, cut before each `---`, which ends a document anywhere. A directive may be meant for what follows: then in
 * one piece.
 */
export function streamParts(text: string): string[] {
  if (/(?:^|\n)(?:%|\.\.\.)/.test(text)) return [text];
  return text.split(/(?<=\n)(?=---(?:[ \t\r\n]|$))/);
}

function moved({ value, line, locate }: PackDocument, start: number, lines: number): PackDocument {
  return {
    value,
    line: line + lines,
    locate(pointer) {
      const place = locate(pointer);
      return { ...place, from: place.from + start, to: place.to + start, line: place.line + lines };
    },
  };
}
