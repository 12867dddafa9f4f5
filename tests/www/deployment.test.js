// The deployment mode's text: what it is read as, and where a finding stands in it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import fc from 'fast-check';

import { harDocuments } from '../../pkg/read/traffic.js';
import { jsonProblems, loadPack } from '../../pkg/api/node.js';
import { loaded } from './loaded.js';

const { read: readWhole, readStream } = await loaded('www/src/deployment/yaml.ts');
const { placeOfFinding, preload, readDocuments } = await loaded('www/src/deployment/documents.ts');
await loadPack('kubernetes'); // starts the engine, whose strict reader is asked
await preload();

const CASES = new URL('../cases/', import.meta.url);
const read = (path) => readFileSync(new URL(path, CASES), 'utf8');
const parts = (pointer) =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
const there = (value, path) =>
  path.reduce(
    (inner, part) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, part) ? inner[part] : undefined,
    value,
  );

function isSame(text, value) {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return text.includes(Array.isArray(value) ? value[0] : `${Object.keys(value)[0]}:`); // YAML in one line
  }
}

/** What the marked text must hold: the value or its key, or those of the nearest parent that is there. */
function assertPointed(text, documents, finding) {
  const place = placeOfFinding(documents, finding);
  const marked = text.slice(place.from, place.to);
  assert.ok(marked.trim().length > 0, `${finding.code} marks nothing`);
  let path = parts(finding.at ?? '');
  while (path.length > 0 && there(documents[finding.document].value, path) === undefined) path = path.slice(0, -1);
  if (path.length === 0) return;
  const value = there(documents[finding.document].value, path);
  const unquoted = marked.replace(/^["']|["']$/g, '');
  const isKey = unquoted === path.at(-1);
  const isValue =
    value === null || typeof value !== 'object'
      ? JSON.stringify(value) === marked || String(value) === unquoted
      : isSame(marked, value);
  const isFirstLine = /^\d+$/.test(path.at(-1)) && !marked.includes('\n'); // an item of a list has no key
  assert.ok(isKey || isValue || isFirstLine, `${finding.code} at ${finding.at} marks ${marked}`);
}

for (const [name, folder] of ['kubernetes', 'coze-migration', 'api-lifecycle'].map((name) => [name, `${name}/`])) {
  test(`every finding of the cases of ${name} has its place`, async () => {
    let seen = 0;
    for (const entry of readdirSync(new URL(folder, CASES))) {
      if (!readdirSync(new URL(`${folder}${entry}/`, CASES)).includes('report.json')) continue;
      const text = read(`${folder}${entry}/input.json`);
      const { documents } = await readDocuments(text, jsonProblems);
      assert.deepEqual(
        documents.map(({ value }) => value),
        JSON.parse(text),
        entry,
      );
      for (const finding of JSON.parse(read(`${folder}${entry}/report.json`)).findings) {
        if (finding.document === undefined) assert.equal(placeOfFinding(documents, finding), undefined);
        else assertPointed(text, documents, finding);
        seen += 1;
      }
    }
    assert.ok(seen > 5);
  });
}

test('manifests in YAML: findings stand at their lines', async () => {
  const pack = await loadPack('kubernetes');
  for (const file of ['bad/shop.yaml', 'bad/encryption.yaml']) {
    const text = readFileSync(new URL(`../../demo/manifests/${file}`, import.meta.url), 'utf8');
    const { documents } = await readDocuments(text, jsonProblems);
    const { findings } = pack.check(
      documents.map(({ value }) => value),
      { now: 1795219200 },
    );
    const placed = findings.filter(({ document }) => document !== undefined);
    assert.ok(placed.length > 0, file);
    for (const finding of placed) assertPointed(text, documents, finding);
  }
});

test('a list is one document, and a finding points at its item', async () => {
  const text =
    'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Namespace\n    metadata:\n      name: ' +
    'shop\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: till\n';
  const { documents } = await readDocuments(text, jsonProblems);
  assert.deepEqual(
    documents.map(({ line }) => line),
    [1, 9],
  );
  const { findings } = (await loadPack('kubernetes')).check(
    documents.map(({ value }) => value),
    { now: 0 },
  );
  const lines = findings
    .filter(({ document }) => document !== undefined)
    .map((finding) => placeOfFinding(documents, finding).line);
  assert.ok(lines.some((line) => line >= 4 && line <= 7) && lines.some((line) => line >= 9), String(lines));
});

test('what ends a line for kubectl alone is a problem at its place, in the second document too', async () => {
  for (const character of ['\r', '\x85', '\u2028', '\u2029', '\ufeff', '\0']) {
    const before = 'a: 1\n---\nb: 2 # deny all';
    const { problem } = await readStream(`${before}${character}  c: 3\n`);
    assert.equal(problem.from, before.length, JSON.stringify(character));
    assert.match(problem.help, /in a text in double quotes, write it as \\u/);
  }
});

test('a stream of YAML is read document by document as it is in one piece', async () => {
  const lines = [
    '---\n',
    '--- # c\n',
    '---\r\n',
    '---',
    '...\n',
    '%YAML 1.1\n---\n',
    '---x\n',
    'a: |\n',
    'a: "x\n',
    'y"\n',
    "'",
    ' b\n',
    'a: 1\n',
    'b: [1,\n',
    ']\n',
    '# c\n',
    '--- {a: 1}\n',
    '\n',
    '*a\n',
    'a: &a {b: 1}\n',
    'c: *a\n',
    '\t',
    '--- |\n',
    'null\n',
    '\ufeff',
  ];
  const shown = (found) =>
    'problem' in found
      ? 'problem'
      : found.documents.map(({ value, line, locate }) => [value, line, ...['', '/a', '/a/b', '/c'].map(locate)]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...lines), { maxLength: 9 }), async (some) => {
      const text = some.join('');
      assert.deepEqual(shown(await readStream(text)), shown(readWhole(text)));
    }),
    { numRuns: 300 },
  );
});

