// Checks one message as often as it is told, by a gate and by what a Worker would have in its place. A POST to
// /prepare brings contract and message as JSON; one to /NAME?CALLS has the contender of that name check it.

import { compile } from '../../pkg/workerd-slim.js';
import { webPeer } from '../web-peer.js';

let contenders;

async function prepare({ contract, files, schema, secret, now, url, headers, text }) {
  const gate = await compile(contract, { keys: [{ secret }], files });
  const peer = await webPeer(schema, secret, now);
  const body = new TextEncoder().encode(text);
  const request = { method: 'POST', url, headers, body };
  const tampered = { ...request, body: new TextEncoder().encode(`${text} `) };
  const runs = {
    decide: (message) => gate.decide(message, { now }).verdict === 'accept',
    check: (message) => gate.check(message, { now }).verdict === 'accept',
    peer,
    nothing: (message) => message === request,
  };
  for (const [name, run] of Object.entries(runs))
    if ((await run(request)) !== true || (await run(tampered)) !== false) throw new Error(`${name} judges wrongly`);
  contenders = Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, () => run(request)]));
  return Object.keys(contenders);
}

async function repeat(run, calls) {
  let passed = 0;
  for (let call = 0; call < calls; call += 1) {
    const result = run();
    passed += (result instanceof Promise ? await result : result) ? 1 : 0;
  }
  return passed;
}

export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/prepare') return Response.json(await prepare(await request.json()));
    return Response.json(await repeat(contenders[pathname.slice(1)], Number(search.slice(1))));
  },
};
