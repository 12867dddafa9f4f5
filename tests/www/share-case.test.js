// The folder of a state is judged by the command line as its case is, and opens to the same state.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';

import { bundleText } from '../../pkg/api/bundle.js';
import { shipped } from '../../pkg/api/node.js';
import { MAIN, ROOT, run } from '../js/setup.js';
import { loaded } from './loaded.js';

const { caseFolder, ciStep, inFolder, initialState, opened, publishedKeys, stateFile, unzip, zip } = await loaded(
  'www/src/state.ts',
  'www/src/share/case.ts',
  'www/src/share/open.ts',
  'www/src/share/zip.ts',
  'www/src/share/link.ts',
  'www/src/share/copy.ts',
);

const folder = mkdtempSync(join(tmpdir(), 'case-'));
after(() => rmSync(folder, { recursive: true }));

const contracts = {};
for (const name of readdirSync(join(ROOT, 'pkg/policies/webhook'))) {
  const { contract, files } = await shipped.contract(name);
  contracts[name] = { summary: '', files: { ...files, 'contract.json': JSON.stringify(contract, null, 2) } };
}
const CASES = [
  'sub2api',
  'coze-v2',
  'github',
  'stripe',
  'slack',
  'standard-webhooks',
  'twilio',
  'discord',
  'event-standard',
  'envelope',
];
const paths = readdirSync(join(ROOT, 'tests/cases'), { recursive: true })
  .filter((path) => path.endsWith('case.json'))
  .map(dirname)
  .sort();
const verdicts = paths.filter((path) => existsSync(join(ROOT, 'tests/cases', path, 'verdict.json')));
const chosen = [
  ...CASES.flatMap((name) => verdicts.filter((path) => path.split('/').includes(name)).slice(0, 2)),
  'coze-v2/duplicate',
  'dead-letter/stop-at-first',
  'request/too-long-headers',
  'httpsig/accept',
  'policy/deny',
  'json/invalid-utf-8',
  'providers/plivo-v1',
  'dpop/accept-jwt',
  ...verdicts.filter((path) => path.startsWith('policy/')).slice(0, 2),
];

const bytesOf = (path) => new Uint8Array(readFileSync(path));
const casePath = (path) => join(ROOT, 'tests/cases', path);

/** The files of a case, and those beside its contract where that stands elsewhere. */
function filesOf(path) {
  const { contract } = JSON.parse(readFileSync(casePath(`${path}/case.json`)));
  const folders = new Set([path, /[/.]/.test(contract ?? '') ? dirname(join(path, contract)) : path]);
  return [...folders].flatMap((folder) =>
    readdirSync(casePath(folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && (folder === path || entry.name !== 'case.json'))
      .map(({ name }) => ({ name: `${folder}/${name}`, bytes: bytesOf(casePath(`${folder}/${name}`)) })),
  );
}

async function caseState(path) {
  const found = await opened(filesOf(path));
  assert.equal(found.kind, 'state', `${path}: ${found.problem}`);
  return found;
}

function write(at, files) {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), bytes);
  }
}

const none = { contracts, groups: [] };

for (const path of new Set(chosen)) {
  test(`judged as the case: ${path}`, async () => {
    const { state, keys } = await caseState(path);
    const expected = readFileSync(casePath(`${path}/verdict.json`), 'utf8').trimEnd();
    // The ids of public keys are the example's: a State has none.
    const published = state.publicKeys.length > 0;
    const written = caseFolder({
      state: published ? { ...state, example: path } : state,
      keys,
      data: published ? withExample(path) : none,
      now: state.now ?? 0,
      text: expected,
    });
    const at = join(folder, path.replaceAll('/', '-'));
    write(at, inFolder(written));
    for (const { secret } of keys)
      for (const [name, bytes] of Object.entries(written.files)) {
        // A test key may be what the message itself says: a token.
        if (name !== 'request.http' && typeof secret === 'string')
          assert.ok(!Buffer.from(bytes).includes(secret), `${name} holds the key`);
      }
    const readme = Buffer.from(written.files['README.md']).toString();
    const [, command] = /npx countersign (.*)/.exec(readme);
    const env = { ...process.env };
    let flags = command.split(' ');
    for (const [index, { secret }] of keys.entries()) {
      const name = index === 0 ? 'WEBHOOK_SECRET' : `WEBHOOK_SECRET_${index + 1}`;
      if (typeof secret === 'string') env[name] = secret;
      else {
        writeFileSync(join(at, `key-${index}`), secret);
        flags = flags.map((flag) =>
          flag.split('=').at(-1) === name ? flag.replace(name, join(at, `key-${index}`)) : flag,
        );
        flags[flags.findIndex((flag) => flag.endsWith(`key-${index}`)) - 1] = '--key-file';
      }
    }
    const { stdout, stderr } = await run([...flags, '-f', 'json'], { cwd: at, env });
    assert.equal(stdout.trimEnd(), expected, stderr);

    const again = await opened([{ name: 'case.zip', bytes: await zip(inFolder(written)) }]);
    assert.deepEqual(again.state, state);
    assert.deepEqual(again.keys, []);
  });
}

