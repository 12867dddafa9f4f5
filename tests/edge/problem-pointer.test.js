// A problem's pointer is the fragment of a URI (RFC 6901, section 6).
import assert from 'node:assert/strict';
import test from 'node:test';
import { answerOf } from '../../js/edge/answer.js';

test('a member may be called anything', () => {
  const pointers = [
    ['/id', '#/id'],
    ['', '#'],
    ['/a#b', '#/a%23b'],
    ['/a%b', '#/a%25b'],
    ['/a b/ü"', '#/a%20b/%C3%BC%22'],
    ['/a~1b~0c', '#/a~1b~0c'],
  ];
  for (const [at, pointer] of pointers) {
    const finding = { code: 'schema-type', stage: 'schema', severity: 'error', message: 'no', at };
    const verdict = { verdict: 'reject', status: 422, statusText: 'Unprocessable Content', findings: [finding] };
    const { errors } = JSON.parse(answerOf(verdict, { methods: [], contentTypes: undefined }, 'urn:x').body);
    assert.equal(errors[0].pointer, pointer);
    assert.equal(decodeURIComponent(new URL(`urn:x${pointer}`).hash.slice(1)), at);
  }
});
