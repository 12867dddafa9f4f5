// What a client does on a runtime, told as JSON: every call goes to a real server, whose address is the base.

import { loadRegistry, pkce } from 'countersign';
import { createClient, createDpopKey, pkceChallenge } from 'countersign/client';

import { hooksAt } from './hooks.js';

const CALLS = {
  async busy(base) {
    const waits = [];
    const client = createClient({ sleep: async (milliseconds) => void waits.push(milliseconds) });
    const answer = await client.fetch(`${base}busy`, { context: { tenant_id: 'acme', bot_id: 'b7' } });
    return [answer.status, await answer.text(), waits];
  },
  async down(base) {
    const answer = await createClient({ baseMilliseconds: 2 }).fetch(`${base}down`);
    return [answer.status, await answer.text()];
  },
  async cut(base) {
    const answer = await createClient({ baseMilliseconds: 2 }).fetch(`${base}cut`);
    return [answer.status, await answer.text()];
  },
  async late(base) {
    const client = createClient({ attemptMilliseconds: 50, retries: 0 });
    return named(() => client.fetch(`${base}never`));
  },
  async left(base) {
    const controller = new AbortController();
    const client = createClient({ onAttempt: () => setTimeout(() => controller.abort(new Error('left')), 5) });
    return named(() => client.fetch(`${base}later`, { signal: controller.signal }));
  },
  async stream(base) {
    const body = new Blob(['a stream']).stream();
    const answer = await createClient().fetch(`${base}later`, { method: 'POST', body, duplex: 'half' });
    return [answer.status, await answer.text()];
  },
  async open(base) {
    const client = createClient({ limit: null, retries: 0 });
    const { status } = await client.fetch(`${base}silent`);
    const [name] = await named(() => client.fetch(`${base}silent`));
    return [status, name];
  },
  async delivery(base) {
    const registry = await loadRegistry(...hooksAt(`${base}hook`));
    const { action, reason, status } = await createClient().deliver(registry, 'li', { bug: 7 });
    return [action, reason, status];
  },
  async dpop(base) {
    const key = await createDpopKey();
    const part = (value) => btoa(JSON.stringify(value)).replaceAll('=', '');
    const claims = { cnf: { jkt: key.jkt }, exp: Math.floor(Date.now() / 1000) + 600, scope: 'api:read' };
    const token = `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part(claims)}.c2ln`;
    const client = createClient();
    const answer = await client.fetch(`${base}dpop?page=2`, { dpop: { key, token } });
    const moved = await client.fetch(`${base}moved`, { dpop: { key, token } });
    return [answer.status, await answer.text(), moved.status];
  },
  async pkce() {
    const { verifier, challenge } = await pkceChallenge();
    return [pkce.verify(verifier, challenge), verifier.length];
  },
};

async function named(work) {
  try {
    return (await work()).status;
  } catch ({ name, message }) {
    return [name, message];
  }
}

/** What each call gave, or threw. */
export async function told(base) {
  const all = {};
  for (const [name, call] of Object.entries(CALLS)) all[name] = await call(base).catch((error) => String(error.stack));
  return all;
}
