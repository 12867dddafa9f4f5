// What a stream can show: colours, characters and width.

import { clean } from './width.js';

const STYLES = { error: [1, 31], warning: [1, 33], info: [1, 36], pass: [32], dim: [2], bold: [1], mark: [36] };
const UNICODE = { pass: '✓', fail: '✗', warn: '!', skipped: '–', bar: '│', arrow: '╭─▶', mask: '••••••', more: '…' };
const ASCII = {
  pass: 'ok',
  fail: 'FAIL',
  warn: 'warn',
  skipped: '-',
  bar: '|',
  arrow: '-->',
  mask: '******',
  more: '...',
};
const WIDTH = 100;

export class Terminal {
  /** @param color `auto`, `always` or `never`; NO_COLOR and FORCE_COLOR decide for `auto` */
  static of(stream, { color = 'auto' }, environment) {
    const terminal = new Terminal();
    terminal.color = color === 'always' || (color === 'auto' && wantsColor(stream, environment));
    terminal.signs = isUnicode(environment) ? UNICODE : ASCII;
    terminal.width = Math.max(40, Math.min(stream.columns ?? WIDTH, 160));
    return terminal;
  }

  paint(style, text) {
    return this.color ? `\u001b[${STYLES[style].join(';')}m${text}\u001b[0m` : text;
  }

  clean(text) {
    return clean(String(text));
  }
}

function wantsColor(stream, { NO_COLOR, FORCE_COLOR, TERM }) {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false') return true;
  return Boolean(stream.isTTY) && TERM !== 'dumb' && FORCE_COLOR === undefined;
}

function isUnicode({ LC_ALL, LC_CTYPE, LANG, TERM }) {
  const locale = LC_ALL || LC_CTYPE || LANG;
  return TERM !== 'dumb' && TERM !== 'linux' && (!locale || /utf-?8/i.test(locale));
}
