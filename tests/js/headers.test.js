import assert from 'node:assert/strict';
import { test } from 'node:test';

import { headerPairs } from '../../pkg/core/request.js';
import { compile } from '../../pkg/node.js';
import { BODY, NOW, SECRET, URL_ } from './setup.js';

const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
const body = new TextEncoder().encode(BODY);
const request = gate.sign(
  { method: 'POST', url: URL_, headers: { 'content-type': 'application/json' }, body },
  { now: NOW },
);

test('every common container reads the same', () => {
  const expected = gate.checkText(request, { now: NOW });
  const pairs = request.headers;
  const containers = [
    new Headers(pairs),
    new Map(pairs),
    Object.fromEntries(pairs),
    Object.assign(Object.create(null), Object.fromEntries(pairs)),
    Object.fromEntries(pairs.map(([name, value]) => [name, [value]])),
    new Headers(pairs).entries(),
    { ...Object.fromEntries(pairs), 'x-absent': undefined },
  ];
  for (const headers of containers) assert.equal(gate.checkText({ ...request, headers }, { now: NOW }), expected);
});

test('a member named __proto__ is a header, not a prototype', () => {
  assert.deepEqual(headerPairs(JSON.parse('{"__proto__":"x"}')), [['__proto__', 'x']]);
  const polluted = Object.create({ 'x-cs-signature': 'inherited' });
  assert.deepEqual(headerPairs(polluted), []);
});

test('what cannot be read is misuse', () => {
  const getter = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('boom');
    },
  });
  const iterator = {
    [Symbol.iterator]: () => {
      throw new RangeError('boom');
    },
  };
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new SyntaxError('boom');
      },
    },
  );
  function* endless() {
    for (;;) yield ['a', 'b'];
  }
  for (const headers of [
    getter,
    iterator,
    proxy,
    endless(),
    undefined,
    null,
    'a: b',
    ['Host', 'x'],
    [['a']],
    [['a', 'b', 'c']],
    [[1, 'b']],
    { a: 1 },
    { a: [null] },
  ]) {
    assert.throws(
      () => gate.check({ ...request, headers }, { now: NOW }),
      (error) => error.constructor === TypeError && /header/.test(error.message),
    );
  }
});

test('rawHeaders is named for what it is', () => {
  assert.throws(() => headerPairs(['Host', 'example.org']), /headersDistinct/);
});

test("a thousand headers, lone surrogates and line breaks are the sender's, not misuse", () => {
  const many = Array.from({ length: 1000 }, (_, index) => [`x-${index}`, 'v']);
  assert.equal(gate.check({ ...request, headers: many }, { now: NOW }).findings[0].code, 'limit-headers');
  const odd = gate.check(
    { ...request, url: '/\ud800', headers: [...request.headers, ['x', '\udc00'], ['y', 'a\r\nb: c']] },
    { now: NOW },
  );
  assert.equal(odd.verdict, 'reject');
});
