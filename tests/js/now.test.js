// `verify --now signed` and `--now recorded`: recordings of different days are judged together, each at its own time.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { BODY, folder, NOW, recorded, run, SECRET, URL_ } from './setup.js';

const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
const DAY = 86_400;

function files(t, all) {
  const cwd = folder(t);
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

const verify = (cwd, ...args) => run(['verify', '--key-env', 'S', ...args], { cwd, env: { S: SECRET } });
const sub2api = (cwd, ...args) => verify(cwd, '--contract', 'sub2api', ...args);

function har(...entries) {
  const entryOf = ({ at, now }) => {
    const body = Buffer.from(BODY);
    const { headers } = gate.sign(
      { method: 'POST', url: URL_, headers: [['content-type', 'application/json']], body },
      { now },
    );
    const request = {
      method: 'POST',
      url: `https://shop.example${URL_}`,
      headers: headers.map(([name, value]) => ({ name, value })),
      postData: { text: BODY },
    };
    return { startedDateTime: at, request };
  };
  return JSON.stringify({ log: { entries: entries.map(entryOf) } });
}

test('recordings that were signed at two times pass together', async (t) => {
  const cwd = files(t, { 'r/a.http': recorded(gate), 'r/b.http': recorded(gate, { now: NOW - 900 * DAY }) });
  assert.equal((await sub2api(cwd, '--now', 'signed', 'r')).code, 0);
  assert.equal((await sub2api(cwd, '--now', String(NOW), 'r')).code, 1);
});

test('a stale recording names the flag', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate, { now: Math.floor(Date.now() / 1000) - 914 * DAY - 60 }) });
  assert.match((await sub2api(cwd, 'a.http')).stdout, /help: signed 914 days ago; a recording\? add --now signed/);
  assert.doesNotMatch((await sub2api(cwd, '--now', String(NOW), 'a.http')).stdout, /add --now signed/);
});

test('a signed time does not excuse a forged message', async (t) => {
  const forged = String(recorded(gate)).replace(/(?<=-signature: )../i, '00');
  const cwd = files(t, { 'a.http': forged });
  const { code, stdout } = await sub2api(cwd, '--now', 'signed', 'a.http');
  assert.equal(code, 1);
  assert.match(stdout, /signature-mismatch/);
  assert.doesNotMatch(stdout, /timestamp-too/);
});

test('a message whose signed time cannot be read is a problem', async (t) => {
  const cwd = files(t, {
    'a.http': String(recorded(gate)).replace(/(?<=-timestamp: )\d+/i, 'soon'),
    'b.http': recorded(gate),
    'github.http': 'POST / HTTP/1.1\r\ncontent-type: application/json\r\n\r\n{}',
  });
  const { code, stdout, stderr } = await sub2api(cwd, '--now', 'signed', 'a.http', 'b.http');
  assert.equal(code, 3);
  assert.match(
    stderr,
    /a\.http: no signed time can be read from it\n {2}help: give the time when it arrived: --now TIME/,
  );
  assert.match(stdout, /b\.http.*accept/);
  const timeless = await verify(cwd, '--contract', 'github', '--now', 'signed', 'github.http');
  assert.equal(timeless.code, 3);
});

test('an entry of a HAR is judged when it was recorded', async (t) => {
  const at = new Date((NOW + 2) * 1000).toISOString();
  const late = new Date((NOW + 9 * DAY) * 1000).toISOString().replace('Z', '+00:00');
  const cwd = files(t, {
    'good.har': har({ at, now: NOW }),
    'late.har': har({ at: late, now: NOW }),
    'a.http': recorded(gate),
  });
  const good = await sub2api(cwd, '--now', 'recorded', 'good.har');
  assert.equal(good.code, 0, good.stderr);
  assert.match((await sub2api(cwd, '--now', 'recorded', 'late.har')).stdout, /timestamp-too-old/);
  const { code, stderr } = await sub2api(cwd, '--now', 'recorded', 'a.http');
  assert.equal(code, 3);
  assert.match(stderr, /only the entries of a HAR say when they were recorded\n {2}help: use --now signed/);
  for (const wrong of [undefined, 'yesterday', 12, '2024-05-30', '2024-05-30T00:00:00']) {
    writeFileSync(join(cwd, 'wrong.har'), har({ at: wrong, now: NOW }));
    const { code: status, stderr: said } = await sub2api(cwd, '--now', 'recorded', 'wrong.har');
    assert.deepEqual([status, /no `startedDateTime` that is a time/.test(said)], [3, true], String(wrong));
  }
});

test("a case folder keeps its own time, and a number is everyone's", async (t) => {
  const found = { contract: 'sub2api', now: NOW + 9 * DAY, keys: [{ secret: SECRET }] };
  const cwd = files(t, { 'c/case.json': JSON.stringify(found), 'c/request.http': recorded(gate) });
  assert.match((await run(['verify', '--now', 'signed', 'c'], { cwd })).stdout, /timestamp-too-old/);
  assert.equal((await run(['verify', '--now', String(NOW), 'c'], { cwd })).code, 0);
});

test('two contracts, and the hooks of a registry, are judged at the signed time', async (t) => {
  const contract = JSON.stringify({ contract: 'timeless', version: 1, signature: null });
  const hooks = {
    version: 1,
    hooks: [{ id: 'a', uri: `https://shop.example${URL_}`, enabled: true, contract: 'sub2api', key: { env: 'S' } }],
  };
  const request = String(recorded(gate)).replace('\r\n', '\r\nHost: shop.example\r\n');
  const cwd = files(t, { 'a.http': request, 'timeless.json': contract, 'hooks.json': JSON.stringify(hooks) });
  const both = await verify(cwd, '--contract', 'sub2api', '--contract', './timeless.json', '--now', 'signed', 'a.http');
  assert.match(both.stdout, /A accepts 200/, both.stderr);
  const hooked = await run(['verify', '--registry', 'hooks.json', '--now', 'signed', 'a.http'], {
    cwd,
    env: { S: SECRET },
  });
  assert.match(hooked.stdout, /accept 200/, hooked.stderr);
});

test('other commands take no such word', async (t) => {
  const cwd = files(t, { 'a.yaml': 'x: 1\n' });
  const { code, stderr } = await run(['check', '--now', 'signed', 'a.yaml'], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /--now is neither Unix seconds/);
});
