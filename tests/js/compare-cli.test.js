// Two versions of one API side by side, over recordings on the command line.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { folder, NOW, recorded, ROOT, run, SECRET } from './setup.js';
import { keys, sub2api, V1, v1, V2 } from './compare/versions.js';

const env = { S: SECRET };
const BOTH = ['verify', '--contract', './v1.json', '--contract', './v2.json', '--now', String(NOW)];
const KEYED = [...BOTH, '--key-env', 'S'];

function workplace(t, more = {}) {
  const cwd = folder(t);
  for (const name of ['in', 'doubted']) mkdirSync(join(cwd, name));
  const good = { type: 'paid', id: '1', name: 'x', event_id: 'e' };
  const files = {
    'v1.json': JSON.stringify(V1),
    'v2.json': JSON.stringify(V2),
    'in/old.http': recorded(v1, { body: '{"type":"paid","id":"1","name":"x"}', url: '/hooks' }),
    'in/lost.http': recorded(v1, { body: JSON.stringify(good), url: '/lost' }),
    'doubted/forged.http': recorded(sub2api, { body: JSON.stringify(good), url: '/hooks' }),
    'doubted/stale.http': recorded(v1, { body: JSON.stringify(good), url: '/hooks', now: NOW - 900 }),
    ...more,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

async function ends(code, args, cwd) {
  const result = await run(args, { cwd, env });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

test('a folder: each request, what they disagree on, and the sum', async (t) => {
  const cwd = workplace(t);
  const { stdout } = await ends(1, [...KEYED, 'in'], cwd);
  assert.match(stdout, /^A is orders-v1 \(\.\/v1\.json\), B is orders-v2 \(\.\/v2\.json\)\n/);
  assert.match(
    stdout,
    /✗ in\/old\.http: disagree: A accepts 200 as version v1, B rejects 422 as version v2\n {4}B alone says error\[schema-required\] at \/event_id: `event_id` is required and missing\n/,
  );
  assert.match(stdout, /✓ in\/lost\.http: agree: A rejects 404/);
  assert.match(stdout, /✗ 2 requests: 1 agree, 1 disagree \(\d/);
});

test('where neither believes the sender, nothing is compared, and that is no agreement', async (t) => {
  const cwd = workplace(t);
  const { stdout, stderr } = await ends(3, [...KEYED, 'doubted', 'in'], cwd);
  assert.match(
    stdout,
    /! doubted\/forged\.http: not compared: A rejects 401 as version v1, B rejects 401 as version v2\n {4}both reject the signature, so nothing else was compared\n/,
  );
  assert.match(
    stdout,
    /! doubted\/stale\.http: not compared: .*\n {4}both reject the time, so nothing else was compared\n/,
  );
  assert.match(stdout, /✗ 4 requests: 1 agree, 1 disagree, 2 not compared \(/);
  assert.match(
    stderr,
    /both reject the signature or the time of doubted\/forged\.http and 1 more, .*\n {2}help: .*keys.*--now/,
  );
  assert.match(
    (await ends(3, [...KEYED, '-q', '--fail-on', 'never', 'doubted/forged.http'], cwd)).stdout,
    /not compared/,
  );
  const { agree, notes } = JSON.parse((await ends(3, [...KEYED, '-f', 'json', 'doubted/stale.http'], cwd)).stdout);
  assert.deepEqual([agree, notes[0]], [true, { kind: 'unjudged', a: 'freshness', b: 'freshness' }]);
  const split = recorded(v1, { body: '{"type":"paid"}', url: '/hooks', now: NOW - 900 });
  writeFileSync(join(cwd, 'split.http'), split);
  assert.match(
    (await ends(1, [...KEYED, 'split.http'], cwd)).stdout,
    /split\.http: disagree[\s\S]*B alone says[\s\S]*both reject the time/,
  );
});

test('what several requests show is counted, commonest first', async (t) => {
  const old = (name) => recorded(v1, { body: `{"type":"paid","id":"${name}","name":"x"}`, url: '/hooks' });
  const cwd = workplace(t, {
    'in/a.http': old('a'),
    'in/b.http': recorded(v1, { body: '{"type":"paid","full_name":"y","name":"x","event_id":"e"}', url: '/hooks' }),
  });
  const { stdout } = await ends(1, [...KEYED, 'in'], cwd);
  assert.match(
    stdout,
    /in\/b\.http: disagree: .*\n {4}\/name of the message differs\n {4}B alone has \/event_id of the message\n/,
  );
  assert.match(
    stdout,
    /\n\n {2}2 times: B alone says error\[schema-required\] at \/event_id: .*\n✗ 4 requests: 1 agree, 3 disagree/,
  );
});

test('the example does what docs/cli.md shows', async () => {
  const page = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');
  const [, command, shown] = /```text\nnpx (countersign verify --contract examples[^`]*?)\n\n(.*?)\n```/s.exec(page);
  const args = command.replaceAll('\\\n', ' ').split(/\s+/).slice(1);
  const { code, stdout } = await run(args, { cwd: ROOT, env: { WEBHOOK_SECRET: SECRET } });
  assert.equal(code, 1);
  for (const line of shown.split('\n')) assert.ok(stdout.includes(line), `${line}\n${stdout}`);
  assert.match(
    stdout,
    /✓ examples\/versions\/recordings\/1-today\.http: agree.*\n.*2-canary\.http: disagree[\s\S]*3-prefix.*disagree.*\n {4}B alone has \/amount of the message\n✓.*4-field\.http: agree/,
  );
});

test('one request is one document, several are a list or lines, each with its file', async (t) => {
  const cwd = workplace(t);
  const one = JSON.parse((await ends(1, [...KEYED, '-f', 'json', 'in/old.http'], cwd)).stdout);
  assert.deepEqual([one.file, one.agree, one.b.verdict], ['in/old.http', false, 'reject']);
  const several = JSON.parse((await ends(1, [...KEYED, '-f', 'json', 'in'], cwd)).stdout);
  assert.deepEqual(
    several.map(({ file, agree }) => [file, agree]),
    [
      ['in/lost.http', true],
      ['in/old.http', false],
    ],
  );
  const lines = (await ends(1, [...KEYED, '-f', 'jsonl', 'in'], cwd)).stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    several,
  );
});

test('0 where they agree, and --fail-on decides', async (t) => {
  const cwd = workplace(t, {
    'v3.json': JSON.stringify({
      ...V1,
      contract: 'v3',
      route: { ...V1.route, versions: [{ version: 'v1', deprecated: { use: 'v2' } }] },
    }),
  });
  await ends(0, [...KEYED, 'in/lost.http'], cwd);
  await ends(0, [...KEYED, '--fail-on', 'never', 'in'], cwd);
  const warned = [
    'verify',
    '--contract',
    './v1.json',
    '--contract',
    './v3.json',
    '--now',
    String(NOW),
    '--key-env',
    'S',
    'in/old.http',
  ];
  assert.match(
    (await ends(0, warned, cwd)).stdout,
    /agree: A accepts.*\n {4}B alone says warning\[version-deprecated\]/,
  );
  await ends(1, [...warned, '--fail-on', 'warning'], cwd);
  assert.equal((await ends(0, [...KEYED, '-q', 'in/lost.http'], cwd)).stdout, '');
  const broken = workplace(t, { 'in/cut.http': 'POST / HTTP/1.1\n' });
  assert.match(
    (await ends(3, [...KEYED, 'in'], broken)).stdout,
    /3 requests: 1 agree, 1 disagree, 1 could not be checked/,
  );
});

test('keys go to the contract that uses them', async (t) => {
  const cwd = workplace(t, {
    'open.json': JSON.stringify({ contract: 'open', version: 1, signature: null }),
    'open2.json': JSON.stringify({ contract: 'open-2', version: 1, signature: null }),
  });
  const by = (a, b, ...keyed) => [
    'verify',
    '--contract',
    a,
    '--contract',
    b,
    '--now',
    String(NOW),
    ...keyed,
    'doubted/stale.http',
  ];
  assert.match(
    (await ends(1, by('./v1.json', './open.json', '--key-env', 'S'), cwd)).stdout,
    /A alone says error\[timestamp-too-old\]/,
  );
  await ends(1, by('./open.json', './v1.json', '--key-env', 'S'), cwd);
  await ends(0, by('./open.json', './open2.json'), cwd);
  assert.match((await ends(2, by('./open.json', './open2.json', '--key-env', 'S'), cwd)).stderr, /error\[key-unused\]/);
  assert.match(
    (await ends(2, by('./v1.json', './open.json'), cwd)).stderr,
    /error\[key-missing\].*\(\.\/v1\.json at keys\)/,
  );
  assert.match(
    (await ends(2, by('./v1.json', 'discord', '--key-env', 'S'), cwd)).stderr,
    /error\[key-malformed\].*\(discord at keys\/0\)\n {2}help: .*compare\(gateA/,
  );
});

test('usage', async (t) => {
  const cwd = workplace(t);
  const stderr = async (...args) => (await ends(2, args, cwd)).stderr;
  assert.match(
    await stderr(...KEYED, '--contract', 'sub2api', 'in'),
    /--contract was given 3 times: it takes one contract, or two to compare/,
  );
  assert.match(
    await stderr(...KEYED, '--explain', 'in'),
    /--explain works with one contract, not two[\s\S]*help: use the one/,
  );
  assert.match(
    await stderr('verify', '--contract', 'sub2api', '--contract', 'sub2api', '--key-env', 'S', 'in'),
    /agrees with itself/,
  );
  assert.match(await stderr(...KEYED), /nothing to verify/);
  assert.match(await stderr(...KEYED, '--other-key-env', 'S', 'in'), /--other-key-env has no effect without --explain/);
  assert.match(await stderr(...KEYED, '--jkt', 'x', 'in'), /the contract orders-v1, orders-v2 checks no DPoP proof/);
  assert.match(
    await stderr('sign', '--contract', './v1.json', '--contract', './v2.json', '--key-env', 'S'),
    /given 2 times: it takes one contract/,
  );
});

test('a case folder lends its time, keys and options; its contract gives way', async (t) => {
  const cwd = workplace(t);
  mkdirSync(join(cwd, 'case'));
  writeFileSync(join(cwd, 'case/case.json'), JSON.stringify({ contract: 'sub2api', now: NOW, keys, why: 'x' }));
  writeFileSync(
    join(cwd, 'case/request.http'),
    recorded(v1, { body: '{"type":"paid","id":"1","name":"x"}', url: '/hooks' }),
  );
  const { stdout } = await ends(
    1,
    ['verify', '--contract', './v1.json', '--contract', './v2.json', '-f', 'json', 'case'],
    cwd,
  );
  const { a, b } = JSON.parse(stdout);
  assert.deepEqual([a.contract, a.verdict, b.contract, b.verdict], ['orders-v1', 'accept', 'orders-v2', 'reject']);
});
