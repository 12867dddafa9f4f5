// The template projects, as their READMEs tell a user to try them.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from './free-port.js';
import { noRedis, start as startRedis } from './redis-server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const START_MILLISECONDS = 60_000;
const quiet = { ...process.env, npm_config_update_notifier: 'false', WRANGLER_SEND_METRICS: 'false', CI: '1' };

/**
 * A copy of a template, installed: the package as it is published, and what else it depends on from here. On a port of
 * its own.
 */
async function installed(t, name, envFile, dependencies) {
  const home = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  cpSync(join(root, 'templates', name), home, { recursive: true });
  const modules = join(home, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', home, join(root, 'pkg')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  execFileSync('tar', ['-xzf', filename], { cwd: home });
  cpSync(join(home, 'package'), join(modules, 'countersign'), { recursive: true });
  writeFileSync(
    join(modules, '.bin', 'countersign'),
    `#!/bin/sh\nexec "${process.execPath}" "${join(modules, 'countersign/cli/main.js')}" "$@"\n`,
    { mode: 0o755 },
  );
  for (const one of dependencies) symlinkSync(join(root, 'node_modules', one), join(modules, one));
  symlinkSync(join(root, 'node_modules/.bin/wrangler'), join(modules, '.bin/wrangler'));
  const port = await freePort();
  for (const file of ['README.md', 'package.json'])
    writeFileSync(join(home, file), readFileSync(join(home, file), 'utf8').replaceAll('8787', String(port)));
  cpSync(join(home, `${envFile}.example`), join(home, envFile));
  return { home, port, environment: (lines) => appendFileSync(join(home, envFile), lines) };
}

/** Runs a script of the template until the test ends, and waits until it answers. */
async function run(t, { home, port }, script) {
  const child = spawn('npm', ['run', script], {
    cwd: home,
    env: quiet,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  t.after(async () => {
    if (child.exitCode !== null) return;
    process.kill(-child.pid, 'SIGKILL'); // npm, its shell and the server
    await once(child, 'exit');
  });
  for (const until = Date.now() + START_MILLISECONDS; ; await sleep(100)) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${script} did not start\n${said}`);
    // wrangler holds requests back while a build fails.
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) }).catch(
      () => undefined,
    );
    if (answer?.status === 404 || answer?.status === 405) return () => said;
  }
}

/** The README's commands but for the first block, which starts the server. */
function blocksOf({ home }) {
  const [, ...blocks] = readFileSync(join(home, 'README.md'), 'utf8').matchAll(/^```sh\n(.*?)^```/gms);
  return blocks.map(([, block]) => block);
}

/** What commands print. */
function typed({ home }, block) {
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', block], {
    cwd: home,
    env: quiet,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

function tried(project) {
  const blocks = blocksOf(project);
  assert.equal(blocks.length, 3);
  const [stripe, github, forged] = blocks;
  // The second terminal keeps the first block's variables.
  return [stripe, stripe, `${stripe}\n${github}`, forged].map((block) => typed(project, block));
}

function tellsTheTruth(project) {
  const [first, again, github, forged] = tried(project);
  assert.equal(first, 'handled\n');
  assert.equal(again, '{"received":true,"duplicate":true,"message":"OK"}');
  assert.equal(github, '{"received":true,"duplicate":true,"message":"OK"}handled\n');
  const { type, status, detail } = JSON.parse(forged);
  assert.deepEqual([type, status, detail], ['urn:countersign:problem:authentication', 401, undefined]);
}

test('the Node template does what its README says', { skip: noRedis }, async (t) => {
  const redis = await startRedis();
  t.after(() => redis.stop());
  const project = await installed(t, 'node', '.env', ['yaml', 'redis']);
  const metricsPort = await freePort();
  project.environment(`REDIS_URL=${redis.url}\nPORT=${project.port}\nMETRICS_PORT=${metricsPort}\n`);
  const said = await run(t, project, 'start');
  tellsTheTruth(project);
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  assert.match(
    text,
    /^countersign_verdicts_total\{contract="stripe",outcome="accept",stage="none",code="none",api_version="none"\} 1$/m,
  );
  assert.match(text, /^countersign_verdicts_total\{contract="stripe",outcome="ignore",.*\} 2$/m);
  assert.equal(said().match(/^handled: /gm).length, 2, said());
});

test('the Worker template does what its README says', async (t) => {
  const project = await installed(t, 'worker', '.dev.vars', ['yaml']);
  await run(t, project, 'dev');
  tellsTheTruth(project);
});

/** The shim in front of an address, with what the test must know to call it. */
async function shim(t, receiver, lines = '') {
  const project = await installed(t, 'shim', '.env', ['yaml']);
  project.environment(`PORT=${project.port}\nRECEIVER_URL=${receiver}/api/v1/customer-service/webhook\n${lines}`);
  const said = await run(t, project, 'start');
  const send = async (event, token = 'replace-with-a-long-token') => {
    const headers = { authorization: `Bearer ${token}` };
    const call = { method: 'POST', headers, body: JSON.stringify(event) };
    const answer = await fetch(`http://127.0.0.1:${project.port}/events`, call);
    return { status: answer.status, again: answer.headers.get('retry-after'), said: await answer.text() };
  };
  return { project, send, said };
}

test('the shim does what its README says', async (t) => {
  const port = await freePort();
  const { project } = await shim(t, `http://127.0.0.1:${port}`);
  await run(t, { ...project, port }, 'receiver');
  const [native, unfit] = blocksOf(project);
  const { received, handoff, ticket_id, intent } = JSON.parse(typed(project, native));
  assert.deepEqual([received, handoff, intent, typeof ticket_id], [true, true, 'refund', 'string']);
  assert.equal(typed(project, native), '{"received":true,"duplicate":true,"message":"duplicate message ignored"}');
  const { title, errors } = JSON.parse(typed(project, `${native}\n${unfit}`).split('}').slice(1).join('}'));
  assert.equal(title, 'the event gives no message');
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['shape-missing', 'shape-missing'],
  );
});

const OK = { received: true, session_id: 's', reply: '', intent: 'other', handoff: false };
const event = (id) => ({ id, user: 'u', messages: [{ role: 'user', content: 'hello' }] });

test('the shim loses no event: what may go better later is answered with 5xx', async (t) => {
  const calls = [];
  const next = [];
  const receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ ...JSON.parse(body), signature: request.headers['x-cs-signature'] });
    const [status, answer, headers] = next.shift() ?? [200, OK];
    if (status === 'hang up') return request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  t.after(() => receiver.close());
  const { send, said } = await shim(t, `http://127.0.0.1:${receiver.address().port}`);
  const trial = async (id, answers) => {
    calls.length = 0;
    next.splice(0, Infinity, ...answers);
    const { status, again } = await send(event(id));
    return { status, calls: calls.length, again: again !== null };
  };
  const onceWith = (status, again = false) => ({ status, calls: 1, again });
  const busy = [503, { error: 'busy' }];
  assert.deepEqual(await trial('a', [busy, ['hang up']]), { status: 200, calls: 3, again: false });
  assert.deepEqual(new Set(calls.map((one) => one.message_id)), new Set(['a']));
  assert.deepEqual(await trial('b', [busy, busy, busy]), { status: 503, calls: 3, again: true });
  assert.deepEqual(await trial('c', [[429, {}, { 'retry-after': '600' }]]), onceWith(503, true));
  assert.deepEqual(await trial(undefined, [['hang up']]), onceWith(503, true), 'no id');
  assert.deepEqual(await trial('d', [[403, { error: 'stale webhook request' }]]), onceWith(502));
  assert.deepEqual(await trial('e', [[400, { error: 'json: unknown field "x"' }]]), onceWith(422));
  assert.deepEqual(await trial('f', [[200, '<html>', { 'content-type': 'text/html' }]]), onceWith(502));
  assert.deepEqual(await trial('g', [[302, '', { location: '/' }]]), onceWith(502));
  assert.deepEqual(
    await trial('h', [[200, { received: true }]]),
    onceWith(200),
    'taken, though the answer lacks something',
  );
  assert.equal((await send(event('i'), 'another')).status, 401);
  assert.equal((await send({ ...event('j'), text: 'x'.repeat(2 ** 21) })).status, 413);
  assert.doesNotMatch(said(), /hello|replace-with/);
});

test('the shim answers 503 while the receiver is down', async (t) => {
  const { send } = await shim(t, `http://127.0.0.1:${await freePort()}`);
  const { status, again } = await send(event('a'));
  assert.equal(status, 503);
  assert.ok(Number(again) >= 1);
});
