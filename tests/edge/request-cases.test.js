// Every case of a request, as a Request: the guard comes to the verdict of the gate, byte for byte, but for what a
// Request cannot carry. Those cases stand in request-cases.json with what becomes of them; UPDATE_CASES=1 writes it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { loadContract } from '../../pkg/cli/contract-file.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { createGuard } from '../../pkg/edge/index.js';
import { compile } from '../../pkg/node.js';
import { CASES, cases } from '../js/replay.js';

const LIST = new URL('./request-cases.json', import.meta.url);

/** { request, gate, options } of a case that has both and judges a request. */
async function prepared({ folder, found }) {
  const path = join(folder, 'request.http');
  if (!existsSync(path) || found.registry) return undefined;
  const keys = (found.keys ?? []).map(({ secretBytes, ...key }) =>
    secretBytes ? { ...key, secret: Uint8Array.from(secretBytes) } : key,
  );
  try {
    const { contract, files } = await loadContract(found.contract, folder);
    const gate = await compile(contract, {
      files,
      keys,
      params: found.params,
      limits: found.limits,
      origin: found.origin,
    });
    const { request } = parseRecording(readFileSync(path), 'request.http');
    return gate.about.kind === 'request' && request.status === undefined ? { request, gate, found } : undefined;
  } catch (error) {
    if (error.name === 'ContractError') return undefined; // the case is about that
    throw error;
  }
}

/** A target without a host has no Request; the host completes it as the gate would. */
function requestOf({ method, url, headers, body }) {
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? 'receiver.example';
  const whole = url.startsWith('/') ? `https://${host}${url}` : url;
  return new Request(whole, { method, headers, body: body.byteLength > 0 ? body : undefined });
}

/** What a guard says of it. A store that knows what the case has seen stands for one that remembers. */
async function guarded({ request, gate, found }) {
  const { jkt, nonces } = found.options ?? {};
  const store = {
    consistency: 'strong',
    claim: async (key) => (found.seen?.some((seen) => key === `gate/${seen}`) ? 'done' : 'claimed'),
    complete: async () => true,
    release: async () => true,
  };
  const guard = await createGuard({
    contracts: { gate },
    store,
    now: () => found.now,
    proof: () => ({ jkt, nonces }),
    onDeadLetter: null,
  });
  const { verdict } = await guard.check(requestOf(request));
  return JSON.stringify(verdict);
}

const summary = (text) => {
  const { verdict, findings } = JSON.parse(text);
  return [verdict, ...findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)].join(' ');
};

test('as a Request each case gets its verdict, or stands in the list with what it gets', async (t) => {
  const differing = {};
  let same = 0;
  for (const one of cases()) {
    const ready = await prepared(one);
    if (ready === undefined) continue;
    const { request, gate, found } = ready;
    const expected = JSON.stringify(
      gate.check(request, { now: found.now, seen: found.seen, ...found.options, stopAtFirst: true }),
    );
    let got;
    try {
      got = await guarded(ready);
    } catch (error) {
      got = error;
    }
    if (got === expected) same += 1;
    else
      differing[relative(CASES, one.folder)] = {
        gate: summary(expected),
        guard: got instanceof Error ? `no Request: ${reason(got)}` : summary(got),
      };
    gate.free();
  }
  t.diagnostic(`${same} cases with the same bytes, ${Object.keys(differing).length} that a Request cannot carry`);
  if (process.env.UPDATE_CASES) writeFileSync(LIST, `${JSON.stringify(differing, null, 2)}\n`);
  assert.deepEqual(differing, JSON.parse(readFileSync(LIST, 'utf8')));
});

/** undici's words differ from version to version. */
function reason({ message, cause }) {
  if (!/Request|Headers|header|URL|ByteString|method/.test(message))
    throw new Error('the guard threw', { cause: cause ?? message });
  if (/ByteString/.test(message)) return 'a byte outside Latin-1';
  if (/header/i.test(message)) return 'a header that HTTP does not allow';
  return /method/.test(message)
    ? 'a method that Fetch does not take'
    : /URL/.test(message)
      ? 'a URL that is none'
      : message;
}
