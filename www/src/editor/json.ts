// JSON, token by token: what a body, a contract, a schema or data is coloured by. It reads on after any mistake.

import { StreamLanguage } from '@codemirror/language';
import type { StringStream } from '@codemirror/language';

export interface JsonState {
  /** The string that the stream is in. */
  within: 'propertyName' | 'string' | null;
  /** Brackets that are open. */
  depth: number;
}

const BLANK = /^[ \t\r]+/;
const NAME = /^"(?:[^"\\]|\\.)*"[ \t\r]*:/;
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/;

export function jsonToken(stream: StringStream, state: JsonState): string | null {
  // A string ends with its line, so that one that lacks its quote does not colour all that follows.
  if (stream.sol()) state.within = null;
  if (state.within) return stringToken(stream, state, state.within);
  if (stream.match(BLANK)) return null;
  if (stream.match(NAME, false)) state.within = 'propertyName';
  else if (stream.peek() === '"') state.within = 'string';
  if (state.within) {
    stream.next();
    return state.within;
  }
  if (stream.eat(/[[{]/)) {
    state.depth += 1;
    return 'bracket';
  }
  if (stream.eat(/[\]}]/)) {
    state.depth = Math.max(0, state.depth - 1);
    return 'bracket';
  }
  if (stream.eat(/[,:]/)) return 'separator';
  if (stream.match(NUMBER)) return 'number';
  if (stream.match(/^(?:true|false)\b/)) return 'bool';
  if (stream.match(/^null\b/)) return 'null';
  if (!stream.match(/^[^\s[\]{},:"]+/)) stream.next();
  return 'invalid';
}

function stringToken(stream: StringStream, state: JsonState, name: string): string {
  if (stream.eat('"')) {
    state.within = null;
    return name;
  }
  if (stream.match(/^(?:[^"\\\p{Cc}]|[\u007f-\u009f])+/u)) return name;
  if (stream.match(ESCAPE)) return 'escape';
  if (stream.next() === '\\') stream.next();
  return 'invalid';
}

/** Two columns a bracket; what begins with a closing one stands where the opening one's line does. */
export function jsonIndent(state: JsonState, textAfter: string, context: { unit: number }): number {
  return Math.max(0, state.depth - (/^[\]}]/.test(textAfter) ? 1 : 0)) * context.unit;
}

export const jsonLanguage = StreamLanguage.define<JsonState>({
  name: 'json',
  startState: () => ({ within: null, depth: 0 }),
  token: jsonToken,
  indent: jsonIndent,
  languageData: { indentOnInput: /^\s*[\]}]$/ },
});
