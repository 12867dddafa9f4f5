// An outcome in a sentence, and its colour.

import { texts } from '../base/language.js';
import { timeText } from '../base/time.js';
import type { Mode } from '../state.js';
import type { Thrown } from '../engine/protocol.js';
import type { Outcome } from './outcome.js';
import type * as Views from './views.js';

const t = texts({
  en: {
    loading: 'The engine is loading …',
    empty: 'Paste a request, or choose an example.',
    noDocuments: 'Paste a manifest, or choose an example.',
    cannot: 'Not checked: it cannot be read',
    andMore: '{message} (and {n} more)',
    noSignature: 'The signature is not checked, as there is no key. All else',
    signedAt: 'Signed at {time}: your request itself was not changed',
    signHint: 'Enter the secret: it is needed for signing.',
    shapedAs: 'The canonical message of this event',
    withoutMessage: 'No message could be made',
  },
  'zh-CN': {
    loading: '引擎正在加载…',
    empty: '粘贴一个请求，或选择一个示例。',
    noDocuments: '粘贴一份清单，或选择一个示例。',
    cannot: '未判定：无法读取',
    andMore: '{message}（另有 {n} 个）',
    noSignature: '没有密钥，未检查签名。其余',
    signedAt: '已按 {time} 签名，另行显示：您的请求没有被改动',
    signHint: '请输入密钥：没有密钥无法签名。',
    shapedAs: '此事件的规范消息',
    withoutMessage: '无法生成消息',
  },
});

/** @param views there before anything is judged */
export function wordsOf(outcome: Outcome, mode: Mode, views: typeof Views): string {
  switch (outcome.kind) {
    case 'loading':
      return t('loading');
    case 'empty':
      return t(mode === 'webhook' ? 'empty' : 'noDocuments');
    case 'killed':
      return views.killedText(outcome.milliseconds);
    case 'problem':
      return `${t('cannot')}: ${outcome.problem.message}`;
    case 'thrown':
      return `${t('cannot')}: ${thrownText(outcome.thrown)}`;
    case 'verdict':
      return outcome.noKey
        ? `${t('noSignature')}: ${views.countsOf(outcome.verdict.findings)}`
        : views.verdictText(outcome.verdict);
    case 'report':
      return views.reportText(outcome.report);
    case 'signed':
      return outcome.noKey ? t('signHint') : t('signedAt', { time: timeText(outcome.now) });
    case 'shaped':
      return outcome.message === undefined ? t('withoutMessage') : t('shapedAs');
  }
}

function thrownText({ message, also = [] }: Thrown): string {
  return also.length === 0 ? message : t('andMore', { message, n: also.length });
}

export function toneOf(outcome: Outcome, views: typeof Views): string {
  if (outcome.kind === 'report')
    return { pass: 'pass', fail: 'fail', error: 'fail', nothing: 'warn' }[views.outcomeOf(outcome.report)];
  return outcome.kind === 'killed' || outcome.kind === 'problem' || outcome.kind === 'thrown' ? 'fail' : '';
}
