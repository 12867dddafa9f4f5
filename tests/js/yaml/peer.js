// go-yaml, where Go is installed; else its answers from the last time.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../setup.js';

const SOURCE = join(ROOT, 'tests/go-yaml');
const PROGRAM = join(ROOT, 'target/go-yaml');
const DEBIAN = '/usr/share/gocode'; // where golang-gopkg-yaml.v2-dev puts it
const LONGEST = 1 << 30;

/** The program's path, or why there is none. */
export function build() {
  if (!existsSync(`${DEBIAN}/src/gopkg.in/yaml.v2`)) return { missing: 'golang-gopkg-yaml.v2-dev is not installed' };
  mkdirSync(join(ROOT, 'target'), { recursive: true });
  const { error, status, stderr } = spawnSync('go', ['build', '-o', PROGRAM, '.'], {
    cwd: SOURCE,
    env: { ...process.env, GO111MODULE: 'off', GOPATH: DEBIAN },
    encoding: 'utf8',
  });
  if (error) return { missing: 'Go is not installed' };
  return status === 0 ? { program: PROGRAM } : { missing: `go build: ${stderr.trim().split('\n')[0]}` };
}

/** What go-yaml makes of each text: { stream, parts }, a list of documents each or the text of an error. */
export function answers(program, texts) {
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
  const { status, stdout, stderr } = spawnSync(program, { input, maxBuffer: LONGEST });
  if (status !== 0) throw new Error(`${stderr}`);
  return `${stdout}`
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