function withExample(path) {
  const found = JSON.parse(readFileSync(casePath(`${path}/case.json`)));
  return { contracts, groups: [{ title: {}, examples: [{ path, title: {}, case: found, files: {} }] }] };
}

test('published keys of an example are written while they are unchanged', async () => {
  const one = chosen[0];
  const { state, keys } = await caseState(one);
  const found = JSON.parse(readFileSync(casePath(`${one}/case.json`)));
  const data = withExample(one);
  const example = { ...state, example: one };
  assert.deepEqual(publishedKeys(example, keys, data), found.keys);
  const { files } = caseFolder({ state: example, keys, data, now: state.now });
  assert.deepEqual(JSON.parse(Buffer.from(files['case.json'])), found);
  assert.doesNotMatch(Buffer.from(files['README.md']).toString(), /key-env/);
  for (const other of [
    [{ ...keys[0], secret: 'a-live-key-that-is-mine' }],
    [...keys, { secret: 'one-more-key-of-mine' }],
    [{ ...keys[0], id: 'other' }],
  ]) {
    assert.equal(publishedKeys(example, other, data), undefined);
    const text = Object.values(caseFolder({ state: example, keys: other, data, now: 1 }).files)
      .map((bytes) => Buffer.from(bytes).toString())
      .join();
    assert.doesNotMatch(text, /of-mine|is-mine/);
  }
});

test('the CI step holds while the verdict stays, and fails when it changes', async () => {
  const { state, keys } = await caseState('coze-v2/duplicate');
  const expected = readFileSync(casePath('coze-v2/duplicate/verdict.json'), 'utf8');
  const written = caseFolder({ state, keys, data: none, now: state.now, text: expected });
  const at = join(folder, 'ci');
  write(join(at, 'tests/webhooks'), inFolder(written));
  const [, script] = /run: (.*)/.exec(ciStep({ state, contracts, now: state.now }));
  const step = () =>
    spawnSync(
      'bash',
      ['-e', '-o', 'pipefail', '-c', script.replace('npx countersign', `${process.execPath} ${MAIN}`)],
      {
        cwd: at,
        encoding: 'utf8',
      },
    );
  const first = step();
  assert.equal(first.status, 0, first.stderr + first.stdout);
  writeFileSync(join(at, 'tests/webhooks', written.name, 'verdict.json'), expected.replace('200', '201'));
  assert.equal(step().status, 1);
});

test('a changed contract goes along with its files, and only those that it names', async () => {
  const { state } = await caseState('coze-v2/duplicate');
  const changed = {
    ...state,
    contract: {
      shipped: 'coze-v2',
      files: { 'event.schema.json': '{}', '../../outside': 'x', 'unused.rego': 'package a' },
    },
  };
  const { files } = caseFolder({ state: changed, keys: [], data: none, now: 1 });
  assert.equal(JSON.parse(Buffer.from(files['case.json'])).contract, './contract.json');
  assert.equal(Buffer.from(files['event.schema.json']).toString(), '{}');
  assert.ok(files['recall.schema.json']);
  assert.deepEqual(
    Object.keys(files).filter((name) => /outside|unused/.test(name)),
    [],
  );
});

