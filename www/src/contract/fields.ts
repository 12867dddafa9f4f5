// Which fields the form has for a contract, what each can show, and what the enumerations of the language's schema
// offer.

import { escaped, isObject, valueAt } from '../base/json.js';
import { fieldLabel } from './field-labels.js';
import type { ContractDocument } from './files.js';
import { part, wordsOf } from './schema-part.js';
import type { Schema } from './schema-part.js';
import { newSegments } from './signed.js';

export type Field = { at: string; label: string } & (
  | { kind: 'text' }
  | { kind: 'number'; min?: number; max?: number; fallback?: number }
  /** Texts with a comma between them. `single`: one is written without its list. */
  | { kind: 'list'; single?: boolean; numbers?: boolean }
  | { kind: 'select'; words: string[]; fallback?: string }
  | { kind: 'checks'; words: string[]; fallback: string[] }
  /** Where a value of the signature stands: one of these words, and a name. */
  | { kind: 'source'; words: string[] }
  /** One of several objects, told apart by a member; each as it begins. */
  | { kind: 'variant'; by: string; starts: Record<string, Record<string, unknown>> }
  /** On: the member has this value. Off: the member is absent. */
  | { kind: 'switch'; on: unknown }
  | { kind: 'signed'; adds: Record<string, unknown>[] }
  /** Only shown; to be edited in the document. */
  | { kind: 'said'; text: string }
);

export interface Section {
  name: string;
  at: string;
  fields: Field[];
}

type FieldOf<Kind extends Field['kind']> = Extract<Field, { kind: Kind }>;

/** The sections of the form. Equal ones need no new elements. */
export function sectionsOf(contract: ContractDocument, schema: Schema): Section[] {
  const at = (pointer: string) => valueAt(contract, pointer);
  const is = (pointer: string) => isObject(at(pointer));
  const sections: Section[] = [
    { name: fieldLabel('contract'), at: '', fields: [text('/contract', 'name'), text('/summary', 'summary')] },
  ];
  sections.push(is('/response') ? answers(schema) : requests(schema), ...signatures(contract, schema));
  const fieldNames = namesOf(contract);
  const time = timeField(contract) ?? fieldNames[0];
  const window = {
    field: time ?? { from: { body: '/timestamp' }, format: 'unix-seconds' },
    pastSeconds: 300,
    futureSeconds: 300,
  };
  const freshness: Field[] = [{ kind: 'switch', at: '/freshness', label: fieldLabel('judgeTime'), on: window }];
  if (is('/freshness')) {
    const within = ['properties', 'freshness', 'properties'];
    const names = typeof at('/freshness/field') === 'string' ? fieldNames : [];
    if (names.length > 0)
      freshness.push({ kind: 'select', at: '/freshness/field', label: fieldLabel('timeField'), words: names });
    if (is('/freshness/field')) freshness.push(...signatureField('/freshness/field', fieldLabel('time'), schema));
    freshness.push(
      number(schema, '/freshness/pastSeconds', 'past', ...within, 'pastSeconds'),
      number(schema, '/freshness/futureSeconds', 'future', ...within, 'futureSeconds'),
    );
  }
  const keep = is('/freshness') ? {} : { keepSeconds: 604_800 };
  const noticed = {
    // A token signs nothing, so all messages would have one key.
    key: [at('/signature/key/algorithm') === 'token' ? '/id' : 'signed'],
    ...keep,
    onDuplicate: wordsOf(schema, '$defs', 'replay', 'properties', 'onDuplicate')[0],
  };
  const replay: Field[] = [{ kind: 'switch', at: '/replay', label: fieldLabel('noticeCopies'), on: noticed }];
  if (is('/replay')) {
    const within = ['properties', 'replay', 'properties'];
    replay.push(
      { kind: 'list', at: '/replay/key', label: fieldLabel('replayKey') },
      select(schema, '/replay/onDuplicate', 'onDuplicate', ...within, 'onDuplicate'),
      select(schema, '/replay/onMissing', 'onMissing', ...within, 'onMissing'),
      number(schema, '/replay/keepSeconds', 'keep', ...within, 'keepSeconds'),
    );
  }
  sections.push(
    { name: fieldLabel('freshness'), at: '/freshness', fields: freshness },
    { name: fieldLabel('replay'), at: '/replay', fields: replay },
  );
  sections.push({
    name: fieldLabel('payload'),
    at: '/payload',
    fields: [
      select(schema, '/payload/format', 'payloadFormat', 'properties', 'payload', 'properties', 'format'),
      { kind: 'list', at: '/route/type', label: fieldLabel('typePlace'), single: true },
      { kind: 'list', at: '/route/id', label: fieldLabel('idPlace'), single: true },
    ],
  });
  if (!is('/response')) {
    const preset = select(schema, '/status/preset', 'preset', 'properties', 'status', 'properties', 'preset');
    sections.push({ name: fieldLabel('status'), at: '/status', fields: [preset] });
  }
  return sections;
}

