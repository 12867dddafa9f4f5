// What is drawn of many findings, and what it costs.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Lines } from '../../pkg/places/lines.js';
import { excerpt } from '../../pkg/report/excerpt.js';
import { Terminal } from '../../pkg/report/terminal.js';
import { folder, run } from './setup.js';

const POLICY = `package p

# METADATA
# custom: { id: bad }
deny contains {"id": "bad", "message": sprintf("bad %s", [item.name]), "at": sprintf("/items/%d/name", [i])} if {
	some i, item in input.items
	item.kind == "bad"
}

# METADATA
# custom: { id: odd }
warn contains {"id": "odd", "message": sprintf("odd %s", [item.name]), "at": sprintf("/items/%d/name", [i])} if {
	some i, item in input.items
	item.kind == "odd"
}
`;

function project(t, files) {
  const cwd = folder(t);
  mkdirSync(join(cwd, 'pack'));
  writeFileSync(join(cwd, 'pack/p.rego'), POLICY);
  for (const [name, items] of Object.entries(files)) writeFileSync(join(cwd, name), JSON.stringify({ items }));
  return cwd;
}

const items = (count, kind, more) =>
  Array.from({ length: count }, (_, index) => ({ kind, name: `n${index}`, ...more }));
const check = (cwd, ...args) => run(['check', '--pack', './pack', '.', ...args], { cwd });

test('of many the first fifty are drawn, the most severe, file by file; the rest is counted', async (t) => {
  const cwd = project(t, { 'a.json': [...items(40, 'odd'), ...items(30, 'bad')], 'b.json': items(10, 'bad') });
  const { stdout } = await check(cwd);
  const heads = stdout.match(/^(?:error|warning)\[[\w-]+\]|(?<=╭─▶ )\w\.json/gm);
  const drawn = heads.filter((head) => head.endsWith(']'));
  assert.deepEqual(
    [drawn.length, drawn.filter((head) => head.startsWith('error')).length, stdout.includes('30 more are not drawn:')],
    [50, 40, true],
  );
  assert.match(stdout, /^ +30 warning\[policy-odd\]\n {2}help: -v draws them too/m);
  const files = heads.filter((head) => !head.endsWith(']'));
  assert.deepEqual(files, [...Array(40).fill('a.json'), ...Array(10).fill('b.json')]);
  const all = (await check(cwd, '-v')).stdout;
  assert.equal(all.match(/^(?:error|warning)\[/gm).length, 80);
  assert.doesNotMatch(all, /more are not drawn/);
});

/** What it costs beside the same run as JSON, in milliseconds of this process's time. */
async function beside(cwd, ...args) {
  const cost = async (...given) => {
    const { user } = process.cpuUsage();
    await check(cwd, ...given);
    return (process.cpuUsage().user - user) / 1000;
  };
  const json = await cost('-f', 'json');
  return (await cost(...args)) - json;
}

test('a megabyte in one line, and 3,900 findings, are drawn in a second beside JSON', async (t) => {
  const cwd = project(t, { 'a.json': items(3900, 'bad', { 内容: '长é'.repeat(60), token: 'x' }) });
  const [first, all] = [await beside(cwd), await beside(cwd, '-v')];
  t.diagnostic(`${Math.round(first)} ms, all ${Math.round(all)} ms`);
  assert.ok(first < 1000, `${first} ms`);
  assert.ok(all < 3000, `${all} ms`);
});

test('a long line costs no more than a short one', () => {
  const terminal = Terminal.of({ columns: 100 }, { color: 'never' }, { LANG: 'C.UTF-8' });
  const text = `${'长'.repeat(1_000_000)}\n${'é'.repeat(1_000_000)}`;
  const lines = new Lines(text);
  const { user } = process.cpuUsage();
  for (let at = 0; at < 1_000_000; at += 10_000) excerpt(terminal, text, lines.range(at, at + 3), []);
  const spent = (process.cpuUsage().user - user) / 1000;
  assert.ok(spent < 1000, `${spent} ms`);
});

test('both ends of a cut line show that they are cut', () => {
  const terminal = Terminal.of({ columns: 60 }, { color: 'never' }, { LANG: 'C.UTF-8' });
  const text = `${'a'.repeat(5000)}HERE${'b'.repeat(5000)}`;
  const [line, mark] = excerpt(terminal, text, new Lines(text).range(5000, 5004), []);
  assert.match(line, /^1 │ …a+HEREb+…$/);
  assert.equal(line.indexOf('HERE'), mark.indexOf('^^^^'));
  // What is cut off before the mark may be wider than the screen in the text, and narrow on it.
  const [masked] = excerpt(terminal, text, new Lines(text).range(5000, 5004), [[0, 4995]]);
  assert.match(masked, /^1 │ …••••••a{5}HEREb+…$/);
});
