// Converts a case folder to a State. The keys in a case.json are treated as secrets.

import { fileNames } from '../../../pkg/read/contract-needs.js';
import { utf8Text } from '../base/bytes.js';
import { isObject, parsed } from '../base/json.js';
import { texts } from '../base/language.js';
import { eventText, recordingText } from '../request/recording.js';
import { initialState, type Secrets, type State } from '../state.js';
import { Problem } from './problem.js';
import { stateOf, WrongMember } from './state-form.js';

interface Found {
  state: State;
  keys: Secrets['keys'];
}
type File = { name: string; bytes: Uint8Array };
type Yaml = (name: string, text: string) => Promise<unknown[]>;

const FOREVER = 1e11;
const MEMBERS = [
  'contract',
  'now',
  'keys',
  'seen',
  'options',
  'params',
  'limits',
  'origin',
  'why',
  'pack',
  'data',
  'shape',
  'url',
];

const t = texts({
  en: {
    object: 'case.json is not a JSON object.',
    kind:
      'This case is about a registry or a call, which the page does not check. Use the command line: countersign ' +
      'verify.',
    contract:
      'The case needs the contract `{name}`, which is not among the files. Open the whole folder, contract ' +
      'included.',
    member: 'case.json has a value at `{at}` that is not allowed there.',
    input: 'The case has no `{name}`. Open the whole folder, or its ZIP.',
  },
  'zh-CN': {
    object: 'case.json 不是 JSON 对象。',
    kind: '此用例针对注册表或函数调用，本页不做判断。请使用命令行：countersign verify。',
    contract: '此用例使用契约 `{name}`，但它不在这些文件中。请打开整个文件夹，包括契约。',
    member: 'case.json 在 `{at}` 处有不应出现的内容。',
    input: '此用例缺少 `{name}`。请打开整个文件夹，或其 ZIP。',
  },
});

/** The State of a case and the files of its folder. Throws a `Problem`. */
export async function caseParts(found: unknown, files: File[], path: string, yaml: Yaml): Promise<Found> {
  if (!isObject(found)) throw new Problem(t('object'));
  if (found.registry !== undefined || found.call !== undefined) throw new Problem(t('kind'));
  const folder = path.replace(/[^/]*$/, '');
  const fileOf = (name: string) => files.find((file) => file.name === resolved(folder + name))?.bytes;
  if (found.pack !== undefined) return checked(found, packMembers(found, fileOf));
  const contract = await contractOf(found.contract, fileOf, yaml);
  const name = found.shape === true ? 'event.json' : 'request.http';
  const bytes = fileOf(name);
  if (bytes === undefined) throw new Problem(t('input', { name }));
  const message = found.shape === true ? eventText(String(found.url ?? ''), bytes) : recordingText(bytes);
  return checked(found, { action: found.shape === true ? 'shape' : 'verify', message, contract });
}

/** A case.json by itself, where its contract ships; undefined where it is no case. */
export function caseAlone(found: Record<string, unknown>): Found | undefined {
  if (
    !Object.keys(found).every((name) => MEMBERS.includes(name)) ||
    !(isShipped(found.contract) || isShipped(found.pack))
  )
    return undefined;
  if (isShipped(found.pack))
    return checked(found, { mode: 'deployment', deployment: { packs: [found.pack], ...dataOf(found) } });
  return checked(found, { contract: { shipped: found.contract, files: {} } });
}

function packMembers(
  found: Record<string, unknown>,
  fileOf: (name: string) => Uint8Array | undefined,
): Record<string, unknown> {
  const name = ['input.json', 'input.yaml'].find((one) => fileOf(one) !== undefined);
  const documents = name === undefined ? undefined : utf8Text(fileOf(name) as Uint8Array);
  if (documents === undefined) throw new Problem(t('input', { name: 'input.json' }));
  return { mode: 'deployment', deployment: { documents, packs: [found.pack], ...dataOf(found) } };
}

function dataOf({ data, params }: Record<string, unknown>): Record<string, unknown> {
  return { data: textOf(data), params: textOf(params) };
}

function textOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

async function contractOf(
  name: unknown,
  fileOf: (name: string) => Uint8Array | undefined,
  yaml: Yaml,
): Promise<State['contract']> {
  if (isObject(name)) return { files: { 'contract.json': textOf(name) } };
  if (isShipped(name)) return { shipped: name, files: {} };
  const bytes = fileOf(String(name));
  const text = bytes && utf8Text(bytes);
  if (text === undefined) throw new Problem(t('contract', { name: String(name) }));
  const main = /\.ya?ml$/.test(String(name)) ? textOf((await yaml(String(name), text))[0]) : text;
  const folder = String(name).replace(/[^/]*$/, '');
  const beside = [...new Set<string>(fileNames(parsed(main)))].map(
    (file) => [file, utf8Text(fileOf(folder + file) ?? new Uint8Array())] as const,
  );
  const present = beside.filter(([file, content]) => content !== undefined && fileOf(folder + file) !== undefined);
  return { files: { ...(Object.fromEntries(present) as Record<string, string>), 'contract.json': main } };
}

/** A shipped name has neither a slash nor a dot. */
function isShipped(name: unknown): name is string {
  return typeof name === 'string' && !/[/\\.]/.test(name);
}

function checked(found: Record<string, unknown>, members: Record<string, unknown>): Found {
  const { keys = [], seen = [], now, params, origin = '', options = {}, limits } = found;
  const deployment = members.mode === 'deployment';
  if (!Array.isArray(keys) || !keys.every(isObject)) throw new Problem(t('member', { at: '/keys' }));
  if (!Array.isArray(seen)) throw new Problem(t('member', { at: '/seen' }));
  const { open } = initialState();
  try {
    const state = stateOf({
      ...members,
      open,
      now: timeOf(now),
      origin,
      params: deployment ? '' : textOf(params),
      seen: seen.map((key) => ({ key, until: FOREVER })),
      options: { ...(isObject(options) ? options : {}), ...(limits === undefined ? {} : { limits }) },
      publicKeys: keys.flatMap(publicOf),
    });
    return { state, keys: keys.flatMap(secretOf) };
  } catch (error) {
    if (!(error instanceof WrongMember)) throw error;
    throw new Problem(t('member', { at: error.at }));
  }
}

function publicOf({ id, publicKey }: Record<string, unknown>): unknown[] {
  if (publicKey === undefined) return [];
  return [{ ...(id === undefined ? {} : { id }), text: typeof publicKey === 'string' ? publicKey : textOf(publicKey) }];
}

function secretOf({ id, secret, secretBytes }: Record<string, unknown>): Secrets['keys'] {
  const named = typeof id === 'string' ? { id } : {};
  if (Array.isArray(secretBytes)) return [{ ...named, secret: Uint8Array.from(secretBytes as number[]) }];
  return typeof secret === 'string' ? [{ ...named, secret }] : [];
}

/** Unix seconds, of a number or RFC 3339. */
function timeOf(now: unknown): unknown {
  if (now === undefined) return null;
  if (typeof now !== 'string') return now;
  return /^\d+$/.test(now) ? Number(now) : Math.floor(Date.parse(now) / 1000);
}

/** A path without `.` and `..`; one that leads out of the files finds none. */
function resolved(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      if (out.pop() === undefined) return '';
    } else if (part !== '.' && part !== '') out.push(part);
  }
  return out.join('/');
}
