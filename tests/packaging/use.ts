import {
  backoff,
  breaker,
  compare,
  compile,
  ContractError,
  init,
  loadPack,
  loadRegistry,
  negotiation,
  pkce,
  retryDelay,
  type Breaker,
  type Bundle,
  type Contract,
  type ContractSignature,
  type Finding,
  type HookRegistry,
  type RawAnswer,
  type RawRequest,
  type Registry,
  type Settlement,
  type Verdict,
} from 'countersign';
import { CircuitOpenError, createClient, createDpopKey, pkceChallenge, type DpopKey } from 'countersign/client';
import { createClient as slimClient } from 'countersign/client/slim';
import stripe from 'countersign/contracts/stripe';
import { createGuard } from 'countersign/edge';
import { createGuard as slimGuard } from 'countersign/edge/slim';
import { prometheusMetrics } from 'countersign/metrics/prometheus';
import { compile as slimCompile } from 'countersign/slim';

export async function judge(request: Request): Promise<Verdict | string> {
  try {
    using gate = await compile('sub2api', {
      keys: [{ id: 'new', secret: new Uint8Array(32) }],
      limits: { findings: 10 },
    });
    const body = new Uint8Array(await request.arrayBuffer());
    return gate.check(
      { method: request.method, url: request.url, headers: request.headers, body },
      { now: new Date(), seen: new Set(['a']) },
    );
  } catch (error) {
    if (error instanceof ContractError && error.code === 'key-missing') return error.help ?? error.message;
    throw error;
  }
}

// As a JSON file is imported: without `as const`.
const imported = {
  version: 1,
  hooks: [
    { id: 'a', uri: 'https://a.example/', enabled: true, contract: './a.json', key: { env: 'A' } },
    { id: 'b', uri: 'https://b.example/', enabled: false, reason: 'moved', key: { file: 'b.key' } },
  ],
};
const bundled = { bundle: 1, contract: { contract: 'a', version: 1, signature: null }, files: {} };
export const importedHooks = loadRegistry(imported, { contracts: { './a.json': bundled } });

/** A code narrows: an unknown one does not compile. */
export function isReplay({ code }: Finding): boolean {
  // @ts-expect-error no such code
  if (code === 'replay-seen') return false;
  return code === 'replayed' || code === 'schema-required' || code === 'policy-anything';
}

export function sameClient(verifier: string, challenge: string): boolean {
  // @ts-expect-error plain is refused
  if (challenge === '') pkce.verify(verifier, challenge, { method: 'plain' });
  return pkce.verify(verifier, challenge);
}

export async function pack(): Promise<number> {
  const loaded = await loadPack({ 'a.rego': 'package a' });
  return loaded.check([{ kind: 'Pod' }], { params: { env: 'x' } }).findings.length;
}

export const node = {
  method: 'POST',
  url: '/',
  headers: { a: ['b'], c: undefined },
  body: new ArrayBuffer(1),
} satisfies Parameters<Awaited<ReturnType<typeof compile>>['check']>[0];

/** The grammar of contracts is typed, so that an editor completes it. */
export const discord: Contract = {
  contract: 'discord',
  version: 1,
  signature: {
    engine: 'segments',
    key: { algorithm: 'ed25519', format: 'hex' },
    from: { header: ['x-signature-ed25519', 'signature-ed25519'] },
    shape: { kind: 'plain' },
    encoding: 'hex',
    fields: {
      ts: { from: { header: 'x-signature-timestamp' }, format: 'unix-seconds' },
      digest: { from: { query: 'd' }, optional: true, equals: { body: { digest: 'sha256', encoding: 'hex' } } },
    },
    signed: [
      { field: 'ts' },
      { optional: [{ field: 'digest' }] },
      { query: { values: 'raw', sort: 'name', pair: '=', join: '&', repeats: 'refuse' } },
      { body: 'raw' },
    ],
  },
  payload: { format: 'form', json: 'payload' },
  route: { type: '/type', versions: [{ version: '1', events: { 1: { answer: { type: { default: 1 } } } } }] },
};

// @ts-expect-error no such algorithm
export const wrong: ContractSignature['key'] = { algorithm: 'md5' };

export async function handshake(request: RawRequest): Promise<unknown> {
  const gate = await compile(discord, {
    keys: [{ publicKey: '00' }],
    origin: 'https://hooks.example.org',
    limits: { signatures: 4 },
  });
  const { url } = gate.sign(request, { now: 1, nonce: 'a1b2c3d4e5f67890' });
  return gate.check({ ...request, url }).answer?.type;
}

/** Either kind of message, and the platform's own key. */
export async function either(message: RawRequest | RawAnswer, publicKey: JsonWebKey): Promise<[string, number]> {
  using gate = await compile('github', { keys: [{ publicKey }] });
  return [gate.check(message).verdict, gate.sign(message).body.length];
}

