// The bytes that are signed, part by part, and what is not signed.

import type { Finding, SignedBytes, SignedPart } from '../../../pkg/index.js';
import { joined } from '../base/bytes.js';
import { h } from '../base/dom.js';
import { numberText, texts } from '../base/language.js';
import { byteSpans } from './byte-spans.js';
import { diffView } from './diff-view.js';
import { placeName, sourceOf, type Source } from './part-names.js';
import { engineText, sign } from './words.js';

const t = texts({
  en: {
    title: 'The signed bytes',
    form: 'Form {n} of {all}',
    forms: 'The contract declares several forms of the URL; a signature over any of them is valid.',
    count: '{n} bytes',
    oneByte: '1 byte',
    noBytes: 'empty',
    legend: 'Where they come from',
    header: 'header',
    query: 'query',
    body: 'body',
    field: 'field',
    target: 'method, URL or status',
    literal: 'literal of the contract',
    secret: 'key (never shown)',
    coverage: 'What the signature covers',
    covers: 'signed',
    leaves: 'read by the contract, but not signed',
    leavesMeans: 'Anyone between the sender and the receiver can change it, and the signature still matches.',
    all: 'Everything that the contract reads is signed.',
    none: 'There are no signed bytes.',
    unsigned: 'The contract checks no signature: anyone can send this message.',
    missing: 'Parts of the signed bytes are missing:',
    other:
      'They cannot be built from this message, or the contract checks no signature over its bytes (a token, a ' +
      'proof).',
  },
  'zh-CN': {
    title: '被签名的字节',
    form: '第 {n} 种形式（共 {all} 种）',
    forms: '契约声明了 URL 的多种形式，对其中任一种的签名都有效。',
    count: '{n} 个字节',
    oneByte: '1 个字节',
    noBytes: '空',
    legend: '来源',
    header: '标头',
    query: '查询参数',
    body: '正文',
    field: '字段',
    target: '方法、URL 或状态码',
    literal: '契约中的固定文本',
    secret: '密钥（从不显示）',
    coverage: '签名覆盖的内容',
    covers: '已签名',
    leaves: '契约会读取，但没有签名',
    leavesMeans: '发送方与接收方之间的任何人都能更改它，而签名仍然有效。',
    all: '契约读取的内容全部已签名。',
    none: '没有被签名的字节。',
    unsigned: '该契约不检查签名：任何人都能发送这条消息。',
    missing: '要签名的内容不完整：',
    other: '无法由这条消息组成被签名的字节，或者该契约检查的签名不是针对字节的（例如令牌或证明）。',
  },
});

interface SignedOptions {
  /** Of `verdict.signature`. */
  covers?: readonly string[];
  leaves?: readonly string[];
  /** What the sender signed, by a proved cause. */
  expected?: SignedPart[];
  /** The pointer or the focus is on a part; undefined: no longer. */
  onPart?: (at: string | undefined) => void;
  /** Of the verdict: they say why there are no signed bytes. */
  findings?: readonly Finding[];
  /** The contract has no signature. */
  unsigned?: boolean;
  hex?: boolean;
  onHex?: (hex: boolean) => void;
}

export function signedView(signed: SignedBytes | undefined, options: SignedOptions = {}): HTMLElement {
  const { expected, hex, onHex } = options;
  const forms = signed?.forms ?? [];
  const received = forms[0];
  return h(
    'div',
    { class: 'result-signed' },
    h('h3', {}, t('title')),
    forms.length === 0 && absent(options),
    forms.length > 1 && h('p', { class: 'result-dim' }, t('forms')),
    ...forms.flatMap((parts, index) => [
      forms.length > 1 && h('h4', {}, t('form', { n: index + 1, all: forms.length })),
      partList(parts, `${index}`, options),
    ]),
    forms.length > 0 && legend(forms.flat()),
    expected &&
      received &&
      diffView(bytesOf(expected), bytesOf(received), {
        ...(hex === undefined ? {} : { hex }),
        ...(onHex ? { onHex } : {}),
      }),
    coverage(options),
  );
}

/** The parts in one text. A key's bytes are never here; both sides leave it out. */
export function bytesOf(parts: readonly SignedPart[]): Uint8Array {
  return joined(parts.flatMap(({ bytes }) => bytes ?? []));
}

function partList(parts: readonly SignedPart[], form: string, { onPart }: SignedOptions): HTMLElement {
  return h(
    'ol',
    { class: 'result-parts', 'aria-label': t('title') },
    ...parts.map(({ at, bytes }, index) => {
      const source = sourceOf(at);
      const [on, off] = [() => onPart?.(at), () => onPart?.(undefined)];
      const told = { onmouseenter: on, onfocus: on, onclick: on, onmouseleave: off, onblur: off };
      return h(
        'li',
        { class: `result-part result-source-${source}` },
        h(
          'button',
          { type: 'button', 'data-key': `part ${form} ${index}`, 'data-at': at, ...told },
          h(
            'span',
            { class: 'result-part-name' },
            placeName(at),
            bytes && h('span', { class: 'result-dim' }, ` ${size(bytes)}`),
          ),
          h('code', { class: 'result-bytes' }, ...(bytes ? byteSpans(bytes, false) : ['•••'])),
        ),
      );
    }),
  );
}

function legend(parts: readonly SignedPart[]): HTMLElement {
  const sources = [...new Set(parts.map(({ at }) => sourceOf(at)))];
  const item = (source: Source) => h('li', { class: `result-source-${source}` }, t(source));
  return h('ul', { class: 'result-legend', 'aria-label': t('legend') }, ...sources.map(item));
}

function coverage({ covers = [], leaves = [] }: SignedOptions): HTMLElement | undefined {
  if (covers.length + leaves.length === 0) return undefined;
  const places = (list: readonly string[]) =>
    h('ul', { class: 'result-places' }, ...list.map((at) => h('li', { title: at }, placeName(at))));
  return h(
    'div',
    { class: 'result-coverage' },
    h('h3', {}, t('coverage')),
    covers.length > 0 && h('div', { class: 'result-covers' }, h('p', {}, sign('✓'), t('covers')), places(covers)),
    leaves.length > 0
      ? h(
          'div',
          { class: 'result-leaves' },
          h('p', {}, sign('!'), h('strong', {}, t('leaves'))),
          h('p', { class: 'result-dim' }, t('leavesMeans')),
          places(leaves),
        )
      : h('p', { class: 'result-dim' }, t('all')),
  );
}

function absent({ findings = [], unsigned }: SignedOptions): HTMLElement {
  const reasons = findings.filter(
    ({ stage, severity, code }) => stage === 'signature' && severity === 'error' && code !== 'signature-mismatch',
  );
  return h(
    'div',
    { class: 'result-note result-note-warn' },
    h(
      'p',
      {},
      sign('–'),
      h('strong', {}, t('none')),
      ' ',
      t(unsigned ? 'unsigned' : reasons.length > 0 ? 'missing' : 'other'),
    ),
    !unsigned && reasons.length > 0 && h('ul', {}, ...reasons.map(({ message }) => h('li', {}, engineText(message)))),
  );
}

function size({ length }: Uint8Array): string {
  if (length === 0) return t('noBytes');
  return length === 1 ? t('oneByte') : t('count', { n: numberText(length) });
}