test('a deployment is judged by the command of its README', async () => {
  const state = initialState();
  state.mode = 'deployment';
  state.deployment = {
    documents: 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ image: "x:latest" }] }\n',
    packs: [],
    data: '{"teams":["a"]}',
    params: '{"ask":true}',
    policy: {
      'images.rego':
        'package team.images\n\ndeny contains {"id": "latest", "message": data.teams[0], "at": "/spec"} if ' +
        '{\n\tdata.params.ask\n\tinput.kind == "Pod"\n}\n',
    },
  };
  const written = caseFolder({ state, keys: [], data: none, now: 1795219200 });
  const at = join(folder, 'deployment');
  write(at, written.files);
  const [, command] = /npx countersign (.*)/.exec(Buffer.from(written.files['README.md']));
  const { stdout, stderr } = await run([...command.split(' '), '-f', 'json'], { cwd: at });
  const report = JSON.parse(stdout);
  assert.deepEqual(
    report.findings.map(({ code, message }) => [code, message]),
    [['policy-latest', 'a']],
    stderr,
  );
  const { parts } = await opened(Object.entries(inFolder(written)).map(([name, bytes]) => ({ name, bytes })));
  assert.deepEqual(parts, {
    documents: state.deployment.documents,
    policy: state.deployment.policy,
    data: Buffer.from(written.files['data.json']).toString(),
  });
});

test('recorded traffic is written as HAR, which its packs read', async () => {
  const path = paths.find(
    (one) =>
      one.startsWith('coze-migration/') && JSON.parse(readFileSync(casePath(`${one}/report.json`))).findings.length > 0,
  );
  const { state } = await caseState(path);
  const written = caseFolder({ state, keys: [], data: none, now: state.now ?? 1 });
  const at = join(folder, 'traffic');
  write(at, written.files);
  const [, command] = /npx countersign (.*)/.exec(Buffer.from(written.files['README.md']));
  const { stdout, stderr } = await run([...command.split(' '), '-f', 'json'], { cwd: at });
  const expected = JSON.parse(readFileSync(casePath(`${path}/report.json`)));
  assert.deepEqual(
    JSON.parse(stdout).findings.map(({ code }) => code),
    expected.findings.map(({ code }) => code),
    stderr,
  );
});

test('a request is written as it is read', async () => {
  const recording = Buffer.from('POST / HTTP/1.1\na: \xe9\n\n\xff', 'latin1');
  const {
    parts: { message },
  } = await opened([{ name: 'a.http', bytes: new Uint8Array(recording) }]);
  const { files } = caseFolder({
    state: { ...initialState(), message, contract: { shipped: 'github', files: {} } },
    keys: [],
    data: none,
    now: 1,
  });
  assert.deepEqual(Buffer.from(files['request.http']), recording);
});

test('an event to shape keeps its bytes', async () => {
  const path = paths.find(
    (one) => existsSync(casePath(`${one}/event.json`)) && existsSync(casePath(`${one}/shaped.json`)),
  );
  const { state } = await caseState(path);
  assert.equal(state.action, 'shape');
  const { files } = caseFolder({ state, keys: [], data: none, now: state.now ?? 1, text: '{}' });
  assert.deepEqual(Buffer.from(files['event.json']), readFileSync(casePath(`${path}/event.json`)));
  assert.ok(files['shaped.json']);
});

