// Archives that other programs read, and those of other programs; what is wrong with one is said.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { loaded } from './loaded.js';

const { unzip, zip } = await loaded('www/src/share/zip.ts');
const folder = mkdtempSync(join(tmpdir(), 'zip-'));
after(() => rmSync(folder, { recursive: true }));

const utf8 = (text) => new TextEncoder().encode(text);
const FILES = {
  'a/case.json': utf8('{}\n'.repeat(500)),
  'a/消息.txt': utf8('我要退款'),
  'a/bytes': Uint8Array.from({ length: 300 }, (_, index) => (index * 7919) & 0xff),
  'a/empty': new Uint8Array(),
};
const python = (script, ...args) => execFileSync('python3', ['-c', script, ...args], { cwd: folder, encoding: 'utf8' });

test('the same files give the same bytes, which come back', async () => {
  const bytes = await zip(FILES);
  assert.deepEqual(await zip(Object.fromEntries(Object.entries(FILES).reverse())), bytes);
  assert.deepEqual(await unzip(bytes), Object.fromEntries(Object.entries(FILES).sort()));
  assert.deepEqual(await unzip(await zip({})), {});
});

test('python3 reads what is written', async () => {
  writeFileSync(join(folder, 'ours.zip'), await zip(FILES));
  assert.match(
    execFileSync('python3', ['-m', 'zipfile', '-t', 'ours.zip'], { cwd: folder, encoding: 'utf8' }),
    /Done testing/,
  );
  execFileSync('python3', ['-m', 'zipfile', '-e', 'ours.zip', 'out'], { cwd: folder });
  for (const [name, bytes] of Object.entries(FILES))
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'out', name))), bytes);
});

const MAKE = 'import sys, zipfile\nwith zipfile.ZipFile("theirs.zip", "w", getattr(zipfile, sys.argv[1])) as out:\n';
const theirs = (body, method = 'ZIP_DEFLATED') => {
  python(
    MAKE +
      body
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n'),
    method,
  );
  return new Uint8Array(readFileSync(join(folder, 'theirs.zip')));
};

for (const method of ['ZIP_STORED', 'ZIP_DEFLATED']) {
  test(`what python3 writes is read: ${method}`, async () => {
    const bytes = theirs(
      'out.mkdir("a") if hasattr(out, "mkdir") else None\nout.writestr("a/消息.txt", "我要退款" * ' +
        '100)\nout.writestr("__MACOSX/x", "y")\nout.comment = b"a comment"',
      method,
    );
    assert.deepEqual(await unzip(bytes), { 'a/消息.txt': utf8('我要退款'.repeat(100)) });
  });
}

const changed = (bytes, at, value) => Object.assign(new Uint8Array(bytes), { [at]: value });
const plain = () => theirs('out.writestr("a", "text" * 50)');
const central = (bytes) => Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
const REFUSED = [
  ['a path that leads out', () => theirs('out.writestr("../a", "x")'), /leads out of its folder/],
  ['an absolute path', () => theirs('out.writestr(zipfile.ZipInfo("//a"), "x")'), /leads out of its folder/],
  [
    'a backslash',
    () => theirs('i = zipfile.ZipInfo("a")\ni.filename = "..\\\\a"\nout.writestr(i, "x")'),
    /leads out of its folder/,
  ],
  [
    'a name that stands twice',
    () => theirs('out.writestr("a", "x")\nimport warnings; warnings.simplefilter("ignore"); out.writestr("a", "y")'),
    /stands twice/,
  ],
  ['more files than are read', () => theirs('[out.writestr(str(n), "x") for n in range(201)]'), /more than 200 files/],
  ['a bomb', () => theirs('out.writestr("a", b"\\0" * 9000000)'), /more than 8 MB/],
  [
    'many that are large together',
    () => theirs('[out.writestr(str(n), b"\\0" * 3000000) for n in range(3)]'),
    /more than 8 MB/,
  ],
  ['another method', () => theirs('out.writestr("a", "x" * 100)', 'ZIP_LZMA'), /packed in a way/],
  ['encryption', () => changed(plain(), central(plain()) + 8, 1), /encrypted/],
  ['Zip64', () => [20, 21, 22, 23].reduce((bytes, at) => changed(bytes, central(bytes) + at, 0xff), plain()), /Zip64/],
  ['a size that is a lie', () => changed(plain(), central(plain()) + 24, 10), /damaged/],
  ['another checksum', () => changed(plain(), central(plain()) + 16, 0), /damaged/],
  ['a start that is gone', () => plain().slice(30), /damaged/],
  ['an end that is gone', () => plain().slice(0, -10), /no ZIP file/],
  ['nothing', () => new Uint8Array(), /no ZIP file/],
];
for (const [what, bytes, expected] of REFUSED) {
  test(`refused: ${what}`, () => assert.rejects(unzip(bytes()), { name: 'Problem', message: expected }));
}

test('a name that leads out is not written', () =>
  assert.rejects(zip({ '../a': new Uint8Array() }), { name: 'Problem' }));

test('any change of a byte is told, or changes nothing', async () => {
  const bytes = await zip({ 'a.txt': utf8('text text text text'), b: utf8('b') });
  for (let at = 0; at < bytes.length; at += 1)
    await unzip(changed(bytes, at, bytes[at] ^ 0x41)).catch(({ name }) => assert.equal(name, 'Problem', `byte ${at}`));
});
