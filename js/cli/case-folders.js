// The case folders below a folder, and what each gives when it is judged: a verdict of its contract, an outcome of its
// registry, a report of its pack, or the error that its contract or registry is refused with.

import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

import { loadRegistry } from '../api/node.js';
import { enabledHooks } from '../api/registry.js';
import { ContractError } from '../core/errors.js';
import { Unevaluated } from '../read/unevaluated.js';
import { ERROR, FILES as WHOLE } from './case-expected.js';
import { caseOf, checkOptions } from './cases.js';
import { isShippedName, loadContract, readContract } from './contract-file.js';
import { readDocuments } from './documents.js';
import { Gates } from './gates.js';
import { Severities, withFindings } from './graded.js';
import { signedAt } from './judged-at.js';
import { UsageError } from './outcome.js';
import { isOwn, packsNamed } from './packs.js';
import { filesAt } from './sources.js';

/** What a case judges. A folder without any of FILES is no case, whatever its case.json is. */
const INPUTS = ['request.http', 'input.json', 'input.yaml'];
const FILES = [...INPUTS, ...Object.values(WHOLE), ERROR];

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

function refuseKinds(found) {
  const kinds = ['contract', 'registry', 'pack'].filter((kind) => found[kind] !== undefined);
  if (kinds.length > 1) throw new UsageError(`it has \`${kinds.join('` and `')}\``, 'a case is about one of them');
  const other = kinds.find((kind) => kind !== 'contract' && typeof found[kind] !== 'string');
  if (other) throw new UsageError(`\`${other}\` is no text`, `write the path from the case's folder on: "./${other}"`);
}

/** Judges cases; each contract and each pack is loaded once. */
export class Judge {
  #options;
  #gates;
  #packs = new Map();
  #severities;

  /** @param options `io`, `rego`, `settings`, and `now` for cases without a time of their own */
  constructor(options) {
    this.#options = options;
    this.#severities = new Severities(options.settings);
    this.#gates = new Gates({ contracts: [], quiet: true, io: options.io });
  }

  /** { found, file, text, answer }: case.json, the file it judges, and the answer with its text. */
  async of(folder) {
    const one = caseOf(folder);
    const [file, text] = await this.#answer(one);
    return { found: one.case, file, text, answer: JSON.parse(text) };
  }

  async #answer(one) {
    const { folder, case: found } = one;
    refuseKinds(found);
    if (found.pack !== undefined) return this.#report(one);
    try {
      return await (found.registry === undefined ? this.#verdict(one) : this.#outcome(one));
    } catch (error) {
      if (!(error instanceof ContractError) || !existsSync(join(folder, ERROR))) throw error;
      const { code, at, message, help } = error;
      return [join(folder, ERROR), JSON.stringify({ code, at, message, help })];
    }
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
    const now = this.#time(options, (time) => JSON.parse(at(time)));
    return [one.file, this.#graded(one.file, at(now), '/findings', ({ findings }) => findings)];
  }

  async #outcome(one) {
    const registry = await this.#registry(one);
    const { request } = one.read({}); // hooks take requests
    const options = { ...checkOptions({}, [], one), failures: one.case.failures };
    const at = (now) => registry.checkText(request, { ...options, now });
    const text = at(this.#time(options, (time) => JSON.parse(at(time)).verdict));
    registry.free();
    return [one.file, this.#graded(one.file, text, '/verdict/findings', ({ verdict }) => verdict.findings)];
  }

  /** A contract that is not there is left to the core, which says where it is named. */
  async #registry({ folder, case: { registry: name, keys, limits } }) {
    const path = isAbsolute(name) ? name : join(folder, name);
    const document = await readContract(path, 'registry');
    const contracts = {};
    for (const [, { contract }] of enabledHooks(document)) {
      if (!isShippedName(contract) && !existsSync(resolve(dirname(path), contract))) continue;
      const { contract: value, files } = await loadContract(contract, dirname(path));
      contracts[contract] = { contract: value, files };
    }
    return loadRegistry(document, { contracts, keys, limits });
  }

  /** A case without a time is judged when it was signed: else it would fail as soon as it is stale. */
  #time({ now }, check) {
    return now ?? this.#options.now ?? signedAt(check);
  }

  /** With the severities of the configuration. */
  #graded(file, text, at, findingsOf) {
    const findings = findingsOf(JSON.parse(text));
    const graded = this.#severities.ofVerdict(findings, file);
    return JSON.stringify(graded) === JSON.stringify(findings) ? text : withFindings(text, at, graded);
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
    const report = pack.check(documents, { data, params, now });
    return [file, JSON.stringify(this.#severities.ofReport(report, file))];
  }

  async #pack(name) {
    if (!this.#packs.has(name)) {
      const [{ pack }] = await packsNamed([name], { rego: this.#options.rego });
      this.#packs.set(name, pack);
    }
    return this.#packs.get(name);
  }
}
