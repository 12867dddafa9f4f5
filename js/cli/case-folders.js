// The case folders below a folder, and what each gives when it is judged: a verdict of its contract, or a report of its
// pack.

import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { caseOf, checkOptions } from './cases.js';
import { readDocuments } from './documents.js';
import { Gates } from './gates.js';
import { signedAt } from './judged-at.js';
import { UsageError } from './outcome.js';
import { isOwn, packsNamed } from './packs.js';
import { filesAt } from './sources.js';

/** What a case judges. A folder without any of FILES is no case, whatever its case.json is. */
const INPUTS = ['request.http', 'input.json', 'input.yaml'];
const FILES = [...INPUTS, 'verdict.json', 'report.json'];

/** The case folders in a folder and below it, without what `leaving` leaves out. */
export function caseFolders(folder, leaving) {
  return filesAt(folder, (path) => basename(path) === 'case.json', leaving)
    .map((path) => dirname(path))
    .filter((path) => FILES.some((file) => existsSync(join(path, file))));
}

/** The path of a folder that a case names. It has a slash or a dot, lest it be taken for the name of a shipped pack. */
function besides(folder, name) {
  const path = isAbsolute(name) ? name : join(folder, name);
  return isOwn(path) ? path : `./${path}`;
}

/** Judges cases; each contract and each pack is loaded once. */
export class Judge {
  #options;
  #gates;
  #packs = new Map();

  /** @param options `io`, `rego`, and `now` for cases without a time of their own */
  constructor(options) {
    this.#options = options;
    this.#gates = new Gates({ contracts: [], quiet: true, io: options.io });
  }

  /** { found, file, text, answer }: case.json, the file it judges, and the answer with its text. */
  async of(folder) {
    const one = caseOf(folder);
    const { case: found } = one;
    if (found.registry !== undefined)
      throw new UsageError('cases of a registry are not tested', 'countersign verify --registry judges them');
    const [file, text] = found.pack === undefined ? await this.#verdict(one) : await this.#report(one);
    return { found, file, text, answer: JSON.parse(text) };
  }

  free() {
    this.#gates.free();
    for (const pack of this.#packs.values()) pack.free();
  }

  async #verdict(one) {
    const [{ gate, contract }] = await this.#gates.of([one.case.contract], one);
    const { request } = one.read(contract);
    const options = checkOptions({}, [], one);
    const at = (now) => gate.checkText(request, { ...options, now });
    // A case without a time is judged when it was signed: else it would fail as soon as it is stale.
    const now = options.now ?? this.#options.now ?? signedAt((time) => JSON.parse(at(time)));
    return [one.file, at(now)];
  }

  async #report({ folder, case: found }) {
    const { pack: name, data, params, now = this.#options.now } = found;
    const file = INPUTS.slice(1)
      .map((input) => join(folder, input))
      .find((path) => existsSync(path));
    if (file === undefined)
      throw new Unevaluated('a case of a pack has its documents in input.json or input.yaml', { file: folder });
    const pack = await this.#pack(isOwn(name) ? besides(folder, name) : name);
    const documents = readDocuments(file).flatMap(({ value }) => value);
    return [file, JSON.stringify(pack.check(documents, { data, params, now }))];
  }

  async #pack(name) {
    if (!this.#packs.has(name)) {
      const [{ pack }] = await packsNamed([name], { rego: this.#options.rego });
      this.#packs.set(name, pack);
    }
    return this.#packs.get(name);
  }
}
