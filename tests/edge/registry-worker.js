// A guard over the hooks of a registry, what it answers to a few requests, and what a handler reads of its request: the
// same in every runtime.

import envelope from 'countersign/contracts/envelope';
import { createGuard } from 'countersign/edge';
import { memoryStore } from 'countersign/stores/memory';

const NOW = 1482724545;
const registry = {
  version: 1,
  hooks: [
    {
      id: 'li',
      uri: 'https://hooks.example/li',
      enabled: true,
      contract: 'envelope',
      receipt: true,
      receiver: 'Li',
      disableAfter: 1,
    },
    { id: 'wang', uri: 'https://hooks.example/wang', enabled: false, reason: 'moved' },
  ],
};
const message = (name) =>
  JSON.stringify({
    source: { platform: 'A Niubility Platform' },
    target: { name, version: '1.0.0' },
    data: { bug: 1024 },
    needCallback: true,
    serverTime: '2016-12-26 11:55:45',
  });

async function signed(body) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(body)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The body, read by every way; and what sending on a Request whose body was read leads to. */
async function readings(request) {
  const again = request.delivery.request;
  const sentOn = async () => fetch(request);
  return {
    copied: await new Request(again.clone()).text(),
    streamed: await new Response(request.clone().body).text(),
    asked: await request.text(),
    used: [request.bodyUsed, again.bodyUsed],
    sentOn: await sentOn().catch(({ name }) => name),
  };
}

async function told() {
  const disabled = [];
  const read = [];
  const guard = await createGuard({
    registry,
    contracts: { envelope },
    store: memoryStore(),
    now: () => NOW,
    onDisable: ({ hook, failures }) => disabled.push([hook, failures]),
  });
  const send = async (path, body, sign) => {
    const headers = { 'content-type': 'application/json', 'x-webhook-sign': sign ?? (await signed(body)) };
    const request = new Request(`https://hooks.example${path}`, { method: 'POST', headers, body });
    const answer = await guard.wrap(async (handed) => {
      read.push(await readings(handed));
      return new Response();
    })(request);
    const text = await answer.text();
    return [answer.status, text === '' ? text : (({ instance, ...rest }) => rest)(JSON.parse(text))];
  };
  const answers = {
    accepted: await send('/li', message('Li')),
    again: await send('/li', message('Li')),
    misdelivered: await send('/li', message('Wang')),
    forged: await send('/li', message('Li'), '0'.repeat(40)),
    disabled: await send('/wang', message('Wang')),
    unrouted: await send('/zhang', message('Zhang')),
  };
  guard.free();
  return { answers, disabled, read };
}

export default { fetch: async () => Response.json(await told()) };
