// Messages on stderr, next to the report.

import { placeText } from '../report/pretty.js';
import { Terminal } from '../report/terminal.js';

/** Something could not be judged. */
export function problem(io, { message, place = {}, help }) {
  const terminal = Terminal.of(io.stderr, {}, io.env);
  const where = placeText(terminal, place);
  write(io, `${terminal.paint('error', 'error')}: ${where ? `${where}: ` : ''}${terminal.clean(message)}`);
  if (help) write(io, `  help: ${terminal.clean(help)}`);
}

/** Something worth knowing that is not a finding. */
export function hint(io, message, { code, help }) {
  const terminal = Terminal.of(io.stderr, {}, io.env);
  write(io, `${terminal.paint('warning', code ? `hint[${code}]` : 'hint')}: ${terminal.clean(message)}`);
  if (help) write(io, `  help: ${terminal.clean(help)}`);
}

function write(io, line) {
  io.stderr.write(`${line}\n`);
}
