// JSON Lines (NDJSON): each line is a document. A line that cannot be read does not keep the others from being judged.

import { utf8 } from '../base/bytes.js';
import { JsonText } from '../places/json-text.js';
import { Lines, pointed } from '../places/lines.js';
import { strictJson } from './json.js';
import { Unevaluated } from './unevaluated.js';

const MOST_PROBLEMS = 20; // a text that is no JSON Lines has one on each line

/**
 * A document, or a problem, for each line that is not empty. @param {string} text @param {string} file @param {(bytes:
 * Uint8Array) => any[]} jsonProblems the engine's strict reader
 */
export function jsonLines(text, file, jsonProblems) {
  const lines = new Lines(text);
  const documents = [];
  let unread = 0;
  for (let number = 1; number <= lines.count; number += 1) {
    const line = lines.line(number);
    if (line.trim() === '') continue;
    const found = ofLine(line, number, lines, { file, text, jsonProblems });
    if (found.problem && (unread += 1) > MOST_PROBLEMS) continue;
    documents.push(found);
  }
  if (unread > MOST_PROBLEMS) {
    const more = `${unread - MOST_PROBLEMS} more lines cannot be read`;
    documents.push({ problem: new Unevaluated(more, { file }, 'is this JSON Lines? --as KIND says what it is') });
  }
  return documents;
}

function ofLine(line, number, lines, { file, text, jsonProblems }) {
  const bytes = utf8(line);
  try {
    const value = strictJson(line, bytes, jsonProblems(bytes), file);
    if (value === null || typeof value !== 'object')
      throw new Unevaluated('the line is a single value, not an object or a list', { file, line: 1, column: 1 });
    return { value, file, text, line: number, locate: placesOf(line, number, lines) };
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    const place = { ...error.place, line: number, text };
    return { problem: new Unevaluated(error.message, place, error.help) };
  }
}

function placesOf(line, number, lines) {
  let source;
  const start = lines.start(number);
  const moved = (range) => range && [range[0] + start, range[1] + start];
  return (pointer) => {
    source ??= new JsonText(line);
    const { value, key, exact } = source.locate(pointer);
    return { ...pointed(lines, moved(value), moved(key)), exact, value: moved(value) };
  };
}