/** The members that the form leaves to the document, on two levels: `schema`, `route.versions`. */
export function unshownMembers(contract: ContractDocument, sections: Section[]): string[] {
  const fields = sections.flatMap((section) => section.fields.map(({ at }) => at));
  const isShown = (at: string) =>
    at === '/version' || fields.some((field) => field === at || field.startsWith(`${at}/`));
  return Object.entries(contract).flatMap(([name, value]) => {
    const at = `/${escaped(name)}`;
    if (!isShown(at)) return [name];
    return isObject(value)
      ? Object.keys(value)
          .filter((key) => !isShown(`${at}/${escaped(key)}`))
          .map((key) => `${name}.${key}`)
      : [];
  });
}

/** Whether the form can show this value, and so may change it. */
export function canShow(field: Field, value: unknown): boolean {
  if (value === undefined) return true;
  switch (field.kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'list':
      return (
        (field.single && isText(value, field)) || (Array.isArray(value) && value.every((item) => isText(item, field)))
      );
    case 'select':
      return typeof value === 'string';
    case 'checks':
      return Array.isArray(value) && value.every((item) => field.words.includes(item));
    case 'source':
      return isSource(value, field);
    case 'variant':
      return isObject(value) && Object.hasOwn(field.starts, String(value[field.by]));
    case 'switch':
      return value === null || isObject(value);
    case 'signed':
      return Array.isArray(value) && value.every((item) => isObject(item) && Object.keys(item).length === 1);
    case 'said':
      return true;
  }
}

function isText(item: unknown, { numbers }: FieldOf<'list'>): boolean {
  if (numbers) return typeof item === 'number';
  return typeof item === 'string' && item !== '' && item.trim() === item && !/,\s/.test(item);
}

function isSource(value: unknown, { words }: FieldOf<'source'>): boolean {
  if (!isObject(value)) return false;
  const [[kind, name] = ['', undefined], ...more] = Object.entries(value as Schema);
  const names = Array.isArray(name) ? name : [name];
  return (
    more.length === 0 &&
    words.includes(kind) &&
    names.every((one) => typeof one === 'string') &&
    (!Array.isArray(name) || kind === 'header')
  );
}

function requests(schema: Schema): Section {
  const within = ['properties', 'request', 'properties'];
  const methods = wordsOf(schema, ...within, 'methods', 'items');
  return {
    name: fieldLabel('request'),
    at: '/request',
    fields: [
      {
        kind: 'checks',
        at: '/request/methods',
        label: fieldLabel('methods'),
        words: methods,
        fallback: (part(schema, ...within, 'methods')?.default as string[] | undefined) ?? [],
      },
      text('/request/path', 'path'),
      { kind: 'list', at: '/request/contentTypes', label: fieldLabel('contentTypes') },
      number(schema, '/request/maxBytes', 'maxBytes', ...within, 'maxBytes'),
    ],
  };
}

function answers(schema: Schema): Section {
  return {
    name: fieldLabel('response'),
    at: '/response',
    fields: [
      { kind: 'list', at: '/response/statuses', label: fieldLabel('statuses'), numbers: true },
      { kind: 'list', at: '/response/contentTypes', label: fieldLabel('contentTypes') },
      number(schema, '/response/maxBytes', 'maxBytes', 'properties', 'response', 'properties', 'maxBytes'),
    ],
  };
}

function signatures(contract: ContractDocument, schema: Schema): Section[] {
  const engine = valueAt(contract, '/signature/engine');
  const section = { name: fieldLabel('signature'), at: '/signature' };
  if (engine !== 'segments') {
    const text = typeof engine === 'string' ? fieldLabel('otherEngine', { engine }) : fieldLabel('unsigned');
    const keys = isObject(valueAt(contract, '/signature/key')) ? keyFields(schema) : [];
    return [
      { ...section, fields: [{ kind: 'said', at: '/signature/engine', label: fieldLabel('engine'), text }, ...keys] },
    ];
  }
  const token = valueAt(contract, '/signature/key/algorithm') === 'token';
  const fields: Field[] = [
    { kind: 'said', at: '/signature/engine', label: fieldLabel('engine'), text: engine },
    ...keyFields(schema),
    {
      kind: 'source',
      at: '/signature/from',
      label: fieldLabel('from'),
      words: sourcesOf(schema).filter((word) => word !== 'pair'),
    },
    ...shapeFields(contract, schema),
    ...(token
      ? []
      : [select(schema, '/signature/encoding', 'encoding', '$defs', 'segmentsEngine', 'properties', 'encoding')]),
  ];
  const time = timeField(contract);
  const declared = namesOf(contract);
  for (const name of declared) {
    fields.push(
      ...signatureField(
        `/signature/fields/${escaped(name)}`,
        name === time ? fieldLabel('timeNamed', { name }) : name,
        schema,
      ),
    );
  }
  if (!token)
    fields.push({
      kind: 'signed',
      at: '/signature/signed',
      label: fieldLabel('signed'),
      adds: newSegments(schema, declared),
    });
  return [{ ...section, fields }];
}

