// Where there is no verdict: what was asked cannot be used, the run was ended, or no key is here.

import { h } from '../base/dom.js';
import { numberText, texts } from '../base/language.js';
import type { Thrown } from '../engine/protocol.js';
import { engineText, sign, withCode } from './words.js';

const t = texts({
  en: {
    unread: 'Not checked: the input cannot be read',
    cannot: 'Not checked: the contract, policy or key cannot be used',
    misuse: 'Not checked: a value has the wrong type',
    internal: 'A bug in Countersign',
    internalHelp:
      'Your input is kept. The next run starts a fresh engine. Please report the bug with the message above, but ' +
      'without your secret.',
    mend: 'How to fix it',
    means: 'What does this mean?',
    jump: 'Go to {place}',
    killed: 'The run was ended after {deadline} s',
    kept: 'Nothing is lost: your input is still here.',
    reasons:
      'Either a policy rule does not end: it counts too far, or tries every pair in a large set. Then change the ' +
      'rule.',
    much: 'Or there is too much to check: then check less at once.',
    muchOf: 'Or there is too much to check, here {size}: then check less at once.',
    documents: '{n} documents',
    bytes: '{n} KB',
    both: '{documents} of {bytes}',
    again: 'Run again',
    noKey: 'No key: the signature is not checked',
    noKeyWhy:
      'A link never contains a secret. Enter it to check the signature; it stays in this page. All other stages ' +
      'are judged.',
    enter: 'Enter the key',
  },
  'zh-CN': {
    unread: '无法判定：无法读取',
    cannot: '无法判定：判定依据未能加载',
    misuse: '无法判定：某项内容的类型不对',
    internal: 'Countersign 的缺陷',
    internalHelp: '您写的内容都已保留，下次运行会启动新的引擎。请附上以上消息报告此问题，但不要附上密钥。',
    mend: '如何修复',
    means: '这是什么意思？',
    jump: '转到 {place}',
    killed: '本次运行在 {deadline} 秒后被终止',
    kept: '没有丢失任何内容：您写的文本都还在。',
    reasons: '可能是某条策略规则不会结束：计数过大，或遍历了大集合的所有组合。此时请修改规则。',
    much: '也可能是要判定的内容很多：此时请减少一次判定的内容。',
    muchOf: '也可能是要判定的内容很多，此处为 {size}：此时请减少一次判定的内容。',
    documents: '{n} 个文档',
    bytes: '{n} KB',
    both: '{documents}（{bytes}）',
    again: '重新运行',
    noKey: '没有密钥：未检查签名',
    noKeyWhy: '链接中从不包含密钥。输入密钥即可检查签名，密钥只留在本页。其他阶段均已判定。',
    enter: '输入密钥',
  },
});

/** How much there was to judge. */
interface Judged {
  documents?: number | undefined;
  bytes?: number | undefined;
}

interface ThrownOptions {
  explain?: (code: string) => { means: string; mend: string } | undefined;
  /** Where `at` stands on the page, if it can be pointed at. */
  place?: { label: string } | undefined;
  onJump?: () => void;
  /** Which of several mistakes it is, from 0: the first has the heading. */
  index?: number;
}

/** A contract, key or policy that does not load, a misuse, or a bug of the engine. */
export function thrownView(
  { name, code, at, message, help }: Thrown,
  { explain, place, onJump, index = 0 }: ThrownOptions = {},
): HTMLElement {
  const title = name === 'ContractError' ? 'cannot' : name === 'InternalError' ? 'internal' : 'misuse';
  const told = code === undefined ? undefined : explain?.(code);
  const where = place?.label ?? at;
  const jump = () =>
    h(
      'button',
      { type: 'button', class: 'result-small', 'data-key': `thrown jump ${index}`, onclick: onJump },
      t('jump', { place: where! }),
    );
  return h(
    'div',
    { class: 'result-ended result-ended-fail', 'data-code': code },
    index === 0 && h('h3', {}, sign('✗'), t(title)),
    h('p', {}, code && h('code', { class: 'result-code' }, code), ' ', engineText(message)),
    where && h('p', {}, place && onJump ? jump() : h('code', {}, where)),
    help && h('p', { class: 'result-help' }, engineText(help)),
    name === 'InternalError' && h('p', {}, t('internalHelp')),
    told &&
      h(
        'details',
        { 'data-key': `means thrown ${code}` },
        h('summary', {}, t('means')),
        h('p', {}, ...withCode(told.means)),
        h('p', {}, h('strong', {}, `${t('mend')}: `), ...withCode(told.mend)),
      ),
  );
}

/** What was typed cannot be read, so nothing was judged. */
export function unreadView(
  { message, help }: { message: string; help?: string },
  { place, onJump }: ThrownOptions,
): HTMLElement {
  return h(
    'section',
    { class: 'result-ended result-ended-fail' },
    h('h3', {}, sign('✗'), t('unread')),
    h('p', {}, engineText(message)),
    place &&
      h(
        'p',
        {},
        h(
          'button',
          { type: 'button', class: 'result-small', 'data-key': 'problem jump', onclick: () => onJump?.() },
          t('jump', { place: place.label }),
        ),
      ),
    help && h('p', { class: 'result-help' }, engineText(help)),
  );
}

/** The end in words, for a live region. `milliseconds` is the deadline. */
export function killedText(milliseconds: number): string {
  return t('killed', { deadline: Math.round(milliseconds / 100) / 10 });
}

/** The run took longer than its deadline: for a rule, or for how much there was to judge, where that is known. */
export function killedView(
  { milliseconds, ...judged }: { milliseconds: number } & Judged,
  { onRun }: { onRun(): void },
): HTMLElement {
  const size = sizeText(judged);
  return h(
    'div',
    { class: 'result-ended result-ended-warn' },
    h('h3', {}, sign('!'), killedText(milliseconds)),
    h('p', {}, t('kept')),
    h('p', {}, t('reasons'), ' ', size === undefined ? t('much') : t('muchOf', { size })),
    h('button', { type: 'button', class: 'result-run', 'data-key': 'run again', onclick: () => onRun() }, t('again')),
  );
}

/** `5,000 documents of 1,600 KB`. */
export function sizeText({ documents, bytes }: Judged): string | undefined {
  const counted = documents !== undefined && documents > 1 ? t('documents', { n: numberText(documents) }) : undefined;
  const sized = bytes === undefined ? undefined : t('bytes', { n: numberText(Math.ceil(bytes / 1000)) });
  return counted !== undefined && sized !== undefined
    ? t('both', { documents: counted, bytes: sized })
    : (counted ?? sized);
}

/** The contract signs, and the page has no secret. */
export function noKeyView({ onEnter }: { onEnter?: () => void } = {}): HTMLElement {
  return h(
    'div',
    { class: 'result-ended result-ended-warn' },
    h('h3', {}, sign('!'), t('noKey')),
    h('p', {}, t('noKeyWhy')),
    onEnter &&
      h(
        'button',
        { type: 'button', class: 'result-run', 'data-key': 'enter key', onclick: () => onEnter() },
        t('enter'),
      ),
  );
}
