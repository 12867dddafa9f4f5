// Patterns as in .gitignore, with git's meaning, byte by byte. A match takes steps in proportion to the lengths of the
// pattern and the name, whatever they hold.

import { relative, resolve, sep } from 'node:path';

const POSIX = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[^ -~\x80-\xff]/,
  digit: /\d/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t-\r]/,
  upper: /[A-Z]/,
  xdigit: /[\dA-Fa-f]/,
};
const STAR = Symbol('any characters but a slash');
const ANY = Symbol('any character but a slash');
const DEEP = Symbol('any folders');

/** The patterns of a text, a line each: a list for `decide`. `from` names the file, or what else they are from. */
export function patternsOf(text, from) {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  return lines.flatMap((line, index) => {
    const rule = ruleOf(line.replace(/\r$/, ''));
    return rule === undefined ? [] : [{ ...rule, from: `${from}:${index + 1}` }];
  });
}

/**
 * What the last pattern says that fits a path: { isOut, from }; undefined if none fits.
 * @param path within the folder of the list
 */
export function decide(rules, path, isFolder) {
  const names = bytesOf(path).split('/');
  const rule = rules.findLast(({ segments, ofFolders }) => (isFolder || !ofFolders) && fitsPath(segments, names));
  return rule && { isOut: !rule.isBack, from: rule.from };
}

/** Whether patterns fit a file or a folder that it is in. */
export function fits(rules, path) {
  const names = path.split('/');
  let found = false;
  for (let count = 1; count <= names.length && !found; count += 1)
    found = decide(rules, names.slice(0, count).join('/'), count < names.length)?.isOut ?? false;
  return found;
}

/** A path as the patterns of a folder see it. Outside of the folder, they see what is below the folder that both share. */
export function inside(folder, path) {
  return relative(folder, resolve(path))
    .replaceAll(sep, '/')
    .replace(/^(?:\.\.\/)+/, '');
}

function ruleOf(line) {
  let text = bytesOf(line.replace(/((?:\\.|[^\\ ]|(?: +(?! *$)))*) *$/s, '$1'));
  if (text === '' || text.startsWith('#')) return undefined;
  const isBack = text.startsWith('!');
  if (isBack) text = text.slice(1);
  const ofFolders = text.endsWith('/');
  if (ofFolders) text = text.slice(0, -1);
  if (text === '') return undefined;
  const segments = segmentsOf(text.replace(/^\//, ''));
  if (segments === undefined) return undefined;
  return { segments: text.includes('/') ? segments : [DEEP, ...segments], isBack, ofFolders };
}

/** git compares bytes: a question mark is one of them. */
function bytesOf(text) {
  return Buffer.from(text).toString('latin1');
}

/** For each segment a function that says whether a name fits it, or DEEP. Undefined for `[a`, which fits nothing. */
function segmentsOf(text) {
  const segments = [[]];
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    if (character === '/') segments.push([]);
    else if (character === '*') segments.at(-1).push(STAR);
    else if (character === '?') segments.at(-1).push(ANY);
    else if (character === '[') {
      const set = setAt(text, at);
      if (set === undefined) return undefined;
      segments.at(-1).push(set.has);
      at = set.end;
    } else if (character === '\\') {
      at += 1;
      if (at === text.length) return undefined;
      if (text[at] === '/') segments.push([]);
      else segments.at(-1).push(text[at]);
    } else segments.at(-1).push(character);
    at += 1;
  }
  return segments.map((tokens) =>
    tokens.length > 1 && tokens.every((token) => token === STAR) ? DEEP : nameFitting(tokens),
  );
}

/** The set of characters that begins at a bracket: { has(character), end }. */
function setAt(text, start) {
  let at = start + 1;
  const isNot = text[at] === '!' || text[at] === '^';
  if (isNot) at += 1;
  const parts = [];
  let before;
  for (let isFirst = true; isFirst || text[at] !== ']'; isFirst = false, at += 1) {
    let character = text[at];
    if (character === undefined) return undefined;
    const named = character === '[' && text[at + 1] === ':' ? /^\[:([^\]]*):\]/.exec(text.slice(at)) : null;
    if (named) {
      if (!Object.hasOwn(POSIX, named[1])) return undefined;
      parts.push((one) => POSIX[named[1]].test(one));
      at += named[0].length - 1;
      before = undefined;
      continue;
    }
    if (character === '-' && before !== undefined && text[at + 1] !== undefined && text[at + 1] !== ']') {
      at += text[at + 1] === '\\' ? 2 : 1;
      const [from, to] = [before, text[at]];
      if (to === undefined) return undefined;
      parts.push((one) => one >= from && one <= to);
      before = undefined;
      continue;
    }
    if (character === '\\') character = text[(at += 1)];
    if (character === undefined) return undefined;
    const own = character;
    parts.push((one) => one === own);
    before = own;
  }
  return { has: (one) => parts.some((part) => part(one)) !== isNot, end: at };
}

