// The right pane and the verdict above all panes.

import type { Cause, Diagnosis, Finding, Framework, StageName } from '../../../pkg/index.js';
import { Lines } from '../../../pkg/places/lines.js';
import { h } from '../base/dom.js';
import { language, texts } from '../base/language.js';
import { remember, remembered } from '../base/remembered.js';
import { contractFiles } from '../contract/files.js';
import type { NamedFinding } from '../deployment/packs.js';
import type { Data } from '../data.js';
import type { FindingsHandle } from '../result/findings.js';
import { redraw } from '../result/redraw.js';
import type { ResultTab, State } from '../state.js';
import { familyOf } from './families.js';
import { shapedMessage, signedMessage } from './made-message.js';
import type { Mark } from './marks.js';
import { toneOf, wordsOf } from './outcome-words.js';
import type { Outcome } from './outcome.js';
import type { Store } from './store.js';
import { tabs } from './tabs.js';
import type * as Views from './views.js';
import './result.css';

const t = texts({
  en: {
    title: 'Result',
    verdict: 'Verdict',
    findings: 'Findings',
    request: 'Signed request',
    signed: 'Signed bytes',
    message: 'Message',
    json: 'JSON',
    line: 'line {line}:{column}',
    other: 'Another key that the sender may have used',
    otherTitle: 'The doctor tries it. No request passes with it, and it stays in this page',
    publicUrl:
      'The URL that the sender called is signed. If a proxy changed its host or path, write the public URL into ' +
      'the request line.',
  },
  'zh-CN': {
    title: '结果',
    verdict: '判定',
    findings: '问题',
    request: '已签名的请求',
    signed: '被签名的字节',
    message: '消息',
    json: 'JSON',
    line: '第 {line} 行第 {column} 列',
    other: '发送方可能误用的另一个密钥',
    otherTitle: '诊断时会尝试它；它不会放行任何内容，且只留在本页',
    publicUrl: '签名包含发送方所调用的 URL。若代理改动了主机或路径，请在请求行中写入公开的 URL。',
  },
});

export interface ResultActions {
  onJump(key: string): void;
  /** To a place that is not marked. */
  onShow(mark: Mark): void;
  onRun(): void;
  onDoctor(): void;
  /** A part of the signed bytes is pointed at. */
  onPart(at: string | undefined): void;
  onMessage(message: State['message']): void;
  focusKey(): void;
}

export interface ResultPane {
  bar: HTMLElement;
  element: HTMLElement;
  draw(outcome: Outcome, marks: Mark[]): void;
  /** The same verdict, a little later. */
  tick(outcome: Outcome): void;
  diagnosis(diagnosis: Diagnosis | 'running' | undefined): void;
  found(): Diagnosis | undefined;
  open(tab: ResultTab): void;
  /** Resolves when outcomes can be drawn. */
  ready(): Promise<void>;
  busy(busy: boolean): void;
  /** Marks the finding of this key; none, where undefined. */
  at(key: string | undefined): void;
  current(): string | undefined;
  /** The outcome in a sentence. */
  words(): string;
}

const NEEDS_VERDICT: ResultTab[] = ['signed', 'message'];

