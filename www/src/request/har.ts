// The messages of a HAR (HTTP Archive 1.2), by the rules of js/cli/har.js; what cannot be exact is told, not refused.

import { fromBase64, utf8 } from '../base/bytes.js';
import { texts } from '../base/language.js';
import type { Message } from '../engine/protocol.js';

interface HarBody {
  text?: unknown;
  encoding?: unknown;
  params?: unknown;
}
interface HarPart {
  method?: unknown;
  url?: unknown;
  status?: unknown;
  headers?: unknown;
  postData?: HarBody;
  content?: HarBody & { size?: unknown };
}
export interface HarMessage {
  message: Message;
  notices: string[];
  url: string;
  answer: boolean;
}

const t = texts({
  en: {
    length:
      'The HAR holds {bytes} bytes of the body, and Content-Length says {said}: a HAR keeps bodies as text and drops what is binary',
    parameters: "The HAR holds the body's parameters, not its bytes: paste the body as it was sent",
    base64: 'The HAR says that the body is base64, and it is not',
    dropped: 'The HAR dropped the body of the answer, which had {said} bytes',
  },
  'zh-CN': {
    length: 'HAR 中的正文有 {bytes} 字节，而 Content-Length 为 {said}：HAR 以文本保存正文，会丢弃二进制内容',
    parameters: 'HAR 只保存了正文的参数，没有原始字节：请粘贴实际发送的正文',
    base64: 'HAR 标明正文是 base64，但它不是',
    dropped: 'HAR 没有保存响应的正文（原有 {said} 字节）',
  },
});

/** Of a whole HAR, or of one entry; all requests first, then the answers. Undefined when it is none. */
export function harMessages(value: unknown): HarMessage[] | undefined {
  const list = (value as { log?: { entries?: unknown } } | null)?.log?.entries ?? [value];
  if (!Array.isArray(list)) return undefined;
  const entries = (list as { request?: HarPart; response?: HarPart }[]).filter((entry) => isRequest(entry?.request));
  if (entries.length === 0) return undefined;
  const requests = entries.map(({ request }) => requestOf(request!));
  const answers = entries
    .filter(({ response }) => isAnswer(response))
    .map(({ request, response }) => answerOf(response!, String(request!.url)));
  return [...requests, ...answers];
}

function isRequest(part: HarPart | undefined): boolean {
  return typeof part?.method === 'string' && typeof part.url === 'string' && Array.isArray(part.headers);
}

/** Cancelled requests have the status 0. */
function isAnswer(part: HarPart | undefined): boolean {
  return Number.isInteger(part?.status) && Number(part!.status) >= 100 && Array.isArray(part!.headers);
}

function requestOf({ method, url, headers, postData }: HarPart): HarMessage {
  const own = headersOf(headers);
  const { body, notices } = bodyOf(postData, own);
  if (body.length === 0 && Array.isArray(postData?.params) && postData.params.length > 0) notices.push(t('parameters'));
  return {
    message: { method: String(method), url: String(url), headers: own, body },
    notices,
    url: String(url),
    answer: false,
  };
}

/** What was received was decoded, so its Content-Length says nothing. */
function answerOf({ status, headers, content }: HarPart, url: string): HarMessage {
  const { body, notices } = bodyOf(content, []);
  if (body.length === 0 && Number(content?.size) > 0) notices.push(t('dropped', { said: Number(content!.size) }));
  return { message: { status: Number(status), headers: headersOf(headers), body }, notices, url, answer: true };
}

/** HTTP/2's pseudo-headers repeat the method and the URL; a header that came several times stands in lines of one value. */
function headersOf(list: unknown): [string, string][] {
  return (list as { name?: unknown; value?: unknown }[]).flatMap((pair) => {
    const [name, value] = [String(pair?.name ?? ''), String(pair?.value ?? '')];
    return name.startsWith(':') ? [] : value.split('\n').map((one): [string, string] => [name, one.trim()]);
  });
}

function bodyOf(body: HarBody | undefined, headers: [string, string][]): { body: Uint8Array; notices: string[] } {
  const text = typeof body?.text === 'string' ? body.text : '';
  const read = body?.encoding === 'base64' ? fromBase64(text) : utf8(text);
  const bytes = read ?? utf8(text);
  const said = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? '';
  const wrong = /^\d{1,15}$/.test(said) && Number(said) !== bytes.length;
  return {
    body: bytes,
    notices: [...(read ? [] : [t('base64')]), ...(wrong ? [t('length', { said, bytes: bytes.length })] : [])],
  };
}
