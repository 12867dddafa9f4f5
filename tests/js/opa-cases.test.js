// OPA's own cases of Rego v1, through the published module: a case is a pack of its modules and of one that asks the
// case's query. A case that wants an error passes with the right one alone. Natively, `crates/rego/tests/opa.rs` lists
// each that differs with its reason.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { loadPack } from '../../pkg/node.js';
import { ROOT } from './setup.js';

const FOLDER = join(process.env.COUNTERSIGN_DATA ?? join(ROOT, '../shared/data'), 'rego/opa-testdata/v1');
const skip = existsSync(FOLDER)
  ? false
  : 'no data (rego/opa-testdata); set COUNTERSIGN_DATA to the folder that holds it';

const MOST = { policySteps: 50_000_000, policyMemory: 2 ** 30, checkSteps: 200_000_000 };
/** A message is cut at 2,000 characters: a solution is given in pieces. */
const PIECE = 1_500;

/** A module that asks the query: each piece of a solution is a finding `DIGEST NUMBER PIECE`. */
function asking({ query, want_result: wanted, input, input_term: term }) {
  const names = Object.keys(wanted?.[0] ?? {});
  const bindings = names.map((name) => `${JSON.stringify(name)}: ${name}`).join(', ');
  const given = term ?? (input === undefined ? undefined : JSON.stringify(input));
  return `package asked
solution contains text if {
${query}
text := json.marshal({${bindings}})
}
deny contains piece if {
some text in solution${given === undefined ? '' : ` with input as ${given}`}
digest := crypto.md5(text)
some number in numbers.range(0, floor(count(text) / ${PIECE}))
piece := sprintf("%s %08d %s", [digest, number, substring(text, number * ${PIECE}, ${PIECE})])
}
`;
}

/** The solutions, and what failed. */
async function run(one) {
  const modules = (one.modules ?? []).map((text, number) => [`module${number}.rego`, text]);
  const files = Object.fromEntries([...modules, ['asked.rego', asking(one)]]);
  let pack;
  try {
    pack = await loadPack(files, { namespaces: ['asked'], data: one.data, limits: MOST });
  } catch (error) {
    return { solutions: [], failed: [error, ...(error.also ?? [])].map(({ message }) => message) };
  }
  try {
    const pieces = new Map();
    const failed = [];
    for (const { code, message } of pack.check([{}], { now: 1_767_225_600 }).findings) {
      if (code === 'rule-error' || code.startsWith('limit-')) failed.push(message);
      if (code !== 'policy-asked') continue;
      const [digest] = message.split(' ', 1);
      pieces.set(digest, [...(pieces.get(digest) ?? []), message.slice(digest.length + 1)]);
    }
    const whole = (parts) =>
      parts
        .sort()
        .map((part) => part.slice(9))
        .join('');
    return { solutions: [...pieces.values()].map((parts) => JSON.parse(whole(parts))), failed };
  } catch (error) {
    return { solutions: [], failed: [error.message] };
  } finally {
    pack.free();
  }
}

/** What the text of an error must have in it, by the code that the case wants. */
const SAID = {
  eval_conflict_error: /must not produce multiple outputs|object keys must be unique/,
  eval_type_error: /operand \d+ /,
  eval_builtin_error: /./,
};

async function passes(one) {
  const { solutions, failed } = await run(one);
  const { want_error: text, want_error_code: code } = one;
  if (text !== undefined || code !== undefined) {
    const last = text?.split(': ').at(-1) ?? '';
    return failed.some((message) => message.includes(last) && (SAID[code] ?? /./).test(message));
  }
  return isDeepStrictEqual(inOrder(solutions, one), inOrder(one.want_result ?? [], one));
}

/** As OPA's runner compares: sets of solutions, with their arrays in order where the case says so. */
function inOrder(solutions, { sort_bindings: sorted }) {
  const key = (value) => JSON.stringify(value);
  const binding = ([name, value]) => [name, sorted && Array.isArray(value) ? value.map(key).sort() : value];
  const texts = solutions.map((row) => key(Object.entries(row).sort().map(binding)));
  return [...new Set(texts)].sort();
}

test('the published module passes 1,890 of the cases of OPA', { skip }, async () => {
  const failing = new Map();
  let [all, passed] = [0, 0];
  for (const folder of readdirSync(FOLDER).sort()) {
    for (const file of readdirSync(join(FOLDER, folder)).sort()) {
      for (const one of JSON.parse(readFileSync(join(FOLDER, folder, file), 'utf8')).cases) {
        all += 1;
        if (await passes(one)) passed += 1;
        else failing.set(folder, [...(failing.get(folder) ?? []), one.note]);
      }
    }
  }
  console.log(`${passed} of ${all} cases of OPA pass`);
  for (const [folder, notes] of failing)
    console.log(`${folder}: ${notes.length} do not: ${notes.slice(0, 4).join('; ')}`);
  assert.ok(passed >= 1_890, `${passed} of ${all}`);
});
