// Every text of a State that a link carries, found by walking it: what is added to State later is found too.

import { escaped } from '../base/json.js';
import type { State } from '../state.js';

/** Words that are chosen from a list, not written. */
const CHOSEN = new Set(['/mode', '/action', '/open', '/example', '/contract/shipped', '/deployment/packs']);

/**
 * [where, a JSON Pointer into the State; the text]. Names of files count as texts too, at the pointer of their folder.
 */
export function sharedTexts(state: State): [where: string, text: string][] {
  const found: [string, string][] = [];
  walk(
    state,
    '',
    (where, text) => {
      found.push([where, text]);
      return text;
    },
    (where, name) => found.push([where, name]),
  );
  return found;
}

/** A copy whose texts are what `replace` gives. */
export function withTexts(state: State, replace: (where: string, text: string) => string): State {
  return walk(state, '', replace, () => undefined) as State;
}

function walk(
  node: unknown,
  at: string,
  text: (where: string, text: string) => string,
  name: (where: string, name: string) => void,
): unknown {
  if (CHOSEN.has(at)) return structuredClone(node);
  if (typeof node === 'string') return text(at, node);
  if (Array.isArray(node)) return node.map((item, index) => walk(item, `${at}/${index}`, text, name));
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, member]) => {
      if (at !== '') name(at, key);
      return [key, walk(member, `${at}/${escaped(key)}`, text, name)];
    }),
  );
}
