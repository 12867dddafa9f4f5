// `countersign sign`: a body to a signed request.

import { compile } from '../node-api.js';
import { loadContract } from './contract-file.js';
import { readBytes } from './files.js';
import { keysOf } from './keys.js';
import { UsageError } from './outcome.js';

export async function sign(options) {
  const { paths: [file, ...more], curl, http } = options;
  if (file === undefined) throw new UsageError('no body given', 'name the file of the body, or - for standard input');
  if (more.length > 0) throw new UsageError('one body is signed at a time');
  if (curl && http) throw new UsageError('--curl and --http exclude each other');
  const { contract, files } = await loadContract(options.contract);
  const gate = await compile(contract, { files, keys: keysOf(options, contract) });
  const url = options.url ?? defaultUrl(contract);
  const [type] = contract.request?.contentTypes ?? ['application/json'];
  const [method] = contract.request?.methods ?? ['POST'];
  const body = readBytes(file);
  const headers = body.length > 0 ? [['content-type', type]] : [];
  const signed = gate.sign({ method, url, headers, body }, { now: options.now });
  gate.free();
  process.stdout.write(curl ? curlCommand(signed, file) : rawRequest(signed));
  return {};
}

/** The contract's own path, where it needs no value from the user. */
function defaultUrl({ request = {} }) {
  const path = (request.path ?? '/').replace(/\/\{[^{}/]+\?\}$/, '');
  if (path.includes('{')) throw new UsageError(`the contract's path is \`${request.path}\``, 'say --url URL');
  return `http://localhost${path}`;
}

function rawRequest({ method, url, headers, body }) {
  const { host, target } = split(url);
  const lines = [`${method} ${target} HTTP/1.1`, ...(host ? [`host: ${host}`] : [])];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  lines.push(`content-length: ${body.length}`, '', '');
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body]);
}

function split(url) {
  const [, host, target] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/i.exec(url) ?? [undefined, undefined, url];
  const path = target.split('#')[0];
  if (/[\s\u0000-\u001f]/.test(url)) throw new UsageError('--url holds white space');
  return { host, target: path.startsWith('/') ? path : `/${path}` };
}

function curlCommand({ method, url, headers, body }, file) {
  if (!/^[a-z]+:\/\//i.test(url)) throw new UsageError('--curl needs the whole URL', 'say --url http://127.0.0.1:8080/path');
  const parts = [`curl -X ${method} ${quoted(url)}`, ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)];
  // --data-binary, because --data drops line breaks and would break the signature.
  if (body.length > 0) parts.push(`--data-binary ${file === '-' ? quoted(inline(body)) : quoted(`@${file}`)}`);
  return `${parts.join(' \\\n  ')}\n`;
}

function inline(body) {
  const text = body.toString('utf8');
  if (text.includes('\0') || !Buffer.from(text).equals(body) || text.startsWith('@')) {
    throw new UsageError('this body cannot stand on a command line', 'save it in a file and name the file');
  }
  return text;
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
