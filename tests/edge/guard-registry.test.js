// The guard over a registry: the hook's address is the route, a receipt is given where one is needed, and a hook that
// is disabled or should be is told.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';

import { createGuard } from '../../pkg/edge/index.js';
import { memoryStore } from '../../pkg/stores/memory.js';
import { compile, loadRegistry } from '../../pkg/node.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { cases } from '../js/replay.js';
import { ROOT } from '../js/setup.js';

const CASES = join(ROOT, 'tests/cases/registry');
const read = (path) => JSON.parse(readFileSync(join(CASES, path), 'utf8'));
const NOW = 1482724545;
const registry = read('design/hooks.json');
const contracts = {
  './hook.json': {
    contract: read('design/hook.json'),
    files: { 'hook.rego': readFileSync(join(CASES, 'design/hook.rego'), 'utf8') },
  },
  './plain.json': { contract: read('design/plain.json') },
};
const keys = {
  li: [{ secret: 'a-secret-of-li-that-is-long' }],
  zhang: [{ secret: 'a-secret-of-zhang-that-is-long' }],
};

async function guardOf(t, options) {
  const told = { verdicts: [], disabled: [] };
  const guard = await createGuard({
    registry,
    contracts,
    keys,
    store: memoryStore(),
    now: () => NOW,
    onVerdict: (event) => told.verdicts.push(event),
    onDisable: (event) => told.disabled.push(event),
    ...options,
  });
  t.after(() => guard.free());
  const send = (request, answer = () => new Response()) => guard.wrap(({ delivery }) => answer(delivery))(request);
  return { guard, told, send };
}

/** The recorded request of a case, as a Request. */
function recorded(name, change = (text) => text) {
  const { request } = parseRecording(readFileSync(join(CASES, name, 'request.http')), 'request.http');
  const host = request.headers.find(([header]) => header === 'Host')?.[1] ?? 'example.com';
  const url = request.url.startsWith('/') ? `http://${host}${request.url}` : request.url;
  const body = change(new TextDecoder().decode(request.body));
  return new Request(url, { method: request.method, headers: request.headers, body });
}

const said = async (response) => [response.status, await response.text()];

describe('receipts', () => {
  test('a 2xx without a body becomes the receipt; an answer of the handler’s own stays', async (t) => {
    const { send } = await guardOf(t, { store: null });
    const receipt = '{"received":true,"id":"1024"}';
    const answers = [
      [() => new Response(), [200, receipt]],
      [() => new Response(null, { status: 204, headers: { 'x-mine': '1' } }), [200, receipt]],
      [() => new Response(null, { status: 202 }), [202, receipt]],
      [() => new Response('mine'), [200, 'mine']],
      [() => new Response(null, { status: 503 }), [503, '']],
      [({ receipt: given }) => Response.json({ ...given, more: 1 }), [200, '{"received":true,"id":"1024","more":1}']],
    ];
    for (const [answer, expected] of answers) {
      assert.deepEqual(await said(await send(recorded('picked-by-host'), answer)), expected);
    }
    const response = await send(recorded('picked-by-host'), answers[1][0]);
    assert.deepEqual(
      ['x-mine', 'content-type'].map((name) => response.headers.get(name)),
      ['1', 'application/json'],
    );
  });

  test('a copy is told that it is one, and a hook without receipts gives none', async (t) => {
    const { send, told } = await guardOf(t);
    assert.equal((await send(recorded('picked-by-host'))).status, 200);
    assert.equal((await (await send(recorded('picked-by-host'))).json()).duplicate, true);
    assert.deepEqual(
      told.verdicts.map(({ contract, outcome }) => [contract, outcome]),
      [
        ['li', 'accept'],
        ['li', 'ignore'],
      ],
    );
    const seen = [];
    const quiet = await send(recorded('no-receipt'), (delivery) => {
      seen.push(delivery.contract, 'receipt' in delivery);
      return new Response();
    });
    assert.deepEqual(
      [await said(quiet), seen],
      [
        [200, ''],
        ['zhang', false],
      ],
    );
  });

  test('a handshake is answered without the handler', async (t) => {
    const { send } = await guardOf(t);
    const [status, text] = await said(await send(recorded('handshake'), () => assert.fail('not handled')));
    assert.deepEqual([status, text], [200, JSON.stringify(read('handshake/outcome.json').answer.body)]);
  });
});

