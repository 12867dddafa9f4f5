// What the readers of documents give, and how their problems are shown.

import type { Finding } from '../../../pkg/index.js';
import { Lines } from '../../../pkg/places/lines.js';
import { Unevaluated } from '../../../pkg/read/unevaluated.js';

/** What keeps a text from being read, and where. Offsets are those of the editor: UTF-16 units. */
export interface Problem {
  message: string;
  from: number;
  to: number;
  help?: string;
}

/** Where a pointer's value is. `exact`: it is there; else it is the nearest parent that is. */
export interface Place {
  from: number;
  to: number;
  line: number;
  column: number;
  exact: boolean;
}

export interface PackDocument {
  value: unknown;
  /** Where it begins, counted from 1. */
  line: number;
  /** The place of a pointer's value, or of its nearest parent. */
  locate(pointer: string): Place;
}

export type ReadDocuments = { documents: PackDocument[] } | { problem: Problem };

/** The engine's strict reader. */
export type JsonProblems = (bytes: Uint8Array) => Finding[] | Promise<Finding[]>;

/** What the places of pkg/places have in common. */
interface Found {
  offsets: [number, number];
  line: number;
  column: number;
  exact?: boolean;
}

export function placeOf({ offsets: [from, to], line, column, exact = true }: Found): Place {
  return { from, to, line, column, exact };
}

/** The problem that a reader of the package throws; what is no such problem is thrown on. */
export function problemOf(error: unknown, text: string): { problem: Problem } {
  if (!(error instanceof Unevaluated)) throw error;
  const { message, help, place } = error;
  const { offsets, line = 1, column = 1 } = place as { offsets?: [number, number]; line?: number; column?: number };
  const [from, to] = offsets ?? restOfLine(text, line, column);
  return { problem: { message, from, to, help } };
}

/** The rest of the line, or its last character if the problem is at its end. */
function restOfLine(text: string, line: number, column: number): [number, number] {
  const lines = new Lines(text);
  const from = Math.min(lines.start(line) + column - 1, text.length);
  const end = lines.start(line) + lines.line(line).trimEnd().length;
  return [end > from ? from : Math.max(0, end - 1), Math.max(from, end)];
}
