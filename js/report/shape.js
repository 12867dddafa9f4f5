// The report of `countersign shape` for people: what was dropped or cut, what is wrong, and where in the event.

import { JsonText } from '../places/json-text.js';
import { countsOf, prettyFinding } from './pretty.js';

const decoder = new TextDecoder();

/** @param result { file, bytes, findings, failed, contract } */
export function shapeReport(terminal, { file, bytes, findings, failed, contract }) {
  const text = new JsonText(decoder.decode(bytes));
  const blocks = findings.map((finding) =>
    prettyFinding(terminal, inWords(finding), { file, place: placeIn(text, finding, bytes) }),
  );
  const sign = terminal.paint(failed ? 'error' : 'pass', terminal.signs[failed ? 'fail' : 'pass']);
  const made = failed ? 'made no message' : 'made the message';
  const name = terminal.paint('bold', terminal.clean(file));
  const last = `${sign} ${name}: ${terminal.clean(contract)} ${made}, ${countsOf(findings)}`;
  return `${[...blocks, last].join('\n')}\n`;
}

/** Adds everything dropped that is named to the message; a list of facts would be shortened. */
function inWords({ dropped, ...finding }) {
  return dropped === undefined ? finding : { ...finding, message: `${finding.message}: ${dropped.join(', ')}` };
}

/** A missing member has no place. */
function placeIn(text, finding, bytes) {
  if (finding.offset === undefined && !finding.at?.startsWith('/')) return undefined;
  const place = text.placeOf(finding, bytes);
  return place.exact === false ? undefined : place;
}
