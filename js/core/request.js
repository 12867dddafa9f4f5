// Converts a caller's request to the form that the core reads. Misuse is a TypeError that says how to fix it; anything
// that only the sender can get wrong goes to the core unchanged.

const MAX_HEADERS = 100_000; // stops an endless iterator; the core's own limit is far lower
export const MAX_SECONDS = 1e11; // a larger number is milliseconds

const RAW_BYTES =
  "pass the raw bytes: express.raw({ type: '*/*' }), fastify's removeAllContentTypeParsers and addContentTypeParser" +
  " with parseAs: 'buffer', or new Uint8Array(await request.arrayBuffer()) before anything parses the body";

/** The request's head as JSON. */
export function headOf(request, now) {
  const { method, url, status } = lineOf(request);
  const headers = headerPairs(request.headers);
  return status === undefined
    ? { method: method.toWellFormed(), url: url.toWellFormed(), headers, now }
    : { status, headers, now };
}

/** The request's head as the core's door reads it: every part behind a NUL but the first. Undefined for a response. */
export function flatHeadOf(request) {
  const { method, url, status } = lineOf(request);
  if (status !== undefined) return undefined;
  return readHeaders(request.headers, 'request.headers', new FlatHead(method, url));
}

class FlatHead {
  constructor(method, url) {
    this.text = `${method}\0${url}`;
    this.length = 0;
  }

  add(name, value) {
    this.text += `\0${name}\0${value}`;
    this.length += 1;
  }
}

/** What is above the headers, with its types checked. */
function lineOf(request) {
  if (request === null || typeof request !== 'object') {
    throw new TypeError(
      'request must be an object: { method, url, headers, body }, or { status, headers, body } for a response',
    );
  }
  const { method, url, status } = request;
  if (status !== undefined) return { status: statusOf(status) };
  if (method === undefined && url === undefined)
    throw new TypeError('a request has `method` and `url`, a response has `status`, but this object has none of them');
  if (typeof method !== 'string') throw new TypeError(`request.method must be a string, got ${kind(method)}`);
  if (typeof url !== 'string') {
    throw new TypeError(`request.url must be the string that the sender called, got ${kind(url)}`);
  }
  return { method, url, status };
}

function statusOf(status) {
  if (Number.isInteger(status) && status >= 100 && status <= 599) return status;
  throw new TypeError(`the status of a response must be a whole number from 100 to 599, got ${kind(status)}`);
}

export const CHECK_OPTIONS = ['now', 'stopAtFirst', 'seen', 'jkt', 'nonces', 'bodyBytes'];

/** Whether a check with these options can go through the door. Unknown options are refused. */
export function isPlainCheck(options) {
  onlyOptions(options, CHECK_OPTIONS);
  return (
    options.seen === undefined &&
    options.jkt === undefined &&
    options.nonces === undefined &&
    options.bodyBytes === undefined &&
    (options.stopAtFirst === undefined || typeof options.stopAtFirst === 'boolean')
  );
}

/** The head with the options of a check. */
export function checkHeadOf(request, { now, stopAtFirst, seen, jkt, nonces, bodyBytes }) {
  if (stopAtFirst !== undefined && typeof stopAtFirst !== 'boolean') {
    throw new TypeError(`stopAtFirst must be a boolean, got ${kind(stopAtFirst)}`);
  }
  const head = headOf(request, secondsOf(now));
  if (jkt !== undefined && typeof jkt !== 'string') throw new TypeError(`jkt must be a string, got ${kind(jkt)}`);
  if (bodyBytes !== undefined && !(Number.isSafeInteger(bodyBytes) && bodyBytes >= 0)) {
    throw new TypeError(`bodyBytes must be a whole number, the body's length, got ${kind(bodyBytes)}`);
  }
  return Object.assign(head, {
    stopAtFirst,
    seen: stringsOf('seen', seen),
    jkt,
    nonces: stringsOf('nonces', nonces),
    bodyBytes,
  });
}

/** The body as bytes, without copying. */
export function bodyOf(request, name = 'request') {
  const { body } = request;
  // What nearly everyone passes. A detached one has no bytes.
  if (typedArrayTag.call(body) === 'Uint8Array' && body.byteLength > 0 && body.buffer instanceof ArrayBuffer)
    return body;
  const found = bytesOf(body, name);
  if (found === undefined)
    throw new TypeError(`${name}.body must be a Uint8Array or ArrayBuffer, got ${bodyKind(body)}`);
  return found;
}

function bytesOf(body, name) {
  const tag = typedArrayTag.call(body);
  const view = ArrayBuffer.isView(body);
  const buffer = view ? body.buffer : body;
  if (isBuffer(buffer, 'SharedArrayBuffer')) {
    throw new TypeError(
      `${name}.body is shared memory, which can change after the check: copy it with new Uint8Array(view)`,
    );
  }
  if (!isBuffer(buffer, 'ArrayBuffer')) return undefined;
  // The byte order that a Uint16Array means is a guess.
  if (view && tag !== 'Uint8Array' && tag !== undefined) return undefined;
  let whole;
  try {
    whole = new Uint8Array(buffer);
  } catch (cause) {
    throw new TypeError(`${name}.body is detached: its bytes were moved elsewhere; pass the buffer that has them`, {
      cause,
    });
  }
  return view
    ? tag === 'Uint8Array'
      ? body
      : whole.subarray(body.byteOffset, body.byteOffset + body.byteLength)
    : whole;
}

