// Recognises dropped or picked files by name, or else by content.

import { isBundle, opened as bundleParts } from '../../../pkg/api/bundle.js';
import { readable, utf8Text } from '../base/bytes.js';
import { isObject, prettyFile } from '../base/json.js';
import { texts } from '../base/language.js';
import { recordingText } from '../request/recording.js';
import type { Secrets, State } from '../state.js';
import { caseAlone, caseParts } from './case-in.js';
import { MAX_BYTES, MAX_FILES, tooMany } from './files.js';
import { isStateFile, stateOfFile } from './link.js';
import { Problem } from './problem.js';
import { isZip, unzip } from './zip.js';

export interface Named {
  name: string;
  bytes: Uint8Array;
}

/** What the files bring. What is absent stays as it is on the page. */
export interface Parts {
  message?: State['message'];
  contract?: State['contract'];
  /** Rego that no contract names. */
  policy?: Record<string, string>;
  /** Of deployment mode. */
  documents?: string;
  /** Members under `data.`, of a file `data.json`. */
  data?: string;
  /** JSON of no known kind: a body, or a document. */
  json?: string;
}

export type Opened =
  /** Everything: a case or a state. `keys`: those that its case.json holds, for `Secrets`. */
  | { kind: 'state'; state: State; keys: Secrets['keys'] }
  | { kind: 'parts'; parts: Parts }
  | { kind: 'har'; text: string }
  /** To be recognised as what is pasted is: a curl command, an editor's file of requests. */
  | { kind: 'curl'; text: string }
  | { kind: 'problem'; problem: string };