/** Of the two most usual kinds, a name at any depth and a path without `**`, little has to be compared. */
function fitsPath(segments, names) {
  if (segments.length === 2 && segments[0] === DEEP && segments[1] !== DEEP) return segments[1](names.at(-1));
  if (!segments.includes(DEEP) && segments.length !== names.length) return false;
  const isLast = (index) => index === segments.length - 1;
  return greedy(segments, names, (segment, name) => segment(name), {
    star: (segment) => segment === DEEP,
    least: (index) => (isLast(index) ? 1 : 0), // `a/**` is what is in a, and not a
  });
}

/** Says of a name whether the tokens of a segment fit it. */
function nameFitting(tokens) {
  const stars = tokens.filter((token) => token === STAR).length;
  const isPlain = stars < 2 && tokens.every((token) => token === STAR || typeof token === 'string');
  if (!isPlain)
    return (name) => greedy(tokens, name, fitsCharacter, { star: (token) => token === STAR, least: () => 0 });
  const [before, after] = tokens
    .map((token) => (token === STAR ? '/' : token))
    .join('')
    .split('/');
  if (after === undefined) return (name) => name === before;
  const least = before.length + after.length;
  return (name) => name.length >= least && name.startsWith(before) && name.endsWith(after);
}

function fitsCharacter(token, character) {
  if (token === ANY) return true;
  return typeof token === 'function' ? token(character) : token === character;
}

/** Goes back to the last star alone: an earlier one cannot do better. */
function greedy(pattern, things, fitsOne, { star, least }) {
  let [at, next, back, from] = [0, 0, -1, 0];
  while (next < things.length) {
    if (at < pattern.length && star(pattern[at])) {
      [back, from] = [at, next + least(at)];
      [at, next] = [at + 1, from];
    } else if (at < pattern.length && fitsOne(pattern[at], things[next])) [at, next] = [at + 1, next + 1];
    else if (back >= 0) {
      from += 1;
      [at, next] = [back + 1, from];
    } else return false;
  }
  while (at < pattern.length && star(pattern[at]) && least(at) === 0) at += 1;
  return at === pattern.length && next === things.length;
}

/** Patterns of a list in which each must mean something. @param refuse called with a message, a help and the index */
export function strictPatterns(list, from, refuse) {
  return list.flatMap((text, index) => {
    if (/(?<!\\)\{/.test(text))
      throw refuse(`\`${text}\` has braces, which .gitignore does not know`, 'write a pattern for each', index);
    const rules = patternsOf(text.replace(/^\.\//, '/'), from);
    if (rules.length !== 1)
      throw refuse(`\`${text}\` is a pattern that fits nothing`, 'write it as in .gitignore: *.tmp.yaml, dist/', index);
    return rules.map((rule) => ({ ...rule, from }));
  });
}
