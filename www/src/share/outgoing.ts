// What may leave the page: a state without secrets, and a last check of every text before it goes.

import { utf8Text } from '../base/bytes.js';
import { isObject, parsed, prettyFile } from '../base/json.js';
import { texts } from '../base/language.js';
import { contractDocument, type Contracts } from '../contract/files.js';
import { isPublicKey } from '../contract/keys.js';
import type { Data } from '../data.js';
import type { Secrets, State } from '../state.js';
import { isPublished } from './case.js';
import { keySearch } from './key-search.js';
import { Problem } from './problem.js';
import { sharedTexts } from './shared-texts.js';
import { holds, suspicious, type Suspicion } from './warn.js';

// A shorter word stands in the page's own words as well; a state's texts are searched for those too, by `holds`.
const SHORTEST = 8;

const t = texts({
  en: { held: 'A key of this page, or a text to be replaced, is still in {what}. Remove it first.' },
  'zh-CN': { held: '{what}中含有本页的密钥或应被替换的内容。请先从当前内容中删除。' },
});

/** The state as it may be written into links, files and cases: public keys only where the contract takes such. */
export function shareable(state: State, contracts: Contracts): State {
  const contract = contractDocument(state.contract, contracts);
  return contract !== undefined && isPublicKey(contract) ? state : { ...state, publicKeys: [] };
}

/** The keys that nobody may read: all but those that are published, and that the example itself shows. */
export function unpublished(
  state: State,
  { keys, others }: Secrets,
  data: Pick<Data, 'groups'>,
  example: State | undefined,
): Secrets {
  const isShown = (key: Secrets['keys'][number]): boolean =>
    example !== undefined && isPublished(state, key, data) && holds(example, { keys: [key], others: [] }).length > 0;
  return { keys: keys.filter((key) => !isShown(key)), others };
}

/** What looks like a secret; nothing, where all of it stands in the example as well, which is published. */
export async function doubtful(state: State, contracts: Contracts, example: State | undefined): Promise<Suspicion[]> {
  const found = await suspicious(state, contracts);
  if (!example) return found;
  const known = new Map(sharedTexts(example));
  const shown = new Map(sharedTexts(state));
  return found.every(({ where, from, to }) => known.get(where)?.includes(shown.get(where)?.slice(from, to) ?? ''))
    ? []
    : found;
}

/**
 * A function that throws a `Problem` where a text holds one of the keys or values.
 * @param what the text is, for people
 */
export function lastLook({ keys, others }: Secrets, values: string[]): (what: string, ...texts: string[]) => void {
  const holdsKey = keySearch(
    [...keys.map(({ secret }) => secret), ...others].filter(({ length }) => length >= SHORTEST),
  );
  const long = values.filter(({ length }) => length >= SHORTEST);
  return (what, ...all) => {
    if (all.some((text) => holdsKey(text) || long.some((value) => text.includes(value))))
      throw new Problem(t('held', { what }));
  };
}

/** The texts of a folder, names included. The keys that a case.json holds are published. */
export function fileTexts(files: Record<string, Uint8Array>): string[] {
  return Object.entries(files).flatMap(([path, bytes]) => {
    const text = utf8Text(bytes) ?? Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    const found = /(?:^|\/)case\.json$/.test(path) ? parsed(text) : undefined;
    return [path, isObject(found) ? prettyFile({ ...found, keys: undefined }) : text];
  });
}
