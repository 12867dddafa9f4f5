// Findings about YAML itself: what readers of YAML 1.1 and 1.2 take in different ways. Of an object of Kubernetes there
// is one reader, so nothing is said.

import { finding } from './gate-finding.js';
import { isKubernetes } from './packs.js';

/** Notes on the documents that were judged. */
export function yamlFindings(documents) {
  return documents.filter((one) => one.traps !== undefined && !isKubernetes(one)).flatMap(notesOn);
}

function notesOn(from) {
  return from.traps().map(({ pointer, isKey, count, ...trap }) => {
    const more = count > 1 ? ` (${count} places)` : '';
    const message = (isKey ? ofKey(trap) : ofValue(trap)) + more;
    return finding('yaml-two-meanings', 'info', { from, place: from.locate(pointer), at: pointer }, message);
  });
}

function ofKey({ source, value }) {
  return `the key \`${source}\` is \`${value}\` to rules and to kubectl, and \`${source}\` to readers of YAML 1.2`;
}

function ofValue({ source, value }) {
  if (typeof value === 'string')
    return `\`${source}\` is a text to rules, and a number in sixties to readers of YAML 1.1`;
  const kind = typeof value === 'boolean' ? `the boolean ${value}` : `the number ${value}`;
  return `\`${source}\` is ${kind} to rules and to kubectl, and not to every reader of YAML 1.2`;
}
