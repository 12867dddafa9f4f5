// `registry.settle` and the contract `envelope-answer` say the same of an answer: what is accepted is done, and a
// refusal says when to send the message again.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { loadRegistry } from '../../pkg/node.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { cases } from './replay.js';

const ACTIONS = { later: 'retry', corrected: 'drop', signed: 'drop', never: 'drop' };
/** `settle` knows no id, needs no parameter, and takes every 2xx. */
const UNKNOWN = ['receipt-other', 'receipt-parameter', 'status'];

test('of every case of envelope-answer', async (t) => {
  const hook = { id: 'li', uri: 'https://li.example/', enabled: true, contract: 'envelope', disableAfter: 1 };
  const registry = await loadRegistry({ version: 1, hooks: [hook] });
  t.after(() => registry.free());
  const actions = new Set();
  for (const { folder, found } of cases()) {
    const name = basename(folder);
    const path = join(folder, 'request.http');
    if (found.contract !== 'envelope-answer' || !existsSync(path) || UNKNOWN.includes(name)) continue;
    const { request } = parseRecording(readFileSync(path), path);
    const { verdict, findings } = JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8'));
    const receipt = found.params?.receipt === undefined || found.params.receipt === 'yes';
    const { action, disable } = registry.settle('li', request, { now: found.now, receipt });
    const error = findings.find(({ severity }) => severity === 'error');
    // A receipt that cannot be read is none.
    const again = error?.code === 'json-invalid' ? 'later' : error?.facts?.again;
    assert.equal(action, verdict === 'accept' ? 'done' : ACTIONS[again], `${name}: ${again}`);
    const due = ['policy-hook-gone', 'policy-hook-signature', 'policy-hook-forbidden'].includes(error?.code);
    assert.equal(disable.decision, due && request.status !== 400, name);
    actions.add(action);
  }
  assert.deepEqual([...actions].sort(), ['done', 'drop', 'retry']);
});
