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
    if (answer?.status === 404) return () => said;
  }
}

/** What the README's commands print, from the second block on: the first starts the server. */
function tried({ home }) {
  const blocks = [...readFileSync(join(home, 'README.md'), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].map(
    ([, block]) => block,
  );
  assert.equal(blocks.length, 4);
  const [, stripe, github, forged] = blocks;
  const out = (block) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', block], {
      cwd: home,
      env: quiet,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  // The second terminal keeps the first block's variables.
  return [stripe, stripe, `${stripe}\n${github}`, forged].map(out);
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
