// Words and signs that several views of a result share.

import type { Severity, StageName } from '../../../pkg/index.js';
import { h } from '../base/dom.js';
import { language, texts } from '../base/language.js';
import './result.css';

const t = texts({
  en: {
    error: 'error',
    warning: 'warning',
    info: 'note',
    errors: '{n} errors',
    oneError: '1 error',
    warnings: '{n} warnings',
    oneWarning: '1 warning',
    notes: '{n} notes',
    oneNote: '1 note',
    none: 'no findings',
    comma: ', ',
    request: 'request',
    signature: 'signature',
    freshness: 'freshness',
    replay: 'replay',
    payload: 'payload',
    route: 'route',
    schema: 'schema',
    policy: 'policy',
    shape: 'shape',
    contract: 'contract',
  },
  'zh-CN': {
    error: '错误',
    warning: '警告',
    info: '提示',
    errors: '{n} 个错误',
    oneError: '1 个错误',
    warnings: '{n} 个警告',
    oneWarning: '1 个警告',
    notes: '{n} 条提示',
    oneNote: '1 条提示',
    none: '没有发现问题',
    comma: '，',
    request: '请求',
    signature: '签名',
    freshness: '时效',
    replay: '重放',
    payload: '载荷',
    route: '路由',
    schema: '结构',
    policy: '策略',
    shape: '转换',
    contract: '契约',
  },
});

const SIGNS: Record<Severity, string> = { error: '✗', warning: '!', info: 'i' };

/** Of a webhook, a contract, or a set of documents. */
export interface Shown {
  code: string;
  severity: Severity;
  message: string;
  at?: string;
  help?: string;
}

export function stageName(stage: StageName | 'contract'): string {
  return t(stage);
}

/** The severity as colour, sign and word. */
export function severityMark(severity: Severity): HTMLElement {
  return h('span', { class: `result-severity result-${severity}` }, sign(SIGNS[severity]), t(severity));
}

/** A sign that stands beside its word, so it is not read out. */
export function sign(text: string): HTMLElement {
  return h('span', { class: 'result-sign', 'aria-hidden': 'true' }, text);
}

/** For screen readers alone. */
export function unseen(text: string): HTMLElement {
  return h('span', { class: 'unseen' }, text);
}

/** `2 errors, 1 warning`. */
export function countsOf(findings: readonly { severity: Severity }[]): string {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return countsText({ errors: count('error'), warnings: count('warning'), infos: count('info') });
}

export function countsText({ errors, warnings, infos }: { errors: number; warnings: number; infos: number }): string {
  const parts = [
    errors > 0 && t(errors === 1 ? 'oneError' : 'errors', { n: errors }),
    warnings > 0 && t(warnings === 1 ? 'oneWarning' : 'warnings', { n: warnings }),
    infos > 0 && t(infos === 1 ? 'oneNote' : 'notes', { n: infos }),
  ].filter(Boolean);
  return parts.length === 0 ? t('none') : parts.join(t('comma'));
}

/**
 * A text of the engine, which speaks English: marked as such for screen readers, with what stands in backticks as code.
 */
export function engineText(text: string, attributes: Record<string, string> = {}): HTMLElement {
  return h('span', { ...attributes, lang: language() === 'en' ? undefined : 'en' }, ...withCode(text));
}

/** What stands in backticks, as code. */
export function withCode(text: string): (string | HTMLElement)[] {
  return inlineCode(text).map(({ code, text: part }) => (code ? h('code', {}, part) : part));
}

/** A text with its parts in backticks told apart. A backtick without its other half is a backtick. */
export function inlineCode(text: string): { text: string; code: boolean }[] {
  const parts = text.split('`');
  if (parts.length % 2 === 0) parts.push(parts.splice(-2).join('`'));
  return parts.map((part, index) => ({ text: part, code: index % 2 === 1 })).filter((part) => part.text !== '');
}
