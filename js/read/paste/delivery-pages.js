// The text of pages that show deliveries: GitHub's and those like it (Gitea, Forgejo), and Stripe's.

import { utf8 } from '../../base/bytes.js';
import { FORM, formEncoded, labelOf, messageOf, parsed } from './message.js';
import { note } from './notes.js';

const URL_LINE = /^[ \t]*Request URL:[ \t]*(\S+)[ \t]*$/im;
const METHOD_LINE = /^Request method:[ \t]*([A-Za-z]+)$/i;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):(?:[ \t]+(.*))?$/;
const TITLE = /^[*#]*\s*(?:Headers|Request|Payload|Body|Content|Response(?: \d{3})?|Redeliver)\s*:?\s*[*]*:?$/i;
const FENCE = /^\s*(?:```|~~~)/;
const TRIES = 20; // places where an event may begin
const STRIPE = /"object"\s*:\s*"(?:event|v2\.core\.event)"/;
const STRIPE_TITLE =
  /^(?:Request(?: body| to (?:your )?endpoint| data)?|Event data|Delivery attempts?|Response(?: body)?|HTTP status code|Webhook attempts?|Resend)\b.{0,60}$/im;

/** @param {string} text */
export function githubDeliveries(text) {
  const [, url] = URL_LINE.exec(text) ?? [];
  if (url === undefined) return undefined;
  const lines = text.slice(URL_LINE.exec(text)?.index).split(/\r?\n/);
  const headers = [];
  let method;
  let at = 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at].trim();
    const [, verb] = METHOD_LINE.exec(line) ?? [];
    const [, name, value = ''] = HEADER.exec(line) ?? [];
    if (verb !== undefined) method = verb;
    else if (/^[{[]/.test(line)) break;
    else if (name !== undefined && !TITLE.test(line)) headers.push([name, value.trim()]);
    else if (line !== '' && !TITLE.test(line) && !FENCE.test(line)) break;
  }
  // DevTools shows a URL too, and a page of deliveries headers of an event.
  if (method === undefined || !headers.some(([name]) => /^x-.*-(?:event|delivery|signature)/i.test(name)))
    return undefined;
  const { body, notes } = payloadOf(lines.slice(at).join('\n'), headers);
  const message = messageOf({ method: method.toUpperCase(), url, headers, body });
  return [{ label: labelOf(message), message, notes }];
}

/** What is shown is indented, and what was sent is one line of JSON, perhaps in a form. */
function payloadOf(rest, headers) {
  const shown = jsonAt(rest);
  if (shown === undefined) return { body: '', notes: [note('no-payload')] };
  const compact = withoutBlanks(shown);
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const body = type.toLowerCase().startsWith(FORM) ? `payload=${formEncoded(compact)}` : compact;
  return { body, notes: compact === shown && compact === body ? [] : [note('shown-payload')] };
}

/** A text of JSON without the blanks between its parts; all else stays as it is written. @param {string} text */
export function withoutBlanks(text) {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string) => string ?? '');
}

/** The value of JSON that a text begins with, and that a line ends. @param {string} text */
function jsonAt(text) {
  const own = text.trimStart();
  if (!/^[{[]/.test(own)) return undefined;
  let depth = 0;
  const part = /"(?:[^"\\]|\\.)*"|[[\]{}]/g;
  for (let match = part.exec(own); match !== null; match = part.exec(own)) {
    if (match[0].length > 1) continue;
    depth += '[{'.includes(match[0]) ? 1 : -1;
    if (depth === 0) {
      const found = own.slice(0, part.lastIndex);
      return parsed(found) === undefined ? undefined : found;
    }
  }
  return undefined;
}

/** Stripe shows the event as it sends it, but not the headers. @param {string} text */
export function stripeDeliveries(text) {
  if (!STRIPE.test(text) || !STRIPE_TITLE.test(text)) return undefined;
  const lines = text.split('\n');
  let tries = 0;
  for (const [index, line] of lines.entries()) {
    if (!/^\s*\{/.test(line)) continue;
    tries += 1;
    if (tries > TRIES) return undefined;
    const body = jsonAt(lines.slice(index).join('\n'));
    if (body === undefined || !STRIPE.test(body)) continue;
    const signature = /^\s*Stripe-Signature:?\s+(t=\d\S*)/im.exec(text)?.[1];
    const headers = [['Content-Type', 'application/json; charset=utf-8']];
    if (signature !== undefined) headers.push(['Stripe-Signature', signature]);
    const url = /\bhttps:\/\/[^\s"'<>]{1,2000}/.exec(lines.slice(0, index).join('\n'))?.[0] ?? '/';
    const message = messageOf({ method: 'POST', url, headers, body: utf8(body) });
    const notes = [...(signature === undefined ? [note('stripe-signature')] : []), note('stripe-body')];
    return [{ label: labelOf(message), message, notes }];
  }
  return undefined;
}
