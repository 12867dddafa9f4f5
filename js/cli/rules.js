// Rules by what people call them: their path, the id in their METADATA, or the code of their findings.

import { nearest } from '../base/nearest.js';
import { UsageError } from './outcome.js';

/**
 * The rules of these names in loaded packs: { name, pack, documents, rule, annotations }. `annotations` are those that
 * the name is about: of an id, its own; of a path, all of the rule.
 */
export function rulesNamed(packs, name) {
  return packs.flatMap((one) =>
    one.pack.rules().flatMap((rule) => {
      const annotations = annotationsFor(rule, name);
      return annotations === undefined ? [] : [{ ...one, rule, annotations }];
    }),
  );
}

/** A path may be without its beginning, where it is still one: `deny` for `main.deny`. */
function annotationsFor({ path, annotations }, name) {
  const asked = name.replace(/^data\./, '');
  if (path === asked || path.endsWith(`.${asked}`)) return annotations;
  const id = name.replace(/^policy-/, '');
  const own = annotations.filter((one) => one.id !== undefined && one.id.replace(/^policy-/, '') === id);
  return own.length > 0 ? own : undefined;
}

/** Every name that a rule of these packs can be asked for by. */
export function ruleNames(packs) {
  return packs.flatMap(({ pack }) =>
    pack.rules().flatMap(({ path, annotations }) => [path, ...annotations.map(({ id }) => id).filter(Boolean)]),
  );
}

/** No pack has a rule of this name. */
export function noRule(packs, name, option) {
  const names = ruleNames(packs);
  const close = nearest(name, names);
  const some = names.slice(0, 6).join(', ') + (names.length > 6 ? ', …' : '');
  return new UsageError(
    `${option}${name}: no rule of ${packs.map((one) => one.name).join(', ') || 'a pack'} has this path, id or code`,
    close ? `did you mean \`${close}\`?` : `there are ${some || 'none'}`,
  );
}
