// Waivers in comments of the checked files:
// `# countersign-ignore RULE until=2027-01-31 reason="..." owner="..."`.

import { isDay } from './clock.js';

const COMMENT = /^[#;]+\s*countersign-(\S*)\s*(.*)$/s;
const PART = /(?:([a-z]+)=(?:"([^"]*)"|([^\s"]*))|([^\s"=]+))(?:\s+|$)/y;
const FACTS = ['until', 'reason', 'owner'];

/**
 * The waivers in the comments of documents, and the comments that should be some: { waivers, malformed }. Only readers
 * that know comments from text give them: a document's `comments()`. `near` of a waiver says where its findings are.
 */
export function waiversIn(documents) {
  const [waivers, malformed, files] = [[], [], new Map()];
  for (const document of documents) {
    if (document.comments === undefined) continue;
    if (files.has(document.file)) files.get(document.file).push(document);
    else files.set(document.file, [document]);
  }
  for (const own of files.values()) {
    if (!own[0].text.includes('countersign-')) continue;
    let next = 0;
    for (const comment of own[0].comments()) {
      const [, word, text] = COMMENT.exec(comment.text) ?? [];
      if (word === undefined) continue;
      while (own[next]?.line < comment.from) next += 1;
      const read = word === 'ignore' ? factsOf(text) : { fault: `\`countersign-${word}\` is not known` };
      const found = { ...read, by: 'comment', from: own[0], place: placeOf(comment) };
      if (read.fault) malformed.push(found);
      else waivers.push({ ...found, near: nearOf(comment, own[0].file, own[next]) });
    }
  }
  return { waivers, malformed };
}

/** { rule, until, reason, owner }, or { fault }. */
function factsOf(text) {
  const facts = {};
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const found = PART.exec(text);
    if (found === null) return { fault: 'it cannot be read after its rule: put reason and owner into double quotes' };
    const [, name = 'rule', quoted, plain, rule] = found;
    if (name !== 'rule' && !FACTS.includes(name)) return { fault: `it has an unknown part \`${name}\`` };
    if (Object.hasOwn(facts, name)) return { fault: `it has more than one ${name}` };
    facts[name] = quoted ?? plain ?? rule;
  }
  const missing = ['rule', ...FACTS].filter((name) => !facts[name]?.trim());
  if (missing.length > 0) return { fault: `it has no ${missing.join(', no ')}` };
  if (!isDay(facts.until)) return { fault: '`until` is no day: it is written 2027-01-31' };
  return facts;
}

/**
 * Where the findings are that a comment is for, as `nearBy` calls it. @param document the first from `from` on
 */
function nearOf({ line, to, target }, file, document) {
  const isAbove = document && line < document.line && (document.line < to || target === undefined);
  return isAbove ? document : `${file}:${target}`;
}

/** Findings by their document, and by file and line. */
export function nearBy(findings) {
  const found = new Map();
  for (const one of findings)
    for (const near of one.from ? [one.from, `${one.from.file}:${one.place.line}`] : []) {
      if (found.has(near)) found.get(near).push(one);
      else found.set(near, [one]);
    }
  return found;
}

function placeOf({ line, column, offset, text: { length } }) {
  return { line, column, endLine: line, endColumn: column + length, offsets: [offset, offset + length] };
}
