// Every example in the documents is run: `js` blocks as modules whose comments say what they print, `sh` blocks as a
// user would type them, `json` blocks as contracts that load, `rego` blocks as packs. The README's server is started,
// its workflow is run, and its rendered error is what the command line prints.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { standIn } from '../../pkg/cli/stand-in.js';
import { compile, loadPack } from '../../pkg/node.js';
import { freePort } from '../edge/free-port.js';
import { ROOT } from './setup.js';
import { bash, home, program } from './shell.js';

const read = (file) => readFileSync(join(ROOT, file), 'utf8');
const readme = read('README.md');

/** Their examples are run by tests of their own: tests/edge/servers, metrics-guard and retry, and documents. */
const ELSEWHERE = ['adapters', 'metrics', 'retry', 'documents', 'documents.zh-CN'].map((name) => `docs/${name}.md`);
const pages = readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`);
const documents = ['README.md', 'policies/contracts.md', 'policies/engines.md', ...pages]
  .filter((file) => !ELSEWHERE.includes(file))
  .map(read)
  .join('\n');

mkdirSync(join(home, 'node_modules'));
symlinkSync(join(ROOT, 'pkg'), join(home, 'node_modules', 'countersign'));
symlinkSync(join(ROOT, 'node_modules/express'), join(home, 'node_modules', 'express'));
cpSync(join(ROOT, 'demo/manifests/good'), join(home, 'manifests'), { recursive: true });
mkdirSync(join(home, 'team'));
writeFileSync(join(home, 'team/images.rego'), /^As `team\/images\.rego`:\n\n```rego\n(.*?)^```/ms.exec(documents)[1]);

function blocks(language) {
  const found = [...documents.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    (match) => match[1],
  );
  assert.ok(found.length > 0, `the documents have no ${language} example`);
  return found;
}

/** A block that begins with the name of a file is a program that goes on: a server. */
const isServer = (source) => /^\/\/ [\w-]+\.js\n/.test(source);

test('the js examples print what their comments say', async () => {
  const examples = blocks('js').filter((source) => !isServer(source));
  for (const [index, source] of examples.entries()) {
    const file = join(home, `example-${index}.mjs`);
    writeFileSync(file, source);
    const stdout = await program(file).end;
    const said = source
      .split('\n')
      .filter((line) => line.startsWith('// '))
      .map((line) => line.slice(3));
    assert.deepEqual(stdout.trimEnd().split('\n'), said);
  }
});

const passes = async (source) => {
  const { status, stdout, stderr } = await bash(source, ['-euo', 'pipefail']);
  assert.equal(status, 0, `${source}\n${stdout}${stderr}`);
  return stdout;
};

test('the sh examples pass, then the workflow of the README', async () => {
  for (const source of blocks('sh')) await passes(source);
  const [, steps] = /^```yaml\n(.*?)^```/ms.exec(readme);
  const commands = [...steps.matchAll(/- run: (npx countersign .*)$/gm)].map(([, command]) => command);
  assert.equal(commands.length, 1);
  assert.match(await passes(commands[0]), /[1-9]\d* cases?: \d+ passed/);
});

const SECRET = 'whsec_replace-with-real-secret';
const EVENT = { id: 'evt_1', object: 'event', type: 'charge.succeeded', created: 1760000000, data: { object: {} } };
/** What Stripe would send, as raw HTTP. */
const signed = (options, body) => {
  writeFileSync(join(home, 'event.json'), body);
  return passes(`KEY=${SECRET} npx countersign sign --contract stripe --key-env KEY ${options} event.json`);
};

test('the server of the README takes a signed event once, and no other', async (t) => {
  const [source, ...more] = blocks('js').filter(isServer);
  assert.deepEqual(more, []);
  const port = await freePort();
  const file = join(home, 'server.mjs');
  writeFileSync(file, source.replace('listen(3000)', `listen(${port}, () => console.log('up'))`));
  const { worker, first } = program(file, { env: { ...process.env, STRIPE_WEBHOOK_SECRET: SECRET } });
  t.after(() => worker.terminate());
  await first;
  const http = await signed(`--url http://127.0.0.1:${port}/hooks/stripe`, JSON.stringify(EVENT));
  const [, signature] = /^stripe-signature: (.*)$/m.exec(http);
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature.trim() };
  for (const [body, status, text] of [
    [JSON.stringify(EVENT).replace('succeeded', 'refunded'), 401, 'Unauthorized'],
    [JSON.stringify(EVENT), 200, 'got charge.succeeded'],
    [JSON.stringify(EVENT), 200, '"duplicate":true'],
  ]) {
    const answer = await fetch(`http://127.0.0.1:${port}/hooks/stripe`, { method: 'POST', headers, body });
    assert.equal(answer.status, status);
    assert.ok((await answer.text()).includes(text), text);
  }
});

test('the error of the README is what verify prints', async () => {
  const [, command, shown] = /^```text\n\$ (npx countersign verify .*)\n(error.*?)\n```/ms.exec(readme);
  const http = await signed('--now 1790000000', JSON.stringify(EVENT, undefined, 2));
  const [head] = http.split(/\r?\n\r?\n/, 1);
  const length = JSON.stringify(EVENT).length;
  const request = `${head.replace(/(?<=content-length: )\d+/, length)}\n\n${JSON.stringify(EVENT)}`;
  writeFileSync(join(home, 'request.http'), request.replaceAll('\r', ''));
  const { stdout } = await bash(`STRIPE_WEBHOOK_SECRET=${SECRET} ${command} --now 1790000000`);
  for (const line of shown.split('\n')) assert.ok(stdout.includes(line), `${line}\n${stdout}`);
});

test('a command that a page shows after `$` prints what follows it', async () => {
  const shown = pages.flatMap((page) => [
    ...read(page).matchAll(/^```text\n\$ (npx countersign [^\n]*)\n(.*?)^```/gms),
  ]);
  assert.ok(shown.length > 0);
  for (const [, command, output] of shown) assert.equal(await passes(command), output);
});

test('the json examples are contracts that load', async () => {
  for (const source of blocks('json')) {
    const contract = JSON.parse(source);
    const gate = await compile(contract, { keys: standIn(contract) });
    assert.deepEqual(gate.lint, [], contract.contract);
    gate.free();
  }
});

test('the rego example finds what it says', async () => {
  for (const source of blocks('rego')) {
    const pack = await loadPack({ 'team.rego': source });
    const containers = [
      { name: 'a', image: 'a:1' },
      { name: 'b', image: 'b:latest' },
    ];
    const report = pack.check([
      { kind: 'Deployment', metadata: { name: 'd' }, spec: { template: { spec: { containers } } } },
    ]);
    assert.deepEqual(
      report.findings.map(({ code, at }) => [code, at]),
      [['policy-image-latest', '/spec/template/spec/containers/1/image']],
    );
    pack.free();
  }
});
