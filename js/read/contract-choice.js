// Which contract a message is of: by where its signature is, else by other marks of its sender. Only what contracts
// declare is used, and the table of marks below.

import { readable } from '../base/bytes.js';
import { pointerParts } from '../places/lines.js';
import { pairsIn, queryRange } from './layout.js';

/** @typedef {import('../write/message.js').Message} Message */
/** @typedef {{ header?: string | string[], query?: string, pair?: string, body?: string }} Source */
/**
 * @typedef {{ signature?: { engine?: string, from?: Source, shape?: { prefix?: string, separator?: string, tag?:
 * string, take?: string[] }, fields?: Record<string, { from: Source, optional?: boolean, equals?:
 * { literal?: string } }> } |
 * null, request?: { methods?: string[], path?: string, contentTypes?: string[] }, response?: { statuses: number[],
 * contentTypes?: string[] } }} Contract
 */
/**
 * `names`, best first, of equals by name. `by` is what they were found by, and `mark` the header or path that it was.
 * Of `none`, `mark` is a header that looks like a signature, and that no contract knows.
 * @typedef {{ by: 'signature' | 'mark' | 'none', names: string[], mark?: string }} Choice
 */

/** Of the engines whose place no contract names. @type {Record<string, Source>} */
const PLACES = { rfc9421: { header: 'signature-input' }, dpop: { header: 'dpop' } };
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;
const SIGNATURE = /(?:^|[-_])(?:signature|sign|sig|hmac)(?:[-_]\w+)?$/i;

/** What senders put into their messages beside the signature: [contracts, headers, start of the user agent]. */
const MARKS = [
  [['github'], ['x-github-event', 'x-github-delivery', 'x-github-hook-id'], 'GitHub-Hookshot/'],
  [['stripe'], [], 'Stripe/'],
  [['shopify'], ['x-shopify-topic', 'x-shopify-webhook-id', 'x-shopify-shop-domain'], 'Shopify-Captain-Hook'],
  [['slack'], ['x-slack-request-timestamp', 'x-slack-retry-num'], 'Slackbot'],
  [['twilio', 'twilio-json'], ['i-twilio-idempotency-token'], 'TwilioProxy/'],
  [['discord'], ['x-signature-timestamp'], 'Discord-Webhook/'],
  [['feishu'], ['x-lark-request-timestamp', 'x-lark-request-nonce'], 'Lark/'],
  [['hubspot-v3'], ['x-hubspot-request-timestamp'], 'HubSpot Connect'],
  [['line'], [], 'LineBotWebhook/'],
  [['paddle'], [], 'Paddle'],
  [['sendgrid'], ['x-twilio-email-event-webhook-timestamp'], 'SendGrid Event API'],
  [['square'], ['square-environment', 'square-initial-delivery-timestamp'], 'Square Connect'],
  [['svix'], ['svix-id', 'svix-timestamp'], 'Svix-Webhooks/'],
  [['standard-webhooks'], ['webhook-id', 'webhook-timestamp'], 'Standard-Webhooks/'],
];

/** @param {Message} message @param {Record<string, Contract | undefined>} contracts by name @returns {Choice} */
export function contractChoice(message, contracts) {
  const names = bySignature(message, contracts);
  if (names.length > 0) return { by: 'signature', names };
  if (message.status === undefined) {
    const found = byMark(message, contracts) ?? byPath(message, contracts);
    if (found) return { by: 'mark', ...found };
  }
  const mark = message.headers.find(([name]) => SIGNATURE.test(name))?.[0];
  return { by: 'none', names: [], ...(mark !== undefined && { mark }) };
}

/**
 * Those whose signature is in the message. What else they declare counts for them where the message has it, and against
 * them where it has not.
 */
function bySignature(message, contracts) {
  const read = reader(message);
  return Object.entries(contracts)
    .flatMap(([name, contract]) => {
      const points = pointsOf(contract, message, read);
      return points === undefined ? [] : [{ name, points }];
    })
    .sort((one, other) => other.points - one.points || (one.name < other.name ? -1 : 1))
    .map(({ name }) => name);
}