const EDITORS = /^\s*(?:#|\/\/|@[\w-]+\s*=)/; // a file of requests, as editors have it, and no recording
const START_LINE = /^(?:[A-Z][A-Z-]{1,20} \S+ HTTP\/\d|HTTP\/\d(?:\.\d)? [1-5]\d\d)/;

const t = texts({
  en: {
    nothing: 'It contains no file. Drop files, or the ZIP of a folder.',
    unknown:
      '`{name}` is nothing that the playground knows. It opens requests (.http), recordings (.har), cases ' +
      '(case.json or their ZIP), contracts and bundles (JSON, YAML), policies (.rego) and manifests (YAML, JSON).',
    text: '`{name}` is no UTF-8 text. Save it as UTF-8.',
    json: '`{name}` is no JSON. Look for a comma or quote that is missing.',
    yaml: '`{name}` cannot be read as YAML: {reason}.',
    hooks:
      '`{name}` is a registry of hooks, which the page does not judge. Open the contract of one hook, or use the ' +
      'command line: countersign verify --registry.',
    cases: 'There are several cases: {names}. Open one of them.',
    twice: 'There are two of the same kind: `{first}` and `{second}`. Open one of them.',
  },
  'zh-CN': {
    nothing: '其中没有文件。请拖入文件，或文件夹的 ZIP。',
    unknown:
      '本页无法识别 `{name}`。可以打开：请求（.http）、录制（.har）、用例（case.json 或其 ZIP）、契约和 bundle（JSON、YAML）、策略（.rego）以及清单（YAML、JSON）。',
    text: '`{name}` 不是 UTF-8 文本。请另存为 UTF-8。',
    json: '`{name}` 不是 JSON。请检查是否缺少逗号或引号。',
    yaml: '`{name}` 无法作为 YAML 读取：{reason}。',
    hooks:
      '`{name}` 是 hook 注册表，本页不做判断。请打开某个 hook 的契约，或使用命令行：countersign verify --registry。',
    cases: '其中有多个用例：{names}。请打开其中一个。',
    twice: '同类文件有两个：`{first}` 和 `{second}`。请打开其中一个。',
  },
});

/** Never throws: what cannot be opened is a problem in words. */
export async function opened(files: Named[]): Promise<Opened> {
  try {
    return await recognised(await unpacked(files));
  } catch (error) {
    if (error instanceof Problem) return { kind: 'problem', problem: error.message };
    throw error;
  }
}

async function unpacked(files: Named[]): Promise<Named[]> {
  const all: Named[] = [];
  for (const file of files) {
    if (!isZip(file.bytes)) all.push(file);
    else for (const [name, bytes] of Object.entries(await unzip(file.bytes))) all.push({ name, bytes });
  }
  if (all.length === 0) throw new Problem(t('nothing'));
  if (all.length > MAX_FILES || all.reduce((sum, { bytes }) => sum + bytes.length, 0) > MAX_BYTES) throw tooMany();
  return all;
}

async function recognised(files: Named[]): Promise<Opened> {
  const cases = files.filter(({ name }) => /(?:^|\/)case\.json$/.test(name));
  if (cases.length > 1)
    throw new Problem(
      t('cases', {
        names: cases
          .slice(0, 5)
          .map(({ name }) => name)
          .join(', '),
      }),
    );
  const [main] = cases;
  if (main !== undefined) return { kind: 'state', ...(await caseParts(jsonOf(main), files, main.name, yamlValues)) };
  const kinds: { file: Named; kind: Kind }[] = [];
  for (const file of files) kinds.push({ file, kind: await kindOf(file) });
  const whole = kinds
    .map(({ kind }) => kind)
    .find((kind) => kind.kind === 'state' || kind.kind === 'har' || kind.kind === 'curl');
  if (whole !== undefined && files.length === 1) return whole as Opened;
  return { kind: 'parts', parts: together(kinds) };
}

type Kind =
  | { kind: 'state'; state: State; keys: Secrets['keys'] }
  | { kind: 'har' | 'curl' | 'policy' | 'documents' | 'data' | 'json' | 'other'; text: string }
  | { kind: 'message'; message: State['message'] }
  | { kind: 'contract'; files: Record<string, string> };

async function kindOf({ name, bytes }: Named): Promise<Kind> {
  const start = utf8Text(bytes.subarray(0, 200).filter((byte) => byte < 0x80)) ?? '';
  if (name.endsWith('.http') && EDITORS.test(start)) return { kind: 'curl', text: readable(bytes) };
  if (name.endsWith('.http') || START_LINE.test(start)) return { kind: 'message', message: recordingText(bytes) };
  const text = utf8Text(bytes)?.replace(/^\uFEFF/, '');
  if (text === undefined) throw new Problem(t('text', { name }));
  if (name.endsWith('.rego')) return { kind: 'policy', text };
  if (/\.(?:json|har)$/.test(name) || /^\s*[[{]/.test(text)) return ofJson(name, text);
  if (/^\s*curl\s/.test(text)) return { kind: 'curl', text };
  if (/\.ya?ml$/.test(name)) return ofYaml(name, text);
  if (/^(?:\s*#.*\n|\s*\n)*\s*package\s+[\w.]+/.test(text)) return { kind: 'policy', text };
  if (/^(?:---|[\w-]+:(?:\s|$))/m.test(text) && !/\.(?:md|txt|log)$/.test(name)) return ofYaml(name, text);
  return { kind: 'other', text };
}

function ofJson(name: string, text: string): Kind {
  const value = jsonOf({ name, text });
  if (isObject(value)) {
    if (isStateFile(value)) return stateKind(value);
    if (isObject(value.log) && Array.isArray(value.log.entries)) return { kind: 'har', text };
    if (Array.isArray(value.hooks)) throw new Problem(t('hooks', { name }));
    if (isBundle(value)) return contractOfBundle(value);
    if (isContract(value)) return { kind: 'contract', files: { 'contract.json': text } };
    const state = caseAlone(value);
    if (state !== undefined) return { kind: 'state', ...state };
  }
  if ([value].flat().length > 0 && [value].flat().every(isManifest)) return { kind: 'documents', text };
  if (/(?:^|\/)input\.json$/.test(name)) return { kind: 'documents', text };
  return { kind: /(?:^|\/)data\.json$/.test(name) ? 'data' : 'json', text };
}

function stateKind(value: Record<string, unknown>): Kind {
  const read = stateOfFile(value);
  if ('problem' in read) throw new Problem(read.problem);
  return { kind: 'state', state: read.state, keys: [] };
}

function contractOfBundle(value: Record<string, unknown>): Kind {
  try {
    const { contract, files } = bundleParts(value) as { contract: unknown; files: Record<string, string> };
    return { kind: 'contract', files: { ...files, 'contract.json': prettyFile(contract) } };
  } catch (error) {
    throw new Problem((error as Error).message);
  }
}

async function ofYaml(name: string, text: string): Promise<Kind> {
  const values = await yamlValues(name, text);
  const [first] = values;
  if (values.length === 1 && isObject(first) && Array.isArray(first.hooks)) throw new Problem(t('hooks', { name }));
  if (values.length === 1 && isObject(first) && isContract(first))
    return { kind: 'contract', files: { 'contract.json': prettyFile(first) } };
  return values.length === 0 ? { kind: 'other', text } : { kind: 'documents', text };
}

/** The reader of YAML is large, and most files are none. */
async function yamlValues(name: string, text: string): Promise<unknown[]> {
  const { yamlDocuments } = await import('../../../pkg/read/yaml-documents.js');
  try {
    return yamlDocuments(text, name).map(({ value }: { value: unknown }) => value);
  } catch (error) {
    throw new Problem(t('yaml', { name, reason: (error as Error).message }));
  }
}

/** Files of several kinds together; what a contract names stands with it. */
function together(kinds: { file: Named; kind: Kind }[]): Parts {
  const parts: Parts = {};
  const first = (kind: Kind['kind']) => {
    const [one, other] = kinds.filter((found) => found.kind.kind === kind);
    if (one !== undefined && other !== undefined)
      throw new Problem(t('twice', { first: one.file.name, second: other.file.name }));
    return one;
  };
  const contract = first('contract');
  const base = contract?.file.name.replace(/[^/]*$/, '') ?? '';
  const beside: Record<string, string> = {};
  const documents: string[] = [];
  const texts: string[] = [];
  for (const {
    file: { name },
    kind,
  } of kinds) {
    const under = name.startsWith(base) ? name.slice(base.length) : name;
    if (kind.kind === 'other' && !/(?:^|\/)(?:README|LICENSE)|\.md$/i.test(name))
      throw new Problem(t('unknown', { name }));
    if (kind.kind === 'documents') documents.push(kind.text);
    if (kind.kind === 'data') parts.data = kind.text;
    if (contract !== undefined && (kind.kind === 'json' || kind.kind === 'policy')) beside[under] = kind.text;
    else if (kind.kind === 'policy')
      parts.policy = { ...parts.policy, [under.replace(/^(?:.*\/)?policy\//, '')]: kind.text };
    else if (kind.kind === 'json') texts.push(kind.text);
  }
  if (contract?.kind.kind === 'contract') parts.contract = { files: { ...beside, ...contract.kind.files } };
  const message = first('message');
  if (message?.kind.kind === 'message') parts.message = message.kind.message;
  if (documents.length > 0) parts.documents = documents.join('\n---\n');
  if (texts.length === 1 && kinds.length === 1) parts.json = texts[0] as string;
  if (Object.keys(parts).length === 0) throw new Problem(t('unknown', { name: kinds[0]?.file.name ?? '' }));
  return parts;
}

function jsonOf(file: Named | { name: string; text: string }): unknown {
  try {
    return JSON.parse('text' in file ? file.text : (utf8Text(file.bytes) ?? '').replace(/^\uFEFF/, ''));
  } catch {
    throw new Problem(t('json', { name: file.name })); // a parser's own message would repeat the text
  }
}

function isContract(value: Record<string, unknown>): boolean {
  return typeof value.contract === 'string' && Object.hasOwn(value, 'version') && Object.hasOwn(value, 'signature');
}

function isManifest(value: unknown): boolean {
  return isObject(value) && typeof value.apiVersion === 'string' && typeof value.kind === 'string';
}
