// No pack forbids what a shipped contract demands: a message that a contract accepts, as recorded traffic, passes every
// pack that judges traffic, as its case has it and at the host that the pack is about, at the time of its case and long
// after.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { jsonProblems, loadPack } from '../../pkg/api/node.js';
import { httpDocuments } from '../../pkg/read/traffic.js';
import { CASES, cases } from './replay.js';
import { ROOT } from './setup.js';

/** What each pack needs in order to judge, and the host of the calls that it is about. */
const TRAFFIC = {
  'api-lifecycle': { params: { retired: [{ paths: ['/retired/'], warn: '2024-01-01' }] } },
  'coze-migration': { host: 'api.coze.com' },
};
/** Packs of other documents. */
const OTHERS = ['kubernetes'];

/**
 * Contracts of what that host is asked and answers, each with the call at that host; without one it is the case's own,
 * or nobody knows it. A DPoP proof is for any call.
 */
const AT_HOST = {
  'coze-migration': {
    'coze-dpop': ['POST', '/v2/chat'],
    'coze-health-answer': [],
    'coze-kb': [],
    'coze-publish-answer': ['POST', '/v1/bots/bot-1/publish'],
  },
};

const LONG_AFTER = 1_900_000_000;
/** These say that there was nothing to judge. */
const NOTHING = /-no-(?:call|request)$/;

test('every pack judges traffic, or something else', () => {
  const packs = readdirSync(join(ROOT, 'policies/deployment')).sort();
  assert.deepEqual(packs, [...Object.keys(TRAFFIC), ...OTHERS].sort());
});

/** A warning forbids nothing, and what is one until a day is an error long after. */
function forbids({ code, severity }) {
  return severity === 'error' && !NOTHING.test(code);
}

/** The cases of shipped contracts that are accepted. */
const accepted = cases().filter(({ folder, found: { contract } }) => {
  if (contract === undefined || contract.includes('/')) return false;
  const files = readdirSync(folder);
  return files.includes('request.http') && files.includes('verdict.json') && verdictOf(folder) === 'accept';
});

function verdictOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')).verdict;
}

const ASKED = { headers: [{ name: 'Authorization', value: 'Bearer pat_abc123' }], queryString: [] };

/** The entries that a case may be recorded as: as it is, and with the call at the host. */
function entriesOf({ folder, found: { contract } }, host, calls = {}) {
  const [{ value }] = httpDocuments(readFileSync(join(folder, 'request.http')), 'request.http', jsonProblems);
  const [method = value.request?.method, path = value.request?.url.replace(/^https?:\/\/[^/]*/, '')] =
    calls[contract] ?? [];
  if (!(contract in calls) || method === undefined) return [value];
  return [value, { ...value, request: { ...(value.request ?? ASKED), method, url: `https://${host}${path}` } }];
}

for (const [name, { host, params }] of Object.entries(TRAFFIC))
  test(`${name} forbids nothing that a contract accepts`, async () => {
    const pack = await loadPack(name);
    const forbidden = {};
    for (const one of accepted)
      for (const entry of entriesOf(one, host, AT_HOST[name]))
        for (const now of [one.found.now, LONG_AFTER]) {
          const { findings } = pack.check([entry], { params, now });
          for (const { code, message } of findings.filter(forbids))
            forbidden[`${one.found.contract}: ${code}: ${message}`] ??= one.folder.slice(CASES.length + 1);
        }
    pack.free();
    assert.ok(accepted.length > 100);
    assert.deepEqual(forbidden, {});
  });
