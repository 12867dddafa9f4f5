// Every example of the page: by its deep link, to its case's bytes; and every finding of it, to its place and back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { makeData } from '../../www/build/data.js';
import { becomes, canonical, playground, real, until } from './page.js';

const CASES = fileURLToPath(new URL('../cases/', import.meta.url));
const { groups } = await makeData();
const examples = groups.flatMap((group) => group.examples);

// Findings about what stands nowhere in the texts of the page.
const PLACELESS = [
  'sub2api/ignore-duplicate replayed',
  'shim/native-chat shape-dropped',
  'shim/native-large shape-dropped',
  'shim/missing-both shape-dropped',
  'kubernetes/pass-whole-set policy-kubernetes-etcd-encryption-unchecked',
  'kubernetes/privileged policy-kubernetes-etcd-encryption-unchecked',
  'kubernetes/allow-all policy-kubernetes-etcd-encryption-unchecked',
  'replay/replayed replayed',
];

let play;
before(async () => {
  if (!real.skip) play = await playground();
});
after(() => play?.stop());

/** What the case's file says, byte for byte. */
function expected({ path, case: { pack, shape } }) {
  return readFileSync(`${CASES}${path}/${pack ? 'report' : shape ? 'shaped' : 'verdict'}.json`, 'utf8').trimEnd();
}

test('there are 24 examples or more, and one of each seed system', () => {
  assert.ok(examples.length >= 24, String(examples.length));
  const used = new Set(examples.map(({ case: { contract, pack } }) => pack ?? contract));
  const seeds = [
    'sub2api',
    'sub2api-answer',
    'coze-v2',
    'coze-kb',
    'coze-dpop',
    'coze-publish-answer',
    'coze-health-answer',
    'coze-migration',
    'event-standard',
    'envelope',
    'api-versions',
    'x-webhook-sign',
    'kubernetes',
    'api-lifecycle',
  ];
  assert.deepEqual(
    seeds.filter((seed) => !used.has(seed)),
    [],
  );
});

test('every example opens by its deep link and gives the bytes of its case', real, async () => {
  const [first, ...others] = examples;
  const page = await play.open(`#example=${first.path}&result=json`);
  await becomes(() => canonical(page), expected(first), first.path);
  for (const example of others) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `example=${example.path}&result=json`);
    await becomes(() => canonical(page), expected(example), example.path);
  }
});

test('a deep link opens in a page that was never open', real, async () => {
  for (const path of ['schemes/stripe/mismatch', 'shim/native-chat', 'kubernetes/privileged']) {
    const example = examples.find((one) => one.path === path);
    const page = await play.open(`#example=${path}&result=json`);
    await becomes(() => canonical(page), expected(example), path);
    await page.context().close();
  }
});

test('every finding leads to its place, and the place to the finding', real, async () => {
  const page = await play.open();
  const placeless = [];
  const wrong = [];
  let count = 0;
  for (const example of examples) {
    await opened(page, example);
    const all = await findings(page);
    for (const { index, code, place } of all) {
      if (place === undefined) {
        placeless.push(`${example.path} ${code}`);
        continue;
      }
      count += 1;
      const what = `${example.path} ${code} at ${place}`;
      await press(page, index);
      const there = await cursor(page);
      const [, line, column] = /line (\d+):(\d+)/.exec(place) ?? [];
      if (line && (there?.line !== Number(line) || there.column !== Number(column)))
        wrong.push(`${what}: the cursor is at ${there?.line}:${there?.column}`);
      else if (!there?.marked) wrong.push(`${what}: nothing is marked at the cursor`);
      if ((await current(page)).join() !== String(index)) wrong.push(`${what}: not the current one`);
      if (!line) continue;
      // Moved by hand, the cursor marks what it is in: this one, or one around it.
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowLeft');
      const [back] = await current(page);
      const shared = all.some((other) => other.index !== index && other.index === back);
      if (back !== index && !shared) wrong.push(`${what}: the cursor within it marks nothing`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(placeless, PLACELESS);
  assert.ok(count > 50, String(count));
});

test('F8 goes through all places and round, Shift+F8 backwards', real, async () => {
  const page = await play.open('#example=sub2api/everything-wrong');
  const all = (await findings(page)).filter(({ place }) => place !== undefined).map(({ index }) => index);
  assert.ok(all.length >= 5);
  const forth = [];
  for (let step = 0; step <= all.length; step += 1) {
    await page.keyboard.press('F8');
    forth.push(...(await current(page)));
    assert.ok((await cursor(page))?.marked);
  }
  assert.deepEqual(forth, [...all, all[0]]);
  await page.keyboard.press('Shift+F8');
  assert.deepEqual(await current(page), [all.at(-1)]);
});

/** By its hash, with a verdict of its own. */
async function opened(page, { path }) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `example=${path}&result=json`);
  const example = examples.find((one) => one.path === path);
  await becomes(() => canonical(page), expected(example), path);
  await page.getByRole('tab', { name: /^Findings/ }).click();
}

/** As the Enter key does it. */
function press(page, index) {
  return page.evaluate((at) => {
    const button = document.querySelectorAll('.pane-result .result-finding')[at];
    button.focus();
    button.click();
  }, index);
}

/** As the list has them: `place` is what the button says of it, where there is one. */
function findings(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.pane-result .result-finding')].map((button, index) => ({
      index,
      code: button.dataset.code,
      place: button.querySelector('.result-place')?.textContent.replace(/^ at /, ''),
    })),
  );
}

function current(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.pane-result .result-finding')].flatMap((button, index) =>
      button.getAttribute('aria-current') === 'true' ? [index] : [],
    ),
  );
}

/**
 * Where the cursor is, in the editor that has the focus: its line and column from 1, and whether a finding is marked
 * there.
 */
async function cursor(page) {
  return await until(
    () =>
      page.evaluate(() => {
        const content = document.activeElement?.closest('.cm-content');
        const { anchorNode, anchorOffset } = getSelection();
        const line = (anchorNode?.nodeType === 1 ? anchorNode : anchorNode?.parentElement)?.closest('.cm-line');
        if (!content || !line || !content.contains(line)) return undefined;
        /**
         * What stands in this line before a place. A character that is drawn in letters counts as one; what marks a
         * point, as none.
         */
        const before = (node, offset) => {
          const range = document.createRange();
          range.setStart(line, 0);
          range.setEnd(node, offset);
          const fragment = range.cloneContents();
          for (const drawn of fragment.querySelectorAll('.editor-return, .editor-invisible')) drawn.replaceWith('?');
          return fragment.textContent.length;
        };
        const column = before(anchorNode, anchorOffset);
        const marks = [...line.querySelectorAll('[class*="editor-finding-"]')];
        const marked = marks.some(
          (mark) => before(mark, 0) <= column && column <= before(mark, mark.childNodes.length),
        );
        const number = content.closest('.cm-editor').querySelector('.cm-lineNumbers .cm-activeLineGutter')?.textContent;
        return { line: Number(number), column: column + 1, marked };
      }),
    'a cursor in an editor',
    2000,
  ).catch(() => undefined);
}
