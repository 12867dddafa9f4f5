// The line that says how far a run is.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Progress } from '../../pkg/cli/progress.js';

const CLEAR = '\r\u001b[2K';

function told({ isTTY = true, env = {}, quiet = false }) {
  const writes = [];
  let time = 0;
  const stderr = { isTTY, columns: 20, write: (text) => writes.push(text) };
  const progress = new Progress({ stderr, env }, { quiet }, () => time);
  for (time = 0; time <= 1250; time += 50) progress.say(`reading ${time} of 99999 files`);
  progress.end();
  progress.end();
  return writes;
}

test('after a second, ten times a second, within the line, and taken away at the end', () => {
  const lines = [1000, 1100, 1200].map((time) => `${CLEAR}${`reading ${time} of 99999 files`.slice(0, 19)}`);
  assert.deepEqual(told({}), [...lines, CLEAR]);
});

test('nothing where nobody looks: no terminal, -q, CI, a dumb terminal', () => {
  for (const where of [{ isTTY: false }, { quiet: true }, { env: { CI: 'true' } }, { env: { TERM: 'dumb' } }])
    assert.deepEqual(told(where), []);
});

test('nothing for what is fast', () => {
  const writes = [];
  const progress = new Progress({ stderr: { isTTY: true, write: (text) => writes.push(text) }, env: {} });
  progress.say('reading');
  progress.end();
  assert.deepEqual(writes, []);
});