/** A platform's answer as it is. */
export function again(answer: Response, held: Breaker | undefined, attempt: number): number | undefined {
  const quotas = { bots: { b7: { maxSeconds: 30 } } };
  const { milliseconds, retry, bounded, reason } = retryDelay(answer.headers, {
    now: new Date(),
    context: { bot_id: 'b7' },
    quotas,
    retryAfterZero: 'stop',
  });
  // @ts-expect-error no such reason
  if (reason === 'retry-after' || !retry || negotiation(answer)?.labels.status_code === '406') return undefined;
  if (!breaker(held, answer, { now: 1 }).allow || bounded === 'quota') return undefined;
  return Math.max(milliseconds, backoff(attempt, { seed: 7 }).milliseconds);
}

/** Two versions, one of them from an imported JSON file, whose members are plain strings to TypeScript. */
export async function migration(request: RawRequest): Promise<string[]> {
  const imported = {
    bundle: 1,
    contract: { contract: 'v2', version: 1, signature: null as null | object },
    files: { 'a.rego': 'package a' },
  };
  const [a, b] = await Promise.all([compile('sub2api'), compile(imported satisfies Bundle)]);
  const { agree, differences } = compare(a, b, request, { now: 1 });
  // @ts-expect-error a side is a or b
  if (!agree && differences[0]?.kind === 'finding' && differences[0].only === 'c') return [];
  return differences.flatMap((one) =>
    one.kind === 'finding' ? [`${one.only} ${one.code} ${one.at}`] : one.kind === 'message' ? [one.at] : [],
  );
}

export const hooks: HookRegistry = {
  version: 1,
  hooks: [
    {
      id: 'li',
      uri: 'https://example.com/receiveHook',
      enabled: true,
      contract: 'github',
      key: { env: 'KEY' },
      data: ['/bug'],
      disableAfter: 3,
    },
  ],
};

export async function received(request: RawRequest): Promise<[number, boolean]> {
  using registry = await loadRegistry(hooks, {
    keys: { li: [{ secret: 'a' }] },
    contracts: { './discord.json': { contract: discord } },
  });
  const { answer, disable } = registry.check(request, { now: 1, failures: { li: 2 } });
  const settled: Settlement = registry.settle('li', { status: 0 }, { failures: disable.failures, receipt: true });
  if (settled.action === 'retry' && settled.reason === 'try-later') console.log(settled.delay?.milliseconds);
  return [answer.status, disable.decision];
}

/** The sending side, with metrics and proofs. */
export async function sent(registry: Registry, body: ReadableStream): Promise<number | string> {
  const metrics = prometheusMetrics();
  const client = createClient({ quotas: { bots: { b7: { maxSeconds: 30 } } }, limit: null, ...metrics.clientHooks });
  // @ts-expect-error no such option
  slimClient({ retry: 5 });
  const key: DpopKey = await createDpopKey({ extractable: false });
  // @ts-expect-error only createDpopKey makes a key with a proof
  const other: DpopKey = { jwk: key.jwk, jkt: key.jkt };
  const { verifier, method } = await pkceChallenge();
  if (method === 'S256' && other.jkt === verifier) return await key.proof({ method: 'GET', url: 'https://a.example/' });
  try {
    const answer = await client.fetch('https://api.example.com/', {
      ...{ method: 'POST', body, idempotent: true, context: { tenant_id: 'acme', bot_id: 'b7' } },
      dpop: { key, token: async () => 'token' },
    });
    const result = await client.deliver(registry, 'li', { bug: 7 }, { failures: 2, headers: { 'x-event': 'bug' } });
    return result.action === 'retry' ? (result.delay?.milliseconds ?? 0) : answer.status + result.attempts;
  } catch (error) {
    if (error instanceof CircuitOpenError && error.reason === 'window-full') return error.waitMilliseconds;
    throw error;
  }
}

/** A guard in front of the same hooks. */
export async function behindHooks(request: Request): Promise<string | undefined> {
  const guard = await createGuard({
    registry: hooks,
    keys: { li: [{ secret: 'a' }] },
    store: null,
    onDisable: ({ hook, failures, reason }) => console.log(hook, failures.toFixed(), reason),
  });
  const judged = await guard.check(request);
  return judged.ok ? judged.receipt?.id : judged.contract;
}

// @ts-expect-error no such contract is shipped
export { default as nope } from 'countersign/contracts/nope';

/** A shipped contract by import, on either module. */
export async function fileless(secret: string): Promise<number[]> {
  await init();
  using gate = await slimCompile(stripe, { keys: [{ secret }] });
  const guards = [createGuard, slimGuard].map((create) =>
    create({ contracts: { stripe }, keys: { stripe: [{ secret }] }, store: null }),
  );
  return [gate.lint.length, (await Promise.all(guards)).length];
}
