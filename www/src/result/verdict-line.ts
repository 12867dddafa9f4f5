// The verdict in one line, which is read first.

import type { Finding, Verdict } from '../../../pkg/index.js';
import { h } from '../base/dom.js';
import { language, numberText, texts } from '../base/language.js';
import { timeText } from '../base/time.js';
import { countsOf, sign } from './words.js';

const t = texts({
  en: {
    accept: 'accept',
    reject: 'reject',
    ignore: 'ignore',
    ignored: 'a duplicate, which the contract ignores',
    event: 'event',
    version: 'version',
    id: 'id',
    payload: 'payload at',
    api: 'contract version',
    key: 'signed with key',
    time: 'signed time',
    judged: 'judged at',
    replay: 'remembered until',
    dead: 'dead letter',
    old: '{n} s old; window {allowed} s',
    ahead: '{n} s ahead of the clock; window {allowed} s',
    oldAlone: '{n} s old',
    aheadAlone: '{n} s ahead of the clock',
    kept: 'kept, because of {reason}',
    ms: '{n} ms',
  },
  'zh-CN': {
    accept: '接受',
    reject: '拒绝',
    ignore: '忽略',
    ignored: '重复消息，契约规定忽略',
    event: '事件',
    version: '版本',
    id: '标识',
    payload: '载荷位于',
    api: '契约版本',
    key: '签名密钥',
    time: '签名时间',
    judged: '判定时刻',
    replay: '去重记录保留到',
    dead: '死信',
    old: '{n} 秒前；窗口 {allowed} 秒',
    ahead: '比时钟早到 {n} 秒；窗口 {allowed} 秒',
    oldAlone: '{n} 秒前',
    aheadAlone: '比时钟早到 {n} 秒',
    kept: '已保留，原因：{reason}',
    ms: '{n} 毫秒',
  },
});

const SIGNS = { accept: '✓', reject: '✗', ignore: '–' };

interface VerdictFacts {
  /** How long the run took. */
  ms?: number;
  /** The time that was judged by, in Unix seconds. */
  now?: number;
  /** How far back the signed time is, where the caller knows it of a fresh message; ahead, where negative. */
  skewSeconds?: number;
  /** The window, with `skewSeconds`. */
  allowed?: number;
}

export function verdictLine(verdict: Verdict, facts: VerdictFacts = {}): HTMLElement {
  const { statusText, findings } = verdict;
  const outcome = h('strong', { class: 'result-outcome' }, sign(SIGNS[verdict.verdict]), outcomeText(verdict));
  return h(
    'div',
    { class: `result-verdict result-verdict-${verdict.verdict}` },
    h(
      'p',
      { class: 'result-verdict-line' },
      outcome,
      statusText && h('span', { lang: language() === 'en' ? undefined : 'en' }, statusText),
      verdict.verdict === 'ignore' && h('span', {}, t('ignored')),
      h('span', { class: 'result-counts' }, countsOf(findings)),
      facts.ms !== undefined && h('span', { class: 'result-dim' }, t('ms', { n: rounded(facts.ms) })),
    ),
    factList(verdict, facts),
  );
}

/** One sentence for a live region. */
export function verdictText(verdict: Verdict): string {
  return [outcomeText(verdict), verdict.statusText, countsOf(verdict.findings)].filter(Boolean).join(', ');
}

/** `reject 401`; an answer that was judged has no status of its own. */
function outcomeText({ verdict, status }: Verdict): string {
  return status === undefined ? t(verdict) : `${t(verdict)} ${status}`;
}

function factList(verdict: Verdict, facts: VerdictFacts): HTMLElement | undefined {
  const { event = {}, replay, signature, deadLetter, apiVersion } = verdict;
  const rows: [string, string | undefined][] = [
    [t('event'), event.type],
    [t('version'), event.version],
    [t('id'), event.id],
    [t('payload'), event.payload],
    [t('api'), apiVersion],
    [t('key'), signature?.key],
    [t('time'), skewText(verdict.findings, facts)],
    [t('judged'), facts.now === undefined ? undefined : timeText(facts.now)],
    [t('replay'), replay && timeText(replay.forgetAfter)],
    [t('dead'), deadLetter && t('kept', { reason: deadLetter.reason })],
  ];
  const known = rows.filter(([, value]) => value !== undefined && value !== '');
  if (known.length === 0) return undefined;
  return h(
    'dl',
    { class: 'result-facts' },
    ...known.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** `12 s old; window 300 s`, from a finding that tells it, else from what the caller knows. */
export function skewText(
  findings: readonly Finding[],
  known: Pick<VerdictFacts, 'skewSeconds' | 'allowed'> = {},
): string | undefined {
  const [told] = findings.flatMap((finding) => ('skewSeconds' in finding ? [finding] : []));
  const skew = told?.skewSeconds ?? known.skewSeconds;
  const allowed = told ? told.allowed : known.allowed;
  if (skew === undefined) return undefined;
  const n = numberText(Math.abs(skew));
  const way = skew < 0 ? 'ahead' : 'old';
  return allowed === undefined ? t(`${way}Alone`, { n }) : t(way, { n, allowed: numberText(allowed) });
}

const rounded = (ms: number) => (ms < 10 ? ms.toFixed(1) : Math.round(ms).toString());
