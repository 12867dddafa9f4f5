// Two versions of one API side by side: by the call, and over recordings on the command line.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compare, compile, loadPack } from '../../pkg/node.js';
import { folder, NOW, recorded, ROOT, run, SECRET } from './setup.js';

const keys = [{ secret: SECRET }];
const signature = {
  engine: 'segments',
  key: { algorithm: 'hmac-sha256' },
  from: { header: 'x-signature' },
  shape: { kind: 'plain' },
  encoding: 'hex',
  fields: { ts: { from: { header: 'x-timestamp' }, format: 'unix-seconds' } },
  signed: [{ field: 'ts' }, { literal: '.' }, { body: 'raw' }],
};
const common = {
  version: 1,
  request: { path: '/hooks' },
  signature,
  freshness: { field: 'ts', pastSeconds: 300, futureSeconds: 300 },
};
const V1 = {
  contract: 'orders-v1',
  ...common,
  route: { type: '/type', id: '/id', versions: [{ version: 'v1' }] },
  shape: { name: { from: ['/name'] }, tags: { from: ['/tags'] } },
};
const V2 = {
  contract: 'orders-v2',
  ...common,
  route: { type: ['/event_type', '/type'], id: '/id', versions: [{ version: 'v2' }] },
  schema: { type: 'object', required: ['event_id'] },
  shape: { name: { from: ['/full_name', '/name'] }, tags: { from: ['/tags'] }, event_id: { from: ['/event_id'] } },
};
const v1 = await compile(V1, { keys });
const v2 = await compile(V2, { keys });
const sub2api = await compile('sub2api', { keys });
const HEADERS = { 'content-type': 'application/json' };
const signed = (body, gate = v1) =>
  gate.sign({ method: 'POST', url: '/hooks', headers: HEADERS, body: Buffer.from(JSON.stringify(body)) }, { now: NOW });
const compared = (body, a = v1, b = v2) => compare(a, b, signed(body), { now: NOW });

test('one accepts and the other rejects: which, with which status, for which finding', () => {
  const { schemaVersion, agree, a, b, differences, notes, capped } = compared({ type: 'paid', id: '1', name: 'x' });
  assert.deepEqual([schemaVersion, agree, capped], [1, false, false]);
  assert.deepEqual(a, { contract: 'orders-v1', verdict: 'accept', status: 200, apiVersion: 'v1' });
  assert.deepEqual(b, { contract: 'orders-v2', verdict: 'reject', status: 422, apiVersion: 'v2' });
  assert.deepEqual(
    differences.map(({ message, ...others }) => others),
    [
      { kind: 'verdict', a: 'accept', b: 'reject' },
      { kind: 'status', a: 200, b: 422 },
      { kind: 'finding', only: 'b', code: 'schema-required', severity: 'error', at: '', property: 'event_id' },
    ],
  );
  assert.deepEqual(
    notes.filter(({ kind }) => kind === 'apiVersion'),
    [{ kind: 'apiVersion', a: 'v1', b: 'v2' }],
  );
});

test('the same code about another missing member is another finding', async () => {
  const [a, b] = await Promise.all(
    ['x', 'y'].map((name) => compile({ contract: name, version: 1, signature: null, schema: { required: [name] } })),
  );
  const { agree, differences } = compare(a, b, { method: 'POST', url: '/', headers: HEADERS, body: Buffer.from('{}') });
  assert.deepEqual(
    [agree, ...differences.map(({ only, at, property }) => [only, at, property])],
    [false, ['a', '', 'x'], ['b', '', 'y']],
  );
  for (const gate of [a, b]) gate.free();
});

test('the version alone is no disagreement, and what both find is no difference', () => {
  const body = { type: 'paid', id: '1', name: 'x', event_id: 'e' };
  const twin = { ...V1, contract: 'twin', route: { ...V1.route, versions: [{ version: 'v2' }] } };
  return compile(twin, { keys }).then((gate) => {
    const { agree, differences, notes } = compared(body, v1, gate);
    assert.deepEqual([agree, differences, notes], [true, [], [{ kind: 'apiVersion', a: 'v1', b: 'v2' }]]);
    const tampered = { ...signed(body), body: Buffer.from('{"type":"paid"}') };
    const both = compare(v1, gate, tampered, { now: NOW });
    assert.deepEqual([both.agree, both.a.verdict, both.differences], [true, 'reject', []]);
    assert.deepEqual(both.notes[0], { kind: 'unjudged', a: 'signature', b: 'signature' });
    gate.free();
  });
});

