// `countersign baseline`: writes the findings that are there, so that `check --baseline` fails only for new ones.

import { GATE } from '../codes/gate.js';
import { counted } from '../report/pretty.js';
import { entryOf, packNames, readBaseline, writeBaseline } from './baseline-file.js';
import { check } from './check.js';
import { hint } from './hints.js';
import { UsageError } from './outcome.js';
import { kindOf } from './walk.js';

const ACTIONS = { write, check: compare, prune };

export async function baseline(options) {
  const [action, file, ...paths] = options.paths;
  if (!Object.hasOwn(ACTIONS, action ?? ''))
    throw new UsageError(
      'say what to do with the baseline',
      `countersign baseline ${Object.keys(ACTIONS).join('|')} FILE PATH...`,
    );
  if (file === undefined) throw new UsageError('no baseline named', `countersign baseline ${action} FILE PATH...`);
  if (kindOf(file)?.isDirectory())
    throw new UsageError(
      `${file} is a folder: the file of the baseline comes first`,
      `countersign baseline ${action} FILE PATH...`,
    );
  return ACTIONS[action](file, { ...options, paths });
}

/** Only what is found now and not waived. */
async function write(file, options) {
  const { left, packs, unevaluated } = await check({ ...options, formats: [], writes: file });
  if (unevaluated) return nothingWritten(file, options);
  const found = left.filter(({ code }) => !Object.hasOwn(GATE, code));
  for (const { code, message, help } of left) if (Object.hasOwn(GATE, code)) hint(options.io, message, { code, help });
  writeBaseline(file, packNames(packs), found.map(entryOf));
  return say(options, `${file}: ${counted(found.length, 'finding')}`);
}

/** As `check --baseline`, but an entry that is gone is an error. */
function compare(file, options) {
  return check({ ...options, baseline: file, exact: true });
}

async function prune(file, options) {
  const { gone, unseen, unevaluated } = await check({ ...options, baseline: file, formats: [] });
  if (unevaluated) return nothingWritten(file, options);
  const { packs, entries } = readBaseline(file);
  const dropped = new Set(gone);
  if (dropped.size > 0)
    writeBaseline(
      file,
      packs,
      entries.filter((_, index) => !dropped.has(index)),
    );
  const rest = unseen > 0 ? `, ${unseen} of them not looked for` : '';
  return say(options, `${file}: ${dropped.size} dropped, ${entries.length - dropped.size} left${rest}`);
}

function nothingWritten(file, { io }) {
  hint(io, `${file} was not written, since not everything could be judged`, { help: 'countersign check shows why' });
  return { unevaluated: true };
}

function say({ io, quiet }, text) {
  if (!quiet) io.stdout.write(`${text}\n`);
  return {};
}
