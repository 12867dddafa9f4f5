// All stages in the house's order, each with what came of it.

import type { Finding, StageName, Verdict } from '../../../pkg/index.js';
import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { countsOf, sign, stageName, unseen } from './words.js';

const t = texts({
  en: {
    stages: 'Stages',
    pass: 'pass',
    fail: 'fail',
    warn: 'warning',
    skipped: 'skipped',
    wouldPass: 'would pass',
    wouldFail: 'would also fail',
    wouldWarn: 'would warn',
    stops:
      'A receiver stops at the first ✗ ({stage}). Here the later stages are also checked, so that you see ' +
      'everything at once.',
    only: 'show only its findings',
    all: 'show all findings again',
  },
  'zh-CN': {
    stages: '阶段',
    pass: '通过',
    fail: '失败',
    warn: '警告',
    skipped: '跳过',
    wouldPass: '本可通过',
    wouldFail: '同样会失败',
    wouldWarn: '会有警告',
    stops: '接收端会在第一个 ✗（{stage}）处停止。此处仍继续判定其后的阶段，让您一次看到全部问题。',
    only: '只显示该阶段的问题',
    all: '重新显示全部问题',
  },
});

const SIGNS = { pass: '✓', fail: '✗', warn: '!', skipped: '–' };
const WOULD = { pass: 'wouldPass', fail: 'wouldFail', warn: 'wouldWarn', skipped: 'skipped' } as const;

interface StageOptions {
  /** The stage whose findings alone are shown. */
  selected?: StageName;
  /** A stage with findings was chosen; undefined: the chosen one was chosen again, so all are shown. */
  onStage?: (stage: StageName | undefined) => void;
}

export function stageStrip(
  stages: Verdict['stages'],
  findings: readonly Finding[],
  { selected, onStage }: StageOptions = {},
): HTMLElement {
  const first = stages.findIndex(({ result }) => result === 'fail');
  const items = stages.map(({ stage, result }, index) => {
    const after = first !== -1 && index > first;
    const own = findings.filter((finding) => finding.stage === stage);
    const word = after ? t(WOULD[result]) : t(result);
    const label = [
      sign(SIGNS[result]),
      h('span', { class: 'result-stage-name' }, stageName(stage)),
      h('span', { class: 'result-stage-word' }, word),
    ];
    return h(
      'li',
      { class: `result-stage result-stage-${result}${after ? ' result-stage-after' : ''}` },
      own.length > 0 && onStage
        ? h(
            'button',
            {
              type: 'button',
              'data-key': `stage ${stage}`,
              'aria-pressed': String(stage === selected),
              title: t(stage === selected ? 'all' : 'only'),
              onclick: () => onStage(stage === selected ? undefined : stage),
            },
            ...label,
            unseen(`, ${countsOf(own)}`),
          )
        : h('span', {}, ...label),
    );
  });
  const goesOn = first !== -1 && stages.slice(first + 1).some(({ result }) => result !== 'skipped');
  return h(
    'div',
    { class: 'result-stages' },
    h('ol', { 'aria-label': t('stages') }, ...items),
    goesOn && h('p', { class: 'result-dim' }, t('stops', { stage: stageName(stages[first]!.stage) })),
  );
}
