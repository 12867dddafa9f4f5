// What a finding is known by from run to run: 16 hex digits that do not depend on lines, on the order of documents, or
// on the order of the named items of a list. Waivers and baselines name findings by it.

import { createHash } from 'node:crypto';

import { pointerParts } from '../places/lines.js';
import { isSecret } from '../places/secrets.js';
import { pathOfDocument } from './place.js';

/** An item of a list is known by the first of these members that it has. `address` is that of Terraform's resources. */
const NAMES = ['address', 'name', 'key', 'id'];

/**
 * The fingerprint of a finding by itself: its rule, the resource, and the place in it. @param finding its `at` points
 * into the document's value @param document if it is about one
 */
export function fingerprintOf({ code, rule, at, resource }, document) {
  if (document === undefined) return hash([code, rule, resourceOf(resource)]);
  const { object, list, parts } = objectAt(document.value, pointerParts(at ?? '') ?? [at]);
  return hash([code, rule, subjectOf(document, object, list, resource), structural(object, parts)]);
}

/** The fingerprint of a finding of a contract. @param subject what it is about: a list that stays from run to run */
export function fingerprintIn(subject, { code, at }) {
  return hash([code, subject, at]);
}

/**
 * Gives each finding a fingerprint of its own. Of several that share one, the first by message and file keeps it; the
 * others add their message and file. So if one is fixed the others are still known, and one that comes is new.
 */
export function toldApart(findings) {
  const sharing = new Map();
  for (const finding of findings) {
    const { fingerprint } = finding;
    if (sharing.has(fingerprint)) sharing.get(fingerprint).push(finding);
    else sharing.set(fingerprint, [finding]);
  }
  const own = new Map();
  for (const [fingerprint, findingsOfOne] of sharing) {
    if (findingsOfOne.length === 1) continue;
    const all = findingsOfOne.map((finding) => ({ finding, text: textOf(finding) }));
    all.sort((left, right) => (left.text < right.text ? -1 : Number(left.text > right.text)));
    let equal = 0; // how many before it differ from it in nothing but their order
    for (const [index, { finding, text }] of all.entries()) {
      equal = text === all[index - 1]?.text ? equal + 1 : 0;
      own.set(finding, index === 0 ? fingerprint : hash([fingerprint, text, equal]));
    }
  }
  return findings.map((finding) => (own.has(finding) ? { ...finding, fingerprint: own.get(finding) } : finding));
}

function textOf({ message, from }) {
  return JSON.stringify([message, from && pathOfDocument(from)]);
}

/** What the finding is about: the resource that its rule names, the object that it is in, or else the file. */
function subjectOf(document, object, list, named) {
  const { metadata } = object ?? {};
  const own = { kind: object?.kind ?? list?.kind.slice(0, -'List'.length), ...metadata };
  if (named !== undefined && ['kind', 'namespace', 'name'].some((member) => named[member] !== own[member]))
    return resourceOf(named);
  const version = object?.apiVersion ?? list?.apiVersion;
  if (typeof version === 'string' && typeof own.name === 'string')
    return [version.replace(/\/?[^/]*$/, ''), own.kind, own.namespace, own.name];
  if (document.traffic) return [pathOfDocument(document), ...called(document.value)];
  return isPlan(document.value) ? 'terraform' : pathOfDocument(document);
}

function resourceOf({ kind, namespace, name } = {}) {
  return [kind, namespace, name];
}

function isPlan({ format_version: version, resource_changes: changes, planned_values: planned }) {
  return typeof version === 'string' && (Array.isArray(changes) || planned !== undefined);
}

/** The method and the address of an entry of traffic, without its query, which may contain secrets. */
function called({ request }) {
  return [request?.method, String(request?.url).replace(/[?#].*$/s, '')];
}

/** The object that a pointer leads into, in however many lists (`kind: List`), and the rest of the pointer. */
function objectAt(value, parts) {
  const isList = typeof value?.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items);
  if (!isList || parts[0] !== 'items' || parts.length < 2) return { object: value, parts };
  const { list = value, ...found } = objectAt(value.items[parts[1]], parts.slice(2));
  return { list, ...found };
}

/** The parts of a pointer, with the items of lists by what they are and not by where they stand. */
function structural(object, parts) {
  let node = object;
  return parts.map((part) => {
    const inside = node !== null && typeof node === 'object' && Object.hasOwn(node, part);
    const isItem = Array.isArray(node) && inside;
    node = inside ? node[part] : undefined;
    return isItem ? itemOf(node) : part;
  });
}

const items = new WeakMap();

/** An item without a name is known by its content: what is put in its place is another. */
function itemOf(item) {
  if (item === null || typeof item !== 'object') return [item];
  const name = NAMES.find((member) => ['string', 'number'].includes(typeof item[member]) && item[member] !== '');
  if (name !== undefined) return [name, item[name]];
  if (!items.has(item)) items.set(item, [hash(essence(item))]);
  return items.get(item);
}

/** Where an instruction of a Dockerfile is. */
const POSITIONS = ['Stage', 'StartLine'];

/** A value without secrets and positions, its members sorted. */
function essence(node) {
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map(essence);
  const isKept = ([name, member]) =>
    !isSecret(name, member, node) && !(typeof node.Cmd === 'string' && POSITIONS.includes(name));
  const members = Object.entries(node).filter(isKept);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return members.map(([name, member]) => [name, essence(member)]);
}

function hash(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
