// The report of `countersign verify` with two contracts, for people.

import { counted, took } from './pretty.js';

const MAX_SHOWN = 12; // differences of one request, and in the sum; all of them stand in the JSON
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

/** Do they agree on nothing but that they do not believe the sender? */
export function isUnjudged({ agree, notes }) {
  return agree && notes.some(({ kind }) => kind === 'unjudged');
}

/** What the head does not say already. */
function sentence(terminal, { kind, only, code, severity, at, property, message, a, b }) {
  const letter = only?.toUpperCase();
  if (kind === 'finding') {
    // Of a missing member, where it belongs.
    const place = [at, property].filter((part) => part !== undefined).join('/');
    const name = terminal.paint(severity, `${severity}[${terminal.clean(code)}]`);
    return `${letter} alone says ${name}${place && ` at ${terminal.clean(place)}`}: ${terminal.clean(message)}`;
  }
  if (kind === 'event')
    return at === '/payload'
      ? "the event's payload is read at another place"
      : `the event's ${at.slice(1)} is not the same`;
  if (kind === 'replay') return replaySentence(at, letter);
  if (kind === 'unjudged')
    return (
      `${a === b ? `both refuse the ${REFUSED[a]}` : `A refuses the ${REFUSED[a]}, B the ${REFUSED[b]}`}, so ` +
      'nothing else was compared'
    );
  if (kind !== 'message' && kind !== 'answer') return undefined;
  const member = at === '' ? `the ${kind}` : `${terminal.clean(at)} of the ${kind}`;
  return letter === undefined ? `${member} is not the same` : `${letter} alone has ${member}`;
}

function replaySentence(at, letter) {
  if (at === '/key') return 'the replay key is not made of the same';
  if (at === '/onDuplicate') return 'one ignores a duplicate, the other rejects it';
  return `${letter} alone knows a duplicate by its replay key`;
}

function total(terminal, results, unread) {
  const unjudged = results.filter(({ comparison }) => isUnjudged(comparison)).length;
  const agree = results.filter(({ comparison }) => comparison.agree).length - unjudged;
  const failed = unread + unjudged > 0 || results.some((result) => result.failed);
  const sign = terminal.paint(failed ? 'error' : 'pass', terminal.signs[failed ? 'fail' : 'pass']);
  const rest = [
    [unjudged, 'not compared'],
    [unread, 'could not be judged'],
  ]
    .filter(([count]) => count > 0)
    .map(([count, text]) => `, ${count} ${text}`);
  const head =
    `${sign} ${counted(results.length + unread, 'request')}: ${agree} agree, ` +
    `${results.length - agree - unjudged} disagree${rest.join('')}`;
  return ['', ...commonest(terminal, results), head].join('\n');
}

/** What more than one request shows, commonest first: a migration is mended reason by reason. */
function commonest(terminal, results) {
  const counts = new Map();
  for (const { comparison } of results) {
    const sentences = comparison.differences.map((difference) => sentence(terminal, difference)).filter(Boolean);
    for (const text of new Set(sentences)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const several = [...counts].filter(([, count]) => count > 1).sort(([, left], [, right]) => right - left);
  return several.slice(0, MAX_SHOWN).map(([text, count]) => `  ${count} times: ${text}`);
}
