// What ships: every contract and pack with what its README says first, and the search by words.

import { shipped } from '../api/node.js';
import { firstSentence } from '../report/markdown.js';

const KINDS = ['contract', 'pack'];
const MOST = 6; // names in a line of help
const words = new Intl.Segmenter('zh', { granularity: 'word' });

/** The language of the environment's messages, if a terminal with it shows Unicode. */
function spoken({ LC_ALL, LC_MESSAGES, LANG }) {
  return /^zh.*utf-?8/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh-CN' : 'en';
}

/** The language to read in: that of `--lang`, else that of the environment. */
export function languageOf({ lang, io }) {
  return lang ?? spoken(io.env);
}

/**
 * Every contract and pack: { name, kind, about, text }. `kind` is request, answer or pack, `about` the first sentence
 * of its README, and `text` what a search looks at: the beginnings of its READMEs in both languages.
 */
export async function catalogue(language) {
  const entries = KINDS.map(async (kind) => Promise.all((await shipped.names(kind)).map((name) => entry(kind, name))));
  return (await Promise.all(entries)).flat();

  async function entry(kind, name) {
    const english = beginning(await shipped.readme(kind, name));
    const chinese = beginning((await shipped.readme(kind, name, 'zh-CN')) ?? '');
    const word = kind === 'pack' ? kind : await directionOf(name);
    const { about } = language === 'zh-CN' && chinese.about ? chinese : english;
    return { name, kind: word, about, text: folded([name, word, english.text, chinese.text].join('\n')) };
  }
}

async function directionOf(name) {
  const { contract } = await shipped.contract(name);
  return contract.response === undefined ? 'request' : 'answer';
}

/** The first sentence, and all before the first block of code. */
function beginning(readme) {
  return { about: firstSentence(readme), text: readme.split(/^```/m, 1)[0].replace(/\s+/g, ' ') };
}

function folded(text) {
  return text.normalize('NFKC').toLowerCase();
}

/** The words that are asked for: Chinese is written without spaces, so `webhook设计` is two. One character is no word. */
function wordsOf(texts) {
  return texts.flatMap((text) => {
    const found = [...words.segment(folded(text))].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
    const long = found.filter((word) => !/^\p{Script=Han}$/u.test(word));
    return long.length > 0 ? long : [folded(text)];
  });
}

/** { found, nearest, without }: what has all words; if nothing has, what has the most of them, and what all that misses. */
export function search(entries, texts) {
  const asked = wordsOf(texts);
  const misses = (entry) => asked.filter((word) => !entry.text.includes(word));
  const found = entries.filter((entry) => misses(entry).length === 0);
  if (found.length > 0) return { found };
  const fewest = Math.min(...entries.map((entry) => misses(entry).length));
  if (fewest === asked.length) return { found };
  const nearest = entries.filter((entry) => misses(entry).length === fewest);
  const without = asked.filter((word) => nearest.every((entry) => misses(entry).includes(word)));
  return { found, nearest, without };
}

/** The names of entries in a line, the first few of many. */
export function namesOf(entries) {
  const names = entries.slice(0, MOST).map(({ name }) => name);
  return `${names.join(', ')}${entries.length > MOST ? ` and ${entries.length - MOST} more` : ''}`;
}
