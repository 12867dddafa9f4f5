// The page's contract: its files, the parsed document, and the file and range of each problem.

import { isBundle, opened } from '../../../pkg/api/bundle.js';
import { JsonText } from '../../../pkg/places/json-text.js';
import { escaped, isObject, parsed, valueAt } from '../base/json.js';
import { texts } from '../base/language.js';
import type { Data } from '../data.js';
import { looksLikeJson, readJson } from '../deployment/json.js';
import { type JsonProblems, type Place, placeOf, type Problem } from '../deployment/read-documents.js';
import { fileAt } from '../deployment/rego-places.js';
import type { Thrown } from '../engine/protocol.js';
import type { State } from '../state.js';

export type Contracts = Data['contracts'];

/** A contract document as it was read. The core reports what is wrong with it. */
export type ContractDocument = Record<string, unknown>;

/** A range in one of the contract's files. */
interface FilePlace {
  file: string;
  from: number;
  to: number;
  line: number;
}
interface FileProblem extends Problem {
  file: string;
}

export interface ContractRead {
  contract: ContractDocument;
  /** What it names, as texts; those in a bundle too. */
  files: Record<string, string>;
  /** The name of the document's file, and how it is written. */
  document: string;
  format: 'json' | 'yaml';
  /** The pointer to the contract in the document: `/contract` in a bundle. */
  within: '' | '/contract';
  /** The place of a pointer into the document. */
  locate(pointer: string): Place;
  /** Every file of the page, the document among them. */
  texts: Record<string, string>;
}

const DOCUMENTS = ['contract.json', 'contract.yaml', 'contract.yml'];

const t = texts({
  en: {
    missing: 'There is no contract.json.',
    empty: 'The contract is empty.',
    start: 'Start from a shipped contract, or paste your own.',
    several: 'The file contains {n} documents, but a contract is one document.',
    object: 'A contract is one object.',
  },
  'zh-CN': {
    missing: '没有 contract.json。',
    empty: '契约是空的。',
    start: '可以从自带的契约开始，或粘贴你自己的契约。',
    several: '文件里有 {n} 个文档，而契约只能是一个。',
    object: '契约应为一个对象。',
  },
});

/** All files of the contract: those that ship, replaced and added to by the user's own. */
export function contractFiles(
  { shipped, files }: State['contract'],
  { contracts }: Pick<Data, 'contracts'>,
): Record<string, string> {
  return { ...shippedFiles(shipped, contracts), ...files };
}

function shippedFiles(name: string | undefined, contracts: Contracts): Record<string, string> {
  return name !== undefined && Object.hasOwn(contracts, name) ? contracts[name]!.files : {};
}

/** The name of a contract that ships, where no file of it was changed. */
export function unchangedName({ shipped, files }: State['contract'], contracts: Contracts): string | undefined {
  const own = shippedFiles(shipped, contracts);
  const unchanged = Object.entries(files).every(([name, text]) => Object.hasOwn(own, name) && own[name] === text);
  return unchanged && Object.keys(own).length > 0 ? shipped : undefined;
}

/** The file among them that is the contract. */
export function documentName(files: Record<string, string>): string {
  return DOCUMENTS.find((name) => Object.hasOwn(files, name)) ?? DOCUMENTS[0]!;
}

/**
 * The contract of a JSON text and where it stands there, for what does not wait for the engine's reader; undefined
 * where it is no object.
 */
export function contractIn(text: string): { contract: ContractDocument; within: ContractRead['within'] } | undefined {
  const document = parsed(text);
  const within = isBundle(document) ? '/contract' : '';
  const contract = valueAt(document, within);
  return isObject(contract) ? { contract, within } : undefined;
}

/** The contract of the page, read in the same way. */
export function contractDocument(contract: State['contract'], contracts: Contracts): ContractDocument | undefined {
  const files = contractFiles(contract, { contracts });
  return contractIn(files[documentName(files)] ?? '')?.contract;
}

export async function read(
  files: Record<string, string>,
  jsonProblems: JsonProblems,
): Promise<ContractRead | { problem: FileProblem }> {
  const document = documentName(files);
  const text = files[document];
  const problem = (message: string, { from, to } = { from: 0, to: text?.length ?? 0 }, help?: string) => ({
    problem: { message, from, to, help, file: document },
  });
  if (text === undefined) return problem(t('missing'), undefined, t('start'));
  if (text.trim() === '') return problem(t('empty'), undefined, t('start'));
  const format = isYaml(document, text) ? 'yaml' : 'json';
  const found = await (format === 'yaml' ? readYaml(text) : readJsonDocument(text, jsonProblems));
  if ('problem' in found) return { problem: { ...found.problem, file: document } };
  const { value, locate } = found;
  if (!isObject(value)) return problem(t('object'), locate(''));
  const { [document]: _, ...beside } = files;
  try {
    const { contract, files: bundled } = opened(value) as { contract: ContractDocument; files: Record<string, string> };
    return {
      contract,
      files: { ...bundled, ...beside },
      document,
      format,
      within: isBundle(value) ? '/contract' : '',
      locate,
      texts: files,
    };
  } catch (error) {
    const { at = '', message, help } = error as Error & { at?: string; help?: string };
    return problem(message, locate(at), help);
  }
}

