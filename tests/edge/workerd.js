// A real workerd of one's own, which a test may kill and start again.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';
// Where its binary is: what npm puts on the path may be a script, which would be killed in its place.
import workerd from 'workerd';

import { end, endsWithUs } from './children.js';

const BINARY = workerd.default ?? workerd;
const START_MILLISECONDS = 30_000;

/**
 * A Worker's source and all that it imports as one module's text. `resolveDir` is the folder that its imports are
 * relative to.
 */
export async function bundle(source, resolveDir, options = {}) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir, loader: 'js' },
    bundle: true,
    format: 'esm',
    target: 'esnext',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*', '*.wasm'],
    write: false,
    ...options,
  });
  return outputFiles[0].text;
}

/**
 * `modules`: { 'worker.js': text, 'core_bg.wasm': bytes }, the first of them the main one, as bundledWorker gives them.
 * `bindings`: { NAME: 'text' } or { NAME: { json } }. `durableObjects`: { NAME: 'ClassName' } or { NAME: { className,
 * sql } }.
 * `outbound`: the Worker may call servers of this machine.
 * `disk`: keep what the objects store through `kill` and `restart`; else in memory.
 * Gives { url, milliseconds, pid(), log(), kill(signal), restart(), stop() }: `url` stays the same after `restart`; it
 * took so long until it listened.
 */
export async function start({
  modules,
  bindings = {},
  durableObjects = {},
  disk = true,
  outbound = false,
  compatibilityDate = '2026-01-01',
  compatibilityFlags = [],
  args = [],
}) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-workerd-'));
  mkdirSync(join(folder, 'objects'));
  const config = join(folder, 'config.capnp');
  writeFileSync(
    config,
    configuration({ folder, modules, bindings, durableObjects, disk, outbound, compatibilityDate, compatibilityFlags }),
  );
  let child;
  let log = '';
  let port = 0;
  let milliseconds;

  async function restart() {
    const command = ['serve', config, '--control-fd=3', `--socket-addr=http=127.0.0.1:${port}`, ...args];
    const spawned = performance.now();
    child = endsWithUs(spawn(BINARY, command, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] }));
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-20_000)));
    port = await listening(child);
    milliseconds = performance.now() - spawned;
    if (port === undefined) {
      await kill();
      throw new Error(`workerd did not start\n${log}`);
    }
  }

  const kill = (signal) => end(child, signal);

  async function stop() {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  }

  await restart();
  return { url: `http://127.0.0.1:${port}/`, milliseconds, pid: () => child.pid, log: () => log, kill, restart, stop };
}

/** The port, which workerd tells once it listens; nothing when it ends or says nothing. */
function listening(child) {
  return new Promise((resolve) => {
    let told = '';
    const timer = setTimeout(resolve, START_MILLISECONDS);
    const tell = (port) => {
      clearTimeout(timer);
      resolve(port);
    };
    child.once('exit', () => tell());
    child.stdio[3].setEncoding('utf8').on('data', (text) => {
      told += text;
      for (const line of told.split('\n').filter((line) => line.endsWith('}'))) {
        const message = JSON.parse(line);
        if (message.event === 'listen' && message.socket === 'http') tell(message.port);
      }
    });
  });
}

function configuration(options) {
  const { folder, modules, bindings, durableObjects, disk, outbound, compatibilityDate, compatibilityFlags } = options;
  // A text of Cap'n Proto is written as in JSON, but for \u, which JSON needs for control characters alone.
  const text = (value) => JSON.stringify(value);
  const list = (items) => `[${items.join(', ')}]`;
  const module = ([name, content], index) => {
    writeFileSync(join(folder, `module-${index}`), content);
    return `(name = ${text(name)}, ${name.endsWith('.wasm') ? 'wasm' : 'esModule'} = embed ${text(`module-${index}`)})`;
  };
  const binding = ([name, value]) =>
    `(name = ${text(name)}, ` +
    `${typeof value === 'string' ? `text = ${text(value)}` : `json = ${text(JSON.stringify(value.json))}`})`;
  const classes = Object.entries(durableObjects).map(([name, object]) => [
    name,
    typeof object === 'string' ? { className: object } : object,
  ]);
  const namespace = ([name, { className }]) => `(name = ${text(name)}, durableObjectNamespace = ${text(className)})`;
  const objects = classes.map(
    ([, { className, sql = true }]) =>
      `(className = ${text(className)}, uniqueKey = ${text(className)}, enableSql = ${sql})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = ${list(Object.entries(modules).map(module))},
      compatibilityDate = ${text(compatibilityDate)},
      compatibilityFlags = ${list(compatibilityFlags.map(text))},
      bindings = ${list([...Object.entries(bindings).map(binding), ...classes.map(namespace)])},
      durableObjectNamespaces = ${list(objects)},
      durableObjectStorage = ${disk ? '(localDisk = "disk")' : '(inMemory = void)'},
    )),
    (name = "disk", disk = (path = ${text(join(folder, 'objects'))}, writable = true)),
    ${outbound ? '(name = "internet", network = (allow = ["private"])),' : ''}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}
