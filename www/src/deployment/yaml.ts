// YAML by the reader of the command line. Loaded when the first YAML comes.

import { yamlDocuments } from '../../../pkg/cli/yaml-documents.js';
import { Lines } from '../../../pkg/report/lines.js';
import { placeOf } from './json.js';
import type { ReadDocuments } from './documents.js';

/** @param asJson refuses plain values that readers of YAML take in different ways: for contracts */
export function read(text: string, { asJson = false } = {}): ReadDocuments {
  try {
    const documents = yamlDocuments(text, '', { asJson });
    return { documents: documents.map(({ value, line, locate }) => ({ value, line, locate: (pointer: string) => placeOf(locate(pointer)) })) };
  } catch (error) {
    if (!isUnevaluated(error)) throw error;
    const lines = new Lines(text);
    const from = Math.min(lines.start(error.place.line) + error.place.column - 1, text.length);
    // The rest of the line, or its last character where the problem is met at its end.
    const end = lines.start(error.place.line) + lines.line(error.place.line).trimEnd().length;
    return { problem: { message: error.message, from: end > from ? from : Math.max(0, end - 1), to: Math.max(from, end), help: error.help } };
  }
}

function isUnevaluated(error: unknown): error is Error & { place: { line: number; column: number }; help?: string } {
  return error instanceof Error && typeof (error as { place?: { line?: unknown } }).place?.line === 'number';
}