test('members of the message, by pointer and never by value', () => {
  const secret = 'nobody reads this';
  const { agree, differences } = compared({
    type: 'paid',
    id: '1',
    name: secret,
    full_name: `${secret}!`,
    tags: [1],
    event_id: secret,
  });
  assert.equal(agree, false);
  assert.deepEqual(differences, [
    { kind: 'message', at: '/name' },
    { kind: 'message', at: '/event_id', only: 'b' },
  ]);
  assert.ok(!JSON.stringify(differences).includes(secret));
});

test('another event of the same bytes is a disagreement', () => {
  const { differences } = compared({ type: 'paid', event_type: 'order.paid', id: '1', event_id: 'e', name: 'x' });
  assert.deepEqual(
    differences.filter(({ kind }) => kind === 'event'),
    [{ kind: 'event', at: '/type' }],
  );
});

test("what the store and the handler go by: the replay key, a duplicate, the payload's place", async () => {
  const once = { key: ['/id'], keepSeconds: 60, onDuplicate: 'ignore' };
  const of = async (...parts) => {
    const [a, b] = await Promise.all(
      parts.map((part, index) => compile({ contract: `c${'x'.repeat(index)}`, version: 1, signature: null, ...part })),
    );
    const body = '{"t":"x","id":"1","other":"2","payload":{"a":1},"payload_v2":{"a":1}}';
    const { agree, differences } = compare(
      a,
      b,
      { method: 'POST', url: '/', headers: HEADERS, body: Buffer.from(body) },
      { now: NOW },
    );
    assert.equal(agree, differences.length === 0);
    for (const gate of [a, b]) gate.free();
    return differences;
  };
  assert.deepEqual(await of({ replay: once }, { replay: once }), []);
  assert.deepEqual(await of({ replay: once }, {}), [{ kind: 'replay', at: '', only: 'a' }]);
  assert.deepEqual(await of({}, { replay: once }), [{ kind: 'replay', at: '', only: 'b' }]);
  assert.deepEqual(await of({ replay: once }, { replay: { ...once, key: ['/other'] } }), [
    { kind: 'replay', at: '/key' },
  ]);
  assert.deepEqual(await of({ replay: once }, { replay: { ...once, onDuplicate: 'reject' } }), [
    { kind: 'replay', at: '/onDuplicate' },
  ]);
  const payload = (...places) => ({
    route: { type: '/t', versions: [{ version: '1', events: { x: { payload: places.map((at) => ({ at })) } } }] },
  });
  assert.deepEqual(await of(payload('/payload_v2', '/payload'), payload('/payload', '/payload_v2')), [
    { kind: 'event', at: '/payload' },
  ]);
});

test('deep members, odd names and arrays; a list without end is capped', async () => {
  const contract = (name, from) => ({ contract: name, version: 1, signature: null, shape: { m: { from: [from] } } });
  const [a, b] = await Promise.all([compile(contract('a', '/a')), compile(contract('b', '/b'))]);
  const of = (left, right) =>
    compare(
      a,
      b,
      { method: 'POST', url: '/', headers: HEADERS, body: Buffer.from(JSON.stringify({ a: left, b: right })) },
      { now: NOW },
    );
  const at = (left, right) => of(left, right).differences.map(({ at: place, only }) => [place, only]);
  assert.deepEqual(at({ x: { 'a/b~c': 1, same: [1, { y: null }] } }, { x: { same: [1, { y: null }], 'a/b~c': 2 } }), [
    ['/m/x/a~1b~0c', undefined],
  ]);
  assert.deepEqual(at([1, 2, 3], [1, 4]), [
    ['/m/1', undefined],
    ['/m/2', 'a'],
  ]);
  assert.deepEqual(at({ 0: 1 }, [1]), [['/m', undefined]]);
  assert.deepEqual(at(JSON.parse('{"__proto__":{"x":1}}'), {}), [['/m/__proto__', 'a']]);
  assert.deepEqual(at({ x: 1, y: 2 }, { y: 2, x: 1 }), []);
  const long = of(Array(500).fill(0), Array(500).fill(1));
  assert.deepEqual([long.differences.length, long.capped, long.agree], [100, true, false]);
  for (const gate of [a, b]) gate.free();
});

