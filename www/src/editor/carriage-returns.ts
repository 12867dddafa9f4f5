// Every character counts, so a carriage return is a character of its line. Where it ends a line with CRLF, the two are
// edited as one line break: the cursor does not stand between them, and one key press deletes both. Enter writes what
// its line ends with.

import { EditorSelection, EditorState, RangeSet, RangeSetBuilder, RangeValue } from '@codemirror/state';
import type { Extension, Text } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

class Pair extends RangeValue {}
const pair = new Pair();

/**
 * Editors where a pointer, not a key, moves the cursor: a click behind a line's end means that line, not the next one.
 */
const pointed = new WeakSet<EditorView>();

const watched = EditorView.domEventObservers({
  pointerdown: (_, view) => void pointed.add(view),
  keydown: (_, view) => void pointed.delete(view),
  beforeinput: (_, view) => void pointed.delete(view),
});

function pairs(view: EditorView): RangeSet<RangeValue> {
  if (pointed.has(view)) return RangeSet.empty;
  const found = new RangeSetBuilder<RangeValue>();
  const { doc } = view.state;
  let next = 0;
  for (const { from, to } of view.visibleRanges) {
    for (let at = Math.max(from, next); at <= to; at = next) {
      const line = doc.lineAt(at);
      if (endsWithPair(doc, line.to)) found.add(line.to - 1, line.to + 1, pair);
      next = line.to + 1;
    }
  }
  return found.finish();
}

/** Whether a line that ends here ends with CRLF. */
function endsWithPair(doc: Text, lineEnd: number): boolean {
  return lineEnd > 0 && lineEnd < doc.length && doc.sliceString(lineEnd - 1, lineEnd + 1) === '\r\n';
}

function outside(doc: Text, offset: number): number {
  return endsWithPair(doc, offset) ? offset - 1 : offset;
}

const cursorOutside = EditorState.transactionFilter.of((transaction) => {
  const { selection, newDoc } = transaction;
  if (!selection || transaction.docChanged) return transaction;
  const { anchor, head } = selection.main;
  const [newAnchor, newHead] = [outside(newDoc, anchor), outside(newDoc, head)];
  if (newAnchor === anchor && newHead === head) return transaction;
  return [transaction, { selection: EditorSelection.single(newAnchor, newHead) }];
});

function newline(view: EditorView): boolean {
  const { state } = view;
  const { from } = state.selection.main;
  const line = state.doc.lineAt(from);
  if (state.readOnly || !line.text.includes('\r')) return false;
  const blanks = (/^[ \t]*/.exec(line.text) as RegExpExecArray)[0].slice(0, from - line.from);
  const insert = (line.text.endsWith('\r') ? '\r\n' : '\n') + blanks;
  view.dispatch(state.replaceSelection(insert), { userEvent: 'input', scrollIntoView: true });
  return true;
}

export const carriageReturns: Extension = [
  watched,
  EditorView.atomicRanges.of(pairs),
  cursorOutside,
  keymap.of([{ key: 'Enter', run: newline }]),
];