// Distinguishes a Uint8Array of another realm from an object that only claims to be one.
const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

function isBuffer(value, name) {
  return value !== null && typeof value === 'object' && Object.prototype.toString.call(value) === `[object ${name}]`;
}

function bodyKind(body) {
  if (typeof body === 'string') return `a string, whose bytes are lost: ${RAW_BYTES}`;
  if (body === undefined || body === null)
    return `${body}: if the request has no body, pass new Uint8Array(); else ${RAW_BYTES}`;
  if (typeof body.getReader === 'function' || typeof body.pipe === 'function') {
    return `a stream${body.locked || body.readableEnded ? ' that was already read' : ''}: ${RAW_BYTES}`;
  }
  if (ArrayBuffer.isView(body)) return `${typedArrayTag.call(body)}: give its bytes as a Uint8Array`;
  if (typeof body === 'object') return `an object that is already parsed: ${RAW_BYTES}`;
  return `${kind(body)}: ${RAW_BYTES}`;
}

/** Headers of any common container as a list of pairs. `what` is the caller's name for them. */
export function headerPairs(headers, what = 'request.headers') {
  return readHeaders(headers, what, new Pairs()).pairs;
}

class Pairs {
  pairs = [];

  get length() {
    return this.pairs.length;
  }

  add(name, value) {
    this.pairs.push([name.toWellFormed(), value.toWellFormed()]);
  }
}

function readHeaders(headers, what, into) {
  if (headers === null || typeof headers !== 'object') {
    throw new TypeError(`${what} must be Headers, a list of pairs or a plain object, got ${kind(headers)}`);
  }
  try {
    if (typeof headers[Symbol.iterator] === 'function') {
      fromIterable(headers, what, into);
    } else if (holdsHeaders(headers)) {
      throw new HeaderMisuse(
        `${what} must be Headers, a list of pairs or a plain object, got ${kind(headers)} that has them: pass ` +
          'response.headers',
      );
    } else {
      fromRecord(headers, what, into);
    }
    return into;
  } catch (cause) {
    if (cause instanceof HeaderMisuse) throw new TypeError(cause.message);
    throw new TypeError(`${what} cannot be read: reading it threw an error`, { cause });
  }
}

/** A Response or Request instead of its headers would look like an object without headers. */
function holdsHeaders(headers) {
  const { headers: inner } = headers;
  return inner !== null && typeof inner === 'object' && !Array.isArray(inner);
}

class HeaderMisuse extends Error {}

function fromIterable(headers, what, into) {
  for (const pair of headers) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new HeaderMisuse(
        `${what} must be pairs of name and value; for Node's flat rawHeaders pass headersDistinct`,
      );
    }
    addHeader(into, pair[0], pair[1], what);
  }
}

function fromRecord(headers, what, into) {
  for (const name of Object.keys(headers)) addHeader(into, name, headers[name], what);
}

function addHeader(into, name, value, what) {
  if (typeof name !== 'string') throw new HeaderMisuse(`a header's name must be a string, got ${kind(name)}`);
  if (typeof value === 'string') return addLine(into, name, value, what);
  if (value === undefined) return; // how Node represents an absent header
  for (const one of Array.isArray(value) ? value : [value]) {
    if (typeof one !== 'string') throw new HeaderMisuse(`header values must be strings, got ${kind(one)}`);
    addLine(into, name, one, what);
  }
}

function addLine(into, name, value, what) {
  if (into.length >= MAX_HEADERS) throw new HeaderMisuse(`${what} has more than ${MAX_HEADERS} entries`);
  into.add(name, value);
}

/** Unix seconds of a Date or a number of seconds. The only place that reads the clock. */
export function secondsOf(now) {
  if (now === undefined) return Math.floor(Date.now() / 1000);
  const date = Object.prototype.toString.call(now) === '[object Date]';
  const seconds = date ? Number(now) / 1000 : now;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
    throw new TypeError(
      `now must be a valid Date or a number of Unix seconds, got ${date ? 'an invalid Date' : kind(now)}`,
    );
  }
  if (Math.abs(seconds) > MAX_SECONDS) {
    throw new TypeError('now is in seconds, not milliseconds: pass a Date, or divide by 1000');
  }
  return Math.floor(seconds);
}

/** A list of strings (replay keys, nonces), or undefined. */
export function stringsOf(name, values) {
  if (values === undefined) return undefined;
  if (typeof values === 'string' || values === null || typeof values[Symbol.iterator] !== 'function') {
    throw new TypeError(`${name} must be an iterable of strings, got ${kind(values)}`);
  }
  return Array.from(values, (value) => {
    if (typeof value !== 'string') throw new TypeError(`${name} must contain only strings, got ${kind(value)}`);
    return value.toWellFormed();
  });
}

/** A misspelt option must not be ignored silently. */
export function onlyOptions(options, known) {
  if (options === null || typeof options !== 'object')
    throw new TypeError(`options must be an object, got ${kind(options)}`);
  for (const name in options) {
    if (!known.includes(name) && Object.hasOwn(options, name)) {
      throw new TypeError(`unknown option \`${name}\`: there are ${known.join(', ')}`);
    }
  }
  return options;
}

/** What kind of value it is. Never the value itself, which may be a secret. */
export function kind(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return typeof value === 'object' ? `an object (${Object.prototype.toString.call(value).slice(8, -1)})` : typeof value;
}
