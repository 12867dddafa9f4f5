// Builds the request to send: its URL and headers, signed, and written as curl or as raw HTTP.

import { latin1, utf8 } from '../base/bytes.js';
import { curlCommand } from '../write/curl.js';
import { messageBytes } from '../write/message.js';
import { UsageError } from './outcome.js';

const ASCII = /^[\x21-\x7e]*$/;

/** Checked before anything is read. */
export function refuseMisuse({ curl, http }, contract) {
  if (curl && http) throw new UsageError('--curl and --http cannot be used together');
  if (contract.response !== undefined) {
    throw new UsageError(
      'the contract is for responses, but this command writes requests',
      'sign a response in code: gate.sign({ status, headers, body })',
    );
  }
}

/** The request that carries a body to the contract's receiver, not signed yet. */
export function outgoing(body, options, contract, { about }) {
  const { base, target } = destination(options, contract);
  const method = methodOf(options, about);
  const given = (options.header ?? []).map(headerOf);
  refuseUntrue(given, { base, body, origin: options.origin });
  const headers = [...(body.length > 0 ? [['content-type', contentType(contract)]] : []), ...given];
  // With an origin, only the target is signed: the request may be sent elsewhere, such as to a local port.
  const url = options.origin === undefined ? base + target : target;
  return { method, url, headers: lastOfEach(headers), body };
}

/** The text or bytes of the signed request. `file` is where curl reads the body; `-` puts it into the command. */
export function signedText(gate, request, options, contract, file) {
  const signed = gate.sign(request, told(options, gate.about));
  refuseRefused(gate.check(signed, { now: options.now }), contract);
  if (options.origin !== undefined) signed.url = destination(options, contract).base + signed.url;
  return options.curl ? curlText(signed, file) : rawRequest(signed, needsScheme(contract, options));
}

/**
 * A request that the receiver rejects before reading the message is not worth sending. The message is up to the sender.
 */
function refuseRefused({ findings }, { contract }) {
  const found = findings.find(
    ({ code, stage, severity }) => severity === 'error' && (stage === 'request' || code === 'body-unexpected'),
  );
  if (found === undefined) return;
  const { code, message, allowed } = found;
  const help = HELP[code]?.([allowed].flat().join(', '));
  throw new UsageError(`the contract ${contract} refuses this request: ${message}`, help);
}

const HELP = {
  'body-unexpected': () => 'leave the body out',
  'request-content-type': (allowed) => `use --header "content-type: …" with one of ${allowed}`,
  'request-method': (allowed) => `use --method with one of ${allowed}`,
  'request-path': (allowed) => `use --url with the path ${allowed}`,
};

function methodOf({ method }, { methods }) {
  if (method === undefined) return methods[0];
  if (!/^[A-Z][A-Z-]*$/.test(method))
    throw new UsageError('--method is not a method, such as POST', 'methods are written in capital letters');
  return method;
}

function told({ now, nonce }, about) {
  if (nonce !== undefined && !about.nonce)
    throw new UsageError(
      '--nonce has no effect: the contract has neither a field with the format hex16 nor a parameter `nonce`',
      'leave --nonce out',
    );
  if (nonce !== undefined && !/^[0-9a-f]{16}$/.test(nonce))
    throw new UsageError('--nonce is not 16 lower-case hex digits', 'such as --nonce a1b2c3d4e5f67890');
  return nonce === undefined ? { now } : { now, nonce };
}

function contentType({ request, payload }) {
  return (
    request?.contentTypes?.[0] ??
    (payload?.format === 'form' ? 'application/x-www-form-urlencoded' : 'application/json')
  );
}

/** One character for each byte of the argument: it is signed as it is sent. */
function headerOf(text) {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\r\n\0]*)$/.exec(text) ?? [];
  if (name === undefined)
    throw new UsageError('--header is not a name, a colon and a value', 'such as --header "webhook-id: msg_1"');
  return [name, latin1(utf8(value.replace(/^[ \t]+|[ \t]+$/g, '')))];
}

