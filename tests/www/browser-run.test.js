// A run that does not end is ended: at its deadline, said so, with the text kept and a new worker for what comes next.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { editor, endless, playground, real, retype, said, until } from './page.js';

const DEADLINE = 2000;
const MARGIN = 6000; // for a machine that does much else: without the deadline it would take minutes

let play;
before(async () => {
  if (!real.skip) play = await playground();
});
after(() => play?.stop());

test('a policy of a contract that does not end', real, async () => {
  const page = await play.open('#example=policy/deny&rules=policy');
  const text = endless('orders');
  await ended(page, 'Policy, in Rego', text);
  await retype(page, 'Policy, in Rego', 'package orders\n\ndeny contains "always"\n');
  await until(async () => /reject/.test(await said(page)), 'a verdict by a new worker');
  assert.equal(page.workers().length, 1);
});

test("a policy of one's own over manifests that does not end", real, async () => {
  const page = await play.open('#example=kubernetes/privileged');
  await page.getByRole('button', { name: 'Add a Rego file' }).click();
  await until(() => editor(page, 'Your own policy, in Rego').count(), 'the editor of the policy');
  await ended(page, 'Your own policy, in Rego', endless('team'));
  await retype(page, 'Your own policy, in Rego', 'package team\n\nwarn contains "always"\n');
  await until(
    async () =>
      /fail|pass/.test(await said(page)) && (await page.locator('[data-code$="always"], .result-finding').count()) > 0,
    'a report by a new worker',
  );
  assert.equal(page.workers().length, 1);
});

test('what is typed while a run lasts is judged by the newest text alone', real, async () => {
  const page = await play.open('#example=policy/deny&rules=policy');
  await retype(page, 'Policy, in Rego', endless('orders'));
  await until(() => busy(page), 'the run begun');
  await retype(page, 'Policy, in Rego', 'package orders\n\ndeny contains "first"\n');
  await retype(page, 'Policy, in Rego', 'package orders\n\ndeny contains "second"\n');
  await until(
    async () => (await page.locator('.result-message', { hasText: 'second' }).count()) > 0,
    'the verdict of the newest text',
  );
  assert.equal(await page.locator('.result-message', { hasText: 'first' }).count(), 0);
});

async function ended(page, name, text) {
  const [worker] = page.workers();
  assert.equal(page.workers().length, 1);
  const closed = new Promise((resolve) => {
    worker.once('close', resolve);
  });
  await retype(page, name, text);
  const begun = await until(async () => (await busy(page)) && Date.now(), 'the run begun');
  await until(
    async () => /was ended after 2(\.\d)? s/.test(await said(page)),
    'the end, said in the live region',
    DEADLINE + MARGIN,
  );
  const took = Date.now() - begun;
  assert.ok(took >= DEADLINE / 2 && took < DEADLINE + MARGIN, `${took} ms`);
  await closed;
  assert.match(await page.locator('.pane-result').innerText(), /was ended after 2(\.\d)? s[\s\S]*Nothing is lost/);
  assert.equal(await textOf(page, name), text);
  assert.equal(await page.getByRole('button', { name: 'Run again' }).count(), 1);
}

function busy(page) {
  return page.evaluate(() => document.querySelector('.pane-result').getAttribute('aria-busy') === 'true');
}

function textOf(page, name) {
  return editor(page, name).evaluate((content) =>
    [...content.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'),
  );
}
