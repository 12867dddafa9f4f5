// The messages of a HAR (HTTP Archive 1.2). What it lost is said, and the rest is shown.

import { answerOf, hasAnswer, requestOf } from '../../../pkg/read/har.js';
import { texts } from '../base/language.js';
import type { Message } from '../engine/protocol.js';

export interface HarMessage {
  message: Message;
  notices: string[];
  url: string;
  answer: boolean;
}
interface Entry {
  request: { method: string; url: string; headers: unknown[] };
  response: { status: number; headers: unknown[] };
}

const t = texts({
  en: {
    encoding: 'The HAR says that the body has an encoding other than base64: it is shown as it is written',
    base64: 'The HAR says that the body is base64, but it is not',
    length:
      'The HAR has {bytes} bytes of the body, but Content-Length is {said}: a HAR stores bodies as text and drops ' +
      'binary ones',
    size:
      'The HAR has {bytes} bytes of the body, but its `bodySize` is {said}: a HAR stores bodies as text and drops ' +
      'binary ones',
    unrecorded: 'The HAR has nothing of the body, which had {said} bytes: paste the body as it was sent',
    parameters: "The HAR has the body's parameters, but not its bytes: paste the body as it was sent",
    dropped: 'The HAR dropped the body of the response, which had {said} bytes',
  },
  'zh-CN': {
    encoding: 'HAR 标明的正文编码不是 base64：按原文显示',
    base64: 'HAR 标明正文是 base64，但它不是',
    length: 'HAR 中的正文有 {bytes} 字节，而 Content-Length 为 {said}：HAR 以文本保存正文，会丢弃二进制内容',
    size: 'HAR 中的正文有 {bytes} 字节，而 `bodySize` 为 {said}：HAR 以文本保存正文，会丢弃二进制内容',
    unrecorded: 'HAR 没有保存请求的正文（原有 {said} 字节）：请粘贴实际发送的正文',
    parameters: 'HAR 只保存了正文的参数，没有原始字节：请粘贴实际发送的正文',
    dropped: 'HAR 没有保存响应的正文（原有 {said} 字节）',
  },
});

/** Of a whole HAR, or of one entry; all requests first, then the answers. Undefined if it is none. */
export function harMessages(value: unknown): HarMessage[] | undefined {
  const list = (value as { log?: { entries?: unknown } } | null)?.log?.entries ?? [value];
  if (!Array.isArray(list)) return undefined;
  const entries = (list as (Partial<Entry> | null)[]).filter(isEntry);
  if (entries.length === 0) return undefined;
  const requests = entries.map(({ request }) => shown(requestOf(request), request.url, false));
  const answers = entries
    .filter(hasAnswer)
    .map(({ request, response }) => shown(answerOf(response), request.url, true));
  return [...requests, ...answers];
}

function isEntry(entry: Partial<Entry> | null): entry is Entry {
  const { method, url, headers } = entry?.request ?? {};
  return typeof method === 'string' && typeof url === 'string' && Array.isArray(headers);
}

function shown({ message, losses }: ReturnType<typeof requestOf | typeof answerOf>, url: string, answer: boolean) {
  return { message, notices: losses.map(({ kind, ...numbers }) => t(kind, numbers)), url, answer };
}
