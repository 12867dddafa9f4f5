// A module that exports `fetch`, served by a runtime on a free port: { url, stop() }.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { ROOT } from './installed.js';

const BIN = join(ROOT, 'node_modules/.bin');

export const deno = (home, file) =>
  started('deno', ['serve', '--no-prompt', '--allow-read', '--host=127.0.0.1', '--port=0', file], home);
export const bun = (home, file) => started('bun', [file], home);

async function started(name, args, cwd) {
  const env = { PATH: process.env.PATH, HOME: cwd, NO_COLOR: '1', NODE_ENV: 'production', DENO_NO_UPDATE_CHECK: '1' };
  const child = spawn(join(BIN, name), args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    const hear = (text) => {
      said += text;
      const [found] = /http:\/\/[\w.:]+/.exec(said) ?? [];
      if (found && said.includes('\n', said.indexOf(found))) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${name} ended with ${code}: ${said}`)));
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
  return { url, stop };
}
