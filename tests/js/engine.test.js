import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { createApi } from '../../pkg/api/api.js';
import { MOST_BYTES } from '../../pkg/core/engine.js';
import { ContractError, InternalError } from '../../pkg/core/errors.js';

const contract = { contract: 'x', version: 1, signature: null };
const request = { method: 'POST', url: '/', headers: [], body: new Uint8Array() };
const LARGE = 40 * 2 ** 20;
const SEEN = { now: 0, seen: [] }; // comes in as JSON

/** A core that traps when the body says so. */
function core() {
  const log = [];
  const memory = { buffer: new ArrayBuffer(8) };
  const bindings = {
    initSync: () => log.push('start'),
    __wbg_reset_state: () => log.push('fresh'),
    wasmMemory: () => memory,
    lendHash: () => {},
    skew: () => Number.NaN,
    Gate: {
      compile: () => {
        log.push('compile');
        return {
          about: () => '{}',
          accept: () => '{}',
          lint: () => '[]',
          free: () => log.push('free'),
          check: (_, body) => {
            if (body.length === 1) throw new WebAssembly.RuntimeError('unreachable');
            if (body.length === 2) throw new RangeError('Maximum call stack size exceeded');
            if (body.length === 3) throw 'not JSON';
            if (body.length === 4) throw '{"code":"contract-grammar","at":"/","message":"m","help":"h"}';
            return '{"verdict":"accept"}';
          },
        };
      },
    },
  };
  return { log, bindings, api: createApi(bindings, () => 'module', {}) };
}

test('a trap is an InternalError, and the gate goes on with a fresh module', async () => {
  const { log, api } = core();
  const [gate, other] = [await api.compile(contract), await api.compile(contract)];
  for (const length of [1, 2]) {
    assert.throws(
      () => gate.check({ ...request, body: new Uint8Array(length) }, SEEN),
      (error) => {
        assert.ok(error instanceof InternalError);
        assert.equal(error.code, 'internal');
        assert.match(error.message, /report/);
        return true;
      },
    );
  }
  log.length = 0;
  assert.equal(gate.check(request, SEEN).verdict, 'accept');
  assert.equal(other.check(request, SEEN).verdict, 'accept');
  assert.deepEqual(log, ['fresh', 'compile', 'compile']);
});

test('what belongs to a dropped instance is not freed in the next one', async () => {
  const { log, api } = core();
  const gate = await api.compile(contract);
  assert.throws(() => gate.check({ ...request, body: new Uint8Array(1) }, SEEN), InternalError);
  gate.free();
  assert.ok(!log.includes('free'));
});

test("the core's own words are a ContractError, anything else is not let through", async () => {
  const { api } = core();
  const gate = await api.compile(contract);
  assert.throws(
    () => gate.check({ ...request, body: new Uint8Array(4) }, SEEN),
    (error) => error instanceof ContractError && error.help === 'h',
  );
  assert.throws(() => gate.check({ ...request, body: new Uint8Array(3) }, SEEN), InternalError);
});

test('the module starts with the first call, once', async () => {
  const { log, api } = core();
  assert.deepEqual(log, []);
  await api.compile(contract);
  await api.compile(contract);
  assert.deepEqual(log, ['start', 'compile', 'compile']);
});

test('where the module has to come first, it is waited for, once', async () => {
  const { log, bindings } = core();
  let loads = 0;
  const load = async () => {
    loads += 1;
    return 'module';
  };
  const api = createApi(bindings, load, {});
  await Promise.all([api.compile(contract), api.init(), api.compile(contract)]);
  await api.init();
  assert.deepEqual(log, ['start', 'compile', 'compile']);
  assert.equal(loads, 1);
});

test('what is synchronous says so before, and works after', async () => {
  const { bindings } = core();
  const api = createApi({ ...bindings, call: () => '{"milliseconds":1}' }, async () => 'module', {});
  assert.throws(() => api.backoff(0, { seed: 1 }), { name: 'TypeError', message: /`await init\(\)`/ });
  await api.init();
  assert.equal(api.backoff(0, { seed: 1 }).milliseconds, 1);
});

test('a module that did not come is asked for again', async () => {
  const { log, bindings } = core();
  let fails = true;
  const api = createApi(
    bindings,
    async () => {
      if (fails) throw new Error('no network');
      return 'module';
    },
    {},
  );
  await assert.rejects(api.compile(contract), /no network/);
  await assert.rejects(api.init(), /no network/);
  fails = false;
  await api.init();
  assert.deepEqual(log, ['start']);
});

