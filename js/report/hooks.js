// What `countersign registry` prints for people.

/** Every hook with what a table of hooks has: address, note, contract, key, receipt, data, and whether it is disabled. */
export function hooksTable(terminal, path, hooks) {
  const clean = (text) => terminal.clean(text);
  const parts = hooks.map(({ id, uri, note, enabled, ...hook }) => {
    const state = enabled ? terminal.paint('pass', 'enabled') : terminal.paint('warning', 'disabled');
    const rows = [
      ['note', note],
      ['reason', hook.reason],
      ['contract', hook.contract],
      ['key', hook.key === undefined ? 'none' : Object.entries(hook.key).flat().join(' ')],
      ['receipt', hook.receipt === undefined ? 'each message decides' : hook.receipt ? 'needed' : 'none'],
      ['data', hook.data === undefined ? 'all' : hook.data.join(' ')],
      ['receiver', hook.receiver],
      ['limit', hook.disableAfter && `disabled after ${hook.disableAfter} refused signatures in a row`],
    ];
    const lines = rows.filter(([, text]) => text).map(([name, text]) => `  ${name.padEnd(9)}${clean(text)}\n`);
    return `${terminal.paint('bold', clean(id))}  ${clean(uri)}  ${state}\n${lines.join('')}`;
  });
  const count = hooks.filter(({ enabled }) => enabled).length;
  const total = `${hooks.length} ${hooks.length === 1 ? 'hook' : 'hooks'}, ${count} enabled`;
  return `${parts
    .map(
      (part) => `${part}
`,
    )
    .join('')}${clean(path)}: ${total}
`;
}

export function editedReport(path, id, done) {
  return `${path}: hook \`${id}\` ${done}\n`;
}

/** What follows from each answer, and the command to disable the hook if that is due. */
export function settledReport(terminal, path, settled) {
  return settled.map((one) => `${settlement(terminal, path, one)}\n`).join('\n');
}

function settlement(terminal, path, { hook, note, action, reason, message, delay, disable }) {
  const style = { done: 'pass', retry: 'warning', drop: 'error' }[action];
  const wait = delay === undefined ? '' : `: send it again in ${delay.milliseconds / 1000} s (${delay.reason})`;
  const [why] = disable.reason.split(';');
  const due = disable.decision
    ? `\n  countersign registry disable ${terminal.clean(path)} --hook ${hook} --reason '${why}'`
    : '';
  return (
    `hook ${hook}${note === undefined ? '' : ` (${terminal.clean(note)})`}\n` +
    `  ${terminal.paint(style, action)} [${reason}] ${message}${wait}\n  ` +
    `${disable.decision ? terminal.paint('error', 'disable it') : 'leave it as it is'}: ${disable.reason}${due}`
  );
}
