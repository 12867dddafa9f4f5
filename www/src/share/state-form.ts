// The form of a State that comes from elsewhere, as a table: each member's own check.

import { isObject } from '../base/json.js';
import { initialState, type State } from '../state.js';

type Check = (value: unknown) => boolean;
/** A check; the members of an object; or in a list those of its items, each with all of them. */
type Form = Check | Table | [Table];
interface Table {
  [member: string]: Form;
}

const MAX_SECONDS = 1e11; // beyond it a number is milliseconds

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const time: Check = (value) => typeof value === 'number' && Math.abs(value) <= MAX_SECONDS;
const until: Check = (value) => typeof value === 'number';
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const textByName: Check = (value) => isObject(value) && Object.values(value).every(text);
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value as string);

const FORM: { [Member in keyof Required<State>]: Form } = {
  mode: oneOf('webhook', 'deployment'),
  action: oneOf('verify', 'sign', 'shape'),
  open: {
    pane: oneOf('input', 'rules', 'result'),
    input: oneOf('raw', 'headers', 'query', 'body'),
    rules: oneOf('form', 'contract', 'schema', 'policy', 'data'),
    result: oneOf('findings', 'signed', 'message', 'json'),
    pack: oneOf('packs', 'policy', 'data'),
    file: text,
  },
  example: text,
  message: { text, base64: flag },
  contract: { shipped: text, files: textByName },
  params: text,
  origin: text,
  publicKeys: [{ id: text, text }],
  now: (value) => value === null || time(value),
  seen: [{ key: text, until }],
  options: isObject,
  deployment: { documents: text, packs: texts, policy: textByName, data: text, params: text },
};

/** Says by `at`, a JSON Pointer, which member is not what belongs there. */
export class WrongMember extends Error {
  constructor(readonly at: string) {
    super(at);
  }
}

/**
 * The State of a value: unknown members are dropped, and missing ones are as they are at first. Throws `WrongMember`.
 */
export function stateOf(value: unknown): State {
  return membersOf(value, FORM, { ...initialState() }, '') as unknown as State;
}

/** The members that are not as they are at first. */
export function differences(state: State): Record<string, unknown> {
  return differing({ ...state }, FORM, { ...initialState() });
}

/** Is this a word for a tab of `open`? */
export function isTab(name: string, word: string): boolean {
  const form = (FORM.open as Table)[name];
  return typeof form === 'function' && name !== 'file' && form(word);
}

function membersOf(
  value: unknown,
  table: Table,
  initial: Record<string, unknown>,
  at: string,
): Record<string, unknown> {
  if (!isObject(value)) throw new WrongMember(at);
  const out = { ...initial };
  for (const [name, form] of Object.entries(table)) {
    if (Object.hasOwn(value, name)) out[name] = memberOf(value[name], form, initial[name], `${at}/${name}`);
  }
  return out;
}

function memberOf(value: unknown, form: Form, initial: unknown, at: string): unknown {
  if (typeof form === 'function') {
    if (form(value)) return value;
    throw new WrongMember(at);
  }
  if (!Array.isArray(form)) return membersOf(value, form, initial as Record<string, unknown>, at);
  const [table] = form;
  if (!Array.isArray(value)) throw new WrongMember(at);
  return value.map((item, index) => {
    const read = membersOf(item, table, {}, `${at}/${index}`);
    // A key needs no name.
    const missing = Object.keys(table).find((name) => name !== 'id' && !Object.hasOwn(read, name));
    if (missing !== undefined) throw new WrongMember(`${at}/${index}/${missing}`);
    return read;
  });
}

function differing(
  value: Record<string, unknown>,
  table: Table,
  initial: Record<string, unknown>,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, form] of Object.entries(table)) {
    const [member, first] = [value[name], initial[name]];
    if (member === undefined || JSON.stringify(member) === JSON.stringify(first)) continue;
    const whole = typeof form === 'function' || Array.isArray(form);
    out[name] = whole ? member : differing(member as Record<string, unknown>, form, first as Record<string, unknown>);
  }
  return out;
}
