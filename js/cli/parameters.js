// The values of `--set`, and how several sources of values are joined.

import { merged, nested, reaches } from './merge.js';
import { UsageError } from './outcome.js';

/** Parameters by their names, as `--set` has them: `a.b` is the member b of a. */
export function parametersNamed(given, refusal) {
  const sources = Object.entries(given).map(([name, value]) => ({
    name,
    value: nested(partsOf(name, refusal), value),
  }));
  return agreed(sources, refusal);
}

/** The values of `--set`, each at its path: `a.b=1`. */
export function parametersOf({ set = [] }, read = jsonOrText) {
  const sources = set.map((text) => assignment(text, read));
  return agreed(sources, (message) => new UsageError(message, 'give each parameter once'));
}

/** Sources are { name, value }. */
export function agreed(sources, refusal) {
  return merged(
    sources.map(({ value }) => value),
    (path, index) => {
      const first = sources.find(({ value }) => reaches(value, path));
      const two = `${first.name} and ${sources[index].name}`;
      throw refusal(`\`${path.join('.')}\` has two values: ${two} disagree`, 'leave one of them out');
    },
  );
}

/** A dot of a name is written `\.`. */
function assignment(text, read) {
  const [, key, value] = /^((?:\\.|[^=\\])+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new UsageError('--set needs KEY=VALUE');
  const path = partsOf(key, (message, help) => new UsageError(`--set ${message}`, help));
  return { name: `--set ${key}`, value: nested(path, read(value)) };
}

/** The names that a dotted name is made of. */
export function partsOf(key, refusal) {
  const path = key.match(/(?:\\.|[^.\\])+|(?<=^|\.)(?=\.|$)/gs)?.map((part) => part.replace(/\\(.)/gs, '$1')) ?? [''];
  if (path.includes('')) throw refusal(`${key}: a part of the name is empty`, 'write a.b=VALUE');
  return path;
}

/** For a contract's policy, which compares values with those in a message: a name such as 7 stays a text. */
export function textUnlessMarked(value) {
  return /^[[{"]/.test(value) ? jsonOrText(value) : value;
}

function jsonOrText(value) {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
