// A request that was pasted, in the form of a recording.

import { headText } from '../../write/message.js';
import { utf8 } from '../../base/bytes.js';
import { layoutOf } from '../layout.js';
import { parseRecording } from '../recording.js';
import { Unevaluated } from '../unevaluated.js';

/**
 * { request, head } of it. What is no whole message is a problem that says what is missing.
 * @param {import('./read.js').Pasted} pasted
 * @param {string} file
 */
export function pastedRecording({ text, message, headers }, file) {
  if (message !== undefined) return { request: message, head: headText(message, '\r\n') };
  if (text !== undefined) return parseRecording(utf8(ended(text)), file);
  throw headers === undefined
    ? new Unevaluated('it is a body alone, and a signature stands in a header', { file }, 'put the headers above it')
    : new Unevaluated('it has headers alone', { file }, 'put the body below them, after an empty line');
}

/** Copied heads often lack the empty line at their end, and editors' files the version. */
function ended(text) {
  const { ended: isEnded, lineBreak } = layoutOf(text);
  return isEnded ? text : text + lineBreak.repeat(text.endsWith('\n') ? 1 : 2);
}
