// The state as a folder that can be committed: a case, as `countersign verify FOLDER` and tests/cases read it, or what
// `countersign check` reads.

import { fileNames } from '../../../pkg/read/contract-needs.js';
import { layoutOf } from '../../../pkg/read/layout.js';
import { utf8 } from '../base/bytes.js';
import { isObject, parsed, prettyFile } from '../base/json.js';
import { texts } from '../base/language.js';
import { contractDocument, contractFiles, documentName, unchangedName } from '../contract/files.js';
import { isPublicKey, keyValue } from '../contract/keys.js';
import type { Data, ExampleCase } from '../data.js';
import { bodyBytes, recordingBytes } from '../request/recording.js';
import type { Secrets, State } from '../state.js';
import { checkCommand, entriesOf, folderName, hasData, inputName, keyVariables, wantsSecret } from './commands.js';
import { Problem } from './problem.js';

interface CaseOptions {
  state: State;
  /** Only compared with an example's published test keys; never written unless they are those. */
  keys: Secrets['keys'];
  data: Pick<Data, 'contracts' | 'groups'>;
  /** The time that was judged by. */
  now: number;
  /** The canonical text that the engine gave for this very state: a verdict, or what `shape` made. */
  text?: string;
  /** Something in the state was replaced: no verdict is of it any more. */
  redacted?: boolean;
}

interface CaseFolder {
  name: string;
  /** By their paths below `name`. */
  files: Record<string, Uint8Array>;
}

const FILE_NAME = /^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*$/; // as policies/contract.schema.json has it
const WHY = 'a message of the playground';
const OWN = ['case.json', 'request.http', 'event.json', 'verdict.json', 'shaped.json', 'README.md'];

const t = texts({
  en: {
    contract: 'There is no contract yet: choose a shipped one, or write contract.json.',
    object: 'The {name} are not a JSON object. Fix them, or leave them empty.',
    base64: 'The body is marked as base64, but it is not. Fix it, or write the body as text.',
    params: 'parameters',
    data: 'data',
    title: '# A case for Countersign',
    verify: 'Verify the message again, in the folder above this one:',
    shape: 'Make the message of the event again, in this folder:',
    check: 'Check the documents again, in this folder:',
    key:
      'The key is not in this folder. Put it into the environment variable {variable} first; never write it into ' +
      'a file that is committed.',
    keyFile:
      'If the key is not text, put it into a file outside this folder and use --key-file FILE instead of --key-env ' +
      '{variable}.',
    published: 'The keys in case.json are published test keys.',
    seen: "case.json has the time of the check, and verdict.json the playground's verdict.",
    unseen: 'case.json has the time of the check. There is no verdict: the message had not been checked.',
    redacted:
      'There is no verdict: text that looked like a secret was replaced with [redacted], so a signature over it no ' +
      'longer matches, and the verdict would be different.',
  },
  'zh-CN': {
    contract: '还没有契约：请选择一个内置契约，或编写 contract.json。',
    object: '{name}不是 JSON 对象。请修正，或留空。',
    base64: '正文标记为 base64，但内容不是。请修正，或将正文写成文本。',
    params: '参数',
    data: '数据',
    title: '# Countersign 用例',
    verify: '在上一级文件夹中重新验证消息：',
    shape: '在此文件夹中重新生成该事件的消息：',
    check: '在此文件夹中重新检查文档：',
    key: '密钥不在此文件夹中。请先把它放入环境变量 {variable}；切勿写入会被提交的文件。',
    keyFile: '不是文本的密钥请存放在此文件夹之外的文件中：用 --key-file FILE 代替 --key-env {variable}。',
    published: 'case.json 中的密钥是公开的测试密钥。',
    seen: 'case.json 记录判断所用的时间，verdict.json 记录本页给出的结论。',
    unseen: 'case.json 记录判断所用的时间。没有结论：当时的内容尚未判断。',
    redacted: '没有结论：看起来像密钥的内容已替换为 [redacted]，其上的签名不再成立，结论也会不同。',
  },
});

