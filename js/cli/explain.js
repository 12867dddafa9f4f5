// `countersign explain`: explains what a code means and how to fix it.

import { nearest } from '../base/nearest.js';
import { CODES, explanation, FAMILIES, THROWN } from '../codes/codes.js';
import { Terminal } from '../report/terminal.js';
import { UsageError } from './outcome.js';

export async function explain({ paths, color, io }) {
  const known = [...Object.keys(CODES), ...Object.keys(THROWN)];
  if (paths.length === 0) {
    throw new UsageError(
      'no code given',
      `\n\nCodes: ${[...known, ...Object.keys(FAMILIES).map((prefix) => `${prefix}…`)].join(', ')}`,
    );
  }
  const terminal = Terminal.of(io.stdout, { color }, io.env);
  const found = paths.map(explanation).filter(Boolean);
  const texts = found.map(
    ({ code, means, fix }) =>
      `${terminal.paint('bold', code)}\n\n${wrapped(means, terminal.width)}\n\n${helped(terminal, fix)}\n`,
  );
  io.stdout.write(texts.join('\n'));
  const unknown = paths.filter((code) => !explanation(code));
  if (unknown.length > 0) throw notKnown(unknown, known);
  return {};
}

function notKnown(codes, known) {
  const close = nearest(codes[0], known);
  return new UsageError(
    `unknown code ${codes.map((code) => `\`${code}\``).join(', ')}`,
    close ? `did you mean \`${close}\`?` : 'countersign explain lists the codes',
  );
}

function helped(terminal, fix) {
  return wrapped(`help: ${fix}`, terminal.width).replace('help', terminal.paint('info', 'help'));
}

function wrapped(text, width) {
  return text.replace(new RegExp(`(.{1,${width}})(?:\\s+|$)`, 'g'), '$1\n').trimEnd();
}
