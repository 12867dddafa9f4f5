// The tests that case folders are: each is judged, and what comes is compared with what its folder expects.

import { ContractError } from '../core/errors.js';
import { Unevaluated } from '../read/unevaluated.js';
import { difference, expectationOf, isEmpty, summaryOf, update } from './case-expected.js';
import { caseFolders, Judge } from './case-folders.js';
import { UsageError } from './outcome.js';

const NOTHING = 'it expects nothing, so it tests nothing';
const NO_CODE = 'it has no `code`, so it tests nothing';
const EXPECT =
  'add `"expect": { "verdict": …, "codes": [ … ] }` to its case.json, or let --update write it, and read it';

const EXPECT_CODE = 'write the `code` of the error that is expected, or let --update write the error, and read it';

/** Help for errors whose own help is about flags that this command does not have. */
const FIXES = {
  'key-missing':
    'add the key that signed the request to `keys` in case.json: [{ "secret": … }] or [{ "publicKey": … }]; for a ' +
    'registry { "ID OF THE HOOK": [{ "secret": … }] }',
};

/** A test for each case folder below these folders that `leaving` does not leave out: what `ofPack` of test.js gives for a rule. */
export async function caseTests(folders, leaving, options) {
  const judge = new Judge(options);
  const names = [...new Set(folders.flatMap((folder) => caseFolders(folder, leaving)))];
  const tests = [];
  for (const name of names.filter((one) => one.includes(options.filter ?? ''))) {
    const test = { name, folder: name };
    try {
      tests.push({ ...test, ...(await outcomeOf(name, judge, options)) });
    } catch (error) {
      if (!isOfTheCase(error)) throw error;
      const [code, place] = [error.code ?? error.place?.code, error.place ?? {}];
      const { file = `${name}/case.json`, line } = place;
      tests.push({ ...test, outcome: 'error', file, line, message: error.message, help: FIXES[code] ?? error.help });
    }
  }
  judge.free();
  return tests;
}

/** A TypeError is one of the API: case.json has the same options as a call in code. */
function isOfTheCase(error) {
  return [UsageError, Unevaluated, ContractError, TypeError].some((kind) => error instanceof kind);
}

async function outcomeOf(folder, judge, options) {
  const judged = await judge.of(folder);
  const { found, file, answer } = judged;
  const expectation = expectationOf(folder, found);
  const isNothing = isEmpty(expectation);
  if (isNothing && !options.update) {
    const said = expectation.isError ? { message: NO_CODE, help: EXPECT_CODE } : { message: NOTHING, help: EXPECT };
    return { outcome: 'error', file: expectation.whole?.path ?? file, ...said };
  }
  const differs = difference(expectation, answer);
  if (differs === undefined && !isNothing) return { outcome: 'pass', file };
  if (!options.update) return { outcome: 'fail', file, message: sentence(differs, answer), difference: differs };
  const updated = update(folder, expectation, judged);
  return { outcome: 'pass', file, updated, message: `${updated.join(' and ')} now: ${headline(summaryOf(answer))}` };
}

/** What was expected and what came, in a line. */
function sentence({ verdict, status, error, codes, at }, answer) {
  const came = summaryOf(answer);
  if (error) return `expected ${errorText(error.expected)}, but it is ${headline(came)}`;
  const expected = {
    ...came,
    ...(verdict && { verdict: verdict.expected }),
    ...(status && { status: status.expected }),
  };
  const list = (all) => all.map((code) => `\`${code}\``).join(', ');
  const parts = [
    (verdict ?? status) && `expected ${headline(expected, false)}, but it is ${headline(came, false)}`,
    codes?.missing.length > 0 && `without ${list(codes.missing)}`,
    codes?.extra.length > 0 && `with ${list(codes.extra)}, which was not expected`,
    !verdict && !status && !codes && `it differs from the file at ${places(at)}`,
  ];
  return parts.filter(Boolean).join('; ');
}

const MOST = 8; // places in a message

function places(at) {
  const more = at.length > MOST ? ` and ${at.length - MOST} more places` : '';
  return at.slice(0, MOST).join(', ') + more;
}

function headline({ verdict, status, error, codes = [] }, withCodes = true) {
  if (error !== undefined) return errorText(error);
  const all = codes.length > 0 && withCodes ? ` (${codes.join(', ')})` : '';
  return [verdict, status].filter((part) => part !== undefined).join(' ') + all;
}

function errorText(code) {
  return `the error \`${code}\``;
}