function isYaml(name: string, text: string): boolean {
  return /\.ya?ml$/.test(name) || (!looksLikeJson(text) && /^\s*[A-Za-z"'#%-][^\n]*(:|\n)/.test(text));
}

type Found = { value: unknown; locate(pointer: string): Place } | { problem: Problem };

async function readJsonDocument(text: string, jsonProblems: JsonProblems): Promise<Found> {
  const found = await readJson(text, jsonProblems);
  if ('problem' in found) return found;
  const source = new JsonText(text);
  return { value: found.value, locate: (pointer) => placeOf(source.locate(pointer)) };
}

/** A contract is for other readers of YAML too: what they take in different ways is refused. */
async function readYaml(text: string): Promise<Found> {
  const found = (await import('../deployment/yaml.js')).read(text, { asJson: true });
  if ('problem' in found) return found;
  const [only] = found.documents;
  if (found.documents.length === 1 && only) return only;
  return {
    problem: {
      message: found.documents.length === 0 ? t('empty') : t('several', { n: found.documents.length }),
      from: 0,
      to: text.length,
    },
  };
}

/** The file and range of a ContractError's `at`; undefined for a key, an option, and what is in no file. */
export function fileOf(at: string | undefined, contract: ContractRead): FilePlace | undefined {
  if (at === undefined || /^keys\b/.test(at)) return undefined;
  if (at !== '' && !at.startsWith('/')) return fileAt(at, contract.texts) ?? inPlace(at, contract);
  const place = contract.locate(contract.within + at);
  if (!place.exact && at.startsWith('/limits/')) return undefined; // of `limits`, which are no part of a contract
  return { file: contract.document, ...rangeOf(place) };
}

/** A policy whose text is in the contract or its bundle. */
function inPlace(at: string, { contract, document, within, locate }: ContractRead): FilePlace | undefined {
  const name = at.replace(/(:\d+)+$/, '');
  const modules = Array.isArray(contract.policy) ? contract.policy : [];
  const index = modules.findIndex((module) => module?.file === name);
  const place = locate(index >= 0 ? `${within}/policy/${index}/text` : `/files/${escaped(name)}`);
  return place.exact ? { file: document, ...rangeOf(place) } : undefined;
}

/** The range of a thrown error in a file. A schema that does not compile is marked at its own pointer. */
export function problemOf(
  { name, message, at, help }: Thrown,
  contract: ContractRead,
): (Problem & Partial<FilePlace>) | undefined {
  if (name !== 'ContractError') return undefined;
  const [, inner] = /^the schema does not compile at `([^`]*)`/.exec(message) ?? [];
  const place =
    (inner !== undefined && at !== undefined ? inSchema(at, inner, contract)?.place : undefined) ??
    fileOf(at, contract);
  return { message, help, from: 0, to: 0, ...place };
}

/**
 * The place of the schema rule that a finding's `schemaAt` names. @param named `event.schema` of the verdict: this
 * schema is looked into first
 */
export function fileOfSchema(schemaAt: string, contract: ContractRead, named?: string): FilePlace | undefined {
  const all = [...schemas(contract.contract)].sort(
    (left, right) => Number(right.value === named) - Number(left.value === named),
  );
  for (const { at } of all) {
    const found = inSchema(at, schemaAt, contract);
    if (found?.exact) return found.place;
  }
  return undefined;
}

function inSchema(
  at: string,
  pointer: string,
  contract: ContractRead,
): { place: FilePlace; exact: boolean } | undefined {
  const value = valueAt(contract.contract, at);
  if (typeof value !== 'string') {
    const place = contract.locate(contract.within + at + pointer);
    return { place: { file: contract.document, ...rangeOf(place) }, exact: place.exact };
  }
  const text = contract.texts[value];
  if (text === undefined) return undefined;
  const place = placeOf(new JsonText(text).locate(pointer));
  return { place: { file: value, ...rangeOf(place) }, exact: place.exact };
}

/** Every schema of a contract, a file's name or in place, on any level but inside a schema. */
export function* schemas(node: unknown, at = ''): Generator<{ at: string; value: unknown }> {
  if (node === null || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) {
    const here = `${at}/${escaped(key)}`;
    if (key === 'schema') yield { at: here, value };
    else if (key === 'schemas' && value !== null && typeof value === 'object') {
      for (const [name, item] of Object.entries(value)) yield { at: `${here}/${escaped(name)}`, value: item };
    } else if (key !== 'policy') yield* schemas(value, here);
  }
}

function rangeOf({ from, to, line }: Place) {
  return { from, to, line };
}
