// Scripts of the documents, by bash as a reader would type them. `countersign` in them is answered by this process, so
// that no run of it starts one; where it reads standard input it is the real one.

import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after } from 'node:test';
import { Worker } from 'node:worker_threads';

import { MAIN, PLACE, written } from './setup.js';

/** A folder with the command on its path. */
export const home = mkdtempSync(join(tmpdir(), 'countersign-shell-'));
mkdirSync(join(home, 'bin'));
writeFileSync(join(home, 'bin/countersign'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
chmodSync(join(home, 'bin/countersign'), 0o755);

// A call is its folder, its arguments and its environment, each part ended by NUL; the answer is the exit code and the
// files that hold what it printed, in the order in which it came on either stream.
const CALL = `
countersign() {
  case " $* " in *' - '*) command countersign "$@"; return ;; esac
  local code files file
  exec 9<> "/dev/tcp/127.0.0.1/$COUNTERSIGN_PORT"
  { printf '%s\\0' "$PWD" "$#" "$@"; env -0; printf '\\0'; } >&9
  IFS=' ' read -r code files <&9
  exec 9>&-
  for file in $files; do
    case "$file" in *.stderr) cat "$file" >&2 ;; *) cat "$file" ;; esac
  done
  return "$code"
}
npx() {
  test "$1" = countersign || { command npx "$@"; return; }
  shift
  countersign "$@"
}
`;

let calls = 0;
const server = createServer((socket) => {
  let text = '';
  socket.setEncoding('utf8').on('data', async (chunk) => {
    text += chunk;
    if (!text.endsWith('\0\0')) return;
    const [cwd, count, ...rest] = text.split('\0');
    const args = rest.splice(0, Number(count));
    const env = Object.fromEntries(rest.filter(Boolean).map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
    const { code, writes } = await written(args, { cwd, env });
    const files = writes.flatMap(Object.entries).map(([name, text]) => {
      const file = join(home, `bin/${(calls += 1)}.${name}`);
      writeFileSync(file, text);
      return file;
    });
    socket.end(`${[code, ...files].join(' ')}\n`);
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
server.unref();
after(() => rmSync(home, { recursive: true, force: true }));

/** Runs a script in `home`; gives { status, stdout, stderr }. */
export function bash(script, options = []) {
  const env = {
    ...PLACE,
    NO_COLOR: '1',
    PATH: join(home, 'bin') + delimiter + PLACE.PATH,
    COUNTERSIGN_PORT: String(server.address().port),
  };
  const child = spawn('bash', [...options, '-c', CALL + script], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...output }));
  });
}

/** Runs a file of JavaScript as a program of its own, in a thread: { worker, first line, all lines and its end }. */
export function program(file, { argv = [], env = process.env } = {}) {
  const worker = new Worker(file, { argv, env, stdout: true });
  let stdout = '';
  const first = new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout);
    });
  });
  first.catch(() => {});
  const end = new Promise((resolve, reject) => worker.on('error', reject).on('exit', () => resolve(stdout)));
  end.catch(() => {});
  return { worker, first, end };
}
