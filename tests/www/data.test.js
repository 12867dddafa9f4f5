// What the page is given: the same as the package has, and every example complete by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fileNames } from '../../pkg/read/contract-needs.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { shipped } from '../../pkg/api/node.js';
import * as api from '../../pkg/node.js';
import { makeData } from '../../www/build/data.js';
import { replay } from '../edge/replay-runner.js';

const data = await makeData();
const examples = data.groups.flatMap((group) => group.examples);

test('the same files give the same bytes', async () => {
  assert.equal(JSON.stringify(await makeData()), JSON.stringify(data));
});

test('contracts and packs are those of the package', async () => {
  assert.deepEqual(Object.keys(data.contracts), await shipped.names('contract'));
  assert.deepEqual(Object.keys(data.packs), await shipped.names('pack'));
  for (const [name, { summary, files }] of Object.entries(data.contracts)) {
    const { contract, files: beside } = await shipped.contract(name);
    const { 'contract.json': text, ...others } = files;
    assert.deepEqual([JSON.parse(text), others], [contract, beside], name);
    assert.match(summary, /^[A-Z][^\n]*[.?]$/, name);
  }
  for (const [name, { summary, files }] of Object.entries(data.packs)) {
    assert.deepEqual(files, (await shipped.pack(name)).files, name);
    assert.match(summary, /^[A-Z][^\n]*[.?]$/, name);
  }
});

test('every group and example has a title in both languages, and stands once', () => {
  for (const { title, ...one } of [...data.groups, ...examples])
    assert.deepEqual(Object.keys(title), ['en', 'zh-CN'], one.path);
  assert.equal(new Set(examples.map(({ path }) => path)).size, examples.length);
});

test('the examples show every contract of the seed systems, and every pack', () => {
  const shown = new Set(examples.flatMap((example) => [example.case.contract, example.case.pack]));
  const coze = ['v2', 'kb', 'dpop', 'publish-answer', 'publish-status-answer', 'health', 'health-answer'];
  const sub2api = ['sub2api', 'sub2api-answer'];
  const design = ['envelope', 'envelope-answer', 'x-webhook-sign', 'event-standard', 'api-versions'];
  assert.deepEqual(
    [...coze.map((name) => `coze-${name}`), ...sub2api, ...design, ...Object.keys(data.packs)].filter(
      (name) => !shown.has(name),
    ),
    [],
  );
});

test('the examples show every chapter of the three documents that a page can show', () => {
  const chapters = {
    Sub2API: ['3', '4', '5', '6', '7.3', '7.5', '7.6', '7.7', '8'],
    Coze: ['1', '2.1', '2.2', '2.3', '2.4', '4.2', '4.3', '5.3', '5.4', '5.6'],
    WebHook: ['1', '3'],
  };
  for (const [document, numbers] of Object.entries(chapters))
    for (const number of numbers)
      for (const [language, sign] of [
        ['en', ': '],
        ['zh-CN', '：'],
      ])
        assert.ok(
          examples.some(({ title }) => title[language].includes(`${document} §${number}${sign}`)),
          `${document} §${number} in ${language}`,
        );
});

for (const example of examples) {
  test(`${example.path}: the example alone gives its case's bytes`, async () => {
    const [file, text] = await replay(api, prepared(example));
    assert.equal(text, textOf(example, file).trimEnd());
  });
}

test('what the page cannot open is named', async () => {
  const group = (path) => [{ title: {}, examples: [{ case: path, title: {} }] }];
  await assert.rejects(
    makeData(group('sub2api/no-such')),
    /`sub2api\/no-such` is not a case .* tests\/cases\/sub2api\/no-such\/case\.json is not there/,
  );
  await assert.rejects(makeData(group('retry/after-seconds')), /cannot open `retry\/after-seconds`, a case of a call/);
  await assert.rejects(makeData(group('lint/lint-body-unsigned')), /\/lint-body-unsigned\/request\.http is not there/);
});

test('a contract of another folder comes along', async () => {
  const made = await makeData([{ title: {}, examples: [{ case: 'answer/zoom-oracle', title: {} }] }]);
  const [example] = made.groups[0].examples;
  assert.equal(example.case.contract, './contract.json');
  const [file, text] = await replay(api, prepared(example));
  assert.equal(text, textOf(example, file).trimEnd());
});

test('every translation is of a known code, and keeps the words of code', () => {
  const words = (text) => [...new Set(text.match(/`[^`]+`/g) ?? [])].sort();
  for (const [code, translated] of Object.entries(data.texts['zh-CN'])) {
    const english = data.texts.en[code];
    assert.ok(english, `${code} is no code`);
    assert.equal(translated.length, 2, code);
    translated.forEach((text, index) => assert.deepEqual(words(text), words(english[index]), code));
  }
});

/** As the page makes it of the example alone. */
function prepared({ case: found, files }) {
  const bytes = (name) => Buffer.from(files[name], 'base64');
  if (found.pack) {
    const { data: given, params, now } = found;
    return {
      kind: 'pack',
      files: data.packs[found.pack].files,
      documents: JSON.parse(bytes('input.json')),
      options: { data: given, params, now },
    };
  }
  const { keys = [], params, limits, origin, url = '', now, seen, options } = found;
  const { contract, files: beside } = contractOf(found.contract, files);
  const made = { kind: 'contract', contract, compile: { files: beside, keys, params, limits, origin } };
  if (found.shape) {
    return {
      ...made,
      shape: { now },
      request: { method: 'POST', url, headers: { 'content-type': 'application/json' }, base64: files['event.json'] },
    };
  }
  const { body, ...head } = parseRecording(bytes('request.http'), 'request.http').request;
  return {
    ...made,
    check: { now, seen, ...options },
    request: { ...head, base64: Buffer.from(body).toString('base64') },
  };
}

function contractOf(name, files) {
  if (!name.startsWith('./')) {
    const { 'contract.json': text, ...beside } = data.contracts[name].files;
    return { contract: JSON.parse(text), files: beside };
  }
  const contract = JSON.parse(textOf({ files }, name.slice(2)));
  return {
    contract,
    files: Object.fromEntries([...new Set(fileNames(contract))].map((file) => [file, textOf({ files }, file)])),
  };
}

function textOf({ files }, name) {
  return Buffer.from(files[name], 'base64').toString();
}
