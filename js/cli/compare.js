// `countersign verify` with two contracts: checks recorded requests with both and reports where the verdicts differ.

import { compare } from '../api/compare.js';
import { Unevaluated } from '../read/unevaluated.js';
import { comparisonReport, isUnjudged } from '../report/compare.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { problem } from './hints.js';
import { judgedAt } from './judged-at.js';
import { failing, UsageError } from './outcome.js';
import { writeReports } from './output.js';
import { judgeAll, recordingOf } from './verify.js';

export async function compareContracts(options) {
  refuse(options);
  const started = performance.now();
  const { cases, results, problems } = await judgeAll(options, compareOne);
  const failed = results.filter((result) => result.failed).length > 0;
  const texts = results.map(({ file, comparison: { schemaVersion, ...others } }) =>
    JSON.stringify({ schemaVersion, file, ...others }),
  );
  const unjudged = results.filter(({ comparison }) => isUnjudged(comparison));
  await writeReports(
    options,
    {
      pretty: (terminal) =>
        comparisonReport(terminal, results, {
          names: options.contracts,
          started,
          verbose: options.verbose,
          unread: problems.length,
        }),
      json: () => jsonReport(texts, cases.length > 1),
      jsonl: () => jsonlReport(texts),
    },
    !failed && unjudged.length === 0,
  );
  if (unjudged.length > 0) problem(options.io, nothingCompared(unjudged));
  return { findings: options.failOn !== 'never' && failed, unevaluated: problems.length + unjudged.length > 0 };
}

/** If both reject the signature, there is nothing to compare. */
function nothingCompared([{ file }, ...more]) {
  const others = more.length > 0 ? ` and ${more.length} more` : '';
  const help = 'give the keys that signed the recordings, and the time: --now signed, or --now TIME';
  return new Unevaluated(
    `both reject the signature or the time of ${file}${others}, so message, event and reply were not compared`,
    {},
    help,
  );
}

function refuse({ contracts: [a, b], explain, formats }) {
  const other = formats.find(({ format }) => !['pretty', 'json', 'jsonl'].includes(format));
  if (other !== undefined)
    throw new UsageError(`two contracts are not compared as ${other.format}`, 'use pretty, json or jsonl');
  if (a === b)
    throw new UsageError(`--contract ${a} was given twice: a contract agrees with itself`, 'name the other version');
  if (explain)
    throw new UsageError(
      '--explain works with one contract, not two',
      'use the one whose signature fails: --contract NAME --explain',
    );
}

/** The two contracts replace a case's own contract. The case's time, keys and options apply to both. */
async function compareOne(found, { options, gates, told }) {
  const [a, b] = await gates.of(options.contracts, found);
  const { request } = recordingOf(found, options, a.contract);
  const now = judgedAt(told.now, found, (time) => {
    const verdicts = [a, b].map(({ gate }) => JSON.parse(gate.checkText(request, { ...told, now: time })));
    return { findings: verdicts.flatMap(({ findings }) => findings) };
  });
  const comparison = compare(a.gate, b.gate, request, { ...told, now });
  return { file: found.file, comparison, failed: !comparison.agree || failing(comparison.notes, options.failOn) };
}
