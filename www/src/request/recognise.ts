// What somebody pastes, as texts for the editor. It is loaded when it is first asked for.

import { noteText } from '../../../pkg/read/paste/notes.js';
import { type Pasted, read } from '../../../pkg/read/paste/read.js';
import { language } from '../base/language.js';
import { withBody, withHeaders } from './edit.js';
import { type MessageText, messageText } from './recording.js';

interface Entry extends MessageText {
  label: string;
  notices: string[];
  /** It is no whole message: the rest of the one that is there stays. */
  part?: 'headers' | 'body';
}
export interface Recognised {
  source: string;
  entries: Entry[];
  /** How many of the entries are requests; they come first. Answers are none, nor is a body or headers alone. */
  requests: number;
  /** What is said of the paste as a whole; where there are no entries, what it is. */
  said: string;
}

const ANSWER = /^\s*HTTP\/\d/;

export function recognise(text: string): Recognised {
  const found = read(text);
  const all = found.notes.map((one) => noteText(one, language()));
  const entries = found.requests.map((request) => ({
    label: request.label,
    ...textOf(request),
    notices: [...all, ...request.notes.map((one) => noteText(one, language()))],
  }));
  const requests = entries.filter((entry) => entry.part === undefined && !ANSWER.test(entry.text)).length;
  return { source: found.source, entries, requests, said: all.join(' ') };
}

function textOf({ text = '', message, headers, body }: Pasted): MessageText & Pick<Entry, 'part'> {
  if (message) return messageText(message);
  if (headers) return { part: 'headers', text: headers.map((pair) => pair.join(': ')).join('\n') };
  return body === undefined ? { text } : { part: 'body', text: body };
}

/** The message after the paste: a body or headers alone replace those of the current message. */
export function applied(current: MessageText, { entries }: Recognised, index = 0): MessageText {
  const entry = entries[index];
  if (!entry) return current;
  const { part, text, base64 } = entry;
  if (part === 'body') return { text: withBody(current.text, text) };
  if (part === 'headers') return { ...current, text: withHeaders(current.text, text) };
  return base64 ? { text, base64 } : { text };
}
