// `countersign lint`: reports weaknesses of contracts. It needs no key: it uses a throw-away one.

import { readFileSync } from 'node:fs';

import { compile } from '../api/node.js';
import { JsonText } from '../places/json-text.js';
import { formatsOf } from '../report/formats.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { countsOf, counted, prettyFinding, took } from '../report/pretty.js';
import { contractsOf } from './contract-for.js';
import { loadContract, named } from './contract-file.js';
import { fingerprintIn, toldApart } from './fingerprint.js';
import { Severities } from './graded.js';
import { hint } from './hints.js';
import { failing, UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { pathOf } from './place.js';
import { lintHooks } from './registry.js';
import { resultOf } from './result.js';
import { standIn } from './stand-in.js';

export async function lint(options) {
  const paths = options.paths.length > 0 ? options.paths : contractsOf(options.settings);
  if (paths.length === 0) throw new UsageError('no contract given', 'name shipped contracts or contract files');
  onlyOneOnScreen(options);
  const started = performance.now();
  const [linted, nothing] = [[], []];
  for (const name of paths) {
    const { contract, files, path, within } = await loadContract(name);
    if (contract.hooks !== undefined) {
      const { results: found, summary, empty } = await lintHooks(name, contract);
      if (empty) nothing.push(name);
      linted.push({ name, path, findings: [], summary }, ...found);
      continue;
    }
    const gate = await named(name, () => compile(contract, { files, keys: standIn(contract) }));
    linted.push({ name, path, within, findings: gate.lint });
    gate.free();
  }
  const results = reported(linted, options);
  const findings = results.flatMap((result) => result.findings);
  const texts = results.map(({ name, summary, findings: found }) =>
    JSON.stringify({ schemaVersion: 1, [summary ? 'registry' : 'contract']: name, findings: found }),
  );
  for (const name of nothing) hint(options.io, `${name}: there is no hook, so nothing was checked`, {});
  const failed = failing(findings, options.failOn) || (nothing.length > 0 && options.failOn !== 'never');
  await writeReports(
    options,
    {
      pretty: (terminal) => report(terminal, results, started),
      json: () => jsonReport(texts, results.length > 1),
      jsonl: () => jsonlReport(texts),
      ...formatsOf(() =>
        resultOf('lint', options, {
          verdict: failed ? 'fail' : 'pass',
          units: results.map(({ name }) => name),
          findings: results.flatMap(placed),
        }),
      ),
    },
    findings.length === 0 && nothing.length === 0,
  );
  return { findings: failed };
}

/** With the severities of the configuration, and a fingerprint for each finding. */
function reported(linted, options) {
  const severities = new Severities(options.settings);
  const results = linted.map(({ name, path, findings, ...rest }) => {
    const subject = path === undefined ? name : pathOf(path);
    const own = severities.of(findings, path).map((one) => ({ ...one, fingerprint: fingerprintIn([subject], one) }));
    return { name, path, ...rest, findings: toldApart(own) };
  });
  severities.tell(options);
  return results;
}

/** The findings about a contract, each with its place if that is a JSON file. */
function placed({ name, path, within, findings }) {
  if (findings.length === 0) return [];
  const text = path?.endsWith('.json') ? new JsonText(readFileSync(path, 'utf8')) : undefined;
  return findings.map((finding) => {
    if (text === undefined || finding.at === undefined)
      return { ...finding, unit: name, source: path && { file: path } };
    const { line, column, endLine, endColumn } = text.locate(within + finding.at);
    return { ...finding, unit: name, source: { file: path, line, column, endLine, endColumn } };
  });
}

function report(terminal, results, started) {
  const blocks = results.flatMap(({ name, path, within, findings }) =>
    findings.map((finding) => {
      if (!path?.endsWith('.json') || finding.at === undefined) return prettyFinding(terminal, finding, { file: name });
      const text = readFileSync(path, 'utf8');
      return prettyFinding(terminal, finding, {
        file: name,
        text,
        masks: [],
        place: new JsonText(text).locate(within + finding.at),
      });
    }),
  );
  const findings = results.flatMap((result) => result.findings);
  const sign = terminal.paint(findings.length ? 'warning' : 'pass', terminal.signs[findings.length ? 'warn' : 'pass']);
  const registries = results
    .filter(({ summary }) => summary)
    .map(({ name, summary }) => `${terminal.clean(name)}: ${summary}\n`);
  const total =
    `${sign} ${counted(results.length - registries.length, 'contract')}, ${countsOf(findings)} ` +
    `${terminal.paint('dim', `(${took(started)})`)}\n`;
  return [...blocks, ...registries, total].join('\n');
}
