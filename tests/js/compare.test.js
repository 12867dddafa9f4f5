// Two versions of one API side by side: by the call, and over recordings on the command line.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compare, compile, loadPack } from '../../pkg/node.js';
import { NOW } from './setup.js';
import { compared, HEADERS, keys, signed, V1, v1, V2, v2 } from './compare/versions.js';

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

test('where a verdict leaves errors out, nobody knows that two agree', async () => {
  const contract = (name, last) => ({
    contract: name,
    version: 1,
    signature: null,
    schema: { required: ['a', 'b', last] },
  });
  const gate = (last, findings) => compile(contract(last, last), { limits: { findings } });
  const request = { method: 'POST', url: '/', headers: HEADERS, body: Buffer.from('{}') };
  const of = async (findings) => {
    const gates = await Promise.all([gate('x', findings), gate('y', findings)]);
    const { agree, differences, capped } = compare(...gates, request, { now: NOW });
    for (const one of gates) one.free();
    return [agree, differences.length, capped];
  };
  assert.deepEqual(await of(3), [false, 2, false]);
  assert.deepEqual(await of(2), [false, 0, true]);
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