/** Throws a `Problem` where the state cannot be written down. */
export function caseFolder(options: CaseOptions): CaseFolder {
  const name = folderName(options.state, options.data.contracts);
  const files = options.state.mode === 'deployment' ? deploymentFiles(options) : webhookFiles(options, name);
  return {
    name,
    files: Object.fromEntries(
      Object.entries(files).map(([path, file]) => [path, typeof file === 'string' ? utf8(file) : file]),
    ),
  };
}

/** The files as a ZIP holds them, so that it unpacks to one folder. */
export function inFolder({ name, files }: CaseFolder): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [`${name}/${path}`, file]));
}

/** The keys of the example that the state began with, where they are still those: they are published. */
export function publishedKeys(
  state: State,
  keys: Secrets['keys'],
  { groups }: Pick<Data, 'groups'>,
): ExampleCase['keys'] {
  const found = groups.flatMap(({ examples }) => examples).find(({ path }) => path === state.example)?.case.keys ?? [];
  const secrets = found.filter(({ publicKey }) => publicKey === undefined);
  const publics = found.flatMap(({ publicKey }) => (publicKey === undefined ? [] : [publicKey]));
  const same =
    secrets.length === keys.length &&
    publics.length === state.publicKeys.length &&
    secrets.every(
      ({ id, secret, secretBytes }, index) =>
        keys[index]?.id === id && bytesText(keys[index]?.secret) === bytesText(secretBytes ?? secret),
    ) &&
    publics.every(
      (key, index) =>
        JSON.stringify(typeof key === 'string' ? keyValue(key) : key) ===
        JSON.stringify(keyValue(state.publicKeys[index]?.text ?? '')),
    );
  return same && found.length > 0 ? found : undefined;
}

/** Is this a key of the example that the state began with? */
export function isPublished(
  state: State,
  { secret }: Secrets['keys'][number],
  { groups }: Pick<Data, 'groups'>,
): boolean {
  const found = groups.flatMap(({ examples }) => examples).find(({ path }) => path === state.example)?.case.keys ?? [];
  return found.some(
    (key) => key.publicKey === undefined && bytesText(key.secretBytes ?? key.secret) === bytesText(secret),
  );
}

function bytesText(secret: string | ArrayLike<number> | undefined): string {
  return typeof secret === 'string' ? JSON.stringify(secret) : JSON.stringify(Array.from(secret ?? []));
}

function webhookFiles(
  { state, keys, data, now, text, redacted = false }: CaseOptions,
  name: string,
): Record<string, string | Uint8Array> {
  const contract = contractOf(state, data);
  const published = publishedKeys(state, keys, data);
  const document = contractDocument(state.contract, data.contracts);
  // Where the contract takes none, what was typed there may be anything.
  const publicKeys = document !== undefined && isPublicKey(document) ? state.publicKeys : [];
  const written = published ?? publicKeys.map(({ id, text }) => ({ id, publicKey: keyValue(text) }));
  const { limits, ...options } = state.options;
  const seen = state.seen.filter(({ until }) => until > now).map(({ key }) => key);
  const shape = state.action === 'shape';
  const found = {
    why: exampleOf(state, data)?.why ?? WHY,
    contract: contract.name,
    ...(written.length > 0 ? { keys: written } : {}),
    now,
    ...(seen.length > 0 ? { seen } : {}),
    ...(state.params.trim() === '' ? {} : { params: objectOf(state.params, 'params') }),
    ...(limits === undefined ? {} : { limits }),
    ...(state.origin === '' ? {} : { origin: state.origin }),
    ...(Object.keys(options).length > 0 ? { options } : {}),
    ...(shape ? { shape: true, url: urlOf(state) } : {}),
  };
  const expected =
    text === undefined || redacted ? {} : { [shape ? 'shaped.json' : 'verdict.json']: `${text.trimEnd()}\n` };
  const judged = shape ? bodyBytes(state.message, layoutOf(state.message.text)) : recordingBytes(state.message);
  if (judged === undefined) throw new Problem(t('base64'));
  const { variables, flags } = keyVariables(keys.map(({ id }) => id));
  const asksKey = !shape && published === undefined && wantsSecret(state, data.contracts);
  const binary = keys.some(({ secret }) => typeof secret !== 'string');
  const readme = [
    t('title'),
    shape ? t('shape') : t('verify'),
    fenced(
      shape
        ? `npx countersign shape event.json --contract ${contract.name} --now ${now}`
        : `npx countersign verify ${name}${asksKey ? flags : ''}`,
    ),
    ...(asksKey ? [t('key', { variable: variables.join(', ') })] : []),
    ...(asksKey && binary ? [t('keyFile', { variable: variables[0] ?? '' })] : []),
    ...(published === undefined ? [] : [t('published')]),
    ...(redacted ? [t('redacted')] : shape ? [] : [t(text === undefined ? 'unseen' : 'seen')]),
  ];
  const input = shape ? 'event.json' : 'request.http';
  return {
    'case.json': prettyFile(found),
    [input]: judged,
    ...contract.files,
    ...expected,
    'README.md': `${readme.join('\n\n')}\n`,
  };
}

