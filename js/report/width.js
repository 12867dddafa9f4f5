// The width of a text on a terminal, and how to print text that must not control it.

let segmenter; // made when it is needed: that takes longer than all else that a report of plain text takes
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1b000}-\u{1b2ff}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const ZERO = /^(?:\p{Mark}|\u200d|\ufe0e|\ufe0f)+$/u;
// Control characters, characters that change the reading direction, and invisible ones.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/u;
const PLAIN = /^[\x20-\x7e]*$/; // the segmenter takes a microsecond a character
const TAB = '    ';

/** The cells of a text: { text, width, offset } for each visible character. */
export function cells(text) {
  if (PLAIN.test(text)) return Array.from(text, (one, offset) => ({ text: one, width: 1, offset }));
  const found = [];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment, index } of segmenter.segment(text)) {
    const shown = visible(segment);
    found.push({ text: shown, width: shown === segment ? width(segment) : shown.length, offset: index });
  }
  return found;
}

/** Text from the input, safe to print: control characters are escaped. */
export function clean(text) {
  return PLAIN.test(text)
    ? text
    : cells(text)
        .map((cell) => cell.text)
        .join('');
}

/** As much of a text as `room` cells hold: its beginning, or what stands around `at`. `more` stands for what is left out. */
export function clipped(text, room, more, at = 0) {
  const all = cells(text);
  if (all.reduce((sum, cell) => sum + cell.width, 0) <= room) return all.map((cell) => cell.text).join('');
  const mark = all.findIndex((cell) => cell.offset >= at);
  let from = mark;
  for (let before = room / 3; from > 0 && before >= all[from - 1].width; before -= all[from].width) from -= 1;
  const head = from > 0 ? more : '';
  let left = room - head.length - more.length;
  const shown = [];
  for (const cell of all.slice(from)) {
    if (cell.width > left) return `${head}${shown.join('').trimEnd()}${more}`;
    shown.push(cell.text);
    left -= cell.width;
  }
  return head + shown.join('');
}

function width(grapheme) {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

function visible(grapheme) {
  if (grapheme === '\t') return TAB;
  if (!UNSAFE.test(grapheme)) return grapheme;
  if (grapheme.includes('\u200d') && /\p{Extended_Pictographic}/u.test(grapheme)) return grapheme; // a joined emoji
  return Array.from(grapheme, (one) => (UNSAFE.test(one) ? `\\u{${one.codePointAt(0).toString(16)}}` : one)).join('');
}
