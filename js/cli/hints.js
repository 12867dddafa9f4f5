// What goes to stderr beside the report.

import { placeText } from '../report/pretty.js';
import { Terminal } from '../report/terminal.js';

/** Something could not be judged. */
export function problem({ message, place = {}, help }) {
  const terminal = Terminal.of(process.stderr, {});
  const where = placeText(terminal, place);
  write(`${terminal.paint('error', 'error')}: ${where ? `${where}: ` : ''}${terminal.clean(message)}`);
  if (help) write(`  help: ${terminal.clean(help)}`);
}

/** Something worth knowing that is no finding. */
export function hint(message, { code, help }) {
  const terminal = Terminal.of(process.stderr, {});
  write(`${terminal.paint('warning', code ? `hint[${code}]` : 'hint')}: ${terminal.clean(message)}`);
  if (help) write(`  help: ${terminal.clean(help)}`);
}

function write(line) {
  process.stderr.write(`${line}\n`);
}
