// The page's modules that read and write a message, and what the suites say with them.

import assert from 'node:assert/strict';

import { loaded } from '../loaded.js';

export const { applied, choiceFor, curlCommand, messageText, parseMessage, recognise } = await loaded(
  'www/src/contract/guess.ts',
  'pkg/write/curl.js',
  'www/src/request/parse.ts',
  'www/src/request/recognise.ts',
  'www/src/request/recording.ts',
);

export const read = ({ text, base64 }) => {
  const { message, problem } = parseMessage(text, { base64 });
  assert.ok(message, problem?.message);
  return message;
};
export const shown = (entry) => {
  const { body, headers, ...start } = read(entry);
  return { ...start, headers: Object.fromEntries(headers), body: Buffer.from(body).toString() };
};
export const FORM = 'application/x-www-form-urlencoded';