export function resultPane(store: Store, data: Data, actions: ResultActions): ResultPane {
  let views: typeof Views; // there before anything is judged
  let outcome: Outcome = { kind: 'loading' };
  let byKey = new Map<string, Mark>(); // the first of each
  let diagnosed: Diagnosis | 'running' | undefined;
  let cause: Cause | undefined;
  let framework: Framework = (remembered('framework') as Framework | null) ?? 'express';
  let hex = false;
  let stage: StageName | undefined;
  let stale = new Set<ResultTab>(); // to be drawn when they are opened
  let handles: { prefix: string; handle: FindingsHandle }[] = [];
  let current: string | undefined;

  const bar = h('section', { class: 'verdict-bar', 'aria-label': t('verdict') });
  const panels = {} as Record<ResultTab, HTMLElement>;
  const drawers: Record<ResultTab, () => Node[]> = {
    findings: drawFindings,
    signed: drawSigned,
    message: drawMessage,
    json: drawJson,
  };
  const all = tabs<ResultTab>(
    t('title'),
    (Object.keys(drawers) as ResultTab[]).map((id) => ({
      id,
      label: t(id),
      draw: (panel) => {
        panels[id] = panel;
        drawPanel(id);
      },
    })),
    (id) => store.change(({ open }) => (open.result = id), { view: true }),
  );
  const element = h(
    'section',
    { class: 'pane pane-result', 'aria-label': t('title') },
    h('div', { class: 'pane-head' }, h('h2', {}, t('title')), all.list),
    all.panels,
  );

  // Typed here, it must outlive every redraw.
  const others = h('input', {
    type: 'password',
    'data-key': 'other key',
    class: 'other-key',
    'aria-label': t('other'),
    placeholder: t('other'),
    title: t('otherTitle'),
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => (store.secrets.others = others.value === '' ? [] : [others.value]),
  });

  function drawPanel(id: ResultTab): void {
    const panel = panels[id];
    if (panel) redraw(panel, h('div', { class: 'result-body' }, ...drawers[id]()));
  }

  function labelOf(key: string): { label: string } | undefined {
    const mark = byKey.get(key);
    return mark && { label: [mark.file, placeText(mark, store.state, data)].filter(Boolean).join(' ') };
  }

  function readOf(judged: Extract<Outcome, { kind: 'report' }>, finding: NamedFinding) {
    const key = `finding ${judged.report.findings.indexOf(finding)}`;
    return views.readMarks(judged, finding, key).map((mark) => ({
      label: `${placeText(mark, store.state, data)} ${mark.at}`,
      absent: mark.absent,
      onJump: () => actions.onShow(mark),
    }));
  }

  function explain(code: string): { means: string; mend: string } | undefined {
    const found = data.texts[language()]?.[code] ?? data.texts.en?.[code] ?? familyOf(data.texts, code);
    return found && { means: found[0], mend: found[1] };
  }

  function optionsOf<One extends Finding | { code: string; severity: 'error' | 'warning' | 'info'; message: string }>(
    list: readonly One[],
    prefix: string,
  ) {
    const indices = new Map(list.map((finding, index) => [finding, index]));
    const keyOf = (finding: One): string => `${prefix} ${indices.get(finding)}`;
    return {
      placeOf: (finding: One) => labelOf(keyOf(finding)),
      onJump: (finding: One) => actions.onJump(keyOf(finding)),
      explain,
      selected: current?.startsWith(`${prefix} `) ? Number(current.slice(prefix.length + 1)) : undefined,
      onSelect: (index: number) => (current = `${prefix} ${index}`),
    };
  }

  function listed<One extends Finding>(
    list: readonly One[],
    prefix: string,
    made: (list: readonly One[], options: ReturnType<typeof optionsOf<One>> & { stage?: StageName }) => FindingsHandle,
  ): HTMLElement {
    const handle = made(list, { ...optionsOf(list, prefix), ...(prefix === 'finding' && stage ? { stage } : {}) });
    handles.push({ prefix, handle });
    return handle.element;
  }

  function drawFindings(): Node[] {
    handles = [];
    switch (outcome.kind) {
      case 'loading':
      case 'empty':
        return [h('p', { class: 'dim' }, said())];
      case 'killed':
        return [
          views.killedView({ milliseconds: outcome.milliseconds, bytes: judgedBytes() }, { onRun: actions.onRun }),
        ];
      case 'problem': {
        return [
          views.unreadView(outcome.problem, { place: labelOf('problem'), onJump: () => actions.onJump('problem') }),
        ];
      }
      case 'thrown':
        return views.mistakesOf(outcome.thrown).map((mistake, index) =>
          views.thrownView(mistake, {
            explain: index === 0 ? explain : undefined,
            place: labelOf(`thrown ${index}`),
            onJump: () => actions.onJump(`thrown ${index}`),
            index,
          }),
        );
      case 'verdict': {
        const { verdict, lint, noKey, contract } = outcome;
        const failed = verdict.findings.some(
          ({ stage: of, severity }) => severity === 'error' && (of === 'signature' || of === 'freshness'),
        );
        const signs = contract.contract.signature !== null;
        return [
          ...(noKey ? [views.noKeyView({ onEnter: actions.focusKey })] : []),
          listed(verdict.findings, 'finding', views.findingsList),
          ...(signs && !noKey && (failed || diagnosed) ? [drawDoctor()] : []),
          listed(lint, 'lint', views.lintView),
        ];
      }
      case 'report': {
        const judged = outcome;
        const handle = views.reportView(outcome.report, {
          ...optionsOf(outcome.report.findings, 'finding'),
          about: (finding) =>
            finding.code.startsWith('policy-') ? views.annotationOf(judged.rules, finding) : undefined,
          alsoRead: (finding) => readOf(judged, finding),
          ms: outcome.milliseconds,
        });
        handles.push({ prefix: 'finding', handle });
        return [handle.element];
      }
      case 'signed':
        return signedMessage(outcome, views, actions, store.state.origin || undefined);
      case 'shaped':
        return [
          ...shapedMessage(outcome, views, actions),
          listed(outcome.shaped.findings, 'finding', views.findingsList),
        ];
    }
  }

  function drawDoctor(): HTMLElement {
    const view = views.doctorView(diagnosed, {
      onRun: actions.onDoctor,
      hasKey: true,
      time:
        outcome.kind === 'verdict' &&
        !outcome.verdict.findings.some(({ stage: of, severity }) => of === 'signature' && severity === 'error'),
      framework,
      onFramework: (next) => remember('framework', (framework = next)),
      onShowBytes: (shown) => {
        cause = shown;
        drawPanel('signed');
        store.change(({ open }) => (open.result = 'signed'), { view: true });
      },
    });
    const found = diagnosed === 'running' ? undefined : diagnosed;
    const covers = outcome.kind === 'verdict' ? outcome.signed?.forms.flat().map(({ at }) => at) : undefined;
    // A proxy may have changed more than one part of it, which nobody can guess.
    const asks =
      found &&
      !found.holds &&
      found.causes.length === 0 &&
      covers?.some((at) => at === 'url' || at === 'path' || at === 'query');
    return h(
      'div',
      {},
      view,
      asks && h('p', { class: 'warn' }, `! ${t('publicUrl')}`),
      h('p', { class: 'other' }, others),
    );
  }

  function drawSigned(): Node[] {
    if (outcome.kind !== 'verdict') return [];
    const { verdict, signed, contract } = outcome;
    // A signature that does not hold covers nothing yet: then it is what it would cover.
    const parts = signed?.forms
      .flat()
      .map(({ at }) => at)
      .filter((at) => at !== 'literal' && at !== 'secret');
    const { covers = parts && [...new Set(parts)], leaves } = verdict.signature ?? {};
    return [
      views.signedView(signed, {
        covers,
        leaves,
        expected: cause?.signed,
        findings: verdict.findings,
        unsigned: contract.contract.signature === null,
        onPart: actions.onPart,
        hex,
        onHex: (next) => (hex = next),
      }),
    ];
  }

  function drawMessage(): Node[] {
    return outcome.kind === 'verdict' ? [views.messageView(outcome.verdict.message)] : [];
  }

  function drawJson(): Node[] {
    return 'text' in outcome ? [views.jsonView(outcome.text)] : [];
  }

  function drawBar(): void {
    if (outcome.kind === 'verdict') {
      const { verdict, milliseconds, now, skewSeconds, contract, noKey } = outcome;
      const freshness = contract.contract.freshness as { pastSeconds?: number } | null | undefined;
      const onStage = (chosen: StageName | undefined): void => {
        stage = chosen;
        drawBar();
        drawPanel('findings');
        store.change(({ open }) => Object.assign(open, { result: 'findings', pane: 'result' }), { view: true });
      };
      const line = noKey
        ? h('p', { class: 'bar-line warn' }, said())
        : views.verdictLine(verdict, { ms: milliseconds, now, skewSeconds, allowed: freshness?.pastSeconds });
      redraw(bar, line, views.stageStrip(verdict.stages, verdict.findings, { selected: stage, onStage }));
    } else redraw(bar, h('p', { class: `bar-line ${toneOf(outcome, views)}` }, said().replaceAll('`', '')));
  }

  function judgedBytes(): number {
    const { mode, message, deployment } = store.state;
    return (mode === 'webhook' ? message.text : deployment.documents).length;
  }

  function said(): string {
    return wordsOf(outcome, store.state.mode, views);
  }

  function at(key: string | undefined): void {
    current = key;
    for (const { prefix, handle } of handles)
      handle.select(key?.startsWith(`${prefix} `) ? Number(key.slice(prefix.length + 1)) : undefined);
  }

  return {
    bar,
    element,
    draw(next, found) {
      if (textOf(next) !== textOf(outcome)) [current, stage] = [undefined, undefined];
      [outcome, diagnosed, cause] = [next, undefined, undefined];
      byKey = new Map(found.map((mark) => [mark.key, mark] as const).reverse());
      drawBar();
      for (const id of NEEDS_VERDICT) all.show(id, outcome.kind === 'verdict');
      all.show('json', 'text' in outcome);
      all.name('findings', t(outcome.kind === 'signed' ? 'request' : 'findings'));
      const findings =
        outcome.kind === 'verdict'
          ? outcome.verdict.findings
          : outcome.kind === 'report'
            ? outcome.report.findings
            : [];
      all.badge('findings', String(findings.length || ''));
      for (const id of Object.keys(drawers) as ResultTab[]) if (!panels[id]?.hidden) drawPanel(id);
      stale = new Set((Object.keys(drawers) as ResultTab[]).filter((id) => panels[id]?.hidden));
      this.open(store.state.open.result);
    },
    tick(next) {
      outcome = next;
      drawBar();
      drawPanel('json');
    },
    diagnosis(next) {
      diagnosed = next;
      drawPanel('findings');
    },
    found: () => (diagnosed === 'running' ? undefined : diagnosed),
    open(tab) {
      const there = tab === 'json' ? 'text' in outcome : !NEEDS_VERDICT.includes(tab) || outcome.kind === 'verdict';
      const shown = there ? tab : 'findings';
      all.select(shown);
      if (stale.delete(shown)) drawPanel(shown);
    },
    ready: async () => {
      views = await import('./views.js');
    },
    busy: (busy) => element.setAttribute('aria-busy', String(busy)),
    at,
    current: () => current,
    words: () =>
      [said(), diagnosed && diagnosed !== 'running' ? views.diagnosisText(diagnosed) : ''].filter(Boolean).join('. '),
  };
}

function textOf(outcome: Outcome): string | undefined {
  return 'text' in outcome ? outcome.text : undefined;
}

/** Line and column of a mark in its own text. */
function placeText(
  { where, file = '', from }: Mark,
  { message, contract, deployment, params }: State,
  data: Data,
): string {
  const files: Record<string, string> =
    where === 'rules'
      ? { params, ...contractFiles(contract, data) }
      : { data: deployment.data, packParams: deployment.params, ...deployment.policy };
  const text = where === 'message' ? message.text : where === 'documents' ? deployment.documents : files[file];
  if (text === undefined) return '';
  return t('line', Lines.of(text).place(from));
}