test('the real module starts afresh after a trap, and judges as before', async () => {
  const core = await import('../../pkg/core.js');
  const bytes = readFileSync(new URL('../../pkg/core_bg.wasm', import.meta.url));
  let traps = 1;
  const Gate = {
    compile(configuration) {
      const gate = core.Gate.compile(configuration);
      const check = (head, body) => {
        if (traps-- > 0) throw new WebAssembly.RuntimeError('unreachable');
        return gate.check(head, body);
      };
      return { check, about: () => gate.about(), accept: () => gate.accept(), free: () => gate.free() };
    },
  };
  const api = createApi({ ...core, Gate }, () => new WebAssembly.Module(bytes), {});
  const [gate, other] = [await api.compile(contract), await api.compile(contract)];
  assert.throws(() => gate.check(request, SEEN), InternalError);
  assert.equal(gate.check(request, SEEN).contract, 'x');
  assert.equal(other.checkText(request, { now: 0 }), gate.checkText(request, { now: 0 }));
  gate.free();
  other.free();
});

test('an instance that has grown large is replaced, and what it gave out stays', async () => {
  const { compile } = await import('../../pkg/node.js');
  const { wasmMemory } = await import('../../pkg/core.js');
  const any = {
    contract: 'any',
    version: 1,
    signature: null,
    request: { maxBytes: MOST_BYTES },
    route: { type: '/type' },
    shape: { id: { from: ['/id'] } },
  };
  const [gate, other] = [await compile(any), await compile(any)];
  const message = (document) => ({ ...request, body: new TextEncoder().encode(JSON.stringify(document)) });
  const small = message({ type: 'paid', id: 7, more: 'é' });
  const expected = gate.checkText(small, { now: 0 });
  const first = wasmMemory();
  const given = [
    gate.decide(small, { now: 0 }),
    gate.check(small, { now: 0 }),
    gate.measure(small, { now: 0 }).verdict,
  ];

  const large = message({ type: 'paid', id: 'x'.repeat(LARGE) });
  const decision = gate.decide(large, { now: 0 });
  assert.ok(first.buffer.byteLength > MOST_BYTES);
  assert.equal(gate.checkText(small, { now: 0 }), expected);
  assert.notEqual(wasmMemory(), first);
  assert.ok(wasmMemory().buffer.byteLength < MOST_BYTES / 4);
  assert.equal(other.checkText(small, { now: 0 }), expected);

  const { verdict, status, event, message: shaped } = JSON.parse(expected);
  assert.equal(verdict, 'accept');
  for (const had of given) {
    assert.deepEqual([had.verdict, had.status, had.event, had.message], [verdict, status, event, shaped]);
  }
  assert.equal(decision.message.id.length, LARGE);
  // The memory did not grow again, so the instance stays.
  const second = wasmMemory();
  for (let at = 0; at < 100; at += 1) gate.check(small, { now: 0 });
  assert.equal(wasmMemory(), second);
  gate.free();
  other.free();
});

test('what gates take is not for a message: an instance with many of them stays', async () => {
  const { bindings, log } = core();
  const memory = { buffer: new ArrayBuffer(8) };
  const grow = (bytes) => (memory.buffer = grown(memory.buffer, bytes));
  const make = bindings.Gate.compile;
  bindings.Gate.compile = () => {
    grow(2 * MOST_BYTES);
    const check = (_, body) => {
      grow(2 * MOST_BYTES + body.length);
      return '{}';
    };
    return { ...make(), check };
  };
  bindings.wasmMemory = () => memory;
  const gate = await createApi(bindings, () => 'module', {}).compile(contract);
  const check = (bytes) => gate.check({ ...request, body: new Uint8Array(bytes) }, SEEN);
  check(1000);
  check(MOST_BYTES - 8);
  assert.ok(!log.includes('fresh'));
  check(MOST_BYTES + 8);
  assert.ok(!log.includes('fresh'), 'it was replaced before the next call');
  check(8);
  assert.ok(log.includes('fresh'));
});

function grown(buffer, bytes) {
  structuredClone(buffer, { transfer: [buffer] });
  return new ArrayBuffer(bytes);
}
