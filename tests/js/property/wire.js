// From a document to the bytes of a request or an answer, and the single changes that are not of the document: of the
// line, the headers, the text, the signature and the time. Each says what is found; what the rest of the message then
// gives is the model's to say.

import { below } from './json.js';

const HOST = 'https://hooks.example.com';
const isQuery = ({ payload }) => payload?.format === 'query';
const bytes = (text) => new TextEncoder().encode(text);

/** The message before it is signed. */
export function written(contract, { value, method, path, headers, status, space }) {
  const query = isQuery(contract)
    ? `?${Object.entries(value)
        .map((pair) => pair.map(encodeURIComponent).join('='))
        .join('&')}`
    : '';
  const body = isQuery(contract) ? new Uint8Array() : bytes(JSON.stringify(value, null, space));
  const all = isQuery(contract) ? headers : [['Content-Type', 'application/json; charset=utf-8'], ...headers];
  return contract.response
    ? { status, headers: all, body }
    : { method, url: `${HOST}${path}${query}`, headers: all, body };
}

/** The document as the contract reads it off a signed message. */
export const documentOf = (contract, message, value) =>
  isQuery(contract) ? Object.fromEntries(new URL(message.url).searchParams) : value;

const header = (message, name) => message.headers.find(([one]) => one.toLowerCase() === name)?.[1];

// Each gives the list with what `is` holds of replaced; by nothing, it is left out.
const replace = (list, is, made) => list.flatMap((one) => (is(one) ? made : [one]));

const withHeader = (message, name, value) => ({
  ...message,
  headers: replace(message.headers, ([one]) => one.toLowerCase() === name, value === undefined ? [] : [[name, value]]),
});

const withPair = (pairs, name, value) =>
  replace(pairs, (pair) => pair.split('=')[0] === name, value === undefined ? [] : [`${name}=${value}`]);

function withParameter(message, name, value) {
  const [base, query] = message.url.split('?');
  return { ...message, url: `${base}?${withPair(query.split('&'), name, value).join('&')}` };
}

/** Where a signature or a field stands, as a finding says it. */
export function placeOf({ from }) {
  if (from.pair) return `field:${from.pair}`;
  return from.body ?? (from.header ? `header:${first(from.header)}` : `query:${from.query}`);
}

/** Of a header and its aliases, the one that `sign` writes. */
const first = (names) => [names].flat()[0];

/** Reads and writes one source of a signature or a field. */
function access(contract, from) {
  const at = placeOf({ from });
  const {
    shape: { separator },
    from: { header: own },
  } = contract.signature;
  const name = first(from.header ?? own);
  if (from.query) {
    return {
      at,
      read: (message) => new URL(message.url).searchParams.get(from.query),
      write: (message, value) => withParameter(message, from.query, value),
    };
  }
  if (from.header)
    return {
      at,
      read: (message) => header(message, name),
      write: (message, value) => withHeader(message, name, value),
    };
  const pairs = (message) => header(message, name).split(separator);
  return {
    at,
    read: (message) =>
      pairs(message)
        .find((pair) => pair.startsWith(`${from.pair}=`))
        .slice(from.pair.length + 1),
    write: (message, value) => withHeader(message, name, withPair(pairs(message), from.pair, value).join(separator)),
  };
}

/** Changes before the signature; with `heavy`, the one that costs a long body too. */
export function ofRequest({ contract }, message, heavy) {
  const { request = {}, response, payload } = contract;
  const { contentTypes, maxBytes = 1048576 } = response ?? request;
  const changes = [];
  const add = (what, finds, more) =>
    changes.push({ what, message: { ...message, ...more }, finds: [finds], touches: ['status'] });
  if (response) add('a status of another answer', 'error request-status status', { status: 299 });
  else
    add('another method', 'error request-method method', {
      method: ['PUT', 'PATCH', 'OPTIONS'].find((one) => !(request.methods ?? ['POST']).includes(one)),
    });
  if (request.path) add('another path', 'error request-path path', { url: message.url.replace(HOST, `${HOST}/x`) });
  if (request.path)
    add('a slash after the path', 'error request-path path', { url: message.url.replace(/(?=\?|$)/, '/') });
  if (contentTypes) {
    add(
      'another media type',
      'error request-content-type header:content-type',
      withHeader(message, 'content-type', 'text/plain'),
    );
    add('no media type', 'error request-content-type header:content-type', withHeader(message, 'content-type'));
  }
  if (['query', 'none'].includes(payload?.format) && payload.body !== 'unread')
    add('a body where none is', 'error body-unexpected body', { body: bytes('{}') });
  else if (heavy) {
    const body = new Uint8Array(maxBytes + 1).fill(32);
    body.set(message.body);
    changes.push({
      what: 'too large a body',
      message: { ...message, body },
      finds: ['error request-too-large body'],
      ends: true,
    });
  }
  return changes;
}