test('a warning that one alone has is a note', async () => {
  const cut = await compile(
    { ...V1, contract: 'cut', route: { ...V1.route, versions: [{ version: 'v1', deprecated: { use: 'v2' } }] } },
    { keys },
  );
  const { agree, notes } = compared({ type: 'paid', id: '1', name: 'x' }, v1, cut);
  assert.equal(agree, true);
  assert.deepEqual(
    notes.map(({ only, code, severity }) => [only, code, severity]),
    [['b', 'version-deprecated', 'warning']],
  );
  cut.free();
});

test('a handshake that one alone answers, and an answer of an API', async () => {
  const route = (event) => ({ type: '/type', versions: [{ version: '1', events: { ping: event } }] });
  const [a, b] = await Promise.all(
    [{ answer: { pong: { default: 'value' } } }, {}].map((event, index) =>
      compile({ contract: `c${index}`, version: 1, signature: null, route: route(event) }),
    ),
  );
  const { differences } = compare(a, b, {
    method: 'POST',
    url: '/',
    headers: HEADERS,
    body: Buffer.from('{"type":"ping"}'),
  });
  assert.deepEqual(differences, [{ kind: 'answer', at: '', only: 'a' }]);
  const answers = await compile({ contract: 'answers', version: 1, signature: null, response: { statuses: [200] } });
  const mixed = compare(a, answers, { status: 200, headers: HEADERS, body: Buffer.from('{}') });
  assert.deepEqual([mixed.agree, mixed.b], [false, { contract: 'answers', verdict: 'accept' }]);
  assert.equal(JSON.stringify(mixed.differences.find(({ kind }) => kind === 'status')), '{"kind":"status","a":400}');
  for (const gate of [a, b, answers]) gate.free();
});

test('a grey release: by header, by path prefix and by body field, each verdict says its version', async () => {
  const versions = [
    { version: 'v2', when: { 'header:x-env': 'canary' } },
    { version: 'v2', when: { 'path:version': 'v2' } },
    { version: 'v2', when: { '/payload_v2': true } },
    { version: 'v1' },
  ];
  const request = { path: '/api/{version}/orders' };
  const [today, tomorrow] = await Promise.all([
    compile({ contract: 'today', version: 1, signature: null, request, route: { versions: [{ version: 'v1' }] } }),
    compile({
      contract: 'tomorrow',
      version: 1,
      signature: null,
      request,
      route: { versions: versions.map((one) => (one.when ? { ...one, schema: { required: ['event_id'] } } : one)) },
    }),
  ]);
  const seen = ({ url = '/api/v1/orders', headers = {}, body = '{}' }) => {
    const { agree, a, b } = compare(today, tomorrow, {
      method: 'POST',
      url,
      headers: { ...HEADERS, ...headers },
      body: Buffer.from(body),
    });
    return [agree, a.apiVersion, b.apiVersion, b.verdict];
  };
  assert.deepEqual(seen({}), [true, 'v1', 'v1', 'accept']);
  assert.deepEqual(seen({ headers: { 'x-env': 'canary' } }), [false, 'v1', 'v2', 'reject']);
  assert.deepEqual(seen({ headers: { 'x-env': 'canary' }, body: '{"event_id":"e"}' }), [true, 'v1', 'v2', 'accept']);
  assert.deepEqual(seen({ url: '/api/v2/orders' }), [false, 'v1', 'v2', 'reject']);
  assert.deepEqual(seen({ body: '{"payload_v2":{}}' }), [false, 'v1', 'v2', 'reject']);
  assert.deepEqual(seen({ body: '{"payload_v2":{},"event_id":"e"}' }), [true, 'v1', 'v2', 'accept']);
  for (const gate of [today, tomorrow]) gate.free();
});

