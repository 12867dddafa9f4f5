// `countersign list`: the contracts and packs that ship, a line for each.

import { nearest } from '../base/nearest.js';
import { Unevaluated } from '../read/unevaluated.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { catalogue, languageOf, namesOf, search } from './catalogue.js';
import { onlyOneOnScreen, writeReports } from './output.js';

const ELSEWHERE =
  'countersign list without a word lists all of them; retries, limits and metrics are in countersign/docs/documents.md';

export async function list(options) {
  onlyOneOnScreen(options);
  const entries = await catalogue(languageOf(options));
  const result = search(entries, options.paths);
  if (result.found.length === 0) throw nothing(options.paths, result, entries);
  const texts = result.found.map(({ name, kind, about }) => JSON.stringify({ schemaVersion: 1, name, kind, about }));
  writeReports(
    options,
    {
      pretty: (terminal) => report(terminal, result.found),
      json: () => jsonReport(texts, true),
      jsonl: () => jsonlReport(texts),
    },
    false,
  );
  return {};
}

function report(terminal, entries) {
  const column = (member) => Math.max(...entries.map((entry) => entry[member].length));
  const [names, kinds] = [column('name'), column('kind')];
  return entries
    .map(({ name, kind, about }) => {
      const head = terminal.paint('bold', name.padEnd(names));
      return `${head}  ${terminal.paint('dim', kind.padEnd(kinds))}  ${about}\n`;
    })
    .join('');
}

function nothing(texts, result, entries) {
  const message = `no contract or pack is about ${texts.map((text) => `\`${text}\``).join(' ')}`;
  return new Unevaluated(message, {}, hintOf(texts, result, entries));
}

function hintOf(texts, { nearest: some, without }, entries) {
  if (some !== undefined) {
    const missing = without.map((word) => `\`${word}\``).join(', ');
    return `${missing ? `without ${missing} there is` : 'the nearest are'} ${namesOf(some)}`;
  }
  const close = texts.map((text) =>
    nearest(
      text,
      entries.flatMap(({ name, text: all }) => [name, ...all.match(/[a-z]{4,}/g)]),
    ),
  );
  const [word] = close.filter(Boolean);
  return word ? `did you mean \`${word}\`?` : ELSEWHERE;
}
