// docs/documents.md and its Chinese twin: every command of a section is typed in a folder of its own, in order, and
// prints what the page shows after it. UPDATE_DOCS=1 writes what comes out.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { freePort } from '../edge/free-port.js';
import { ROOT } from './setup.js';
import { bash, home } from './shell.js';

const PAGES = ['docs/documents.md', 'docs/documents.zh-CN.md'].map((file) => join(ROOT, file));
const BLOCK = /^```(\w+)\n(.*?)^```$/gms;
const END = '\x1e';

mkdirSync(join(home, 'node_modules'));
symlinkSync(join(ROOT, 'pkg'), join(home, 'node_modules', 'countersign'));

const blocksOf = (text) => [...text.matchAll(BLOCK)].map(([, language, source]) => ({ language, source }));

/** What each block of commands of a section prints, both streams as they come. */
async function typed(commands, name) {
  const port = await freePort();
  const folder = join(home, name);
  mkdirSync(folder);
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
  // A reader waits a second for the receiver; a busy machine may need more.
  const listens = `for _ in {1..600}; do (: <> /dev/tcp/127.0.0.1/${port}) 2> /dev/null && break; sleep 0.1; done`;
  const typedIn = (source) => source.replaceAll('8080', port).replace(/^sleep 1$/m, listens);
  const parts = commands.map((source) => `${typedIn(source)}\nprintf '\\036'\n`);
  const begin = `exec 2>&1; unset LC_ALL; export LANG=C.UTF-8; cd '${folder}'\n`;
  const { stdout } = await bash(`${begin}${parts.join('')}kill $(jobs -p) 2>/dev/null`);
  return stdout
    .replaceAll('\r\n', '\n')
    .replaceAll(String(port), '8080')
    .split(END)
    .slice(0, commands.length)
    .map((text) => (text === '' || text.endsWith('\n') ? text : `${text}\n`));
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*');
/** `…` in a line stands for anything, such as a time; alone in a line, for a few lines that are left out. */
function matches(shown, printed) {
  const lines = shown.split(/(?<=\n)/).map((line) => (line === '…\n' ? '(?:.*\\n){1,12}?' : escaped(line)));
  return new RegExp(`^${lines.join('')}$`).test(printed);
}
/** Without what another run prints otherwise, and without hints. */
const TODAY = new RegExp(`${new Date().toISOString().slice(0, 10)}T[\\d:.]+Z`, 'g');
const steady = (printed) =>
  printed
    .replace(/\(\d+(?:\.\d+)? m?s\)/g, '(…)')
    .replace(/\(\d+ rules\)/g, '(… rules)')
    .replace(TODAY, '…')
    .replace(/(?:^hint\[.*\n {2}help: .*\n)+/gm, '…\n');

const [english] = PAGES.map((file) => readFileSync(file, 'utf8'));
const sections = english.split(/^(?=## )/m).filter((text) => blocksOf(text).length > 0);

for (const [index, section] of sections.entries())
  test(`the commands print what the page shows: ${section.split('\n', 1)[0]}`, async () => {
    const blocks = blocksOf(section);
    const commands = blocks.filter(({ language }) => language === 'sh').map(({ source }) => source);
    const printed = await typed(commands, `section-${index}`);
    for (const [place, { language, source }] of blocks.entries()) {
      if (language !== 'sh') continue;
      const output = printed.shift();
      const shown = blocks[place + 1]?.language === 'text' ? blocks[place + 1].source : '';
      if (matches(shown, output)) continue;
      if (process.env.UPDATE_DOCS && shown !== '') write(source, shown, steady(output));
      else assert.equal(output, shown, source);
    }
  });

function write(source, shown, output) {
  const after = (text) => `\`\`\`sh\n${source}\`\`\`\n\n\`\`\`text\n${text}\`\`\``;
  for (const file of PAGES)
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(after(shown), () => after(output)),
    );
}

test('both languages have the same commands and the same output', () => {
  const [here, there] = PAGES.map((file) => blocksOf(readFileSync(file, 'utf8').replace(/^.*?^(?=## )/ms, '')));
  assert.ok(here.length > 20);
  assert.deepEqual(there, here);
});

test('the Chinese page has the steps of the installation as the README has them', () => {
  const steps = (file) =>
    /^```text\n(make build.*?)^```/ms.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1].replace(/#.*$/gm, '');
  assert.match(steps('README.md'), /npm install/);
  assert.equal(steps('docs/documents.zh-CN.md'), steps('README.md'));
});