const file = (name, text) => ({ name, bytes: new TextEncoder().encode(text) });
const sub2api = contracts.sub2api.files['contract.json'];
const pod = 'apiVersion: v1\nkind: Pod\n';
const OPENED = [
  [
    'a recording by its name',
    [file('a.http', 'POST / HTTP/1.1\r\n\r\nx\r\n')],
    { parts: { message: { text: 'POST / HTTP/1.1\n\nx\r\n' } } },
  ],
  [
    'a recording by its first line',
    [file('a', 'POST / HTTP/1.1\n\n')],
    { parts: { message: { text: 'POST / HTTP/1.1\n\n' } } },
  ],
  [
    'a recording that is no UTF-8',
    [{ name: 'a.http', bytes: Uint8Array.from([...Buffer.from('POST / HTTP/1.1\n\n'), 0xff]) }],
    { parts: { message: { text: 'POST / HTTP/1.1\n\n/w==', base64: true } } },
  ],
  [
    'a recording with bytes in its head',
    [{ name: 'a.http', bytes: Uint8Array.from(Buffer.from('POST / HTTP/1.1\na: \xe9\n\n', 'latin1')) }],
    { parts: { message: { text: 'POST / HTTP/1.1\na: \xe9\n\n' } } },
  ],
  ['a HAR', [file('x', '{"log":{"entries":[]}}')], { kind: 'har', text: '{"log":{"entries":[]}}' }],
  ['curl', [file('x.sh', 'curl https://a')], { kind: 'curl' }],
  ['a contract', [file('x.json', sub2api)], { parts: { contract: { files: { 'contract.json': sub2api } } } }],
  [
    'a contract and its schema',
    [file('d/c.json', sub2api), file('d/message.schema.json', '{}')],
    { parts: { contract: { files: { 'contract.json': sub2api, 'message.schema.json': '{}' } } } },
  ],
  [
    'a contract in YAML',
    [file('x.yaml', 'contract: a\nversion: 1\nsignature: null\n')],
    {
      parts: {
        contract: { files: { 'contract.json': '{\n  "contract": "a",\n  "version": 1,\n  "signature": null\n}\n' } },
      },
    },
  ],
  [
    'a bundle',
    [file('x.json', bundleText({ contract: 'a', version: 1, signature: null }, { b: 'c' }))],
    {
      parts: {
        contract: {
          files: { b: 'c', 'contract.json': '{\n  "contract": "a",\n  "version": 1,\n  "signature": null\n}\n' },
        },
      },
    },
  ],
  ['Rego', [file('a.rego', 'package a')], { parts: { policy: { 'a.rego': 'package a' } } }],
  ['Rego of another name', [file('a', '# what\npackage a.b\n')], { parts: { policy: { a: '# what\npackage a.b\n' } } }],
  ['manifests', [file('a.yaml', pod), file('b.yml', pod)], { parts: { documents: `${pod}\n---\n${pod}` } }],
  [
    'a manifest in JSON',
    [file('a.json', '{"apiVersion":"v1","kind":"Pod"}')],
    { parts: { documents: '{"apiVersion":"v1","kind":"Pod"}' } },
  ],
  ['JSON of no kind', [file('a.json', '{"a":1}')], { parts: { json: '{"a":1}' } }],
  [
    'a case.json of another name',
    [file('x.json', '{"contract":"github","now":5,"keys":[{"id":"a","secret":"s"},{"secretBytes":[1,2]}]}')],
    { keys: [{ id: 'a', secret: 's' }, { secret: Uint8Array.of(1, 2) }] },
  ],
  [
    'a state',
    [file('x.json', stateFile({ ...initialState(), params: '{}' }, 3))],
    { state: { ...initialState(), params: '{}', now: 3 } },
  ],
];
for (const [what, files, expected] of OPENED) {
  test(`opened: ${what}`, async () => {
    const found = await opened(files);
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(found[name], value, JSON.stringify(found));
    assert.doesNotMatch(JSON.stringify(found.state ?? {}), /"secret/);
  });
}

const PROBLEMS = [
  ['nothing', [], /no file/],
  ['a picture', [{ name: 'a.png', bytes: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0xff]) }], /`a.png` is no UTF-8/],
  ['a note', [file('a.txt', 'hello')], /`a.txt` is nothing that the playground knows/],
  ['broken JSON that holds a key', [file('case.json', '{"keys": "hunter2"')], /^(?!.*hunter2)`case.json` is no JSON/],
  ['broken YAML', [file('a.yaml', 'a: [')], /cannot be read as YAML/],
  ['a registry', [file('hooks.json', '{"hooks":[]}')], /registry of hooks/],
  ['two cases', [file('a/case.json', '{}'), file('b/case.json', '{}')], /several cases: a\/case.json, b\/case.json/],
  ['a case alone without its request', [file('case.json', '{"contract":"github"}')], /no `request.http`/],
  [
    'a case without its contract',
    [file('case.json', '{"contract":"./c.json"}'), file('request.http', 'x')],
    /`\.\/c.json`, which is not among/,
  ],
  [
    'a case with a wrong member',
    [file('case.json', '{"contract":"github","origin":5}'), file('request.http', 'GET / HTTP/1.1\n\n')],
    /`\/origin`/,
  ],
  ['two contracts', [file('a.json', sub2api), file('b.json', sub2api)], /two of the same kind: `a.json` and `b.json`/],
  ['a broken archive', [{ name: 'a.zip', bytes: Uint8Array.of(0x50, 0x4b, 3, 4) }], /no ZIP file/],
];
for (const [what, files, expected] of PROBLEMS) {
  test(`a problem in words: ${what}`, async () => {
    const found = await opened(files);
    assert.equal(found.kind, 'problem', JSON.stringify(found));
    assert.match(found.problem, expected);
  });
}

test('the archive holds one folder', async () => {
  const { state } = await caseState('coze-v2/duplicate');
  const names = Object.keys(await unzip(await zip(inFolder(caseFolder({ state, keys: [], data: none, now: 1 })))));
  assert.deepEqual(names, ['coze-v2-case/README.md', 'coze-v2-case/case.json', 'coze-v2-case/request.http']);
});