test('both gates are told the same, whatever can be read once only', () => {
  const once = function* (values) {
    yield* values;
  };
  const request = signed({ type: 'paid', id: '1', name: 'x', event_id: 'e' });
  const { agree, a, b } = compare(
    v1,
    v1,
    { ...request, headers: once(request.headers) },
    { now: new Date(NOW * 1000), seen: once(['x:y']) },
  );
  assert.deepEqual(
    [agree, a, b],
    [true, b, { contract: 'orders-v1', verdict: 'accept', status: 200, apiVersion: 'v1' }],
  );
});

test('misuse is a TypeError', async () => {
  const request = signed({});
  assert.throws(() => compare(v1, compile(V2, { keys }), request), /second argument must be a gate.*Promise/);
  assert.throws(() => compare('sub2api', v2, request), /first argument must be a gate/);
  const pack = await loadPack('kubernetes');
  assert.throws(() => compare(pack, v2, request), TypeError);
  assert.throws(() => compare(v1, v2, request, { sen: [] }), /unknown option `sen`/);
  assert.throws(() => compare(v1, v2, request, null), TypeError);
  assert.throws(() => compare(v1, v2, { ...request, body: '{}' }), /raw bytes/);
  pack.free();
});

// On the command line.

const env = { S: SECRET };
const BOTH = ['verify', '--contract', './v1.json', '--contract', './v2.json', '--now', String(NOW)];
const KEYED = [...BOTH, '--key-env', 'S'];

