// What the suites share: the built package, the contract they speak of, and a way to run the command line.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run as commandLine } from '../../pkg/cli/run.js';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const SECRET = 'replace-with-real-secret';
export const NOW = 1717029588;
export const URL_ = '/api/v1/customer-service/webhook';
export const BODY = '{"message_id":"sub2api-msg-001","channel":"sub2api","open_id":"user-123","content":"我要退款"}';

export const MAIN = join(ROOT, 'pkg/cli/main.js');
/** The environment of every run: what CI sets (CI, GITHUB_ACTIONS) changes no test. */
export const PLACE = { PATH: process.env.PATH, LANG: 'C.UTF-8' };

/**
 * Runs the command line; gives { code, stdout, stderr }. Colours and locale are fixed unless a test sets them. It runs
 * in this process, but where standard input is read (`-` or `input`) or `apart` asks for a process of its own.
 */
export function run(args, { cwd = ROOT, env = {}, input, apart = input !== undefined || args.includes('-') } = {}) {
  if (apart) return started(args, cwd, env, input);
  return written(args, { cwd, env }).then(({ code, writes }) => {
    const text = (name) => writes.map((write) => write[name] ?? '').join('');
    return { code, stdout: text('stdout'), stderr: text('stderr') };
  });
}

/** Runs the command line in this process; gives { code, writes }: what it writes on either stream, as it comes. */
export function written(args, { cwd, env }) {
  const done = last.then(() => within(args, cwd, env));
  last = done.catch(() => {});
  return done;
}

/** The folder is the process's, so one command runs after the other. */
let last = Promise.resolve();

async function within(args, cwd, env) {
  const writes = [];
  const stream = (name) => ({ write: (data) => writes.push({ [name]: String(Buffer.from(data)) }) });
  const home = process.cwd();
  process.chdir(cwd);
  try {
    const code = await commandLine(args, {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      env: { ...PLACE, ...env },
    });
    return { code, writes };
  } finally {
    process.chdir(home);
  }
}

function started(args, cwd, env, input) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...PLACE, ...env } });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text) => (output[name] += text));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
    child.stdin.on('error', () => {}); // a run that reads nothing may end first
    child.stdin.end(input);
  });
}

/** A folder for one test. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'countersign-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A recording of BODY, signed by `gate`. */
export function recorded(gate, { body = BODY, now = NOW, url = URL_ } = {}) {
  const bytes = Buffer.from(body);
  const signed = gate.sign(
    { method: 'POST', url, headers: [['content-type', 'application/json']], body: bytes },
    { now },
  );
  const lines = signed.headers.map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`POST ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), bytes]);
}
