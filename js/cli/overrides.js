// What the configuration says for some files: other packs, parameters and severities.

import { resolve } from 'node:path';

import { nearest } from '../base/nearest.js';
import { CODES } from '../codes/codes.js';
import { fits, inside } from './ignore.js';
import { merged } from './merge.js';
import { ruleNames } from './rules.js';
import { judged } from './check-report.js';

export class Overrides {
  #settings;
  #found = new Map(); // path -> what is said for it

  constructor(settings) {
    this.#settings = settings;
  }

  /** Whether some files have packs of their own. */
  get havePacks() {
    return this.#settings.overrides.some(({ packs }) => packs !== undefined);
  }

  /** The names of parameters that may be of a pack that the configuration has and this run has not. */
  othersBeside(packs) {
    const { named, params } = this.#settings;
    const names = new Set(packs.flatMap((one) => one.names));
    if (named.every((name) => names.has(name))) return new Set();
    return new Set([params, ...this.params].flatMap(Object.keys));
  }

  /** The parameters that some files have. */
  get params() {
    return this.#settings.overrides.map(({ params }) => params).filter(Boolean);
  }

  /** { packs, params, severities } for a document; the first two only where they differ from those of all files. */
  of({ path }) {
    if (!this.#found.has(path)) this.#found.set(path, this.#for(path));
    return this.#found.get(path);
  }

  #for(path) {
    const { overrides, severities } = this.#settings;
    const fitting =
      path === undefined ? [] : overrides.filter((one) => fits(one.rules, inside(one.folder, resolve(path))));
    const params = fitting.map((one) => one.params).filter(Boolean);
    return {
      packs: fitting.findLast(({ packs }) => packs !== undefined)?.packs,
      params: params.length > 0 ? merged(params) : undefined,
      severities: Object.assign({}, severities, ...fitting.map((one) => one.severities)),
    };
  }
}

/** Names of `severities` that nothing here has, and that are nearly one that something has: [{ name, meant }]. */
export function strangeSeverities({ severities, overrides }, packs, findings) {
  const names = [severities, ...overrides.map((one) => one.severities ?? {})].flatMap(Object.keys);
  if (names.length === 0) return [];
  const known = new Set([
    ...ruleNames(packs),
    ...Object.keys(CODES),
    ...findings.flatMap(({ code, rule }) => [code, rule]),
  ]);
  const strange = [...new Set(names)].filter((name) => !known.has(name) && !known.has(name.replace(/^policy-/, '')));
  return strange.map((name) => ({ name, meant: nearest(name, known) })).filter(({ meant }) => meant !== undefined);
}

/**
 * What a pack says of its documents, as `judged`, each with the parameters of its file. Rules see all documents in
 * every run; what they find is kept for the documents that have the parameters of the run.
 */
export function judgedByFiles(found, given, overrides, paramsFor) {
  const runs = new Map(); // parameters as text -> { params, documents }
  for (const document of found.documents) {
    const { params } = overrides.of(document);
    const key = params === undefined ? '' : JSON.stringify(params);
    if (!runs.has(key)) runs.set(key, { params, documents: new Set() });
    runs.get(key).documents.add(document);
  }
  const ofRun = (params) => judged(found, { ...given, params: paramsFor(params ?? {}) });
  if (runs.size === 0 || (runs.size === 1 && runs.has(''))) return ofRun();
  const home = runs.has('') ? '' : [...runs.keys()][0]; // where findings about no document are from
  const reports = [...runs].map(([key, { params, documents }]) => {
    const report = ofRun(params);
    const kept = report.findings.filter(({ from }) => (from ? documents.has(from) : key === home));
    return { ...report, findings: kept, isHome: key === home };
  });
  const failed = reports.find(({ verdict }) => verdict === 'error');
  const { isHome, ...report } = reports.find((one) => one.isHome);
  return {
    ...report,
    verdict: failed?.verdict ?? report.verdict,
    findings: reports.flatMap(({ findings }) => findings),
  };
}

/** Findings with the severities that the configuration gives: { findings, off }, `off` how many it leaves out. */
export function graded(findings, overrides) {
  const kept = findings.flatMap((finding) => {
    const severity = severityOf(finding, overrides.of(finding.from ?? {}).severities);
    return severity === 'off' ? [] : [severity === undefined ? finding : { ...finding, severity }];
  });
  return { findings: kept, off: findings.length - kept.length };
}

function severityOf({ code, rule }, severities) {
  const name = [code, code.replace(/^policy-/, ''), rule].find((one) => Object.hasOwn(severities, one));
  return severities[name];
}
