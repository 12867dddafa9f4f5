// A real redis-server of one's own, which a test may kill and start again.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { end, endsWithUs } from './children.js';
import { freePort } from './free-port.js';

const START_MILLISECONDS = 20_000;

/** Why there is no Redis here, for `{ skip }`; false where there is. */
export const noRedis = spawnSync('redis-server', ['--version']).status === 0 ? false : 'redis-server is not installed';
if (noRedis) console.error(`SKIPPED: the tests on a real Redis, as ${noRedis}`);

/**
 * `persistent`: every write is on the disk before it is answered; else nothing is kept. `args`: more of the command
 * line. Gives { port, url, pid(), kill(signal), restart(), stop() }: after `kill` it is gone until `restart`, on the
 * same port, with the same folder.
 */
export async function start({ persistent = true, args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-redis-'));
  const port = await freePort();
  const kept = persistent ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const command = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...kept, ...args];
  let child;

  async function restart() {
    child = endsWithUs(spawn('redis-server', command, { stdio: ['ignore', 'pipe', 'inherit'] }));
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-4000)));
    const until = Date.now() + START_MILLISECONDS;
    while (!(await answers(port))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`redis-server did not start\n${log}`);
      await sleep(20);
    }
  }

  const kill = (signal) => end(child, signal);

  async function stop() {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  }

  await restart();
  return { port, url: `redis://127.0.0.1:${port}`, pid: () => child.pid, kill, restart, stop };
}

// PONG, and no sooner: while it loads its file it listens, and refuses.
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => done(false));
    socket.on('error', () => done(false));
    socket.once('data', (data) => done(String(data).startsWith('+PONG')));
  });
}
