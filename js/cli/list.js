// `countersign list`: the contracts and packs that ship, a line for each; with words, what has them, and pages too.

import { nearest } from '../base/nearest.js';
import { Unevaluated } from '../read/unevaluated.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { clipped } from '../report/width.js';
import { catalogue, folded, languageOf, lineWith, namesOf, pages, search } from './catalogue.js';
import { onlyOneOnScreen, writeReports } from './output.js';

const ALL = 'countersign list without a word lists all contracts and packs';
const INDENT = 4;

export async function list(options) {
  onlyOneOnScreen(options);
  const entries = await found(options.paths, languageOf(options));
  const texts = entries.map(({ name, kind, about }) => JSON.stringify({ schemaVersion: 1, name, kind, about }));
  await writeReports(
    options,
    {
      pretty: (terminal) => report(terminal, entries),
      json: () => jsonReport(texts, true),
      jsonl: () => jsonlReport(texts),
    },
    false,
  );
  return {};
}

async function found(words, language) {
  const all = await catalogue(language);
  if (words.length === 0) return all;
  const entries = [...all, ...(await pages(language))];
  const result = search(entries, words);
  if (result.found.length === 0) throw nothing(words, result, entries);
  return result.found;
}

/** A line for each entry; where that lacks a word, a second with what the README or page says of it. */
function report(terminal, entries) {
  const column = (member) => Math.max(...entries.map((entry) => entry[member].length));
  const [names, kinds] = [column('name'), column('kind')];
  const { more } = terminal.signs;
  return entries
    .map((entry) => {
      const [name, kind] = [entry.name.padEnd(names), entry.kind.padEnd(kinds)];
      const about = clipped(entry.about, terminal.width - names - kinds - 4, more);
      const line = `${terminal.paint('bold', name)}  ${terminal.paint('dim', kind)}  ${about}\n`;
      const said = entry.words && lineWith(entry, folded(`${entry.name} ${entry.kind} ${about}`));
      if (said === undefined) return line;
      const excerpt = clipped(said.text, terminal.width - INDENT, more, said.at);
      return `${line}${' '.repeat(INDENT)}${terminal.paint('dim', excerpt)}\n`;
    })
    .join('');
}

function nothing(texts, result, entries) {
  const message = `no contract, pack or page is about ${texts.map((text) => `\`${text}\``).join(' ')}`;
  return new Unevaluated(message, {}, hintOf(texts, result, entries));
}

function hintOf(texts, { nearest: some, without }, entries) {
  if (some !== undefined) {
    const missing = without.map((word) => `\`${word}\``).join(', ');
    return `${missing ? `without ${missing} there is` : 'the nearest are'} ${namesOf(some)}`;
  }
  const known = entries.flatMap(({ name, about }) => [name, ...(about.toLowerCase().match(/[a-z]{4,}/g) ?? [])]);
  const [word] = texts.map((text) => nearest(text, known)).filter(Boolean);
  return word ? `did you mean \`${word}\`?` : ALL;
}
