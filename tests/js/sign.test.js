// `countersign sign`: what it prints is accepted, or it says why nobody would accept it.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { BODY, folder, run, SECRET } from './setup.js';

const env = { S: SECRET };
const SIGN = ['sign', '--key-env', 'S'];
const DOCUMENTS = '/v1/kb/k/documents?action=delete&ids=';

async function ends(code, args, cwd) {
  const result = await run(args, { cwd, env });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

function workplace(t) {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'body.json'), BODY);
  return cwd;
}

test('what a URL holds beyond ASCII is signed as it goes on the wire', async (t) => {
  const cwd = workplace(t);
  for (const [given, sent] of [
    ['文档', '%E6%96%87%E6%A1%A3'],
    ['%E6%96%87', '%E6%96%87'],
    ["a'b(c)", "a'b(c)"],
  ]) {
    const { stdout } = await ends(0, [...SIGN, '--contract', 'coze-kb', '--url', `http://h${DOCUMENTS}${given}`], cwd);
    assert.ok(stdout.startsWith(`GET ${DOCUMENTS}${sent}&nonce=`), stdout);
    writeFileSync(join(cwd, 'a.http'), stdout);
    await ends(0, ['verify', '--contract', 'coze-kb', '--key-env', 'S', 'a.http'], cwd);
    const curl = await ends(
      0,
      [...SIGN, '--contract', 'coze-kb', '--curl', '--url', `http://h${DOCUMENTS}${given}`],
      cwd,
    );
    assert.ok(curl.stdout.includes(sent.replaceAll("'", "'\\''")), curl.stdout);
  }
  assert.match(
    (await ends(2, [...SIGN, '--contract', 'coze-kb', '--url', `http://例え.jp${DOCUMENTS}a`], cwd)).stderr,
    /the host is not ASCII/,
  );
});

test('what the contract refuses before it reads the message is not signed', async (t) => {
  const cwd = workplace(t);
  const says = async (words, ...args) => assert.match((await ends(2, [...SIGN, ...args], cwd)).stderr, words);
  await says(
    /sub2api refuses this request: the path is not[\s\S]*help: use --url with the path \/api\/v1\//,
    '--contract',
    'sub2api',
    '--url',
    'http://h/wrong',
    'body.json',
  );
  await says(
    /shopify-app-proxy refuses this request: a body came/,
    '--contract',
    'shopify-app-proxy',
    '--url',
    'https://h/proxy?shop=a',
    'body.json',
  );
  await says(
    /the method is not accepted[\s\S]*--method with one of POST/,
    '--contract',
    'sub2api',
    '--method',
    'PUT',
    'body.json',
  );
  await says(
    /the content-type is not application\/json/,
    '--contract',
    'sub2api',
    '--header',
    'content-type: text/plain',
    'body.json',
  );
  await says(/--method is not a method/, '--contract', 'sub2api', '--method', 'put', 'body.json');
  // An empty message is the sender's business.
  const signed = await ends(0, [...SIGN, '--contract', 'sub2api', '-'], cwd);
  assert.match(signed.stdout, /^POST /);
});

test('--method picks one of several', async (t) => {
  const { stdout } = await ends(
    0,
    [...SIGN, '--contract', 'coze-kb', '--method', 'DELETE', '--url', `${DOCUMENTS}a`],
    folder(t),
  );
  assert.match(stdout, /^DELETE \/v1\/kb\/k\/documents/);
});

test('an error in the contract names its file', async (t) => {
  const cwd = workplace(t);
  writeFileSync(join(cwd, 'c.json'), '{"contract":"c","version":1,"signature":null,"rute":{}}');
  assert.match(
    (await ends(2, [...SIGN, '--contract', './c.json', 'body.json'], cwd)).stderr,
    /error\[contract-grammar\]: .*\(\.\/c\.json at \/rute\)/,
  );
});
