// Findings in a text: an underline, a sign at the line, and the message under the pointer. What @codemirror/lint has,
// without its panel, its keys and its pictures in data: URLs, for a sixth of its weight.

import { RangeSet, StateEffect, StateField } from '@codemirror/state';
import type { Extension, Range, Text } from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, WidgetType, gutter, hoverTooltip } from '@codemirror/view';
import type { DecorationSet, Tooltip } from '@codemirror/view';

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { within } from './marks.js';

export interface Diagnostic {
  from: number;
  to: number;
  severity: 'error' | 'warning' | 'info';
  message: string;
}

const t = texts({
  en: { error: 'Error', warning: 'Warning', info: 'Note' },
  'zh-CN': { error: '错误', warning: '警告', info: '提示' },
});

const SEVERITIES = ['info', 'warning', 'error'] as const;

// Of findings by the thousand the first are drawn: each is mapped at every key that is typed, and nobody looks at more.
// The list has all.
const MAX_DRAWN = 1000;
const MAX_TOLD = 20; // messages at one line or place

export const setDiagnostics = StateEffect.define<Diagnostic[]>();

interface Found {
  underlines: DecorationSet;
  signs: RangeSet<GutterMarker>;
}

class Sign extends GutterMarker {
  constructor(
    readonly severity: Diagnostic['severity'],
    readonly messages: string,
  ) {
    super();
  }
  override eq(other: Sign): boolean {
    return other.severity === this.severity && other.messages === this.messages;
  }
  override toDOM(): Node {
    return h('span', { class: `editor-sign editor-sign-${this.severity}`, title: this.messages });
  }
}

/** Where there is nothing to underline: an empty line, or the end of the text. */
class Point extends WidgetType {
  constructor(readonly severity: Diagnostic['severity']) {
    super();
  }
  override eq(other: Point): boolean {
    return other.severity === this.severity;
  }
  toDOM(): HTMLElement {
    return h('span', { class: `editor-point editor-finding-${this.severity}` });
  }
}

function underline(diagnostic: Diagnostic, doc: Text): Range<Decoration> {
  let [from, to] = within(doc.length, diagnostic.from, diagnostic.to);
  const line = doc.lineAt(from);
  if (from === to && to < line.to) to += 1;
  else if (from === to && from > line.from) from -= 1;
  // What covers no more than a line break has nothing to underline.
  const bare = from === to || !/[^\n]/.test(doc.sliceString(from, to));
  if (bare) return Decoration.widget({ widget: new Point(diagnostic.severity), diagnostic, side: 1 }).range(from);
  return Decoration.mark({ class: `editor-finding-${diagnostic.severity}`, diagnostic }).range(from, to);
}

function signs(underlines: DecorationSet, doc: Text): RangeSet<GutterMarker> {
  const lines = new Map<number, Diagnostic[]>();
  underlines.between(0, doc.length, (from, _, { spec }) => {
    const start = doc.lineAt(from).from;
    const found = lines.get(start);
    if (found) found.push(spec.diagnostic);
    else lines.set(start, [spec.diagnostic]);
  });
  const found: Range<GutterMarker>[] = [];
  for (const [start, diagnostics] of lines) {
    const worst =
      SEVERITIES.findLast((severity) => diagnostics.some((diagnostic) => diagnostic.severity === severity)) ?? 'info';
    found.push(
      new Sign(
        worst,
        diagnostics
          .slice(0, MAX_TOLD)
          .map(({ message }) => message)
          .join('\n'),
      ).range(start),
    );
  }
  return RangeSet.of(found, true);
}

const field = StateField.define<Found>({
  create: () => ({ underlines: Decoration.none, signs: RangeSet.empty }),
  update(before, transaction) {
    let { underlines } = before;
    if (transaction.docChanged) underlines = underlines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setDiagnostics))
        underlines = Decoration.set(
          effect.value.slice(0, MAX_DRAWN).map((diagnostic) => underline(diagnostic, transaction.newDoc)),
          true,
        );
    }
    return underlines === before.underlines ? before : { underlines, signs: signs(underlines, transaction.newDoc) };
  },
  provide: (self) => EditorView.decorations.from(self, ({ underlines }) => underlines),
});

function message({ severity, message: text }: Diagnostic): HTMLElement {
  return h('p', { class: `editor-message editor-message-${severity}` }, h('b', {}, t(severity)), ` ${text}`);
}

function tooltip(view: EditorView, offset: number): Tooltip | null {
  const found: Diagnostic[] = [];
  let [pos, end] = [offset, offset];
  view.state.field(field).underlines.between(offset, offset, (from, to, { spec }) => {
    found.push(spec.diagnostic);
    [pos, end] = [Math.min(pos, from), Math.max(end, to)];
  });
  if (found.length === 0) return null;
  return {
    pos,
    end,
    above: true,
    create: () => ({ dom: h('div', { class: 'editor-messages' }, ...found.slice(0, MAX_TOLD).map(message)) }),
  };
}

export const diagnostics: Extension = [
  field,
  gutter({ class: 'editor-signs', markers: (view) => view.state.field(field).signs }),
  hoverTooltip(tooltip, { hideOn: (transaction) => transaction.effects.some((effect) => effect.is(setDiagnostics)) }),
];
