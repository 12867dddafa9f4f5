// Plain texts that readers of YAML 1.1 and 1.2 take in different ways: `on`, `010`, `1_000`, `22:22`.

import { isMap, isScalar, isSeq } from 'yaml';

import { isMergeKey } from '../places/yaml.js';
import { plainValue } from './yaml-scalar.js';

/** Plain scalars that mean the same to all, and dates, whose text is the same. */
const ONE_MEANING = /^(?:|~|[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|[-+]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[Ee][-+]?\d+)?)$/;
const SEXAGESIMAL = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const MOST = 20; // of a document

/**
 * The traps of a document: { pointer, source, value, isKey, count }, one for each text, at the first of its places.
 * @param root its node @param names the name of each key that is no text
 */
export function trapsIn(root, names) {
  const found = new Map();
  const note = (node, path, isKey) => {
    if (!isScalar(node) || node.type !== 'PLAIN' || node.tag !== undefined || !isTrap(node.source)) return;
    const { source } = node;
    const key = `${isKey}${source}`;
    const first = found.get(key);
    if (first) first.count += 1;
    else if (found.size < MOST)
      found.set(key, { pointer: pointerOf(path), source, value: plainValue(source), isKey, count: 1 });
  };
  const visit = (node, path) => {
    note(node, path, false);
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, { name: index, above: path });
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (isMergeKey(key)) continue;
      const at = { name: names.get(key) ?? key.value, above: path };
      note(key, at, true);
      visit(value, at);
    }
  };
  visit(root, undefined);
  return [...found.values()];
}

function pointerOf(path) {
  const parts = [];
  for (let at = path; at !== undefined; at = at.above)
    parts.unshift(`/${String(at.name).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return parts.join('');
}

function isTrap(source) {
  if (SEXAGESIMAL.test(source)) return true;
  return typeof plainValue(source) !== 'string' && !ONE_MEANING.test(source);
}
