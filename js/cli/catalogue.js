// What ships: every contract and pack with what its README says first, the pages, and the search by words.

import { readFile } from 'node:fs/promises';

import { shipped } from '../api/node.js';
import { cellsOf, firstSentence, plain } from '../report/markdown.js';
import { PAGES, SYNONYMS } from './pages.js';

const KINDS = ['contract', 'pack'];
const MOST = 6; // names in a line of help
const LONGEST = 8; // characters of a Chinese word

/** Where a word is found, best first: in a name (0), a first sentence (1), a heading or a row's first cell (2), a text (3). */
const PLACES = ['name', 'about', 'subject', 'body'];
const SUBJECT = PLACES.indexOf('subject');
const [SYNONYM, PAGE] = [0.9, 1]; // so much worse is a synonym, and a page as against a contract or pack
const FAR = 50; // the text of a page, which is shown if nothing else is found
const NOWHERE = 99;

/** The language of the environment's messages, if a terminal with it shows Unicode. */
function spoken({ LC_ALL, LC_MESSAGES, LANG }) {
  return /^zh.*utf-?8/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh-CN' : 'en';
}

/** The language to read in: that of `--lang`, else that of the environment. */
export function languageOf({ lang, io }) {
  return lang ?? spoken(io.env);
}

/**
 * Every contract and pack: { name, kind, about, … }. `kind` is request, answer or pack, and `about` the first sentence
 * of its README. A search looks at its README in both languages.
 */
export async function catalogue(language) {
  const entries = KINDS.map(async (kind) => Promise.all((await shipped.names(kind)).map((name) => entry(kind, name))));
  return (await Promise.all(entries)).flat();

  async function entry(kind, name) {
    const english = await shipped.readme(kind, name);
    const chinese = (await shipped.readme(kind, name, 'zh-CN')) ?? '';
    const word = kind === 'pack' ? kind : await directionOf(name);
    const abouts = [english, chinese].map(firstSentence);
    const about = (language === 'zh-CN' && abouts[1]) || abouts[0];
    const texts = language === 'zh-CN' ? [chinese, english] : [english, chinese];
    return { name, kind: word, about, ...searched([name, word], abouts, texts) };
  }
}

