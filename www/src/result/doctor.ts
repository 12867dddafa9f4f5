// The diagnosis: why a signature does not match, and how to fix it.

import type { Cause, Diagnosis, Framework } from '../../../pkg/index.js';
import { h } from '../base/dom.js';
import { numberText, texts } from '../base/language.js';
import { mendView } from './mend.js';
import { redraw } from './redraw.js';
import { engineText, sign } from './words.js';
import './doctor.css';

const t = texts({
  en: {
    doctor: 'Doctor',
    run: 'Why does the signature not match?',
    runTime: 'Why is the time rejected?',
    again: 'Ask the doctor again',
    running: 'The doctor is trying what may have gone wrong …',
    about:
      'The doctor undoes one possible fault after the other and computes the MAC again, in this page. It reports a ' +
      'cause as proved only if the signature then matches.',
    needsKey: 'The doctor computes MACs, so it needs the secret: enter it above. It stays in this page.',
    causes: 'Proved causes',
    suspects: 'Suspected, not proved',
    proved: 'proved: the signature matches if this is undone',
    suspected: 'suspected: it cannot be proved any more',
    at: 'at {at}',
    edits: '{n} bytes differ',
    oneEdit: '1 byte differs',
    bytes: 'Show the bytes',
    tried: '{n} MACs were tried.',
    triedOne: '1 MAC was tried.',
    capped: 'A limit ended the search, so there may be more causes.',
    holds:
      'The signature itself is right: it belongs to these bytes and this key. If something is wrong, it is in ' +
      'another stage: see the findings.',
    unknown:
      'Not examined. The doctor can diagnose HMACs and keyed digests, but not public keys, tokens, DPoP proofs and ' +
      'HTTP message signatures.',
    unfinished: 'Not found so far: a limit ended the search before everything was tried.',
    nothing: 'No cause found: undoing the usual faults does not make the signature match.',
    meaning:
      'So either it was signed with another key, or the signed bytes were changed in a way that cannot be undone.',
    find1:
      'Compare the key at the sender with the one here: the same endpoint, the same environment (test or live), not ' +
      'the API key.',
    find2: 'Add keys that the sender may have used by mistake: the doctor tries them too.',
    find3:
      'Record the raw body where it first arrives, before any parser or proxy, and compare its length and SHA-256 ' +
      "with the sender's.",
    find4: 'See the signed bytes below: is every part what the sender signs?',
  },
  'zh-CN': {
    doctor: '诊断',
    run: '签名为什么不匹配？',
    runTime: '时间为什么被拒绝？',
    again: '再次诊断',
    running: '正在逐一尝试可能的原因……',
    about: '诊断会在本页内逐一撤销常见错误并重新计算 MAC。只有签名因此匹配时，才会认定为原因。',
    needsKey: '诊断要计算 MAC，因此需要密钥：请在上方输入。密钥只留在本页。',
    causes: '已证实的原因',
    suspects: '可疑，但未证实',
    proved: '已证实：撤销此项后签名匹配',
    suspected: '可疑：用于证实的信息已丢失',
    at: '位于 {at}',
    edits: '相差 {n} 个字节',
    oneEdit: '相差 1 个字节',
    bytes: '查看字节',
    tried: '共尝试了 {n} 个 MAC。',
    triedOne: '共尝试了 1 个 MAC。',
    capped: '搜索因达到上限而结束，可能还有其他原因。',
    holds: '签名本身是正确的：与这些字节和该密钥相符。若仍有问题，则在其他阶段，请看问题列表。',
    unknown: '未诊断。诊断只适用于 HMAC 和带密钥的摘要，不适用于公钥签名、令牌、DPoP 证明和 HTTP 消息签名。',
    unfinished: '尚未找到：搜索在尝试完所有可能之前因达到上限而结束。',
    nothing: '没有找到原因：撤销各种常见错误后，签名仍不匹配。',
    meaning: '因此，要么使用了另一个密钥签名，要么被签名的字节与此处的不同，且无法还原。',
    find1: '核对发送方的密钥与此处的密钥：同一个端点、同一个环境（测试或生产），并且不是 API 密钥。',
    find2: '把发送方可能误用的密钥作为附加密钥输入，诊断也会尝试它们。',
    find3: '在请求最先到达、尚未经过任何解析器或代理之处记录原始正文，再与发送方比较长度和 SHA-256。',
    find4: '查看下方的被签名字节：每一部分是否都与发送方签名的内容一致？',
  },
});

interface DoctorOptions {
  onRun(): void;
  /** The caller shows what the sender signed, by this cause, against what arrived. Without it there is no button. */
  onShowBytes?: ((cause: Cause) => void) | undefined;
  /** Without a secret there is nothing to compute. */
  hasKey: boolean;
  /** It is the time that is refused, not the signature. */
  time?: boolean;
  framework?: Framework;
  onFramework?: (framework: Framework) => void;
}

