// Guesses which shipped contracts a message may belong to, only from what the contracts declare.

import { pairsIn, queryRange } from '../../../pkg/read/layout.js';
import { readable } from '../base/bytes.js';
import { parsed, valueAt } from '../base/json.js';
import type { Data } from '../data.js';
import type { Message } from '../engine/protocol.js';

interface Source {
  header?: string | string[];
  query?: string;
  body?: string;
}
interface SignedField {
  from: Source;
  optional?: boolean;
  equals?: { literal?: string };
}
interface Shape {
  kind: string;
  prefix?: string;
  separator?: string;
  tag?: string;
  take?: string[];
}
interface Signature {
  engine: string;
  from?: Source;
  shape?: Shape;
  fields?: Record<string, SignedField>;
}
interface Contract {
  signature?: Signature | null;
  request?: { methods?: string[]; path?: string; contentTypes?: string[] };
  response?: { statuses: number[]; contentTypes?: string[] };
}

/** Of the engines whose place no contract names. */
const PLACES: Record<string, Source> = { rfc9421: { header: 'signature-input' }, dpop: { header: 'dpop' } };
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * Their names, best first, of equals by name: those whose signature is in the message. What else they declare counts
 * for them where the message has it, and against them where it has not.
 */
export function contractsFor(message: Message, contracts: Data['contracts']): string[] {
  const read = reader(message);
  return Object.entries(contracts)
    .flatMap(([name, { files }]) => {
      const points = pointsOf(parsed(files['contract.json'] ?? '') as Contract | undefined, message, read);
      return points === undefined ? [] : [{ name, points }];
    })
    .sort((one, other) => other.points - one.points || (one.name < other.name ? -1 : 1))
    .map(({ name }) => name);
}

type Read = (source: Source) => string | undefined;

/** The value at a source, where the message holds one. */
function reader({ url = '', headers, body }: Message): Read {
  const query = pairsIn(url, queryRange(url, [0, url.length]));
  let document: { value: unknown } | undefined; // most contracts take nothing from the body
  return ({ header, query: parameter, body: pointer }) => {
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
function pointsOf(contract: Contract | undefined, message: Message, read: Read): number | undefined {
  const signature = contract?.signature;
  if (!contract || !signature || (message.status === undefined) !== (contract.response === undefined)) return undefined;
  const place = signature.from ?? PLACES[signature.engine];
  const signed = place && read(place);
  if (signed === undefined) return undefined;
  const signs = [
    ...startSigns(contract, message, read),
    ...shapeSigns(signature.shape, signed),
    ...fieldSigns(signature, read),
  ];
  return signs.reduce((points, agrees) => points + (agrees ? 1 : -1), 0);
}

function startSigns({ request, response }: Contract, { method, url = '', status }: Message, read: Read): boolean[] {
  const contentTypes = (response ?? request)?.contentTypes;
  const type = read({ header: 'content-type' })?.replace(/;.*/s, '').trim().toLowerCase();
  const ofType = contentTypes ? [type !== undefined && contentTypes.includes(type)] : [];
  if (response) return [response.statuses.includes(status!), ...ofType];
  const path =
    request?.path === undefined ? [] : [isPathOf(request.path, url.replace(AUTHORITY, '').split(/[?#]/)[0]!)];
  return [(request?.methods ?? ['POST']).includes(method ?? 'POST'), ...path, ...ofType];
}

/** Segment by segment on the raw path: `{name}` is one, `{name?}` a last one that may be missing. */
function isPathOf(pattern: string, path: string): boolean {
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
function shapeSigns(shape: Shape | undefined, signed: string): boolean[] {
  const parts = shape?.separator === undefined ? [signed] : signed.split(shape.separator).map((part) => part.trim());
  const starts = [shape?.prefix, shape?.tag, ...(shape?.take ?? []).map((name) => `${name}=`)].filter(
    (start) => start !== undefined,
  );
  return starts.length === 0 ? [] : [parts.some((part) => starts.some((start) => part.startsWith(start)))];
}

/** Pairs stand in the signature itself. */
function fieldSigns({ fields = {} }: Signature, read: Read): boolean[] {
  return Object.values(fields)
    .filter(({ from }) => !('pair' in from))
    .flatMap(({ from, optional, equals }) => {
      const value = read(from);
      if (value === undefined) return optional ? [] : [false];
      return [equals?.literal === undefined || equals.literal === value];
    });
}
