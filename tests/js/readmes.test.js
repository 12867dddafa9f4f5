// The READMEs of the contracts: "Try it" is typed as it stands, then broken in each way that its table lists: that text
// replaced by this one, and the verdict and the finding are the table's. Requests go to a real receiver, by curl;
// answers to `countersign verify`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './setup.js';
import { bash, program } from './shell.js';

const CURL = spawnSync('curl', ['--version']).status === 0;

const readme = (name, file = 'README.md') => readFileSync(join(ROOT, 'policies/webhook', name, file), 'utf8');

/** The parts of "Try it": the receiver's command line, the commands, and the ways to break them. */
function tryIt(name) {
  const section = /^## Try it\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(readme(name))?.[1];
  if (section === undefined) return undefined;
  const [, receiver] = /^((?:\w+=\S+ )?node examples\/receive\.js .*)$/m.exec(section) ?? [];
  const [, commands] = /^```sh\n(.*?)^```/ms.exec(section);
  const lines = [...section.matchAll(/^\|(?! replace|---)/gm)];
  const rows = [...section.matchAll(/^\| `(.+?)` \| (?:`(.+?)`|nothing) \| (\w+) \| (?:`(.+?)`)? *\|$/gm)];
  const breaks = rows.map(([, from, to = '', verdict, code]) => ({ from: plain(from), to: plain(to), verdict, code }));
  return { receiver, commands, breaks, lines: lines.length };
}

/** A bar in a table is escaped. */
function plain(text) {
  return text.replaceAll('\\|', '|');
}

/** A receiver of its own for every message, so that none has been seen before. */
async function receive(command, t) {
  const [, key, words] = /^(?:COUNTERSIGN_KEY=(\S+) )?node examples\/receive\.js (.*?)(?: &)?$/.exec(command);
  const args = words.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ''));
  const env = { ...process.env, ...(key === undefined ? {} : { COUNTERSIGN_KEY: key }) };
  const { worker, first } = program(join(ROOT, 'examples/receive.js'), { argv: [...args, '--port', '0'], env });
  t.after(() => worker.terminate());
  return /http:\S+/.exec(await first)[0];
}

async function typed(commands, base) {
  const { stdout } = await bash(base === undefined ? commands : commands.replaceAll('http://127.0.0.1:8080', base));
  return /^[{[]/.test(stdout) ? [JSON.parse(stdout)].flat()[0] : { verdict: stdout, findings: [] };
}

/** The contracts that we describe ourselves; of the others somebody else's documents say how to try them. */
const OURS = readdirSync(join(ROOT, 'policies/webhook'))
  .sort()
  .filter((name) => !/^Source:[^<\n]*\n?<https/m.test(readme(name)));
/** No shell makes a DPoP proof. */
const UNTRIED = ['coze-dpop'];

test('every contract that we describe has "Try it", and no other has a table of ways to break it', () => {
  assert.deepEqual(
    OURS.filter((name) => tryIt(name) === undefined),
    UNTRIED,
  );
  for (const name of readdirSync(join(ROOT, 'policies/webhook'))) {
    const tables = readme(name).match(/^\| replace \|/gm)?.length ?? 0;
    assert.equal(tables, tryIt(name) === undefined ? 0 : 1, name);
  }
});

/** What is typed, and what a table says of it: the same in every language. */
const typedIn = (text) => [
  text.match(/^```(?:sh|text)\n.*?^```/gms),
  text
    .match(/^\| `.+` \| (?:`.+`|[^|`]+) \| (?:accept|ignore|reject) \| (?:`.+`)? *\|$/gm)
    ?.map((row) => row.match(/`[^`]+`/g)),
];

test('a README in another language shows the same commands, and the same ways to break them', () => {
  for (const name of readdirSync(join(ROOT, 'policies/webhook')))
    for (const file of readdirSync(join(ROOT, 'policies/webhook', name)).filter((one) => /^README\..+\.md$/.test(one)))
      assert.deepEqual(typedIn(readme(name, file)), typedIn(readme(name)), `${name}/${file}`);
});

for (const name of OURS) {
  const part = tryIt(name);
  if (part === undefined) continue;
  test(`${name}: what its README sends, and each way to break it`, async (t) => {
    if (part.receiver && !CURL) return t.diagnostic('skipped: curl is not installed');
    assert.ok(part.breaks.length >= 3, 'no table of ways to break it');
    assert.equal(part.breaks.length, part.lines, 'a row of the table is not read');
    for (const { from, to, verdict, code } of [{ from: '', to: '', verdict: 'accept' }, ...part.breaks]) {
      assert.ok(part.commands.includes(from), `\`${from}\` is not in the commands`);
      const base = part.receiver && (await receive(part.receiver, t));
      const got = await typed(
        part.commands.replace(from, () => to),
        base,
      );
      const codes = got.findings.map((finding) => finding.code);
      assert.equal(got.verdict, verdict, `${from} -> ${to}: ${codes}`);
      assert.ok(code === undefined || codes.includes(code), `${from} -> ${to}: ${codes}`);
    }
  });
}
