// What a guard or a registry answers for a contract passes the contract of that system's answers, where there is one:
// `envelope-answer` is of what an `envelope` is answered with. An answer to a message that was received, now or before,
// is accepted. A refusal is read for what it is: its findings say what to do, and none is about the answer's form. And
// `registry.settle` counts an answer as a refused signature if signature or time was refused, and no other.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { createGuard } from '../../pkg/edge/index.js';
import { shipped } from '../../pkg/api/node.js';
import { compile, loadRegistry } from '../../pkg/node.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { CASES, cases } from './replay.js';
import { NOW, ROOT, SECRET } from './setup.js';

/** Contracts of answers that neither guard nor registry gives: another's API does. */
const OF_ANOTHER = ['coze-health-answer', 'coze-publish-answer', 'coze-publish-status-answer'];

/** Contracts that take no key. */
const KEYLESS = ['envelope'];

/** What a handler answers, as the system's own document has it. */
const HANDLERS = {
  envelope: () => Response.json({ received: true }),
  sub2api: ({ message: { content } }) => {
    const handled = { received: true, session_id: 's-1', reply: '请稍候', intent: 'refund' };
    const person = { handoff: true, ticket_id: 't-1' };
    return Response.json({ ...handled, ...(content === '我要退款' ? person : { handoff: false }) });
  },
};

const contracts = readdirSync(join(ROOT, 'policies/webhook'));
const answerContracts = contracts.filter((name) => name.endsWith('-answer') && !OF_ANOTHER.includes(name));

test('every contract of answers is paired with what they answer, or is of another', () => {
  const missing = OF_ANOTHER.filter((name) => !contracts.includes(name));
  assert.deepEqual(missing, []);
  const asked = answerContracts.map((name) => name.replace(/-answer$/, ''));
  assert.deepEqual(asked, Object.keys(HANDLERS), 'a pair needs what its handler answers');
});

/** The form of an answer is nothing that its caller could mend. */
const NOISE = /^(?:schema|json|encoding|request|payload)-|^(?:version|event)-unknown$/;

/** What is wrong with how an answer is read; nothing if all is well. */
function misread(verdict, received) {
  const { findings } = verdict;
  const loud = findings.filter(({ severity }) => severity !== 'info');
  if (received) return verdict.verdict === 'accept' && loud.length === 0 ? undefined : codes(loud);
  const noise = findings.filter(({ code, help }) => NOISE.test(code) || !help);
  if (verdict.verdict === 'accept') return 'accepted';
  return noise.length > 0 ? codes(noise) : undefined;
}

const codes = (findings) => findings.map(({ code }) => code).join(' ');

/** Each case of a contract that has a request, with the request as a client would call it. */
function requestsOf(name) {
  const path = (folder) => join(folder, 'request.http');
  return cases()
    .filter(({ folder, found }) => found.contract === name && existsSync(path(folder)))
    .map(({ folder, found }) => {
      const { request } = parseRecording(readFileSync(path(folder)), 'request.http');
      const host = request.headers.find(([header]) => header.toLowerCase() === 'host')?.[1] ?? 'receiver.example';
      const url = request.url.startsWith('/') ? `https://${host}${request.url}` : request.url;
      const { verdict: expected } = JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8'));
      return { title: folder.slice(CASES.length + 1), request: { ...request, url }, expected, ...found };
    });
}

/** Cases that no Request can carry are among them. */
const DIFFERING = JSON.parse(readFileSync(join(ROOT, 'tests/edge/request-cases.json'), 'utf8'));

const store = (claim) => ({ consistency: 'strong', claim, complete: async () => true, release: async () => true });

const fetched = ({ method, url, headers, body }) =>
  new Request(url, { method, headers, body: body.byteLength > 0 ? body : undefined });

