// A raw HTTP/1.1 message: a start line, headers, an empty line, a body. A body that begins as JSON does is coloured as
// JSON.

import { StreamLanguage } from '@codemirror/language';
import type { StringStream } from '@codemirror/language';

import { jsonIndent, jsonToken } from './json.js';
import type { JsonState } from './json.js';

interface HttpState extends JsonState {
  part: 'start' | 'headers' | 'body';
  /** What the line has had: `POST`, `POST /hook`; or, of a header, its name. */
  seen: number;
  body: 'json' | 'text' | null;
}

const TOKEN = /^[!#$%&'*+.^_`|~\dA-Za-z-]+/;

function token(stream: StringStream, state: HttpState): string | null {
  if (state.part === 'body') return bodyToken(stream, state);
  if (stream.sol()) state.seen = 0;
  // An empty line of a message with CRLF.
  if (stream.sol() && stream.match(/^\r$/)) {
    if (state.part === 'headers') state.part = 'body';
    return null;
  }
  const name = state.part === 'start' ? startToken(stream, state) : headerToken(stream, state);
  if (state.part === 'start' && stream.eol()) state.part = 'headers';
  return name;
}

function startToken(stream: StringStream, state: HttpState): string | null {
  if (stream.match(/^[ \t\r]+/)) return null;
  state.seen += 1;
  if (stream.match(/^HTTP\/\d(?:\.\d)?(?=\s|$)/)) return 'meta';
  if (state.seen === 1 && stream.match(TOKEN)) return 'keyword';
  if (state.seen === 2 && stream.match(/^[1-5]\d\d(?=\s|$)/)) return 'number';
  stream.match(/^[^ \t\r]+/);
  return state.seen === 2 ? 'url' : null;
}

function headerToken(stream: StringStream, state: HttpState): string | null {
  if (stream.sol() && stream.match(TOKEN)) {
    if (stream.peek() === ':') return 'propertyName';
    stream.match(/^[^\r]+/);
    return 'invalid';
  }
  if (state.seen === 0 && stream.eat(':')) {
    state.seen = 1;
    return 'separator';
  }
  if (stream.match(/^[ \t\r]+/)) {
    // A line that begins with a blank goes on with the value above.
    state.seen = 1;
    return null;
  }
  if (state.seen === 1 && stream.match(/^[^\r]+/)) return 'string';
  stream.next();
  return state.seen === 1 ? null : 'invalid';
}

function bodyToken(stream: StringStream, state: HttpState): string | null {
  if (state.body === null && stream.match(/^[ \t\r]+/)) return null;
  state.body ??= /[[{]/.test(stream.peek() ?? '') ? 'json' : 'text';
  if (state.body === 'json') return jsonToken(stream, state);
  stream.skipToEnd();
  return null;
}

export const httpLanguage = StreamLanguage.define<HttpState>({
  name: 'http',
  startState: () => ({ part: 'start', seen: 0, body: null, within: null, depth: 0 }),
  token,
  blankLine(state) {
    if (state.part === 'headers') state.part = 'body';
  },
  // Where it is no JSON, what stands is not the editor's to move.
  indent: (state, textAfter, context) =>
    state.part === 'body' && state.body === 'json' ? jsonIndent(state, textAfter, context) : 0,
});
