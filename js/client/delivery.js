// A delivery: a message to a hook of a registry, signed by the hook's contract anew for each attempt. The registry says
// what follows from each answer.

import { utf8, utf8Text } from '../base/bytes.js';
import { collected } from '../base/stream.js';
import { headerPairs, kind, onlyOptions } from '../core/request.js';
import { backoffOf } from './backoff.js';
import { NoAnswer } from './errors.js';
import { receiverOf } from './options.js';

const OPTIONS = ['context', 'failures', 'headers', 'receipt', 'receiver', 'signal'];
/** A longer body is no receipt. */
const MAX_BODY = 65_536;

export function deliveryOf({ backoff }, settings, registry, id, message, options) {
  const { context = {}, failures, headers = [], receipt, receiver, signal } = onlyOptions(options, OPTIONS);
  if (typeof registry?.settle !== 'function')
    throw new TypeError(`registry must be a registry of loadRegistry(), got ${kind(registry)}`);
  const { uri, gate } = registry.hook(id);
  const body = bytesOf(message);
  const request = requestOf(gate.about, uri, headerPairs(headers, 'headers'), body);
  const told = {
    ...settings.waits,
    defaultSeconds: gate.retry.defaultSeconds ?? 0,
    context,
    failures,
    receipt: receipt ?? asksForReceipt(body),
  };
  const settle = (answer) => registry.settle(id, answer, { ...told, now: settings.now() });
  settle({ status: 0 }); // what is wrong with the options is thrown before anything is sent
  const own = backoffOf(backoff, settings, context);
  return {
    call: { ...callTo(request, gate, settings), receiver: receiverOf(receiver, uri), context, signal },
    plan: ({ answer = { status: 0 } }, attempt) => {
      const settlement = settle(answer);
      const { delay } = settlement;
      if (delay?.milliseconds === 0) {
        delay.milliseconds = own(attempt);
        if (answer.status !== 429) delay.reason = 'backoff';
      }
      return { settlement, reason: delay?.reason, waitMilliseconds: delay?.milliseconds };
    },
    settlement({ settlement, answer, attempts, refused }) {
      if (settlement === undefined) throw refused;
      return { ...settlement, status: answer?.status ?? 0, attempts };
    },
  };
}

/** The request before it is signed. */
function requestOf({ methods, contentTypes }, url, given, body) {
  const typed = given.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    method: methods.includes('POST') ? 'POST' : methods[0],
    url,
    headers: typed ? given : [['content-type', contentTypes?.[0] ?? 'application/json'], ...given],
    body,
  };
}

function callTo(request, gate, { now }) {
  return {
    method: request.method,
    async once(signal, fetch) {
      const { method, url, headers, body } = gate.sign(request, { now: now() });
      // A signature is for one address, so a redirect is an answer like any other.
      const answer = await fetch(url, { method, headers, body, redirect: 'manual', signal });
      return { status: answer.status, headers: answer.headers, body: await read(answer.body) };
    },
  };
}

async function read(stream) {
  try {
    return stream === null ? new Uint8Array() : await collected(stream, MAX_BODY);
  } catch (error) {
    throw new NoAnswer(error);
  }
}

function bytesOf(message) {
  if (message instanceof Uint8Array) return message;
  if (typeof message === 'string') return utf8(message);
  if (message !== null && typeof message === 'object') return utf8(JSON.stringify(message));
  throw new TypeError(`message must be a document, a text or a Uint8Array, got ${kind(message)}`);
}

function asksForReceipt(bytes) {
  try {
    return JSON.parse(utf8Text(bytes))?.needCallback === true;
  } catch {
    return false;
  }
}