/** Headers that say how the message is sent must be true, or what arrives is not what was signed. */
function refuseUntrue(headers, { base, body, origin }) {
  const given = (wanted) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const length = given('content-length');
  if (length !== undefined && length !== String(body.length))
    throw new UsageError(
      `--header content-length is ${length}, but the body has ${body.length} bytes`,
      'leave it out: the command adds it',
    );
  if (given('transfer-encoding') !== undefined)
    throw new UsageError(
      '--header transfer-encoding is not supported: the body is written whole, with its length',
      'leave it out',
    );
  const [host, called] = [given('host'), base.replace(/^.*:\/\//, '')];
  if (host !== undefined && called !== '' && origin === undefined && host !== called)
    throw new UsageError(
      `--header host is not the host of the URL, \`${called}\``,
      'give the host that senders call with --origin https://HOST, and the host to call with --url',
    );
}

/** A header from the user replaces the default. */
function lastOfEach(headers) {
  return [...new Map(headers.map(([name, value]) => [name.toLowerCase(), [name, value]])).values()];
}

/** Where the request goes: { base, target }. The base is empty if only the target is known. */
function destination({ url, origin }, contract) {
  const local = signsUrl(contract) ? 'https://localhost' : 'http://localhost';
  const { base, target } = split(url ?? (origin ?? local) + defaultPath(contract));
  return { base: base || (origin ?? ''), target };
}

function signsUrl({ signature }) {
  return (
    (signature?.signed ?? []).some((segment) => segment.url !== undefined) ||
    (signature?.components ?? []).some((name) => ['@scheme', '@target-uri'].includes(name))
  );
}

/**
 * A target without a host is read as part of an https URL, so a recording for http needs the whole URL in its first
 * line.
 */
function needsScheme(contract, { url, origin }) {
  return signsUrl(contract) && origin === undefined && /^http:/i.test(url ?? '');
}

/** The contract's own path, if it needs no value from the user. */
function defaultPath({ request = {} }) {
  const path = (request.path ?? '/').replace(/\/\{[^{}/]+\?\}$/, '');
  if (path.includes('{')) throw new UsageError(`the contract's path is \`${request.path}\``, 'add --url URL');
  return path;
}

/**
 * Path and query as a browser sends them, with non-ASCII characters as percent-encoded UTF-8, so that the signed bytes
 * are the bytes sent.
 */
function escaped(target) {
  return target.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}

/** Splits a URL into its base (`scheme://host`, or nothing) and the target that is sent, without the fragment. */
function split(url) {
  if (/[\s\p{Cc}]/u.test(url)) throw new UsageError('--url contains white space');
  const [, base = '', rest] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?(.*)$/is.exec(url);
  if (base.includes('@'))
    throw new UsageError(
      '--url contains a user name, which is not signed',
      'give it as --header "authorization: Basic …"',
    );
  if (!ASCII.test(base)) throw new UsageError('--url: the host is not ASCII', 'write it as it is sent: https://xn--…');
  const target = escaped(rest.split('#')[0]);
  return { base, target: target.startsWith('/') ? target : `/${target}` };
}

/** Raw HTTP/1.1. The host and the length are each written once. */
function rawRequest({ method, url, headers, body }, whole) {
  const { base, target } = split(url);
  const host = base.replace(/^.*:\/\//, '');
  const has = (wanted) => headers.some(([name]) => name.toLowerCase() === wanted);
  return messageBytes({
    method,
    url: whole ? base + target : target,
    headers: [
      ...(host && !has('host') ? [['host', host]] : []),
      ...headers,
      ...(has('content-length') ? [] : [['content-length', String(body.length)]]),
    ],
    body,
  });
}

function curlText(signed, file) {
  if (!/^[a-z]+:\/\//i.test(signed.url))
    throw new UsageError('--curl needs the whole URL', 'such as --url http://127.0.0.1:8080/path');
  return `${curlCommand(signed, { file: file === '-' ? undefined : file })}\n`;
}
