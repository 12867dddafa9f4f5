// The contracts and packs of the three documents have a README in Chinese, which says the same as the English one: the
// same code, and in every row of a table the same words of code.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT, run } from './setup.js';

const DOCUMENTS = /新版API变更对Go客户端影响评估|Sub2API 最小接入映射清单|设计WebHook/;
const folders = ['policies/webhook', 'policies/deployment'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name) => ({ name, folder: join(ROOT, folder, name) })),
);
const read = (folder, file) => readFileSync(join(folder, file), 'utf8');

const blocks = (text) => text.match(/^```.*?^```$/gms) ?? [];
const words = (text) => (text.match(/`[^`]+`/g) ?? []).sort();
const rows = (text) => (text.match(/^\|.*$/gm) ?? []).map(words);
/** A Chinese README leads to Chinese ones, and their headings. */
const links = (text) =>
  [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link.replace(/README(?:\.zh-CN)?\.md.*/, 'README.md')).sort();

const named = folders.filter(({ folder }) => DOCUMENTS.test(read(folder, 'README.md')));

test('a README that names one of the documents is there in Chinese, and no other', () => {
  assert.ok(named.length >= 10);
  assert.deepEqual(
    folders.filter(({ folder }) => existsSync(join(folder, 'README.zh-CN.md'))).map(({ name }) => name),
    named.map(({ name }) => name),
  );
});

for (const { name, folder } of named)
  test(`${name}: the Chinese README has the code, the tables and the links of the English one`, async () => {
    const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((file) => read(folder, file));
    for (const part of [blocks, rows, links]) assert.deepEqual(part(chinese), part(english));
    assert.equal(chinese.match(/^## /gm)?.length, english.match(/^## /gm)?.length);
    const { stdout } = await run(['explain', name, '--lang', 'zh-CN']);
    assert.match(stdout, /来源：/);
    assert.ok(stdout.includes('README.zh-CN.md'));
  });

test("a Chinese environment reads Chinese, and the documents' words find their contracts", async () => {
  const env = { LANG: 'zh_CN.UTF-8' };
  assert.match((await run(['list', 'coze-kb'], { env })).stdout, /知识库/);
  assert.match((await run(['list', 'coze-kb', '--lang', 'en'], { env })).stdout, /knowledge base/);
  assert.match((await run(['list', 'coze-kb'], { env: { ...env, LC_ALL: 'en_US.UTF-8' } })).stdout, /knowledge base/);
  for (const [word, name] of [
    ['知识库', 'coze-kb'],
    ['webhook设计', 'envelope'],
    ['设计WebHook', 'x-webhook-sign'],
    ['迁移', 'coze-migration'],
    ['身份认证', 'coze-dpop'],
    ['publish', 'coze-publish-answer'],
    ['payload格式升级', 'coze-v2'],
    ['故障自愈', 'coze-health-answer'],
    ['灰度发布', 'api-versions'],
    ['事件契约', 'event-standard'],
    ['废弃路线图', 'api-lifecycle'],
    ['配置基线', 'kubernetes'],
    ['最小接入映射', 'sub2api'],
    ['应答', 'sub2api-answer'],
  ]) {
    const { stdout } = await run(['list', '-f', 'json', word]);
    assert.ok(stdout.includes(`"name":"${name}"`), `${word}: ${stdout}`);
  }
});
