// The state in the part of a URL that no browser sends: `#1.` and the base64url of deflated JSON. What is secret is no
// part of a State.

import { fromBase64, readable, toBase64Url, utf8, utf8Text } from '../base/bytes.js';
import { isObject, prettyFile } from '../base/json.js';
import { texts } from '../base/language.js';
import { seconds } from '../base/time.js';
import type { State } from '../state.js';
import { canDeflate, deflated, inflated, tooOld, TooLarge } from './deflate.js';
import { Problem } from './problem.js';
import { differences, isTab, stateOf, WrongMember } from './state-form.js';

const VERSION = '1';
const FILE_MEMBER = 'countersignPlayground';
const MAX_BYTES = 4 * 1024 * 1024; // of JSON
const MAX_LINK = 8 * 1024; // what chats and issue trackers carry without cutting it

const t = texts({
  en: {
    version:
      'This link has version {version}, but this page reads version {own}. Reload the page to get the newest one, ' +
      'or ask for the state as a file.',
    form:
      'This is not a link of the playground: after the # there should be “1.” and the state. Copy the whole link ' +
      'again.',
    cut:
      'The link was cut or changed: its state cannot be unpacked. Copy the whole link again, or ask for the state ' +
      'as a file.',
    json: 'The state in this link or file is not a JSON object. Copy it again, or ask for a new one.',
    member:
      'The state in this link or file has a value at `{at}` that is not allowed there. Was it written by another ' +
      'version of this page?',
    large: 'The state is larger than {most} MB, so it was not opened.',
    own:
      'The state is larger than {most} MB, which is too much for a link or file of the playground. Shorten the ' +
      'message or the documents, or copy them as a test case.',
    example: 'The link names no example: after “example=” there must be its path, such as “sub2api/accept”.',
  },
  'zh-CN': {
    version: '此链接的版本是 {version}，而本页读取的是版本 {own}。请刷新页面以获得最新版，或请对方发送状态文件。',
    form: '这不是本页的链接：# 之后应是 “1.” 和状态。请重新复制整个链接。',
    cut: '链接被截断或被改动，状态无法解开。请完整地重新复制，或请对方发送状态文件。',
    json: '此链接或文件中的状态不是 JSON 对象。请重新复制，或请对方重新生成。',
    member: '此链接或文件中的状态在 `{at}` 处有不应出现的内容。它是由本页的其他版本写成的吗？',
    large: '状态大于 {most} MB，未打开任何内容。',
    own: '状态大于 {most} MB，链接和文件都放不下。请缩短消息或文档，或复制为测试用例。',
    example: '链接没有指明示例：“example=” 之后应是其路径，例如 “sub2api/accept”。',
  },
});

type Decoded =
  | { state: State }
  /** A deep link: the case's path below tests/cases, and the tabs that it opens. */
  | { example: string; open: Partial<State['open']> }
  | { problem: string }
  /** No hash, or the anchor of an element. */
  | { empty: true };

/**
 * The hash that reproduces this state. Where the clock counts, its time is written, so that the verdict is the same
 * later. Throws a `Problem` where the state is too large, or the browser too old.
 */
export async function encode(state: State, clock = seconds()): Promise<string> {
  if (!canDeflate()) throw tooOld();
  return `#${VERSION}.${toBase64Url(await deflated(bytesOf(state, clock)))}`;
}

/** Never throws: what cannot be read is a problem in words. */
export async function decode(hash: string): Promise<Decoded> {
  const text = hash.replace(/^#/, '');
  if (/^(?:[A-Za-z][\w-]*)?$/.test(text)) return { empty: true };
  if (/^example=/.test(text)) return deepLink(new URLSearchParams(text));
  const [, version, packed] = /^(\d{1,9})\.(.*)$/s.exec(text) ?? [];
  if (version === undefined || packed === undefined) return { problem: t('form') };
  if (version !== VERSION) return { problem: t('version', { version, own: VERSION }) };
  if (!canDeflate()) return { problem: tooOld().message };
  const bytes = packed.length > 2 * MAX_BYTES ? undefined : fromBase64(packed.trim());
  if (bytes === undefined || bytes.length === 0) return { problem: t('cut') };
  try {
    return read(utf8Text(await inflated(bytes, MAX_BYTES)));
  } catch (error) {
    return { problem: error instanceof TooLarge ? t('large', { most: MAX_BYTES / 1024 / 1024 }) : t('cut') };
  }
}

/** The hash of a case of tests/cases. */
export function exampleHash(path: string): string {
  return `#example=${encodeURIComponent(path).replaceAll('%2F', '/')}`;
}

/** Is it better to hand out a file? Longer links work, as far as what carries them leaves them whole. */
export function linkTooLong(url: string): boolean {
  return url.length > MAX_LINK;
}

/** The state as a file's text, for what is too long for a link. */
export function stateFile(state: State, clock = seconds()): string {
  return prettyFile({ [FILE_MEMBER]: Number(VERSION), ...JSON.parse(readable(bytesOf(state, clock))) });
}

export function isStateFile(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, FILE_MEMBER);
}

/** The state of such a file, parsed. */
export function stateOfFile(value: Record<string, unknown>): { state: State } | { problem: string } {
  const version = value[FILE_MEMBER];
  if (version !== Number(VERSION))
    return { problem: t('version', { version: String(version).slice(0, 20), own: VERSION }) };
  return checked(value);
}

function bytesOf(state: State, clock: number): Uint8Array {
  const bytes = utf8(JSON.stringify(differences({ ...state, now: state.now ?? clock })));
  if (bytes.length > MAX_BYTES) throw new Problem(t('own', { most: MAX_BYTES / 1024 / 1024 }));
  return bytes;
}

function read(text: string | undefined): { state: State } | { problem: string } {
  try {
    return text === undefined ? { problem: t('cut') } : checked(JSON.parse(text));
  } catch {
    return { problem: t('json') };
  }
}

function checked(value: unknown): { state: State } | { problem: string } {
  try {
    return { state: stateOf(value) };
  } catch (error) {
    if (!(error instanceof WrongMember)) throw error;
    return { problem: error.at === '' ? t('json') : t('member', { at: error.at }) };
  }
}

function deepLink(members: URLSearchParams): Decoded {
  const example = members.get('example') ?? '';
  if (!/^[A-Za-z0-9][\w-]*(?:\/[A-Za-z0-9][\w.-]*)*$/.test(example)) return { problem: t('example') };
  const tabs = [...members].filter(([name, word]) => name !== 'example' && isTab(name, word));
  return { example, open: Object.fromEntries(tabs) };
}