/** The pages that say what no contract does, of the kind `page`. */
export async function pages(language) {
  return Promise.all(
    Object.entries(PAGES).map(async ([name, { also = [], ...abouts }]) => {
      const files = [name, ...also].map((file) => readFile(new URL(`../${file}`, import.meta.url), 'utf8'));
      const texts = await Promise.all(language === 'zh-CN' ? files.reverse() : files);
      return { name, kind: 'page', about: abouts[language], ...searched([name], Object.values(abouts), texts, /^##/) };
    }),
  );
}

async function directionOf(name) {
  const { contract } = await shipped.contract(name);
  return contract.response === undefined ? 'request' : 'answer';
}

/** What a search looks at: `lines` are the paragraphs, items and rows of the texts, each in a line as a reader sees it. */
function searched(names, abouts, texts, subjects = /^##|^\|/) {
  const parts = texts.flatMap((text) => text.split(/\n{2,}|\n(?=\||- |\d+\. |#|```)/));
  const lines = parts.map((part) => ({ text: lineOf(part), subject: subjects.test(part) ? subjectOf(part) : '' }));
  const column = (member) => lines.map((line) => line[member]);
  const [name, about, subject, body] = [names, abouts, column('subject'), column('text')].map((all) =>
    folded(all.join('\n')),
  );
  return { lines, folded: { name, about, subject, body } };
}

function lineOf(part) {
  if (part.startsWith('|')) return cellsOf(part.trim()).filter(Boolean).join('  ');
  const marks = /^(?:#+|-|\d+\.) |^```\w*|```$/gm;
  return plain(part).replace(marks, '').replace(/\s+/g, ' ').trim();
}

/** What a row of a table is about is in its first cell. */
function subjectOf(part) {
  return part.startsWith('|') ? cellsOf(part.trim())[0] : lineOf(part);
}

export function folded(text) {
  return text.normalize('NFKC').toLowerCase();
}

function placeOf(entry, word) {
  const place = PLACES.findIndex((part) => entry.folded[part].includes(word));
  if (entry.kind !== 'page') return Math.min(place < 0 ? NOWHERE : place, ...synonymsOf(word).map(saysIt));
  if (place < 0) return NOWHERE;
  return PLACES[place] === 'body' ? FAR : place + PAGE;

  function saysIt(synonym) {
    const said = PLACES.findIndex((part, index) => index >= SUBJECT && entry.folded[part].includes(synonym));
    return said < 0 ? NOWHERE : said + SYNONYM;
  }
}

function synonymsOf(word) {
  return Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : [];
}

/** The words of a text that is asked for: the text itself if anything has it, else its parts in one script. */
function wordsOf(entries, text) {
  const isThere = (word, least = NOWHERE) => entries.some((entry) => placeOf(entry, word) < least);
  if (isThere(text, FAR)) return [text];
  const runs = text.match(/\p{Script=Han}+|[^\s\p{Script=Han}]+/gu) ?? [text];
  return runs.flatMap((run) => (isThere(run) || !/\p{Script=Han}/u.test(run) ? [run] : chineseWords(run, isThere)));
}

/** Chinese has no spaces: the longest words that are there, and what is between them. One character is no word. */
function chineseWords(run, isThere) {
  const words = [];
  let between = '';
  for (let start = 0; start < run.length; ) {
    const lengths = Array.from({ length: LONGEST - 1 }, (_, index) => LONGEST - index);
    const length = lengths.find((one) => start + one <= run.length && isThere(run.slice(start, start + one)));
    if (length === undefined) between += run[start];
    else words.push(between, run.slice(start, start + length));
    if (length !== undefined) between = '';
    start += length ?? 1;
  }
  const long = [...words, between].filter((word) => word.length > 1);
  return long.length > 0 ? long : [run];
}

/**
 * { found, nearest, without }: what has all the words, best first, each entry with the `words` it was found by; if
 * nothing has, what has the most of them, and which of the texts all that misses.
 */
export function search(entries, texts) {
  const asked = texts.map((text) => ({ text, words: wordsOf(entries, folded(text)) }));
  const words = asked.flatMap((one) => one.words);
  const results = entries.map((entry) => {
    const places = words.map((word) => placeOf(entry, word));
    const missed = words.filter((_, index) => places[index] >= NOWHERE);
    const often = words
      .flatMap((word) => [word, ...synonymsOf(word)])
      .reduce((sum, word) => sum + entry.folded.body.split(word).length, 0);
    return { entry: { ...entry, words }, missed, rank: places.reduce((sum, place) => sum + place, 0), often };
  });
  results.sort((one, other) => one.rank - other.rank || other.often - one.often);
  const fewest = Math.min(...results.map(({ missed }) => missed.length));
  const best = results.filter(({ missed }) => missed.length === fewest);
  const near = best.filter(({ rank }) => rank < FAR);
  const found = (near.length > 0 ? near : best).map(({ entry }) => entry);
  if (fewest === 0) return { found };
  if (fewest === words.length) return { found: [] };
  const without = asked.filter((one) => best.every(({ missed }) => one.words.every((word) => missed.includes(word))));
  return { found: [], nearest: found, without: without.map(({ text }) => text) };
}

/** The line in which an entry has a word that the lines shown of it have not, and where in the line. */
export function lineWith({ lines, words }, shown) {
  const lacking = words.find((word) => !shown.includes(word));
  if (lacking === undefined) return undefined;
  for (const word of [lacking, ...synonymsOf(lacking)]) {
    const has = (text) => folded(text).includes(word);
    const line = lines.find(({ subject }) => has(subject)) ?? lines.find(({ text }) => has(text));
    if (line) return { text: line.text, at: folded(line.text).indexOf(word) };
  }
  return undefined;
}

/** The names of entries in a line, the first few of many. */
export function namesOf(entries) {
  const names = entries.slice(0, MOST).map(({ name }) => name);
  return `${names.join(', ')}${entries.length > MOST ? ` and ${entries.length - MOST} more` : ''}`;
}
