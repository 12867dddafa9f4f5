// Server processes, each started again on its own port when it ends.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('server.js', import.meta.url));

/**
 * `clients`: the Redis client of each. Gives { ports, ends, stop() }: `ends` is how each process that has ended did so.
 */
export async function startFleet(clients, orders) {
  const ends = [];
  const ports = [];
  const children = new Set();
  let stopping = false;

  async function run(index) {
    const child = fork(SERVER, [JSON.stringify({ ...orders, client: clients[index], port: ports[index] ?? 0 })], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
    children.add(child);
    child.once('exit', (code, signal) => {
      children.delete(child);
      if (stopping) return;
      ends.push({ pid: child.pid, how: signal ?? `exit ${code}: ${said}` });
      run(index);
    });
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (message?.port === undefined) throw new Error(`a server did not start\n${said}`);
    ports[index] = message.port;
  }

  async function stop() {
    stopping = true;
    const ended = [...children].map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
  }

  await Promise.all(clients.map((_, index) => run(index)));
  return { ports, ends, stop };
}
