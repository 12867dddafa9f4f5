// The report of `countersign verify` with two contracts, for people.

import { counted, took } from './pretty.js';

const MAX_SHOWN = 12; // differences shown per request and in the summary; the JSON has all of them
const REFUSED = { signature: 'signature', freshness: 'time' };
const OUTCOMES = { accept: 'accepts', reject: 'rejects', ignore: 'ignores' };

/** @param results { file, comparison, failed } for each request */
export function comparisonReport(terminal, results, { names, started, verbose, unread }) {
  if (results.length === 0) return '';
  const { a, b } = results[0].comparison;
  const heads = [
    ['A', a, names[0]],
    ['B', b, names[1]],
  ].map(
    ([letter, { contract }, name]) =>
      `${letter} is ${terminal.clean(name === contract ? name : `${contract} (${name})`)}`,
  );
  const parts = [`${heads.join(', ')}\n`, ...results.map((result) => one(terminal, result, verbose))];
  if (results.length + unread > 1) parts.push(total(terminal, results, unread));
  return `${parts.join('\n').trimEnd()} ${terminal.paint('dim', `(${took(started)})`)}\n`;
}

function one(terminal, { file, comparison, failed }, verbose) {
  const { agree, a, b, differences, notes, capped } = comparison;
  const shown = [
    ...differences,
    ...notes.filter(({ kind, severity }) => verbose || severity === 'warning' || kind === 'unjudged'),
  ]
    .map((difference) => sentence(terminal, difference))
    .filter(Boolean);
  const rest = capped || shown.length > MAX_SHOWN ? [terminal.signs.more] : [];
  const [color, name] = failed ? ['error', 'fail'] : isUnjudged(comparison) ? ['warning', 'warn'] : ['pass', 'pass'];
  const says = !agree ? 'disagree' : isUnjudged(comparison) ? 'not compared' : 'agree';
  const head =
    `${terminal.paint(color, terminal.signs[name])} ${terminal.paint('bold', terminal.clean(file))}: ` +
    `${says}: A ${outcome(terminal, a)}, B ${outcome(terminal, b)}`;
  return [head, ...[...shown.slice(0, MAX_SHOWN), ...rest].map((line) => `    ${line}`)].join('\n');
}

function outcome(terminal, { verdict, status, apiVersion }) {
  return [OUTCOMES[verdict], status, apiVersion === undefined ? undefined : `as version ${terminal.clean(apiVersion)}`]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** Whether both reject the signature or the time, so nothing was compared. */
export function isUnjudged({ agree, notes }) {
  return agree && notes.some(({ kind }) => kind === 'unjudged');
}

/** What the head line does not already say. */
function sentence(terminal, { kind, only, code, severity, at, property, message, a, b }) {
  const letter = only?.toUpperCase();
  if (kind === 'finding') {
    // For a missing member, where it belongs.
    const place = [at, property].filter((part) => part !== undefined).join('/');
    const name = terminal.paint(severity, `${severity}[${terminal.clean(code)}]`);
    return `${letter} alone says ${name}${place && ` at ${terminal.clean(place)}`}: ${terminal.clean(message)}`;
  }
  if (kind === 'event')
    return at === '/payload'
      ? "the event's payload is read from a different place"
      : `the event's ${at.slice(1)} differs`;
  if (kind === 'replay') return replaySentence(at, letter);
  if (kind === 'unjudged')
    return (
      `${a === b ? `both reject the ${REFUSED[a]}` : `A rejects the ${REFUSED[a]}, B the ${REFUSED[b]}`}, so ` +
      'nothing else was compared'
    );
  if (kind !== 'message' && kind !== 'answer') return undefined;
  const member = at === '' ? `the ${kind}` : `${terminal.clean(at)} of the ${kind}`;
  return letter === undefined ? `${member} differs` : `${letter} alone has ${member}`;
}

function replaySentence(at, letter) {
  if (at === '/key') return 'the replay key differs';
  if (at === '/onDuplicate') return 'one ignores a duplicate, the other rejects it';
  return `${letter} alone has a replay key, so it alone recognises duplicates`;
}

function total(terminal, results, unread) {
  const unjudged = results.filter(({ comparison }) => isUnjudged(comparison)).length;
  const agree = results.filter(({ comparison }) => comparison.agree).length - unjudged;
  const failed = unread + unjudged > 0 || results.some((result) => result.failed);
  const sign = terminal.paint(failed ? 'error' : 'pass', terminal.signs[failed ? 'fail' : 'pass']);
  const rest = [
    [unjudged, 'not compared'],
    [unread, 'could not be checked'],
  ]
    .filter(([count]) => count > 0)
    .map(([count, text]) => `, ${count} ${text}`);
  const head =
    `${sign} ${counted(results.length + unread, 'request')}: ${agree} agree, ` +
    `${results.length - agree - unjudged} disagree${rest.join('')}`;
  return ['', ...commonest(terminal, results), head].join('\n');
}

/** Differences that several requests have, the most common first: that is the order to fix them in. */
function commonest(terminal, results) {
  const counts = new Map();
  for (const { comparison } of results) {
    const sentences = comparison.differences.map((difference) => sentence(terminal, difference)).filter(Boolean);
    for (const text of new Set(sentences)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const several = [...counts].filter(([, count]) => count > 1).sort(([, left], [, right]) => right - left);
  return several.slice(0, MAX_SHOWN).map(([text, count]) => `  ${count} times: ${text}`);
}