/** Changes of the text alone; nothing is read after them. */
export function ofText({ contract }, message, value, turn) {
  if (isQuery(contract)) return [];
  const text = new TextDecoder().decode(message.body);
  const changes = [];
  const add = (what, code, body, at = '-') => {
    const wrong = { ...message, body: typeof body === 'string' ? bytes(body) : body };
    changes.push({ what, message: wrong, finds: [`error ${code} ${at}`], ends: true, touches: [''] });
  };
  if (/[\]}"]$/.test(text)) add('the end is cut off', 'json-invalid', text.slice(0, -1));
  add('something follows', 'json-invalid', `${text}]`);
  // Where a text is read too, what does not begin as JSON is one.
  if (contract.payload?.format !== 'jsonOrText') add('nothing is there', 'json-invalid', ' ');
  add('a byte order mark', 'encoding-bom', `\ufeff${text}`);
  add('a byte that is not UTF-8', 'encoding-invalid', Buffer.concat([message.body, Buffer.from([0xff])]));
  const full = objects(value).filter(([, inner]) => Object.keys(inner).length > 0);
  for (const [at, inner] of full.slice(turn % full.length, (turn % full.length) + 1)) {
    const [name, first] = Object.entries(inner)[0];
    const [key, old] = [JSON.stringify(name), JSON.stringify(first)];
    const before = (member) => replaced(value, inner, `{${member},${JSON.stringify(inner).slice(1)}`);
    add('a key twice', 'json-duplicate-key', before(`${key}:${old}`), below(at, name));
    add('half a character', 'json-lone-surrogate', before('"half":"\\ud83d"'), below(at, 'half'));
    add('too large a number', 'json-number-unsafe', before('"large":1e999'), below(at, 'large'));
    add('not a number', 'json-invalid', before('"nan":NaN'));
    add('too deep', 'json-too-deep', before(`"deep":${'['.repeat(65)}${']'.repeat(65)}`));
    add('a comma too many', 'json-invalid', replaced(value, inner, `${JSON.stringify(inner).slice(0, -1)},}`));
  }
  return changes;
}

const objects = (value, at = '') =>
  typeof value !== 'object' || value === null
    ? []
    : [
        ...(Array.isArray(value) ? [] : [[at, value]]),
        ...Object.entries(value).flatMap(([name, inner]) => objects(inner, below(at, name))),
      ];

/** The text of `value` with that of one object in it replaced. */
function replaced(value, object, text) {
  const mark = '\u0000mark';
  const marked = JSON.stringify({ value }, (_, inner) => (inner === object ? mark : inner));
  return marked.slice('{"value":'.length, -1).replace(JSON.stringify(mark), () => text);
}

/** Changes after the signature. */
export function ofSignature({ contract }, message, turn) {
  const { signature } = contract;
  if (!signature) return [];
  const changes = [];
  const add = (what, finds, changed, more = {}) =>
    changes.push({ what, message: changed, finds: [finds].flat(), ...more });
  const own = access(contract, signature.from);
  const prefix = signature.shape.prefix ?? signature.shape.tag ?? '';
  const pairs = signature.shape.kind === 'pairs';
  const mac = pairs ? access(contract, { pair: signature.shape.take[0] }) : own;
  const value = mac.read(message).slice(prefix.length);
  const wrong = value[0] === '0' ? '1' : '0';
  if (pairs) add('no signature among the pairs', `error signature-unsupported ${own.at}`, mac.write(message));
  else add('no signature', `error signature-missing ${own.at}`, own.write(message));
  add(
    'a sign outside the alphabet',
    `error signature-malformed ${own.at}`,
    mac.write(message, `${prefix}!${value.slice(1)}`),
  );
  if (!signature.key.algorithm.endsWith('-der')) {
    add(
      'a signature cut short',
      `error signature-malformed ${own.at}`,
      mac.write(message, `${prefix}${value.slice(0, -4)}`),
    );
    add(
      'one digit of the signature',
      `error signature-mismatch ${own.at}`,
      mac.write(message, `${prefix}${wrong}${value.slice(1)}`),
    );
  }
  if (JSON.stringify(signature.signed).includes('"body"')) {
    add('a space after the body', `error signature-mismatch ${own.at}`, {
      ...message,
      body: Buffer.concat([message.body, Buffer.from(' ')]),
    });
    const body = Buffer.from(message.body);
    body[turn % body.length] ^= 1;
    // Where a field is read from the body, that may now be what is missing.
    const early = Object.values(signature.fields ?? {}).some(({ from }) => from.body);
    add(
      'one bit of the body',
      early ? [] : `error signature-mismatch ${own.at}`,
      { ...message, body },
      { loose: true },
    );
  }
  for (const [name, field] of Object.entries(signature.fields ?? {}).filter(([, { from }]) => !from.body)) {
    const { at, write } = access(contract, field.from);
    const kind =
      contract.freshness?.field === name
        ? 'timestamp'
        : contract.replay?.key.includes(`field:${name}`)
          ? 'nonce'
          : field.from.header
            ? 'header'
            : 'field';
    add(`no ${name}`, `error ${kind}-missing ${at}`, write(message));
    if (field.format) add(`${name} of another form`, `error ${kind}-malformed ${at}`, write(message, 'soon'));
    if (field.equals) add(`${name} of another scheme`, `error signature-unsupported ${at}`, write(message, 'v0'));
  }
  return changes;
}
