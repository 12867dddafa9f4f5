// Starts one of the servers of this folder as its users would: as a process of its own, from a project that has the
// package installed.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { bundledWorker } from '../bundled.js';
import { end, endsWithUs } from '../children.js';
import { freePort } from '../free-port.js';
import { start as startWorker } from '../workerd.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START_MILLISECONDS = 30_000;
const bin = (name) => join(ROOT, 'node_modules/.bin', name);

/** Environments: what runs the file. */
export const COMMANDS = {
  node: (file) => [process.execPath, [file]],
  deno: (file) => [bin('deno'), ['run', '--allow-all', '--no-check', '--node-modules-dir=manual', file]],
  bun: (file) => [bin('bun'), ['run', file]],
};

/** { url, port, stop() } of `tests/edge/servers/NAME.js` on a runtime. */
export async function start(name, runtime, env) {
  const home = projectOf();
  const file = join(home, `${name}.js`);
  const server =
    runtime === 'workerd'
      ? await startWorker({ modules: await bundledWorker(file), bindings: env })
      : await spawned(COMMANDS[runtime](file), home, env);
  const stop = async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return { url: server.url, port: Number(new URL(server.url).port), stop };
}

async function spawned([command, args], cwd, env) {
  const port = await freePort();
  const child = endsWithUs(
    spawn(command, args, {
      cwd,
      env: { ...process.env, ...env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => log.push(chunk));
  const server = { url: `http://127.0.0.1:${port}`, stop: () => end(child) };
  try {
    await answers(server.url, child, () => Buffer.concat(log).toString());
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function projectOf() {
  const home = mkdtempSync(join(tmpdir(), 'countersign-server-'));
  cpSync(fileURLToPath(new URL('.', import.meta.url)), home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(home, 'node_modules/@hono'), { recursive: true });
  symlinkSync(join(ROOT, 'pkg'), join(home, 'node_modules/countersign'));
  for (const name of ['express', 'fastify', 'hono', '@hono/node-server'])
    symlinkSync(join(ROOT, 'node_modules', name), join(home, 'node_modules', name));
  return home;
}

async function answers(url, child, said) {
  for (const until = Date.now() + START_MILLISECONDS; ; ) {
    try {
      return await (await fetch(url)).arrayBuffer();
    } catch (error) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`the server did not start:\n${said()}`, { cause: error });
      await sleep(20);
    }
  }
}