test('what is typed into one document leaves the others as they were read', async () => {
  const text = (name) => ['a: 1\n', `name: ${name}\n`, 'c: 3\n'].join('---\n');
  const [before, after] = [await readStream(text('x')), await readStream(text('x\nlonger: y'))].map(
    ({ documents }) => documents,
  );
  assert.deepEqual(
    after.map(({ value }, index) => value === before[index].value),
    [true, false, true],
  );
  assert.deepEqual(
    [before, after].map((documents) => documents[2].locate('/c').line),
    [5, 6],
  );
});

const PROBLEMS = [
  ['a key twice', 'a: 1\nb: 2\na: 3\n', 'a: 3', /twice/],
  ['JSON with a key twice', '{"a":1,"a":2}', undefined, /./],
  ['JSON cut short', '{"a":', undefined, /./],
  ['a value alone', 'hello\n', 'hello', /single value/],
  ['a value in an array', '[{"a":1}, 7]', '7', /single value/],
  ['the second of two documents', 'a: 1\n---\nb: 1\nb: 2\n', 'b: 2', /twice/],
  ['lines of JSON, the second wrong', '{"a":1}\n{"a":01}\n', undefined, /./],
];

for (const [what, text, marked, message] of PROBLEMS) {
  test(`a problem has a place: ${what}`, async () => {
    const { problem } = await readDocuments(text, jsonProblems, /array/.test(what) ? 'x.json' : undefined);
    assert.match(problem.message, message);
    assert.ok(problem.from <= problem.to && problem.to <= text.length);
    if (marked !== undefined) assert.equal(text.slice(problem.from, problem.to), marked);
  });
}

const FORMS = [
  ['nothing', '', []],
  ['comments alone', '# soon\n---\n', []],
  ['flow YAML', '{kind: Pod}', [{ kind: 'Pod' }]],
  ['JSON', ' {"kind":"Pod"}', [{ kind: 'Pod' }]],
  ['an array of documents', '[{"a":1},{"b":2}]', [{ a: 1 }, { b: 2 }]],
  ['lines of JSON', '{"a":1}\n\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
  ['words as Kubernetes reads them', 'a: yes\nb: 012\n', [{ a: true, b: 10 }]],
];

for (const [what, text, values] of FORMS) {
  test(`read as documents: ${what}`, async () => {
    const { documents } = await readDocuments(text, jsonProblems);
    assert.deepEqual(JSON.parse(JSON.stringify(documents.map(({ value }) => value))), values);
  });
}

test('a place in lines of JSON is one of the whole text', async () => {
  const text = '{"a":1}\n{"b":{"c":22}}\n';
  const { documents } = await readDocuments(text, jsonProblems);
  const place = documents[1].locate('/b/c');
  assert.deepEqual([text.slice(place.from, place.to), place.line, place.column], ['22', 2, 11]);
});

/** As browsers write it: bodies as text. */
function harOf(entries) {
  const plain = entries.map((entry) =>
    JSON.parse(JSON.stringify(entry, (key, value) => (key === '_json' ? undefined : value))),
  );
  return JSON.stringify({ log: { version: '1.2', entries: plain } }, null, 1);
}

test('a HAR is read entry by entry, as the command line reads it', async () => {
  let seen = 0;
  for (const folder of ['coze-migration/', 'api-lifecycle/']) {
    for (const entry of readdirSync(new URL(folder, CASES))) {
      const entries = JSON.parse(read(`${folder}${entry}/input.json`));
      if (!entries.every(({ request }) => Array.isArray(request?.headers))) continue;
      const text = harOf(entries);
      const expected = harDocuments(Buffer.from(text), 'x.har', jsonProblems);
      const { documents, problem } = await readDocuments(text, jsonProblems);
      assert.equal(problem, undefined, `${folder}${entry}`);
      assert.deepEqual(
        documents.map(({ value }) => value),
        expected.map(({ value }) => value),
        `${folder}${entry}`,
      );
      for (const [index, document] of documents.entries()) {
        for (const pointer of [
          '',
          '/request/url',
          '/request/queryString/0/value',
          '/request/postData/_json/x',
          '/response/status',
        ]) {
          const { line, column, offsets } = expected[index].locate(pointer);
          const place = document.locate(pointer);
          assert.deepEqual([place.line, place.column, place.from, place.to], [line, column, ...offsets]);
        }
        seen += 1;
      }
    }
  }
  assert.ok(seen > 20, String(seen));
});

for (const [what, text] of [
  ['no entries', '{"log":{}}'],
  ['an entry without a URL', '{"log":{"entries":[{"request":{"method":"GET"}}]}}'],
  ['cut short', '{"log":{"entries":['],
]) {
  test(`what is no HAR is said: ${what}`, async () => {
    const { problem } = await readDocuments(text, jsonProblems);
    assert.match(problem.message, /HAR/);
    assert.ok(problem.to <= text.length && problem.from <= problem.to);
  });
}