function byMark({ headers }, contracts) {
  const agent = headers.find(([name]) => name.toLowerCase() === 'user-agent');
  for (const [all, marks, starts] of MARKS) {
    const names = all.filter((name) => contracts[name] !== undefined);
    const found = headers.find(([name]) => marks.includes(name.toLowerCase()));
    const mark = found ?? (agent?.[1].startsWith(starts) ? agent : undefined);
    if (mark && names.length > 0) return { names, mark: mark[0] };
  }
  return undefined;
}

/** Of contracts that name a path with a part of its own. */
function byPath({ method, url = '' }, contracts) {
  const path = pathOf(url);
  const names = Object.entries(contracts)
    .filter(([, contract]) => contract?.request?.path !== undefined && !contract.response)
    .filter(
      ([, { request }]) => (request.methods ?? ['POST']).includes(method ?? 'POST') && isPathOf(request.path, path),
    )
    .map(([name]) => name)
    .sort();
  return names.length > 0 ? { names, mark: path } : undefined;
}

/** Reads the value at a source, where the message holds one. @param {Message} message */
function reader({ url = '', headers, body }) {
  const query = pairsIn(url, queryRange(url, [0, url.length]));
  let document; // most contracts take nothing from the body
  return (/** @type {Source} */ { header, query: parameter, body: pointer }) => {
    if (header !== undefined) {
      const found = [header].flat().map((name) => headers.find(([own]) => own.toLowerCase() === name.toLowerCase()));
      return found.find((one) => one !== undefined)?.[1];
    }
    if (parameter !== undefined) return query.find(({ name }) => name === parameter)?.value;
    if (pointer === undefined) return undefined;
    document ??= { value: parsed(readable(body)) };
    const value = valueAt(document.value, pointer);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
}

/** Undefined where the message cannot be of the contract. */
function pointsOf(contract, message, read) {
  const signature = contract?.signature;
  if (!contract || !signature || (message.status === undefined) !== (contract.response === undefined)) return undefined;
  const place = signature.from ?? PLACES[signature.engine ?? ''];
  const signed = place && read(place);
  if (signed === undefined) return undefined;
  const signs = [
    ...startSigns(contract, message, read),
    ...shapeSigns(signature.shape, signed),
    ...fieldSigns(signature, read),
  ];
  return signs.reduce((points, agrees) => points + (agrees ? 1 : -1), 0);
}

function startSigns({ request, response }, { method, url = '', status }, read) {
  const contentTypes = (response ?? request)?.contentTypes;
  const type = read({ header: 'content-type' })?.replace(/;.*/s, '').trim().toLowerCase();
  const ofType = contentTypes ? [type !== undefined && contentTypes.includes(type)] : [];
  if (response) return [response.statuses.includes(status), ...ofType];
  const path = request?.path === undefined ? [] : [isPathOf(request.path, pathOf(url))];
  return [(request?.methods ?? ['POST']).includes(method ?? 'POST'), ...path, ...ofType];
}

function pathOf(url) {
  return url.replace(AUTHORITY, '').split(/[?#]/)[0];
}

/** Segment by segment on the raw path: `{name}` is one, `{name?}` a last one that may be missing. */
function isPathOf(pattern, path) {
  const own = pattern.split('/');
  const there = path.split('/');
  if (there.length > own.length) return false;
  return own.every((segment, index) => {
    const given = there[index];
    if (!segment.startsWith('{')) return given === segment;
    return given === undefined ? segment.endsWith('?}') : given !== '';
  });
}

/** Contracts of one header are told apart by how the signature is written in it. */
function shapeSigns(shape, signed) {
  const parts = shape?.separator === undefined ? [signed] : signed.split(shape.separator).map((part) => part.trim());
  const starts = [shape?.prefix, shape?.tag, ...(shape?.take ?? []).map((name) => `${name}=`)].filter(
    (start) => start !== undefined,
  );
  return starts.length === 0 ? [] : [parts.some((part) => starts.some((start) => part.startsWith(start)))];
}

/** Pairs stand in the signature itself. */
function fieldSigns({ fields = {} }, read) {
  return Object.values(fields)
    .filter(({ from }) => !('pair' in from))
    .flatMap(({ from, optional, equals }) => {
      const value = read(from);
      if (value === undefined) return optional ? [] : [false];
      return [equals?.literal === undefined || equals.literal === value];
    });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value at a JSON Pointer, or undefined if there is none. */
function valueAt(document, pointer) {
  let value = document;
  for (const part of pointerParts(pointer) ?? []) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
