// A receiver to try a contract against, on loopback: `make build` (or an installed package), then
//   COUNTERSIGN_KEY=... node examples/receive.js CONTRACT [--port 8080] [--set receiver=NAME]
// Installed, it is node_modules/countersign/examples/receive.js.
// It answers with the verdict's status and says why, which a real receiver would never tell a stranger.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

// In the repository the package is what was built; where it is installed there is no such folder.
const { compile } = await import('../pkg/node.js').catch(() => import('countersign'));

const {
  positionals: [name],
  values,
} = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string', default: '8080' }, set: { type: 'string', multiple: true, default: [] } },
});
const secret = process.env.COUNTERSIGN_KEY;
const params = Object.fromEntries(values.set.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
const gate = await compile(name, { params, keys: secret === undefined ? [] : [{ secret }] });
const seen = new Set();

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, headersDistinct: headers } = request;
  const verdict = gate.check({ method, url, headers, body: Buffer.concat(chunks) }, { seen });
  if (verdict.verdict === 'accept' && verdict.replay) seen.add(verdict.replay.key);
  const { event, message, deadLetter, statusText } = verdict;
  const said = {
    accept: { event, message },
    ignore: { received: true, duplicate: true, message: statusText }, // as the guard answers
    reject: { title: statusText, deadLetter },
  }[verdict.verdict];
  const findings = verdict.findings.map(({ code, at, help }) => ({ code, at, help }));
  response.writeHead(verdict.status, statusText, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify({ verdict: verdict.verdict, ...said, findings })}\n`);
});
server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`${name} on http://127.0.0.1:${server.address().port}`);
});