function keyFields(schema: Schema): Field[] {
  const within = ['$defs', 'key', 'properties'];
  return [
    select(schema, '/signature/key/algorithm', 'algorithm', ...within, 'algorithm'),
    select(schema, '/signature/key/format', 'keyFormat', ...within, 'format'),
    text('/signature/key/prefix/strip', 'strip'),
    number(schema, '/signature/key/minBytes', 'minBytes', ...within, 'minBytes'),
  ];
}

const SAMPLES: Record<string, unknown> = { prefix: 'sha256=', take: ['v1'] };

function shapeFields(contract: ContractDocument, schema: Schema): Field[] {
  const all = (part(schema, '$defs', 'headerShape')?.oneOf ?? []) as {
    required: string[];
    properties: Record<string, Schema>;
  }[];
  const starts: Record<string, Record<string, unknown>> = {};
  for (const { required, properties } of all) {
    const sample = (name: string) =>
      properties[name]?.const ?? (properties[name]?.enum as unknown[] | undefined)?.[0] ?? SAMPLES[name] ?? '';
    starts[String(properties.kind?.const)] = Object.fromEntries(required.map((name) => [name, sample(name)]));
  }
  const fields: Field[] = [{ kind: 'variant', at: '/signature/shape', label: fieldLabel('shape'), by: 'kind', starts }];
  const kind = valueAt(contract, '/signature/shape/kind');
  const { properties = {} } = all.find((one) => one.properties.kind?.const === kind) ?? {};
  for (const [name, declared] of Object.entries(properties)) {
    if (name === 'kind') continue;
    const at = `/signature/shape/${name}`;
    const label = fieldLabel(name);
    if (Array.isArray(declared.enum)) fields.push({ kind: 'select', at, label, words: declared.enum.map(String) });
    else fields.push(declared.type === 'array' ? { kind: 'list', at, label } : { kind: 'text', at, label });
  }
  return fields;
}

function signatureField(at: string, name: string, schema: Schema): Field[] {
  return [
    { kind: 'source', at: `${at}/from`, label: fieldLabel('fieldFrom', { name }), words: sourcesOf(schema) },
    {
      ...select(schema, `${at}/format`, 'fieldFormat', '$defs', 'field', 'properties', 'format'),
      label: fieldLabel('fieldFormat', { name }),
    },
  ];
}

function sourcesOf(schema: Schema): string[] {
  return Object.keys(part(schema, '$defs', 'source', 'properties') ?? {});
}

/** The signature's field that `freshness` checks. */
function timeField(contract: ContractDocument): string | undefined {
  const named = valueAt(contract, '/freshness/field');
  return typeof named === 'string' ? named : undefined;
}

function namesOf(contract: ContractDocument): string[] {
  const engine = valueAt(contract, '/signature/engine');
  if (engine === 'dpop') return ['iat'];
  if (engine === 'rfc9421') return ['created'];
  const fields = valueAt(contract, '/signature/fields');
  return isObject(fields) ? Object.keys(fields) : [];
}

function text(at: string, name: string): Field {
  return { kind: 'text', at, label: fieldLabel(name) };
}

function number(schema: Schema, at: string, name: string, ...keys: string[]): Field {
  const { minimum, maximum, default: fallback } = part(schema, ...keys) ?? {};
  const [min, max, initial] = [minimum, maximum, fallback] as (number | undefined)[];
  return { kind: 'number', at, label: fieldLabel(name), min, max, fallback: initial };
}

function select(schema: Schema, at: string, name: string, ...keys: string[]): Field {
  const fallback = part(schema, ...keys)?.default;
  return {
    kind: 'select',
    at,
    label: fieldLabel(name),
    words: wordsOf(schema, ...keys),
    ...(typeof fallback === 'string' ? { fallback } : {}),
  };
}
