// The commands that judge on the command line what the page judges. Everything in them is a plain word, whatever a link
// put into the state.

import { takesKeys } from '../../../pkg/read/contract-needs.js';
import { isObject, parsed } from '../base/json.js';
import { contractDocument, type Contracts } from '../contract/files.js';
import type { State } from '../state.js';

const WORD = /^[a-z0-9][a-z0-9-]{0,63}$/;
const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;
const VARIABLE = 'WEBHOOK_SECRET';

/** A folder's name. */
export function folderName(state: State, contracts: Contracts): string {
  if (state.mode === 'deployment') return 'deployment-check';
  const name = contractDocument(state.contract, contracts)?.contract;
  return typeof name === 'string' && WORD.test(name) ? `${name}-case` : 'webhook-case';
}

/** Does the contract need a key that is no public one? */
export function wantsSecret(state: State, contracts: Contracts): boolean {
  const contract = contractDocument(state.contract, contracts);
  const key = isObject(contract?.signature) ? contract.signature.key : undefined;
  return (
    contract !== undefined &&
    isObject(key) &&
    /^(?:hmac-|digest-|token$)/.test(String(key.algorithm)) &&
    takesKeys({ signature: contract.signature })
  );
}

/** The variables that hold the keys, one for each id, and the flags that read them. */
export function keyVariables(ids: (string | undefined)[]): { variables: string[]; flags: string } {
  const all = ids.length > 0 ? ids : [undefined];
  const variables = all.map((_, index) => (index === 0 ? VARIABLE : `${VARIABLE}_${index + 1}`));
  const flags = all
    .map((id, index) => ` --key-env ${id !== undefined && KEY_ID.test(id) ? `${id}=` : ''}${variables[index]}`)
    .join('');
  return { variables, flags };
}

/** The file of the documents: traffic as HAR, other JSON and YAML as they are. */
export function inputName(state: State): string {
  if (entriesOf(state) !== undefined) return 'input.har';
  return typeof parsed(state.deployment.documents) === 'object' ? 'input.json' : 'input.yaml';
}

/** Entries of recorded traffic, where the documents are those: the command line reads them as HAR. */
export function entriesOf({ deployment: { documents } }: State): unknown[] | undefined {
  const entries = [parsed(documents)].flat();
  return entries.every((entry) => isObject(entry) && isObject(entry.request)) ? entries : undefined;
}

export function hasData({ deployment: { data, params } }: State): boolean {
  return data.trim() !== '' || params.trim() !== '';
}

/** In the folder, or where `folder` is given beside it. */
export function checkCommand(state: State, now: number, folder = ''): string {
  const { packs, policy } = state.deployment;
  const own = Object.keys(policy).length > 0 ? [`./${folder}policy`] : [];
  const named = [...packs.filter((pack) => WORD.test(pack)), ...own].map((pack) => ` --pack ${pack}`).join('');
  return (
    `npx countersign check${named}${hasData(state) ? ` --data ${folder}data.json` : ''} --now ${now} ` +
    `${folder}${inputName(state)}`
  );
}