function workplace(t, more = {}) {
  const cwd = folder(t);
  for (const name of ['in', 'doubted']) mkdirSync(join(cwd, name));
  const good = { type: 'paid', id: '1', name: 'x', event_id: 'e' };
  const files = {
    'v1.json': JSON.stringify(V1),
    'v2.json': JSON.stringify(V2),
    'in/old.http': recorded(v1, { body: '{"type":"paid","id":"1","name":"x"}', url: '/hooks' }),
    'in/lost.http': recorded(v1, { body: JSON.stringify(good), url: '/lost' }),
    'doubted/forged.http': recorded(sub2api, { body: JSON.stringify(good), url: '/hooks' }),
    'doubted/stale.http': recorded(v1, { body: JSON.stringify(good), url: '/hooks', now: NOW - 900 }),
    ...more,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

async function ends(code, args, cwd) {
  const result = await run(args, { cwd, env });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

test('a folder: each request, what they disagree on, and the sum', async (t) => {
  const cwd = workplace(t);
  const { stdout } = await ends(1, [...KEYED, 'in'], cwd);
  assert.match(stdout, /^A is orders-v1 \(\.\/v1\.json\), B is orders-v2 \(\.\/v2\.json\)\n/);
  assert.match(
    stdout,
    /✗ in\/old\.http: disagree: A accepts 200 as version v1, B rejects 422 as version v2\n {4}B alone says error\[schema-required\] at \/event_id: `event_id` is required and missing\n/,
  );
  assert.match(stdout, /✓ in\/lost\.http: agree: A rejects 404/);
  assert.match(stdout, /✗ 2 requests: 1 agree, 1 disagree \(\d/);
});

test('where neither believes the sender, nothing is compared, and that is no agreement', async (t) => {
  const cwd = workplace(t);
  const { stdout, stderr } = await ends(3, [...KEYED, 'doubted', 'in'], cwd);
  assert.match(
    stdout,
    /! doubted\/forged\.http: not compared: A rejects 401 as version v1, B rejects 401 as version v2\n {4}both refuse the signature, so nothing else was compared\n/,
  );
  assert.match(
    stdout,
    /! doubted\/stale\.http: not compared: .*\n {4}both refuse the time, so nothing else was compared\n/,
  );
  assert.match(stdout, /✗ 4 requests: 1 agree, 1 disagree, 2 not compared \(/);
  assert.match(
    stderr,
    /both refuse the signature or the time of doubted\/forged\.http and 1 more, .*\n {2}help: .*keys.*--now/,
  );
  assert.match(
    (await ends(3, [...KEYED, '-q', '--fail-on', 'never', 'doubted/forged.http'], cwd)).stdout,
    /not compared/,
  );
  const { agree, notes } = JSON.parse((await ends(3, [...KEYED, '-f', 'json', 'doubted/stale.http'], cwd)).stdout);
  assert.deepEqual([agree, notes[0]], [true, { kind: 'unjudged', a: 'freshness', b: 'freshness' }]);
  const split = recorded(v1, { body: '{"type":"paid"}', url: '/hooks', now: NOW - 900 });
  writeFileSync(join(cwd, 'split.http'), split);
  assert.match(
    (await ends(1, [...KEYED, 'split.http'], cwd)).stdout,
    /split\.http: disagree[\s\S]*B alone says[\s\S]*both refuse the time/,
  );
});

test('what several requests show is counted, commonest first', async (t) => {
  const old = (name) => recorded(v1, { body: `{"type":"paid","id":"${name}","name":"x"}`, url: '/hooks' });
  const cwd = workplace(t, {
    'in/a.http': old('a'),
    'in/b.http': recorded(v1, { body: '{"type":"paid","full_name":"y","name":"x","event_id":"e"}', url: '/hooks' }),
  });
  const { stdout } = await ends(1, [...KEYED, 'in'], cwd);
  assert.match(
    stdout,
    /in\/b\.http: disagree: .*\n {4}\/name of the message is not the same\n {4}B alone has \/event_id of the message\n/,
  );
  assert.match(
    stdout,
    /\n\n {2}2 times: B alone says error\[schema-required\] at \/event_id: .*\n✗ 4 requests: 1 agree, 3 disagree/,
  );
});

test('the example does what the README shows', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, command, shown] = /```text\n(countersign verify --contract examples[^`]*?)\n\n(.*?)\n```/s.exec(readme);
  const args = command.replaceAll('\\\n', ' ').split(/\s+/).slice(1);
  const { code, stdout } = await run(args, { cwd: ROOT, env: { WEBHOOK_SECRET: SECRET } });
  assert.equal(code, 1);
  for (const line of shown.split('\n')) assert.ok(stdout.includes(line), `${line}\n${stdout}`);
  assert.match(
    stdout,
    /✓ examples\/versions\/recordings\/1-today\.http: agree.*\n.*2-canary\.http: disagree[\s\S]*3-prefix.*disagree.*\n {4}B alone has \/amount of the message\n✓.*4-field\.http: agree/,
  );
});

test('one request is one document, several are a list or lines, each with its file', async (t) => {
  const cwd = workplace(t);
  const one = JSON.parse((await ends(1, [...KEYED, '-f', 'json', 'in/old.http'], cwd)).stdout);
  assert.deepEqual([one.file, one.agree, one.b.verdict], ['in/old.http', false, 'reject']);
  const several = JSON.parse((await ends(1, [...KEYED, '-f', 'json', 'in'], cwd)).stdout);
  assert.deepEqual(
    several.map(({ file, agree }) => [file, agree]),
    [
      ['in/lost.http', true],
      ['in/old.http', false],
    ],
  );
  const lines = (await ends(1, [...KEYED, '-f', 'jsonl', 'in'], cwd)).stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    several,
  );
});

test('0 where they agree, and --fail-on decides', async (t) => {
  const cwd = workplace(t, {
    'v3.json': JSON.stringify({
      ...V1,
      contract: 'v3',
      route: { ...V1.route, versions: [{ version: 'v1', deprecated: { use: 'v2' } }] },
    }),
  });
  await ends(0, [...KEYED, 'in/lost.http'], cwd);
  await ends(0, [...KEYED, '--fail-on', 'never', 'in'], cwd);
  const warned = [
    'verify',
    '--contract',
    './v1.json',
    '--contract',
    './v3.json',
    '--now',
    String(NOW),
    '--key-env',
    'S',
    'in/old.http',
  ];
  assert.match(
    (await ends(0, warned, cwd)).stdout,
    /agree: A accepts.*\n {4}B alone says warning\[version-deprecated\]/,
  );
  await ends(1, [...warned, '--fail-on', 'warning'], cwd);
  assert.equal((await ends(0, [...KEYED, '-q', 'in/lost.http'], cwd)).stdout, '');
  const broken = workplace(t, { 'in/cut.http': 'POST / HTTP/1.1\n' });
  assert.match(
    (await ends(3, [...KEYED, 'in'], broken)).stdout,
    /3 requests: 1 agree, 1 disagree, 1 could not be judged/,
  );
});

test('keys go to the contract that uses them', async (t) => {
  const cwd = workplace(t, {
    'open.json': JSON.stringify({ contract: 'open', version: 1, signature: null }),
    'open2.json': JSON.stringify({ contract: 'open-2', version: 1, signature: null }),
  });
  const by = (a, b, ...keyed) => [
    'verify',
    '--contract',
    a,
    '--contract',
    b,
    '--now',
    String(NOW),
    ...keyed,
    'doubted/stale.http',
  ];
  assert.match(
    (await ends(1, by('./v1.json', './open.json', '--key-env', 'S'), cwd)).stdout,
    /A alone says error\[timestamp-too-old\]/,
  );
  await ends(1, by('./open.json', './v1.json', '--key-env', 'S'), cwd);
  await ends(0, by('./open.json', './open2.json'), cwd);
  assert.match((await ends(2, by('./open.json', './open2.json', '--key-env', 'S'), cwd)).stderr, /error\[key-unused\]/);
  assert.match(
    (await ends(2, by('./v1.json', './open.json'), cwd)).stderr,
    /error\[key-missing\].*\(\.\/v1\.json at keys\)/,
  );
  assert.match(
    (await ends(2, by('./v1.json', 'discord', '--key-env', 'S'), cwd)).stderr,
    /error\[key-malformed\].*\(discord at keys\/0\)\n {2}help: .*compare\(gateA/,
  );
});

test('usage', async (t) => {
  const cwd = workplace(t);
  const stderr = async (...args) => (await ends(2, args, cwd)).stderr;
  assert.match(
    await stderr(...KEYED, '--contract', 'sub2api', 'in'),
    /--contract was given 3 times: two contracts are compared/,
  );
  assert.match(
    await stderr(...KEYED, '--explain', 'in'),
    /--explain is given beside two contracts[\s\S]*help: ask with the one/,
  );
  assert.match(
    await stderr('verify', '--contract', 'sub2api', '--contract', 'sub2api', '--key-env', 'S', 'in'),
    /agrees with itself/,
  );
  assert.match(await stderr(...KEYED), /nothing to verify/);
  assert.match(await stderr(...KEYED, '--other-key-env', 'S', 'in'), /--other-key-env is given without --explain/);
  assert.match(await stderr(...KEYED, '--jkt', 'x', 'in'), /the contract orders-v1, orders-v2 checks no DPoP proof/);
  assert.match(
    await stderr('sign', '--contract', './v1.json', '--contract', './v2.json', '--key-env', 'S'),
    /given 2 times: one contract/,
  );
});

test('a case folder lends its time, keys and options; its contract gives way', async (t) => {
  const cwd = workplace(t);
  mkdirSync(join(cwd, 'case'));
  writeFileSync(join(cwd, 'case/case.json'), JSON.stringify({ contract: 'sub2api', now: NOW, keys, why: 'x' }));
  writeFileSync(
    join(cwd, 'case/request.http'),
    recorded(v1, { body: '{"type":"paid","id":"1","name":"x"}', url: '/hooks' }),
  );
  const { stdout } = await ends(
    1,
    ['verify', '--contract', './v1.json', '--contract', './v2.json', '-f', 'json', 'case'],
    cwd,
  );
  const { a, b } = JSON.parse(stdout);
  assert.deepEqual([a.contract, a.verdict, b.contract, b.verdict], ['orders-v1', 'accept', 'orders-v2', 'reject']);
});