describe('which hook', () => {
  test('the address says so; the scheme and the proxy’s host do not', async (t) => {
    const { guard } = await guardOf(t, { store: null });
    const picked = async (url, headers = []) => {
      const judged = await guard.receive({ method: 'POST', url, headers, read: () => new Uint8Array() });
      return judged.contract ?? judged.answer.status;
    };
    const host = (value) => [['Host', value]];
    assert.deepEqual(
      await Promise.all([
        picked('http://example.com/receiveHook'),
        picked('https://example.com/receiveHook'),
        picked('/receiveHook', host('example.com')),
        picked('http://example.com/receiveHook', host('example2.com')),
        picked('/receiveHook', host('example3.com:8443')),
        picked('/receiveHook', host('example3.com')),
        picked('/receiveHook/', host('example.com')),
        picked('/x/../receiveHook', host('example.com')),
        picked('/receiveHook', [...host('example.com'), ...host('example2.com')]),
        picked('/receiveHook'),
      ]),
      ['li', 'li', 'li', 'li', 'zhang', 404, 404, 404, 404, 404],
    );
    const behind = await guardOf(t, { store: null, origin: 'https://example.com' });
    const judged = await behind.guard.check(
      new Request('http://10.0.0.7:8080/receiveHook', { method: 'POST', body: '' }),
    );
    assert.equal(judged.contract, 'li');
  });

  test('a disabled hook is answered as the registry does, and its body is not read', async (t) => {
    const { guard, told } = await guardOf(t);
    const url = 'http://example2.com/receiveHook';
    const { answer, verdict } = await guard.receive({
      method: 'POST',
      url,
      headers: [['content-length', '7']],
      read: () => assert.fail('read'),
    });
    const { instance, ...body } = JSON.parse(answer.body);
    assert.match(instance, /^urn:uuid:/);
    assert.deepEqual([answer.status, body], [410, read('disabled/outcome.json').answer.body]);
    assert.deepEqual([verdict.findings[0].code, told.verdicts[0].code], ['hook-disabled', 'hook-disabled']);
  });
});

test('refused signatures in a row are told once, until one holds', async (t) => {
  const { send, told } = await guardOf(t, { store: null });
  const forged = () => recorded('picked-by-host', (text) => text.replace('breaks', 'works!'));
  for (let time = 0; time < 5; time += 1) assert.equal((await send(forged())).status, 401);
  assert.equal(told.disabled.length, 1);
  const [{ instance, ...event }] = told.disabled;
  assert.equal(instance, told.verdicts[2].instance);
  assert.deepEqual(event, {
    hook: 'li',
    failures: 3,
    reason: 'refused signatures in a row: 3; `disableAfter` is 3',
  });
  assert.equal((await send(recorded('picked-by-host'))).status, 200);
  for (let time = 0; time < 3; time += 1) await send(forged());
  assert.equal(told.disabled.length, 2);
});

/** Where the guard answers otherwise on purpose. */
const OTHERWISE = {
  'host-twice': 'no hook is picked, and nothing else is judged',
  'unknown-scheme': 'a proxy may have changed the scheme',
};

test('the guard answers every case as the registry decides it', async (t) => {
  const held = await loadRegistry(registry, { contracts, keys });
  t.after(() => held.free());
  const wrong = [];
  let compared = 0;
  for (const { folder, found } of cases()) {
    if (found.registry !== '../design/hooks.json' || found.settle || found.seen || found.limits) continue;
    const { request } = parseRecording(readFileSync(join(folder, 'request.http')), 'request.http');
    if (request.status !== undefined) continue;
    const { now } = found;
    const { hook, verdict, answer } = held.check(request, { now, stopAtFirst: true });
    const { guard } = await guardOf(t, { store: null, now: () => now });
    const judged = await guard.receive({ ...request, read: () => request.body });
    const status = judged.ok ? 200 : judged.answer.status;
    const receipt = answer.body?.received ? answer.body : undefined;
    const [expected, got] = [
      [hook, answer.status, verdict.verdict === 'accept' ? receipt : undefined],
      [judged.contract, status, judged.receipt],
    ].map((one) => JSON.stringify(one));
    compared += 1;
    if (expected !== got) wrong.push([basename(folder), expected, got]);
  }
  assert.deepEqual(
    wrong.filter(([name]) => !(name in OTHERWISE)),
    [],
  );
  assert.deepEqual(
    wrong.map(([name]) => name),
    Object.keys(OTHERWISE),
  );
  assert.ok(compared > 25, `only ${compared} cases`);
});

test('options that cannot be right', async () => {
  const refuses = (words, options) =>
    assert.rejects(createGuard({ registry, contracts, keys, store: null, ...options }), words);
  await refuses(/route has no effect with registry/, { route: 'li' });
  await refuses(/registry must be an object/, { registry: [] });
  await refuses(/onDisable must be a function/, { onDisable: 1 });
  await refuses(/registry: .*hook `li`/, { keys: {} });
  await refuses(/keys are given for `lii`, which is no hook/, { keys: { ...keys, lii: keys.li } });
  await refuses(/the contract `.\/plain.json` is not beside the registry/, {
    contracts: { './hook.json': contracts['./hook.json'] },
  });
  await refuses(/hook li has a replay key, but there is no store/, { store: undefined });
  await assert.rejects(createGuard({ contracts: { a: 'stripe' }, onDisable: () => {} }), /pass registry, too/);
  const gate = await compile(contracts['./plain.json'].contract, { keys: keys.li });
  await refuses(/contracts\['.\/plain.json'\]/, { contracts: { ...contracts, './plain.json': gate } });
  gate.free();
});