/** By its name where it ships as it is; else its files, in a folder of their own where a name is taken. */
function contractOf(
  { contract }: State,
  { contracts }: CaseOptions['data'],
): { name: string; files: Record<string, string> } {
  const shipped = unchangedName(contract, contracts);
  if (shipped !== undefined) return { name: shipped, files: {} };
  const files = contractFiles(contract, { contracts });
  const document = documentName(files);
  const { [document]: main, ...others } = files;
  if (main === undefined) throw new Problem(t('contract'));
  const read = contractDocument(contract, contracts);
  const needed = read === undefined ? Object.keys(others) : [...new Set<string>(fileNames(read))];
  const beside = Object.entries(others).filter(([name]) => needed.includes(name) && FILE_NAME.test(name));
  const folder = beside.some(([name]) => OWN.includes(name)) ? 'contract/' : '';
  const mainName = document.endsWith('.json') && parsed(main) === undefined ? 'contract.yaml' : document;
  return {
    name: `./${folder}${mainName}`,
    files: Object.fromEntries([[mainName, main] as const, ...beside].map(([name, text]) => [folder + name, text])),
  };
}

function deploymentFiles({ state, now }: CaseOptions): Record<string, string> {
  const { documents, policy, data, params } = state.deployment;
  const entries = entriesOf(state);
  const har =
    entries && prettyFile({ log: { version: '1.2', creator: { name: 'countersign', version: '1' }, entries } });
  const named = Object.entries(policy).filter(([path]) => FILE_NAME.test(path));
  const own = named.map(([path, text]) => [`policy/${path.endsWith('.rego') ? path : `${path}.rego`}`, text]);
  const members = {
    ...objectOf(data, 'data'),
    ...(params.trim() === '' ? {} : { params: objectOf(params, 'params') }),
  };
  return {
    [inputName(state)]: har ?? documents,
    ...Object.fromEntries(own),
    ...(hasData(state) ? { 'data.json': prettyFile(members) } : {}),
    'README.md': `${[t('title'), t('check'), fenced(checkCommand(state, now))].join('\n\n')}\n`,
  };
}

function objectOf(text: string, name: 'params' | 'data'): Record<string, unknown> {
  const value = text.trim() === '' ? {} : parsed(text);
  if (!isObject(value)) throw new Problem(t('object', { name: t(name) }));
  return value;
}

function exampleOf({ example }: State, { groups }: CaseOptions['data']): ExampleCase | undefined {
  return groups.flatMap(({ examples }) => examples).find(({ path }) => path === example)?.case;
}

function urlOf({ message: { text } }: State): string {
  const { target } = layoutOf(text);
  return target ? text.slice(...target) : '';
}

function fenced(command: string): string {
  return `\`\`\`sh\n${command}\n\`\`\``;
}
