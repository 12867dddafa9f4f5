// `countersign check --why RULE`: past which expressions a rule never went.

import { fileOf } from './packs.js';
import { noRule, rulesNamed } from './rules.js';

/** What the core says of each rule of this name, with the pack it is of and the paths of its files. */
export function whyOf(packs, name, given) {
  const asked = rulesNamed(packs, name);
  if (asked.length === 0 && packs.length > 0) throw noRule(packs, name, '--why ');
  return asked.map((one) => {
    const values = one.documents.map(({ value }) => value);
    const { schemaVersion, stops, ...said } = one.pack.why(one.rule.path, values, given);
    return { pack: one.name, ...said, stops: stops.map((stop) => ({ ...stop, file: fileOf(one.name, stop.file) })) };
  });
}
