// What packs say of a set of documents.

import type { PackFinding, Report } from '../../../pkg/index.js';
import { h } from '../base/dom.js';
import { numberText, texts } from '../base/language.js';
import { Rows, type FindingsHandle, type FindingsOptions } from './findings.js';
import { countsText, sign } from './words.js';

const t = texts({
  en: {
    pass: 'pass',
    fail: 'fail',
    error: 'error',
    nothing: 'nothing was checked',
    set: 'The set as a whole',
    document: 'Document {n}',
    counts: 'documents: {documents}, rules: {rules}',
    noDocuments: 'There are no documents, so nothing can pass.',
    noRules: 'There are no rules. Choose a pack, or write a rule.',
    failed: 'A rule could not be evaluated. That never counts as a pass.',
    clean: 'All documents pass all rules.',
    ms: '{n} ms',
  },
  'zh-CN': {
    pass: '通过',
    fail: '未通过',
    error: '出错',
    nothing: '没有判定任何内容',
    set: '整组文档',
    document: '文档 {n}',
    counts: '{documents} 个文档，{rules} 条规则',
    noDocuments: '没有文档。没有文档就谈不上通过。',
    noRules: '没有执行任何规则。请选择策略包，或自行编写规则。',
    failed: '有规则求值失败，绝不能算作通过。',
    clean: '所有文档都符合全部规则。',
    ms: '{n} 毫秒',
  },
});

const SIGNS = { pass: '✓', fail: '✗', error: '✗', nothing: '–' };
const LOOKS = { pass: 'accept', fail: 'reject', error: 'reject', nothing: 'ignore' };

export function reportView(report: Report, options: FindingsOptions<PackFinding> & { ms?: number }): FindingsHandle {
  const { counts, findings } = report;
  const outcome = outcomeOf(report);
  const groups = grouped(findings);
  const groupOf = new Map(groups.flatMap((group) => group.indices.map((index) => [index, group] as const)));
  const lists = new Map<(typeof groups)[number], HTMLElement>();
  const drawn = h('div');
  const rows = new Rows(
    findings,
    [...groupOf.keys()],
    (index, item) => {
      const group = groupOf.get(index)!;
      if (!lists.has(group)) {
        lists.set(group, h('ol', { class: 'result-findings' }));
        drawn.append(h('div', { class: 'result-resource' }, h('h3', {}, group.name), lists.get(group)!));
      }
      lists.get(group)!.append(item);
    },
    options,
  );
  const element = h(
    'div',
    { class: 'result-report' },
    h(
      'div',
      { class: `result-verdict result-verdict-${LOOKS[outcome]}` },
      h(
        'p',
        { class: 'result-verdict-line' },
        h('strong', { class: 'result-outcome' }, sign(SIGNS[outcome]), t(outcome)),
        h('span', { class: 'result-counts' }, countsText(counts)),
        h(
          'span',
          { class: 'result-dim' },
          t('counts', { documents: numberText(counts.documents), rules: numberText(counts.rules) }),
        ),
        options.ms !== undefined && h('span', { class: 'result-dim' }, t('ms', { n: Math.round(options.ms) })),
      ),
      h('p', {}, why(report)),
    ),
    drawn,
    rows.more,
  );
  return rows.handle(element);
}

/** One sentence for a live region. */
export function reportText(report: Report): string {
  return [t(outcomeOf(report)), countsText(report.counts)].join(', ');
}

/** A pass where nothing was asked is none. */
export function outcomeOf({ verdict, counts }: Report): 'pass' | 'fail' | 'error' | 'nothing' {
  return verdict === 'pass' && (counts.documents === 0 || counts.rules === 0) ? 'nothing' : verdict;
}

function why(report: Report): string | undefined {
  const { counts, verdict, findings } = report;
  if (outcomeOf(report) === 'nothing') return t(counts.documents === 0 ? 'noDocuments' : 'noRules');
  if (verdict === 'error') return t('failed');
  return findings.length === 0 ? t('clean') : undefined;
}

/** By resource, in the order of the findings. */
export function grouped(findings: readonly PackFinding[]): { name: string; indices: number[] }[] {
  const groups = new Map<string, { name: string; indices: number[] }>();
  for (const [index, { resource, document }] of findings.entries()) {
    const name = resource && [resource.kind, resource.namespace, resource.name].filter(Boolean).join(' / ');
    const key = JSON.stringify([document, name]);
    const group = groups.get(key) ?? {
      name: name || (document === undefined ? t('set') : t('document', { n: document + 1 })),
      indices: [],
    };
    group.indices.push(index);
    groups.set(key, group);
  }
  return [...groups.values()];
}