/** What a caller gets: { answer, outcome, stage }, by the guard's own words for what happened. */
async function guarded(name, one, { request = fetched(one.request), ...options } = {}) {
  const { keys, params, limits, origin, now, seen = [] } = one;
  const gate = await compile(name, { keys, params, limits, origin });
  let [outcome, stage] = [];
  const guard = await createGuard({
    contracts: { [name]: gate },
    store: store(async (key) => (seen.includes(key.slice(name.length + 1)) ? 'done' : 'claimed')),
    now: () => now,
    onDeadLetter: null,
    onStoreError: () => {},
    onVerdict: (event) => ({ outcome, stage } = event),
    ...options,
  });
  const response = await guard.wrap(({ delivery }) => HANDLERS[name](delivery))(request);
  gate.free();
  return { outcome, stage, answer: await whole(response) };
}

const bytes = (value) => new TextEncoder().encode(JSON.stringify(value));

async function whole(response) {
  return { status: response.status, headers: response.headers, body: new Uint8Array(await response.arrayBuffer()) };
}

const withoutLength = (headers) => headers.filter(([name]) => name.toLowerCase() !== 'content-length');

/** Whose failures are refused signatures. */
const OF_SIGNATURE = ['signature', 'freshness'];

/** Whether whoever delivers counts the answer as a refused signature. */
async function counterOf(t, name, requests, own) {
  const contract = own === undefined ? name : './own.json';
  const hook = { id: 'hook', uri: addressOf(requests), enabled: true, contract };
  const keys = KEYLESS.includes(name) ? {} : { hook: [{ secret: SECRET }] };
  const registry = await loadRegistry({ version: 1, hooks: [hook] }, { keys, contracts: { './own.json': own } });
  t.after(() => registry.free());
  return (answer) => registry.settle('hook', answer, { now: NOW }).disable.failures === 1;
}

const addressOf = (requests) => /^[^?#]*/.exec(requests.find(({ expected }) => expected === 'accept').request.url)[0];

const carried = (requests) => requests.filter(({ title }) => !/^no Request/.test(DIFFERING[title]?.guard));

/** What becomes of a good request for reasons of the receiver's own: what to change, and the outcome. */
const SITUATIONS = {
  busy: () => ({ store: store(async () => 'busy') }),
  ignore: () => ({ store: store(async () => 'done') }),
  'store-down': () => ({ store: store(() => Promise.reject(new Error('away'))) }),
  unrouted: () => ({ route: () => undefined }),
  'body-parsed': async (one) => {
    const request = fetched(one.request);
    await request.text();
    return { request };
  },
  reject: ({ request: { method, url, headers, body } }) => {
    const announced = [...withoutLength(headers), ['content-length', String(2 ** 40)]];
    return { request: new Request(url, { method, headers: announced, body }) };
  },
  aborted: ({ request: { method, url, headers } }) => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    return { request: new Request(url, { method, headers: withoutLength(headers), body, duplex: 'half' }) };
  },
};

const OUTCOMES = [
  .../^export type Outcome =(.*?);/ms.exec(readFileSync(join(ROOT, 'js/edge.d.ts'), 'utf8'))[1].matchAll(/'([\w-]+)'/g),
].map(([, outcome]) => outcome);

