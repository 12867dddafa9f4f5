import { compile, ContractError, loadPack, type Finding, type Verdict } from 'countersign';

export async function judge(request: Request): Promise<Verdict | string> {
  try {
    using gate = await compile('sub2api', { keys: [{ id: 'new', secret: new Uint8Array(32) }], limits: { findings: 10 } });
    const body = new Uint8Array(await request.arrayBuffer());
    return gate.check({ method: request.method, url: request.url, headers: request.headers, body }, { now: new Date(), seen: new Set(['a']) });
  } catch (error) {
    if (error instanceof ContractError && error.code === 'key-missing') return error.help ?? error.message;
    throw error;
  }
}

/** A code narrows: an unknown one does not compile. */
export function isReplay({ code }: Finding): boolean {
  // @ts-expect-error no such code
  if (code === 'replay-seen') return false;
  return code === 'replayed' || code === 'schema-required' || code === 'policy-anything';
}

export async function pack(): Promise<number> {
  const loaded = await loadPack({ 'a.rego': 'package a' });
  return loaded.check([{ kind: 'Pod' }], { params: { env: 'x' } }).findings.length;
}

export const node = { method: 'POST', url: '/', headers: { a: ['b'], c: undefined }, body: new ArrayBuffer(1) } satisfies Parameters<Awaited<ReturnType<typeof compile>>['check']>[0];
