// Starts one of the servers of this folder as its users would: as a process of its own, from a project that has the package installed.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START_MILLISECONDS = 30_000;
const bin = (name) => join(ROOT, 'node_modules/.bin', name);

/** Environments: what runs the file. */
const COMMANDS = {
  node: (file) => [process.execPath, [file]],
  deno: (file) => [bin('deno'), ['run', '--allow-all', '--no-check', '--node-modules-dir=manual', file]],
  bun: (file) => [bin('bun'), ['run', file]],
  workerd: async (file, env) => [bin('workerd'), ['serve', await workerOf(file, env)]],
};

/** { url, port, stop() } of `tests/edge/servers/NAME.js` on a runtime. */
export async function start(name, runtime, env) {
  const home = projectOf();
  const port = await freePort();
  const all = { ...env, PORT: String(port) };
  const [command, args] = await COMMANDS[runtime](join(home, `${name}.js`), all);
  const child = spawn(command, args, { cwd: home, env: { ...process.env, ...all }, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => log.push(chunk));
  const said = () => Buffer.concat(log).toString();
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url, child, said);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, port, said, stop };
}

function projectOf() {
  const home = mkdtempSync(join(tmpdir(), 'countersign-server-'));
  cpSync(fileURLToPath(new URL('.', import.meta.url)), home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(home, 'node_modules/@hono'), { recursive: true });
  symlinkSync(join(ROOT, 'pkg'), join(home, 'node_modules/countersign'));
  for (const name of ['express', 'fastify', 'hono', '@hono/node-server']) symlinkSync(join(ROOT, 'node_modules', name), join(home, 'node_modules', name));
  return home;
}

/** workerd takes modules and a configuration: a Worker is bundled, as wrangler does, and the WebAssembly stays beside it. */
async function workerOf(file, { PORT, ...env }) {
  const out = join(file, '../worker-out');
  await build({
    entryPoints: [file], outfile: join(out, 'worker.js'), bundle: true, format: 'esm', conditions: ['workerd', 'worker', 'browser'], logLevel: 'error',
    external: ['cloudflare:workers'], plugins: [{ name: 'wasm', setup: (it) => it.onResolve({ filter: /core_bg\.wasm$/ }, () => ({ path: './core_bg.wasm', external: true })) }],
  });
  writeFileSync(join(out, 'core_bg.wasm'), readFileSync(join(ROOT, 'pkg/core_bg.wasm')));
  const bindings = Object.entries(env).map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`).join(', ');
  const config = join(out, 'config.capnp');
  writeFileSync(config, `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = (
    modules = [ (name = "worker.js", esModule = embed "worker.js"), (name = "core_bg.wasm", wasm = embed "core_bg.wasm") ],
    bindings = [ ${bindings} ],
    compatibilityDate = "2026-10-01",
  )) ],
  sockets = [ (name = "http", address = "127.0.0.1:${PORT}", http = (), service = "main") ],
);
`);
  return config;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url, child, said) {
  for (const until = Date.now() + START_MILLISECONDS; ;) {
    try {
      return await (await fetch(url)).arrayBuffer();
    } catch (error) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`the server did not start:\n${said()}`, { cause: error });
      await sleep(20);
    }
  }
}