export function doctorView(diagnosis: Diagnosis | 'running' | undefined, options: DoctorOptions): HTMLElement {
  const running = diagnosis === 'running';
  const box = h('div', { class: 'result-doctor-found' });
  let framework = options.framework ?? 'express';
  const choose = (next: Framework) => {
    framework = next;
    options.onFramework?.(next);
    draw();
  };
  const draw = () => {
    if (diagnosis !== undefined && diagnosis !== 'running')
      redraw(box, ...found(diagnosis, options, framework, choose));
  };
  draw();
  const state = running
    ? t('running')
    : !options.hasKey
      ? t('needsKey')
      : diagnosis === undefined
        ? t('about')
        : undefined;
  return h(
    'div',
    { class: 'result-doctor', role: 'group', 'aria-label': t('doctor'), 'aria-busy': running ? 'true' : undefined },
    h(
      'button',
      {
        type: 'button',
        class: 'result-run',
        'data-key': 'doctor',
        disabled: !options.hasKey,
        'aria-disabled': running ? 'true' : undefined,
        onclick: () => !running && options.onRun(),
      },
      t(diagnosis !== undefined && !running ? 'again' : options.time ? 'runTime' : 'run'),
    ),
    h('p', { class: 'result-dim', role: 'status' }, state),
    box,
  );
}

/** One sentence for a live region. */
export function diagnosisText({ holds, causes, suspects, tried, capped }: Diagnosis): string {
  if (causes[0]) return `${t('proved')}: ${causes[0].message}`;
  if (suspects[0]) return `${t('suspected')}: ${suspects[0].message}`;
  return t(holds ? 'holds' : tried === 0 && !capped ? 'unknown' : 'nothing');
}

function found(
  diagnosis: Diagnosis,
  options: DoctorOptions,
  framework: Framework,
  choose: (framework: Framework) => void,
): HTMLElement[] {
  const { causes, suspects, tried, capped } = diagnosis;
  const list = (these: Cause[]) =>
    h('ul', { class: 'result-causes' }, ...these.map((cause, index) => one(cause, index, options, framework, choose)));
  const count = tried === 1 ? t('triedOne') : t('tried', { n: numberText(tried) });
  const parts: (HTMLElement | false)[] = [
    causes.length > 0 && h('h3', {}, t('causes')),
    causes.length > 0 && list(causes),
    suspects.length > 0 && h('h3', {}, t('suspects')),
    suspects.length > 0 && list(suspects),
    causes.length + suspects.length === 0 && nothing(diagnosis),
    (tried > 0 || capped) && h('p', { class: 'result-dim' }, count, capped && ` ${t('capped')}`),
  ];
  return parts.filter((part) => part !== false);
}

function one(
  cause: Cause,
  index: number,
  { onShowBytes }: DoctorOptions,
  framework: Framework,
  choose: (framework: Framework) => void,
): HTMLElement {
  const key = `cause ${cause.id} ${index}`;
  const edits = cause.edits === 1 ? t('oneEdit') : t('edits', { n: numberText(cause.edits) });
  // What is wrong with a key is not in the bytes.
  const bytes =
    onShowBytes &&
    cause.proved &&
    !cause.id.startsWith('key-') &&
    h(
      'button',
      { type: 'button', class: 'result-small', 'data-key': `${key} bytes`, onclick: () => onShowBytes(cause) },
      t('bytes'),
    );
  return h(
    'li',
    {
      class: `result-cause ${cause.proved ? 'result-cause-proved' : 'result-cause-suspected'}`,
      'data-cause': cause.id,
    },
    h('p', { class: 'result-cause-mark' }, sign(cause.proved ? '✓' : '?'), t(cause.proved ? 'proved' : 'suspected')),
    h('p', { class: 'result-cause-text' }, engineText(cause.message)),
    h(
      'p',
      { class: 'result-dim' },
      h('code', {}, cause.id),
      ' ',
      t('at', { at: cause.at }),
      cause.proved && cause.edits > 0 && ` · ${edits}`,
      ' ',
      bytes,
    ),
    mendView(cause.mends, key, framework, choose),
  );
}

function nothing({ holds, tried, capped }: Diagnosis): HTMLElement {
  if (holds) return h('p', { class: 'result-note result-note-pass' }, sign('✓'), t('holds'));
  if (tried === 0 && !capped) return h('p', { class: 'result-note result-note-warn' }, sign('–'), t('unknown'));
  return h(
    'div',
    { class: 'result-note result-note-warn' },
    h('p', {}, sign('?'), h('strong', {}, t(capped ? 'unfinished' : 'nothing')), ' ', !capped && t('meaning')),
    h('ul', {}, ...(['find1', 'find2', 'find3', 'find4'] as const).map((key) => h('li', {}, t(key)))),
  );
}