for (const answerContract of answerContracts) {
  const name = answerContract.replace(/-answer$/, '');

  test(`${answerContract} reads what a guard over ${name} answers`, async (t) => {
    t.mock.method(console, 'error', () => {}); // body-parsed is also told to the server's author
    const { contract } = await shipped.contract(name);
    const judge = await compile(answerContract);
    const requests = carried(requestsOf(name));
    const counted = await counterOf(t, name, requests);
    const [wrong, outcomes] = [{}, new Set()];
    const tell = (title, { outcome, stage, answer }) => {
      outcomes.add(outcome);
      if (counted(answer) !== OF_SIGNATURE.includes(stage)) wrong[`${stage}, ${answer.status}: counted`] ??= title;
      const found = misread(judge.check(answer), ['accept', 'answer', 'ignore'].includes(outcome));
      if (found !== undefined) wrong[`${outcome}, ${answer.status}: ${found}`] ??= title;
    };
    for (const one of requests) tell(one.title, await guarded(name, one));
    const good = requests.find(({ expected }) => expected === 'accept');
    for (const [outcome, change] of Object.entries(SITUATIONS)) {
      const got = await guarded(name, good, await change(good));
      assert.equal(got.outcome, outcome);
      tell(good.title, got);
    }
    judge.free();
    assert.deepEqual(wrong, {});
    const without = [
      ...(JSON.stringify(contract).includes('"answer":') ? [] : ['answer']),
      ...(contract.deadLetter ? [] : ['dead-letter', 'dead-letter-failed']),
    ];
    assert.deepEqual([...outcomes, ...without].sort(), [...OUTCOMES].sort(), 'an outcome was not tried');
  });

  test(`${answerContract} reads what a registry with ${name} answers`, async (t) => {
    const judge = await compile(answerContract);
    const wrong = {};
    const requests = requestsOf(name);
    const counted = await counterOf(t, name, requests);
    const uri = addressOf(requests);
    const off = { id: 'off', uri: 'https://receiver.example/off', enabled: false, reason: 'moved' };
    const called = [
      ...requests,
      { ...requests[0], title: 'disabled', request: { ...requests[0].request, url: off.uri } },
    ];
    for (const { title, request, keys, params = {}, now, seen = [], options } of called) {
      const receiver = typeof params.receiver === 'string' ? { receiver: params.receiver } : {};
      const hook = { id: 'hook', uri, enabled: true, contract: name, ...receiver };
      const registry = await loadRegistry({ version: 1, hooks: [hook, off] }, { keys: keys && { hook: keys } });
      const known = seen.map((key) => `hook/${key}`);
      const { answer, verdict } = registry.check(request, { now, seen: known, ...options });
      registry.free();
      const refused = verdict.verdict === 'reject';
      // Without a receipt to give, a registry leaves the answer to the receiver.
      if (answer.body === undefined && !refused) continue;
      const headers = { 'content-type': answer.contentType };
      const given = { status: answer.status, headers, body: bytes(answer.body) };
      const found = misread(judge.check(given), !refused);
      const forged = verdict.stages.some(({ stage, result }) => OF_SIGNATURE.includes(stage) && result === 'fail');
      if (counted(given) !== (forged && [401, 403].includes(answer.status)))
        wrong[`${answer.status}: counted`] ??= title;
      if (found !== undefined) wrong[`${answer.status}: ${found}`] ??= title;
    }
    judge.free();
    assert.deepEqual(wrong, {});
  });
}

/** Copies of `envelope` that refuse other things than a signature with 401 and 403, or a signature with another status. */
const COPIES = {
  'pages of one origin': { request: { contentTypes: ['application/json'], origins: ['https://app.example'] } },
  'statuses of its own': { status: { payload: 403, schema: 401, policy: 401 } },
  'a signature with 400': { status: { signature: 400, freshness: 400, policy: 400 } },
};

for (const [what, sections] of Object.entries(COPIES)) {
  test(`a refused signature is counted, and nothing else: ${what}`, async (t) => {
    const { contract, files } = await shipped.contract('envelope');
    const own = { contract: { ...contract, ...sections }, files };
    const requests = carried(requestsOf('envelope'));
    const counted = await counterOf(t, 'envelope', requests, own);
    const [wrong, counts] = [{}, new Set()];
    for (const one of requests) {
      const gate = await compile(own.contract, { files, params: one.params });
      const { stage, answer } = await guarded('envelope', one, { contracts: { envelope: gate } });
      gate.free();
      counts.add(counted(answer));
      if (counted(answer) !== OF_SIGNATURE.includes(stage)) wrong[`${stage}, ${answer.status}`] ??= one.title;
    }
    assert.deepEqual(wrong, {});
    if (what !== 'pages of one origin') assert.equal(counts.size, 2);
  });
}
