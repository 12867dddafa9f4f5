// `registry.settle` and the contract `envelope-answer` say the same of an answer: what is accepted is done, a refusal
// says when to send the message again, and a signature is counted as refused if the message is to be signed anew.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { compile, loadRegistry } from '../../pkg/node.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { cases } from './replay.js';
import { NOW } from './setup.js';

const ACTIONS = { later: 'retry', corrected: 'drop', signed: 'drop', never: 'drop' };
/** `settle` knows no id, needs no parameter, and takes every 2xx. */
const UNKNOWN = ['receipt-other', 'receipt-parameter', 'status'];

const hook = { id: 'li', uri: 'https://li.example/', enabled: true, contract: 'envelope', disableAfter: 1 };
const HOOKS = { version: 1, hooks: [hook] };

/** What the contract says, in the words of `settle`: the action, and whether a signature was refused. */
function said({ verdict, findings }) {
  const error = findings.find(({ severity, facts }) => severity === 'error' && facts?.again !== undefined);
  const again = verdict === 'accept' ? undefined : error?.facts.again;
  const gone = error?.code === 'policy-hook-gone';
  return { action: verdict === 'accept' ? 'done' : ACTIONS[again], disable: gone || again === 'signed' };
}

function settled(registry, answer, options) {
  const { action, disable } = registry.settle('li', answer, options);
  return { action, disable: disable.decision };
}

test('of every case of envelope-answer', async (t) => {
  const registry = await loadRegistry(HOOKS);
  t.after(() => registry.free());
  const actions = new Set();
  for (const { folder, found } of cases()) {
    const name = basename(folder);
    const path = join(folder, 'request.http');
    if (found.contract !== 'envelope-answer' || !existsSync(path) || UNKNOWN.includes(name)) continue;
    const { request } = parseRecording(readFileSync(path), path);
    const verdict = JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8'));
    const receipt = found.params?.receipt === undefined || found.params.receipt === 'yes';
    // A receipt that cannot be read is none.
    const broken = verdict.findings.some(({ code }) => code === 'json-invalid');
    const expected = broken ? { action: 'retry', disable: false } : said(verdict);
    const got = settled(registry, request, { now: found.now, receipt });
    assert.deepEqual(got, expected, name);
    actions.add(got.action);
  }
  assert.deepEqual([...actions].sort(), ['done', 'drop', 'retry']);
});

/** Each alone and as `{"error": …}`. */
const TEXTS = [
  'x-webhook-sign 不正确',
  'invalid signature',
  'SignatureDoesNotMatch',
  'the request is not signed',
  '验签失败',
  'target mismatch',
  '目标不匹配',
  'Origin not allowed',
  'Invalid CORS request',
  'bad referer',
  'the signature is of another target',
  'forbidden: design and assignment',
  'Unauthorized',
  'ok',
];
const BODIES = [
  '',
  '{"received":true}',
  '{"received":false}',
  '{"received":true,"id":1234567890123456789}',
  '{"errcode":401,"errmsg":"签名不正确"}',
  '{"signature":"","target":""}',
  '{"errors":[{"code":"invalid_signature"}]}',
  '<html><a href="/" target="_blank">sign in</a></html>',
  'null',
  '7',
  ...[
    'code:policy-target-mismatch',
    'code:request-origin',
    'code:hook-receipt',
    'code:policy-signature-of-another',
  ].map((type) => JSON.stringify({ type: `urn:countersign:${type}`, title: 'Forbidden' })),
  ...['authentication', 'busy', 'aborted'].map((type) => JSON.stringify({ type: `urn:countersign:problem:${type}` })),
  ...TEXTS.flatMap((text) => [text, JSON.stringify({ error: text }), JSON.stringify([{ a: [text] }])]),
];
const utf8 = (text) => new TextEncoder().encode(text);
const HEADERS = [
  {},
  ...['5', ' 7 ', '0', '00', '-1', 'soon', 'GMT', '', '1.5'].map((wait) => ({ 'retry-after': wait })),
  ...['Thu, 30 May 2024 00:48:40 GMT', 'Thursday, 30-May-24 00:48:40 GMT', 'Thu May 30 00:48:40 2024'].map((wait) => ({
    'retry-after': wait,
  })),
  { 'x-ratelimit-reset': String(NOW + 60) },
];

/** With each kind of wait. */
const WAITING = ['', 'invalid signature', 'target mismatch', '{"received":true}'];

test('of every status, with words and waits of all kinds', async (t) => {
  const registry = await loadRegistry(HOOKS);
  t.after(() => registry.free());
  const statuses = Array.from({ length: 500 }, (_, index) => index + 100);
  const { response } = JSON.parse(readFileSync('policies/webhook/envelope-answer/contract.json', 'utf8'));
  // Of any other 2xx the contract says only that nobody answers with it.
  const meant = statuses.filter((status) => status < 200 || status >= 300 || response.statuses.includes(status));
  const plain = meant.map((status) => ({ status, headers: {}, body: utf8('') }));
  const spoken = [100, 200, 204, 302, 400, 401, 403, 404, 409, 410, 413, 422, 423, 425, 429, 500, 503];
  const answers = spoken.flatMap((status) => [
    ...BODIES.flatMap((body) => HEADERS.slice(0, 2).map((headers) => ({ status, headers, body: utf8(body) }))),
    ...HEADERS.flatMap((headers) => WAITING.map((body) => ({ status, headers, body: utf8(body) }))),
  ]);
  const wrong = [];
  for (const receipt of [true, false]) {
    const judge = await compile('envelope-answer', { params: { receipt } });
    for (const answer of receipt ? [...plain, ...answers] : answers.filter(({ status }) => status < 300)) {
      const expected = said(judge.check(answer, { now: NOW }));
      const got = settled(registry, answer, { now: NOW, receipt });
      if (got.action !== expected.action || got.disable !== expected.disable)
        wrong.push(JSON.stringify({ ...answer, body: `${Buffer.from(answer.body)}`, receipt, got, expected }));
    }
    judge.free();
  }
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length}`);
});
