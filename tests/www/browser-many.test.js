// Findings by the hundred: the first are drawn, and the rest when asked for.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { becomes, editor, playground, real, retype, until } from './page.js';

const POLICY = 'package many\n\ndeny contains {"id": "n", "msg": "a number", "at": "/n"} if input.n >= 0\n';

let play;
before(async () => {
  if (!real.skip) play = await playground();
});
after(() => play?.stop());

test('rows are drawn as far as they are asked for', real, async () => {
  const page = await play.open('#example=kubernetes/privileged');
  await page.getByRole('button', { name: 'Add a Rego file' }).click();
  await until(() => editor(page, 'Your own policy, in Rego').count(), 'the editor of the policy');
  await retype(page, 'Your own policy, in Rego', POLICY);
  await retype(page, 'Documents: YAML or JSON', JSON.stringify(Array.from({ length: 450 }, (_, n) => ({ n }))));
  const rows = page.locator('.result-row', { hasText: 'a number' });
  await becomes(() => rows.count(), 200, 'the first rows');
  await page.getByRole('button', { name: 'Show 200 more' }).click();
  await becomes(() => rows.count(), 400, 'the next rows');
  assert.equal(
    await rows
      .nth(200)
      .locator('button')
      .evaluate((button) => button === document.activeElement),
    true,
  );
  await page.keyboard.press('ArrowUp');
  assert.equal(
    await rows
      .nth(199)
      .locator('button')
      .evaluate((button) => button === document.activeElement),
    true,
  );
  // The cursor in the last document: its finding is drawn and marked.
  await editor(page, 'Documents: YAML or JSON').click();
  await page.keyboard.press('Control+End');
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowLeft');
  await becomes(() => page.locator('.result-row.result-current').count(), 1, 'the finding of the cursor');
  assert.equal(await rows.count(), 450);
  assert.equal(await page.getByRole('button', { name: /^Show \d+ more/ }).count(), 0);
});
