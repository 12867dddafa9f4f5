// `countersign list` and what `countersign explain` says of a contract or pack: a reader finds what ships by a word, in
// either language, and reads its rules.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { PAGES } from '../../pkg/cli/pages.js';
import { readable } from '../../pkg/report/markdown.js';
import { Terminal } from '../../pkg/report/terminal.js';
import { ROOT, run } from './setup.js';

const FOLDERS = { contract: 'policies/webhook', pack: 'policies/deployment' };
const shipped = Object.entries(FOLDERS).flatMap(([kind, folder]) =>
  readdirSync(join(ROOT, folder)).map((name) => ({ kind, name, folder: join(ROOT, folder, name) })),
);

async function found(words, options = {}) {
  const { code, stdout, stderr } = await run(['list', '-f', 'json', ...words], options);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}
const namesOf = (entries) => entries.map(({ name }) => name);

test('without a word everything that ships is listed, each with its first sentence', async () => {
  const entries = await found([]);
  assert.deepEqual(namesOf(entries).sort(), namesOf(shipped).sort());
  for (const { name, kind, about } of entries) {
    assert.match(kind, /^(request|answer|pack)$/);
    assert.match(about, /^[A-Z][^\n]{10,300}[.?]$/, name);
  }
  const { stdout } = await run(['list']);
  assert.equal(stdout.trim().split('\n').length, shipped.length);
  const lines = await run(['list', '-f', 'jsonl']);
  assert.equal(lines.stdout.trim().split('\n').length, shipped.length);
});

test('words narrow it: all of them, in any case, in either language', async () => {
  assert.equal(namesOf(await found(['STRIPE']))[0], 'stripe');
  assert.equal(namesOf(await found(['hubspot', 'v3']))[0], 'hubspot-v3');
  assert.equal(namesOf(await found(['hubspot v3']))[0], 'hubspot-v3');
  assert.ok(namesOf(await found(['coze'])).length >= 6);
  assert.deepEqual(namesOf(await found(['kubernetes', 'pack'])), ['kubernetes', 'docs/kubernetes-checks.md']);
  assert.ok(
    (await found(['sub2api', 'answer'])).some(({ name, kind }) => name === 'sub2api-answer' && kind === 'answer'),
  );
  assert.deepEqual(namesOf(await found(['关闭http'])), ['api-lifecycle']);
});

test('the words of the three documents find their contracts, and the pages of what is no contract', async () => {
  for (const [word, ...names] of [
    ['签名', 'sub2api', 'x-webhook-sign', 'envelope', 'stripe'],
    ['鉴权', 'sub2api', 'envelope'],
    ['去重', 'sub2api', 'envelope', 'x-webhook-sign', 'coze-v2'],
    ['duplicate', 'sub2api', 'stripe', 'envelope-answer'],
    ['停用', 'coze-v2', 'envelope', 'docs/registry.md'],
    ['转人工', 'sub2api-answer'],
    ['截断', 'sub2api'],
    ['未知字段', 'sub2api'],
    ['工单', 'sub2api-answer'],
    ['时间戳', 'sub2api', 'coze-kb'],
    ['时钟', 'sub2api', 'coze-kb'],
    ['渠道', 'sub2api'],
    ['备注', 'envelope', 'docs/registry.md'],
    ['HMAC', 'sub2api', 'coze-kb'],
    ['shim', 'sub2api'],
    ['message_id', 'sub2api', 'sub2api-answer'],
    ['payload_v2', 'coze-v2'],
    ['event_type', 'coze-v2'],
    ['message_recall', 'coze-v2'],
    ['API_DEPRECATED', 'coze-migration'],
    ['429', 'docs/retry.md', 'docs/client.md', 'envelope-answer'],
    ['Retry-After', 'docs/retry.md', 'docs/client.md', 'envelope'],
    ['retry', 'docs/retry.md', 'docs/client.md'],
    ['重试', 'docs/retry.md', 'docs/client.md'],
    ['限流', 'docs/retry.md', 'docs/client.md'],
    ['熔断', 'docs/retry.md', 'docs/client.md'],
    ['metrics', 'docs/metrics.md'],
  ]) {
    const all = namesOf(await found([word]));
    for (const name of names) assert.ok(all.includes(name), `${word}: ${all.join(' ')}`);
    const unsigned = all.indexOf('sub2api-unsigned');
    if (['签名', '鉴权'].includes(word)) assert.ok(unsigned < 0 || unsigned > all.indexOf('sub2api'), word);
  }
  assert.equal(namesOf(await found(['retry']))[0], 'docs/retry.md');
});

