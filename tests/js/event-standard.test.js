// event-standard: the caller's own schema of a payload goes into a copy, as the README says.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { folder, ROOT, run } from './setup.js';

const SHIPPED = join(ROOT, 'policies/webhook/event-standard');

test('a copy takes a schema of the payload, and what it refuses is a dead letter', async (t) => {
  const cwd = folder(t);
  const readme = readFileSync(join(SHIPPED, 'README.md'), 'utf8');
  const [, schema] = /^```json\n(.*?)^```/ms.exec(readme);
  cpSync(SHIPPED, join(cwd, 'my-events'), { recursive: true });
  writeFileSync(join(cwd, 'my-events/finance-risk-v3.2.schema.json'), schema);
  const judged = async (version, payload) => {
    const body = JSON.stringify({
      event_id: '018fc6f0-4c20-7abc-8def-0123456789ab',
      source_system: 'CN',
      payload_schema_version: `finance-risk-v${version}`,
      payload,
    });
    writeFileSync(join(cwd, 'event.http'), `POST /events HTTP/1.1\ncontent-type: application/json\n\n${body}`);
    const args = ['verify', '--contract', 'my-events/contract.json', '--now', '1717029588', '-f', 'json', 'event.http'];
    const [{ verdict, deadLetter }] = [JSON.parse((await run(args, { cwd })).stdout)].flat();
    return [verdict, deadLetter?.reason, deadLetter?.at];
  };
  assert.deepEqual(await judged('3.2', { score: 0.97 }), ['accept', undefined, undefined]);
  assert.deepEqual(await judged('3.2', { score: '0.97' }), ['reject', 'schema-type', '/payload/score']);
  assert.deepEqual(await judged('3.2', { graph: {} }), ['reject', 'schema-required', '/payload']);
  assert.deepEqual(await judged('3.1', { graph: {} }), ['accept', undefined, undefined]);
});
