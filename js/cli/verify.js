// `countersign verify`: checks recorded requests with a contract.

import { Unevaluated } from '../read/unevaluated.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { verifyReport } from '../report/verify.js';
import { casesOf, checkOptions, seenKeys } from './cases.js';
import { contractOf, withContract } from './contract-for.js';
import { Gates } from './gates.js';
import { reported } from './graded.js';
import { hint, problem } from './hints.js';
import { judgedAt } from './judged-at.js';
import { otherKeysOf } from './keys.js';
import { UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { formatsOfRequests } from './requests.js';
import { leavingOf } from './sources.js';
import { nothingMatched } from './walk.js';

export async function verify(options) {
  const started = performance.now();
  const { cases, results: judged, problems } = await judgeAll(options, judge);
  const results = reported(judged, '/findings', options);
  const failed = results.filter((result) => result.failed);
  const findings = options.failOn !== 'never' && failed.length > 0;
  const several = cases.length > 1;
  const texts = results.map(({ text }) => text);
  await writeReports(
    options,
    {
      pretty: (terminal) =>
        verifyReport(terminal, results, { started, verbose: options.verbose, unread: problems.length }),
      json: () => jsonReport(texts, several),
      jsonl: () => jsonlReport(texts),
      ...formatsOfRequests(options, results, problems),
    },
    failed.length === 0,
  );
  return { findings, unevaluated: problems.length > 0 };
}

/** Calls `judgeOne` for every recording. Problems that kept one from being checked are reported at once. */
export async function judgeAll(options, judgeOne) {
  if (options.paths.length === 0)
    throw new UsageError('nothing to verify', 'name .http or .har files, case folders, or folders of them');
  onlyOneOnScreen(options);
  const seen = seenKeys(options.seen);
  const { cases, problems } = collect(options);
  const gates = new Gates(options);
  const results = [];
  for (const found of cases) {
    try {
      results.push(await judgeOne(found, { options, gates, told: checkOptions(options, seen, found) }));
    } catch (error) {
      // A case folder has the same options as a call in code, so it can have the same errors.
      if (error instanceof TypeError && found.folder !== undefined)
        throw new UsageError(`${found.folder}: ${error.message}`);
      if (!(error instanceof Unevaluated)) throw error;
      problems.push(error);
    }
  }
  gates.free();
  for (const one of problems) problem(options.io, one);
  return { cases, results, problems };
}

function collect(options) {
  const { paths, 'allow-empty': allowEmpty } = options;
  const [cases, problems] = [[], []];
  const leaving = leavingOf(options);
  for (const path of paths) {
    try {
      const found = casesOf(path, leaving);
      if (found.length === 0 && !allowEmpty)
        problems.push(
          path.endsWith('.har')
            ? new Unevaluated(
                'the HAR has no entries',
                { file: path },
                'record again with the network log open, then export it',
              )
            : nothingMatched(path),
        );
      cases.push(...found.map((one) => withContract(one, options)));
    } catch (error) {
      if (!(error instanceof Unevaluated)) throw error;
      problems.push(error);
    }
  }
  leaving.tell(options);
  return { cases, problems };
}

/**
 * The recorded message, with the URL that the user gave. An entry that has both gives the response if the contract is
 * for responses.
 */
export function recordingOf(found, { url }, contract) {
  const recording = found.read(contract);
  if (url !== undefined) recording.request.url = url;
  return recording;
}

async function judge(found, { options, gates, told }) {
  const [{ gate, contract }] = await gates.of([await contractOf(found, options)], found);
  const { request, head } = recordingOf(found, options, contract);
  for (const text of found.notes ?? []) hint(options.io, `${found.file}: ${text}`, {});
  const at = (now) => gate.checkText(request, { ...told, now });
  const now = judgedAt(told.now, found, (time) => JSON.parse(at(time)));
  const text = at(now);
  const verdict = JSON.parse(text);
  const mismatch = verdict.stages.some(({ stage, result }) => stage === 'signature' && result === 'fail');
  const diagnosis =
    options.explain && mismatch ? gate.explain(request, { now, otherKeys: otherKeysOf(options, contract) }) : undefined;
  const clocked = now === undefined;
  return { file: found.file, whole: found.whole, head, request, contract, text, verdict, diagnosis, clocked };
}