test('an entry is one line that fits, and a second says where the word is if the first lacks it', async () => {
  const columns = (line) => [...line].reduce((sum, one) => sum + (/[\u2e80-\uffee]/.test(one) ? 2 : 1), 0);
  for (const args of [['list'], ['list', '签名'], ['list', 'retry', '--lang', 'zh-CN']]) {
    const { stdout } = await run(args);
    for (const line of stdout.trimEnd().split('\n')) assert.ok(columns(line) <= 100, line);
  }
  const { stdout } = await run(['list', '渠道', '--lang', 'zh-CN']);
  assert.match(stdout, /^sub2api +request +Sub2API .*\n {4}渠道 {2}路径中的渠道优先于 body.*\n$/);
  assert.match((await run(['list', 'schema-required'])).stdout, /^coze-v2 .*\n {4}….*`schema-required`/m);
});

test('the pages are those that ship', () => {
  const shown = Object.entries(PAGES).flatMap(([name, { also = [] }]) => [name, ...also]);
  const files = readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`);
  assert.deepEqual(shown.sort(), [...files, 'policies/contracts.md', 'policies/engines.md'].sort());
  for (const abouts of Object.values(PAGES)) for (const language of ['en', 'zh-CN']) assert.ok(abouts[language]);
});

test('a word that finds nothing says what is nearest', async () => {
  for (const [words, help] of [
    [['stripee'], /did you mean `stripe`\?/],
    [['sub2api', 'xyzzyxyzzy'], /without `xyzzyxyzzy` there is sub2api/],
    [['webhooks', 'xyzzyxyzzy'], / and \d+ more$/m],
    [['重试次数'], /the nearest are docs\/client\.md, docs\/retry\.md/],
    [['xyzzyxyzzy'], /countersign list without a word/],
    [['微信支付'], /countersign list without a word/],
  ]) {
    const { code, stdout, stderr } = await run(['list', ...words]);
    assert.deepEqual([code, stdout], [3, ''], words.join(' '));
    assert.match(stderr, help);
  }
  assert.equal((await run(['list', '--lang', 'fr'])).code, 2);
});

test('explain tells the rules, the source and the commands of each', async () => {
  for (const { name, folder } of shipped) {
    const { code, stdout } = await run(['explain', name]);
    assert.equal(code, 0);
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const [command] = /^(?:npx )?countersign (?:verify|check) .*$/m.exec(readme);
    assert.ok(stdout.includes(`  ${command}`), name);
    assert.doesNotMatch(stdout, /^#|^\||^\*\*|\]\(/m, name);
    assert.ok(stdout.includes(`/${name}/README.md`));
  }
  const { stdout } = await run(['explain', 'stripe', 'signature-mismatch']);
  assert.match(stdout, /^stripe\n.*Source: https:\/\/docs\.stripe\.com.*\n\nsignature-mismatch\n/s);
});

test('a list of a README stays a list', async () => {
  const { stdout } = await run(['explain', 'envelope', '--lang', 'zh-CN']);
  const items = stdout.match(/^- .*(?:\n {2}.*)*/gm);
  assert.equal(
    items.length,
    readFileSync(join(ROOT, FOLDERS.contract, 'envelope/README.zh-CN.md'), 'utf8').match(/^- /gm).length,
  );
  assert.doesNotMatch(stdout, /\S - \S.*(?:Origin|注册表)/);
});

test('explain names what is nearest of codes, contracts and packs', async () => {
  for (const [name, help] of [
    ['signature-mismatched', /`signature-mismatch`/],
    ['sub2apy', /`sub2api`/],
    ['kubernets', /`kubernetes`/],
    ['coze', /there is coze-.* and \d more$/m],
    ['xyzzyxyzzy', /countersign list/],
  ]) {
    const { code, stderr } = await run(['explain', name]);
    assert.equal(code, 2);
    assert.match(stderr, help);
  }
  const { code, stderr } = await run(['explain']);
  assert.equal(code, 2);
  for (const known of ['signature-mismatch', 'sub2api-answer', 'coze-migration']) assert.ok(stderr.includes(known));
});

test('no word of a README is lost, and no line is wider than the terminal', () => {
  for (const { name, folder } of shipped) {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8').replace(/^```.*?^```/gms, '');
    const words = readme
      .replace(/^\|[-|]+$/gm, '')
      .replace(/\]\([^)]*\)/g, ']')
      .match(/[\w-]+/g);
    for (const columns of [40, 80, 160]) {
      const text = readable(Terminal.of({ columns }, { color: 'never' }, {}), readme);
      for (const word of words) assert.ok(text.includes(word), `${name}: ${word}`);
      for (const line of text.split('\n'))
        assert.ok(line.length <= columns || !line.trim().includes(' '), `${name} in ${columns}: ${line}`);
    }
  }
});
