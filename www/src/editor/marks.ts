// Backgrounds: of ranges that the page names, and of the place that was jumped to, until the cursor or the text moves
// on.

import { StateEffect, StateField } from '@codemirror/state';
import type { Extension, Range } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';

export interface Highlight {
  from: number;
  to: number;
  class: string;
}

export const setHighlights = StateEffect.define<Highlight[]>();
export const setRevealed = StateEffect.define<{ from: number; to: number }>();

const revealedMark = Decoration.mark({ class: 'editor-revealed' });

/** Both ends within the text, the first one first. */
export function within(length: number, from: number, to: number): [number, number] {
  const start = Math.min(Math.max(from, 0), length);
  return [start, Math.min(Math.max(to, start), length)];
}

const highlights = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    let marks = before.map(transaction.changes);
    for (const effect of transaction.effects)
      if (effect.is(setHighlights)) marks = drawn(effect.value, transaction.newDoc.length);
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function drawn(ranges: Highlight[], length: number): DecorationSet {
  const marks: Range<Decoration>[] = [];
  for (const range of ranges) {
    const [from, to] = within(length, range.from, range.to);
    if (from < to) marks.push(Decoration.mark({ class: range.class }).range(from, to));
  }
  return Decoration.set(marks, true);
}

const revealed = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setRevealed)) continue;
      const { from, to } = effect.value;
      return from < to ? Decoration.set(revealedMark.range(from, to)) : Decoration.none;
    }
    return transaction.docChanged || transaction.selection ? Decoration.none : before;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const marks: Extension = [highlights, revealed];
