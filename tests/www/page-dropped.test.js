// Files and folders that are dropped are read to the end, within limits, and what cannot be read is said in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loaded } from './loaded.js';

const { droppedFiles, pickedFiles } = await loaded('www/src/page/dropped.ts');

const file = (name, text = name, more = {}) => Object.assign(new File([text], name), more);
const fileEntry = (fullPath, one = file(fullPath)) => ({
  isFile: true,
  fullPath,
  name: fullPath,
  file: (found, failed) => (one instanceof File ? found(one) : failed(new Error('gone'))),
});
/** As browsers do, it gives its entries piece by piece. */
const folder = (fullPath, entries, piece = 2) => ({
  isFile: false,
  fullPath,
  name: fullPath,
  createReader: () => {
    let at = 0;
    return { readEntries: (found) => found(entries.slice(at, (at += piece))) };
  },
});
const transfer = (entries, files = []) => ({
  items: [...entries.map((entry) => ({ kind: 'file', webkitGetAsEntry: () => entry })), { kind: 'string' }],
  files,
});
const shown = async (read) => (await read).map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]).sort();

test('a folder is read with all that is in it, and nothing of the system', async () => {
  const policies = folder(
    '/case/policies',
    ['a', 'b', 'c', 'd', 'e'].map((name) => fileEntry(`/case/policies/${name}.rego`)),
  );
  const read = await shown(
    droppedFiles(
      transfer([
        folder('/case', [fileEntry('/case/case.json', file('x', '{}')), fileEntry('/case/.DS_Store'), policies]),
        fileEntry('/one.http'),
      ]),
    ),
  );
  assert.deepEqual(
    read.map(([name]) => name),
    ['case/case.json', ...['a', 'b', 'c', 'd', 'e'].map((name) => `case/policies/${name}.rego`), 'one.http'],
  );
  assert.equal(read[0][1], '{}');
});

test('files that are no entries are read as files', async () => {
  assert.deepEqual(await shown(droppedFiles(transfer([null], [file('a.har', '{}')]))), [['a.har', '{}']]);
  assert.deepEqual(await shown(droppedFiles(transfer([]))), []);
});

test('what was picked is read although its field is emptied', async () => {
  const list = [file('a', 'x', { webkitRelativePath: 'd/a' }), file('b', 'y')];
  const reading = pickedFiles(list);
  list.length = 0;
  assert.deepEqual(await shown(reading), [
    ['b', 'y'],
    ['d/a', 'x'],
  ]);
});

const endless = (path) => ({
  isFile: false,
  fullPath: path,
  name: path,
  createReader: () => ({ readEntries: (found) => found([endless(`${path}/a`), endless(`${path}/b`)]) }),
});
const many = Array.from({ length: 201 }, (_, index) => fileEntry(`/${index}`));
const WRONG = [
  ['too many files', () => droppedFiles(transfer(many)), /More than 200 files/],
  ['a folder of too many', () => droppedFiles(transfer([folder('/d', many, 100)])), /More than 200 files/],
  ['a folder without an end', () => droppedFiles(transfer([endless('/d')])), /More than 200 files/],
  [
    'folders in folders without an end',
    () => droppedFiles(transfer([folder('/d', [folder('/d/e', many, 50)])])),
    /More than 200 files/,
  ],
  ['too much', () => pickedFiles([file('a', 'x'.repeat(9e6))]), /8 MB/],
  [
    'a file that is gone',
    () => droppedFiles(transfer([folder('/d', [fileEntry('/d/a', null)])])),
    /`d\/a` cannot be read/,
  ],
  [
    'a folder that looks like a file',
    () => pickedFiles([file('dir', '', { arrayBuffer: () => Promise.reject(new Error('no')) })]),
    /`dir` cannot be read/,
  ],
  [
    'a reader that throws',
    () =>
      droppedFiles(
        transfer([
          {
            isFile: false,
            fullPath: '/d',
            createReader: () => {
              throw new Error('no');
            },
          },
        ]),
      ),
    /`d` cannot be read/,
  ],
];
for (const [what, read, message] of WRONG)
  test(`told: ${what}`, () => assert.rejects(read, { name: 'Problem', message }));
