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

/** The parts of "Try it": the receiver's command line, the commands, and the ways to break them. */
function tryIt(name) {
  const text = readFileSync(join(ROOT, 'policies/webhook', name, 'README.md'), 'utf8');
  const section = /^## Try it\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(text)?.[1];
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

/** The contracts that we describe ourselves: nobody else's documents say how to try them. */
const OURS = [
  'api-versions',
  'coze-health-answer',
  'coze-kb',
  'coze-publish-answer',
  'coze-v2',
  'envelope',
  'event-standard',
  'sub2api',
  'sub2api-answer',
];

test('the contracts that have "Try it"', () => {
  assert.deepEqual(readdirSync(join(ROOT, 'policies/webhook')).sort().filter(tryIt), OURS);
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
