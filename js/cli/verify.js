// `countersign verify`: recorded requests against a contract.

import { compile } from '../node-api.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { verifyReport } from '../report/verify.js';
import { casesOf, checkOptions, readRecording, seenKeys } from './cases.js';
import { loadContract, named } from './contract-file.js';
import { hint, problem } from './hints.js';
import { keysOf, otherKeysOf } from './keys.js';
import { failing, Unevaluated, UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { nothingMatched } from './walk.js';

export async function verify(options) {
  if (options.paths.length === 0) throw new UsageError('nothing to verify', 'name .http files, case folders, or folders of them');
  onlyOneOnScreen(options);
  const started = performance.now();
  const seen = seenKeys(options.seen);
  const { cases, problems } = collect(options);
  const gates = new Map();
  const results = [];
  for (const found of cases) {
    try {
      results.push(await judge(found, { options, gates, seen }));
    } catch (error) {
      if (!(error instanceof Unevaluated)) throw error;
      problems.push(error);
    }
  }
  for (const { gate } of gates.values()) gate.free();
  problems.forEach(problem);
  const failed = results.filter((result) => result.failed);
  const findings = options.failOn !== 'never' && failed.length > 0;
  const several = cases.length > 1;
  const texts = results.map(({ text }) => text);
  writeReports(options, {
    pretty: (terminal) => verifyReport(terminal, results, { started, verbose: options.verbose, unread: problems.length }),
    json: () => jsonReport(texts, several),
    jsonl: () => jsonlReport(texts),
  }, failed.length === 0);
  return { findings, unevaluated: problems.length > 0 };
}

function collect({ paths, 'allow-empty': allowEmpty }) {
  const [cases, problems] = [[], []];
  for (const path of paths) {
    try {
      const found = casesOf(path);
      if (found.length === 0 && !allowEmpty) problems.push(nothingMatched(path));
      cases.push(...found);
    } catch (error) {
      if (!(error instanceof Unevaluated)) throw error;
      problems.push(error);
    }
  }
  return { cases, problems };
}

async function judge(found, { options, gates, seen }) {
  const { bytes, request, layout } = readRecording(found);
  if (options.url !== undefined) request.url = options.url;
  try {
    const { gate, contract } = await gateFor(found, options, gates);
    refuseUnused(options, contract);
    const text = gate.checkText(request, checkOptions(options, seen, found));
    const verdict = JSON.parse(text);
    const mismatch = verdict.stages.some(({ stage, result }) => stage === 'signature' && result === 'fail');
    const { now } = checkOptions(options, seen, found);
    const diagnosis = options.explain && mismatch ? gate.explain(request, { now, otherKeys: otherKeysOf(options, contract) }) : undefined;
    const failed = verdict.verdict === 'reject' || failing(verdict.findings, options.failOn);
    return { file: found.file, bytes, request, layout, contract, text, verdict, failed, diagnosis };
  } catch (error) {
    // A case folder says in JSON what a caller says in code, and can get the same things wrong.
    if (error instanceof TypeError && found.folder !== undefined) throw new UsageError(`${found.folder}: ${error.message}`);
    throw error;
  }
}

async function gateFor(found, options, gates) {
  const name = options.contract ?? found.case.contract;
  const inline = name !== null && typeof name === 'object';
  const loaded = inline ? { contract: name, files: {} } : await loadContract(name, options.contract ? '.' : found.folder);
  const given = keysOf(options, loaded.contract);
  const keys = given.length > 0 ? given : caseKeys(found.case.keys ?? []);
  const { params, limits } = found.case;
  const origin = options.origin ?? found.case.origin;
  const identity = JSON.stringify([loaded, keys, params, limits, origin]);
  if (!gates.has(identity)) {
    const gate = await named(name, () => compile(loaded.contract, { files: loaded.files, keys, params, origin, limits }));
    if (!options.quiet) for (const finding of gate.lint) hint(`${loaded.contract.contract}: ${finding.message}`, finding);
    gates.set(identity, { gate, contract: loaded.contract });
  }
  return gates.get(identity);
}

/** A flag that the contract does not read would look like a check that passed. */
function refuseUnused({ jkt, nonces, explain, 'other-key-env': others }, { contract: name, signature }) {
  if (others !== undefined && !explain) throw new UsageError('--other-key-env is given without --explain, and nothing else reads it', 'add --explain, or leave it out');
  const [proof, nonce] = [signature?.engine === 'dpop', signature?.nonce === true];
  if (jkt !== undefined && !proof) throw new UsageError(`--jkt is given, and the contract ${name} checks no DPoP proof`, 'leave --jkt out');
  if (jkt !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(jkt)) {
    throw new UsageError('--jkt is no thumbprint', 'it is 43 characters of base64url, as `cnf.jkt` in an access token');
  }
  if (nonces !== undefined && !(proof && nonce)) throw new UsageError(`--nonces is given, and the contract ${name} asks for no nonce`, 'leave --nonces out, or set `nonce` in its `signature`');
}

/** The keys of a case are for tests, so they may stand in its file. */
function caseKeys(keys) {
  return keys.map(({ secretBytes, ...key }) => (secretBytes ? { ...key, secret: Uint8Array.from(secretBytes) } : key));
}
