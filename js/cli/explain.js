// `countersign explain`: what a code means and how to mend it.

import { CODES, explanation, FAMILIES, THROWN } from '../codes.js';
import { nearest } from '../nearest.js';
import { Terminal } from '../report/terminal.js';
import { UsageError } from './outcome.js';

export async function explain({ paths, color }) {
  const known = [...Object.keys(CODES), ...Object.keys(THROWN)];
  if (paths.length === 0) {
    throw new UsageError('no code given', `\n\nCodes: ${[...known, ...Object.keys(FAMILIES).map((prefix) => `${prefix}…`)].join(', ')}`);
  }
  const terminal = Terminal.of(process.stdout, { color });
  const texts = paths.map((code) => {
    const found = explanation(code);
    if (!found) {
      const close = nearest(code, known);
      throw new UsageError(`unknown code \`${code}\``, close ? `did you mean \`${close}\`?` : 'countersign explain lists the codes');
    }
    return `${terminal.paint('bold', code)}\n\n${wrapped(found.means, terminal.width)}\n\n${helped(terminal, found.mend)}\n`;
  });
  process.stdout.write(texts.join('\n'));
  return {};
}

function helped(terminal, mend) {
  return wrapped(`help: ${mend}`, terminal.width).replace('help', terminal.paint('info', 'help'));
}

function wrapped(text, width) {
  return text.replace(new RegExp(`(.{1,${width}})(?:\\s+|$)`, 'g'), '$1\n').trimEnd();
}
