// The message in the editor's text. The rules are those of recordings (js/read/recording.js), but what an edit or a
// paste commonly leaves behind is taken and said, not refused.

import { declaredLength, headersNamed, type Layout, layoutOf, type Range } from '../../../pkg/read/layout.js';
import { byteText } from '../../../pkg/write/message.js';
import { texts } from '../base/language.js';
import type { Message } from '../engine/protocol.js';
import { Places, type Resolve } from './places.js';
import { bodyBytes, methodOf, pairsOf, targetText } from './recording.js';

export interface Notice {
  message: string;
  from: number;
  to: number;
}
export interface Problem extends Notice {
  help?: string;
}

export interface ParsedMessage {
  message?: Message;
  layout: Layout;
  /** Why there is no message. */
  problem?: Problem;
  /** What was taken although it is unusual. */
  notices: Notice[];
  /** The text that a finding speaks of; undefined when it speaks of nothing in the message, such as a key. */
  rangeOf(at: string | undefined, offset?: number, about?: { code?: string; resolve?: Resolve }): Range | undefined;
}

const t = texts({
  en: {
    empty: 'There is no message yet',
    emptyHelp:
      'Paste a raw HTTP request, a curl command or a HAR entry, or write a line such as POST /webhook HTTP/1.1',
    start: 'The first line is neither a request line nor a status line',
    startHelp: 'Begin with a line such as POST /webhook HTTP/1.1, or HTTP/1.1 200 OK for a response',
    space: 'The target in the request line contains a space',
    spaceHelp: 'Write a space in a URL as %20',
    body: 'This looks like a body without its request',
    bodyHelp: 'Write a line such as POST /webhook HTTP/1.1 and an empty line above it',
    blank: 'This line should be empty, but it contains blanks',
    blankHelp: 'Remove the blanks: an empty line ends the headers',
    header: 'This is not a header: a name, a colon and a value',
    headerHelp: 'If the body begins here, put an empty line above it',
    base64: 'The body is not base64',
    base64Help: 'Only A to Z, a to z, 0 to 9, + and /, with = at the end; or write the body as text',
    method: 'There is no method: {method} is assumed',
    target: 'The target contains characters that a request line cannot contain: they are read percent-encoded',
    length: 'Content-Length is {said}, but the body has {bytes} bytes: all of them are used',
    lengthNumber: 'Content-Length is not a single plain number: the body is used as it is written',
  },
  'zh-CN': {
    empty: '还没有消息',
    emptyHelp: '粘贴原始 HTTP 请求、curl 命令或 HAR 条目，或写一行 POST /webhook HTTP/1.1',
    start: '第一行既不是请求行，也不是状态行',
    startHelp: '以 POST /webhook HTTP/1.1 这样的一行开头；响应则以 HTTP/1.1 200 OK 开头',
    space: '请求行中的目标含有空格',
    spaceHelp: 'URL 中的空格请写作 %20',
    body: '这看起来只有正文，没有请求',
    bodyHelp: '请在上方加一行 POST /webhook HTTP/1.1 和一个空行',
    blank: '这一行应为空行，却含有空白字符',
    blankHelp: '请删除空白字符：空行表示标头结束',
    header: '这不是标头：标头由名称、冒号和值组成',
    headerHelp: '如果正文从这里开始，请在它上方加一个空行',
    base64: '正文不是 base64',
    base64Help: '只能使用 A–Z、a–z、0–9、+ 和 /，末尾可有 =；也可以把正文写成文本',
    method: '没有写方法：按 {method} 处理',
    target: '目标中有请求行无法承载的字符：按百分号编码读取',
    length: 'Content-Length 为 {said}，而正文有 {bytes} 字节：使用全部字节',
    lengthNumber: 'Content-Length 不是单个纯数字：按所写的正文使用',
  },
});

export function parseMessage(text: string, { base64 = false }: { base64?: boolean } = {}): ParsedMessage {
  const layout = layoutOf(text);
  const body = bodyBytes({ text, base64 }, layout);
  const headers = pairsOf(layout).map(([name, value]): [string, string] => [byteText(name), byteText(value)]);
  const places = new Places(text, layout, base64 ? undefined : body);
  const rangeOf: ParsedMessage['rangeOf'] = (at, offset, about = {}) => places.rangeOf(at, offset, about);
  const problem = startProblem(text, layout) ?? headerProblem(text, layout);
  if (problem) return { layout, problem, notices: [], rangeOf };
  if (!body)
    return {
      layout,
      problem: { message: t('base64'), from: layout.bodyStart, to: text.length, help: t('base64Help') },
      notices: [],
      rangeOf,
    };
  const part = (range: Range | undefined): string | undefined => range && text.slice(...range);
  const notices = lengthNotices(layout, body.length);
  const status = part(layout.status);
  if (status !== undefined) return { message: { status: Number(status), headers, body }, layout, notices, rangeOf };
  const method = part(layout.method) ?? methodOf(body);
  const written = part(layout.target)!;
  const url = targetText(written);
  if (url !== written) notices.unshift(notice(t('target'), layout.target!));
  if (!layout.method) notices.unshift(notice(t('method', { method }), layout.start));
  return { message: { method, url, headers, body }, layout, notices, rangeOf };
}

function startProblem(text: string, { start, target, status }: Layout): Problem | undefined {
  if (target || status) return undefined;
  const line = text.slice(...start);
  const [from, to] = start;
  if (line.trim() === '') return { message: t('empty'), from: 0, to: text.length, help: t('emptyHelp') };
  if (/^\s*[{[<]/.test(line)) return { message: t('body'), from, to, help: t('bodyHelp') };
  if (/^\S+ .* HTTP\/\d/.test(line) || /^[A-Z]+ \/.* /.test(line))
    return { message: t('space'), from, to, help: t('spaceHelp') };
  return { message: t('start'), from, to, help: t('startHelp') };
}

function headerProblem(text: string, { broken }: Layout): Problem | undefined {
  if (broken.length === 0) return undefined;
  const [from, to] = broken[0]!;
  const what = text.slice(from, to).trim() === '' ? 'blank' : 'header';
  return { message: t(what), from, to, help: t(`${what}Help`) };
}

/** After an edit it is normal that the length is no longer right. */
function lengthNotices(layout: Layout, bytes: number): Notice[] {
  const { said, length } = declaredLength(pairsOf(layout));
  if (said === undefined || length === bytes) return [];
  const { value, range, valueRange } = headersNamed(layout, 'content-length')[0]!;
  const place = value === '' ? range : valueRange;
  return [notice(length === undefined ? t('lengthNumber') : t('length', { said, bytes }), place)];
}

function notice(message: string, [from, to]: Range): Notice {
  return { message, from, to };
}
