// Paste is the way in: a whole message replaces what nobody typed, from anywhere on the page, and undo brings it back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { casesOfPaste, inputOf } from '../js/paste-cases.js';
import { editor, playground, real, retype, said, until } from './page.js';

const MESSAGE = 'The message as raw HTTP';
const EXAMPLE = '#example=sub2api/section-2-minimal';
const RAW = 'POST /pasted HTTP/1.1\nHost: h.example\nX-Acme-Signature: sha256=00\n\n{"a":1}';

let play;
before(async () => {
  if (!real.skip) play = await playground();
});
after(() => play?.stop());

/** Of a paste at the element that has the focus, or of a drop. */
async function pasted(page, text, type = 'paste') {
  await page.evaluate(
    ([content, kind]) => {
      const data = new DataTransfer();
      data.setData('text/plain', content);
      const init = { bubbles: true, cancelable: true };
      const event =
        kind === 'paste'
          ? new ClipboardEvent(kind, { ...init, clipboardData: data })
          : new DragEvent(kind, { ...init, dataTransfer: data });
      (kind === 'paste' ? document.activeElement : document.querySelector('main')).dispatchEvent(event);
    },
    [text, type],
  );
}

const shown = (page) => editor(page, MESSAGE).textContent();
const becomesText = (page, pattern) => until(async () => pattern.test(await shown(page)), `${pattern} in the editor`);
const note = (page) => page.locator('.pane-input .pane-note').textContent();

for (const [where, place] of [
  ['the editor, at the cursor', (page) => editor(page, MESSAGE).click()],
  ['the page', (page) => page.evaluate(() => document.activeElement.blur())],
]) {
  test(`raw HTTP pasted into ${where} replaces the example, and undo brings it back`, real, async () => {
    const page = await play.open(EXAMPLE);
    const before = await shown(page);
    await place(page);
    await pasted(page, RAW);
    await becomesText(page, /^POST \/pasted HTTP\/1\.1Host: h\.exampleX-Acme-Signature: sha256=00\{"a":1\}$/);
    assert.match(await note(page), /No shipped contract knows the signature in X-Acme-Signature: sub2api judges/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await until(async () => (await shown(page)) === before, 'the example again');
    await until(async () => /^accept/.test(await said(page)), 'its verdict, with its key');
    await page.context().close();
  });
}

test('a text that is dropped beside the editors is a message', real, async () => {
  const page = await play.open(EXAMPLE);
  await pasted(page, "curl https://h.example/dropped -d 'a=1'", 'drop');
  await becomesText(page, /^POST \/dropped/);
  await page.context().close();
});

test('what a person typed is theirs', real, async () => {
  const page = await play.open(EXAMPLE);
  await retype(page, MESSAGE, 'POST /typed HTTP/1.1\n\n');
  await page.keyboard.press('Control+End');
  await pasted(page, RAW);
  await becomesText(page, /^POST \/typed HTTP\/1\.1.*POST \/pasted/);
  await page.evaluate(() => document.activeElement.blur());
  await pasted(page, RAW.replace('/pasted', '/again'));
  await until(async () => /What you typed was kept/.test(await note(page)), 'that it was kept');
  assert.match(await shown(page), /^POST \/typed/);
  await page.context().close();
});

test('one paste takes the place of another', real, async () => {
  const page = await play.open(EXAMPLE);
  await editor(page, MESSAGE).click();
  await pasted(page, RAW);
  await becomesText(page, /^POST \/pasted/);
  await pasted(page, RAW.replace('/pasted', '/second'));
  await becomesText(page, /^POST \/second HTTP\/1\.1[^P]*$/);
  await page.context().close();
});

test('a contract is chosen by another mark than the signature, and what is no request is said', real, async () => {
  const page = await play.open(EXAMPLE);
  await editor(page, MESSAGE).click();
  await pasted(page, 'POST /hooks HTTP/1.1\nX-GitHub-Event: push\nContent-Type: application/json\n\n{}');
  await until(async () => /contract github was chosen because of X-GitHub-Event/.test(await note(page)), 'github');
  await page.keyboard.press('Control+End');
  await pasted(page, 'two lines\nof prose');
  await until(async () => /a text of 2 lines\. It was put in as text/.test(await note(page)), 'what it is');
  await page.context().close();
});

test('every source is read on the page as it is on the command line', real, async () => {
  const page = await play.open(EXAMPLE);
  for (const path of casesOfPaste().filter((one) => /\/(?:cmd-doubled|chrome|json|rest-api|list)$/.test(one))) {
    if (path.startsWith('body/') || path.startsWith('printed/')) continue;
    await editor(page, MESSAGE).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await pasted(page, inputOf(path));
    await until(async () => /^(?:POST|PUT|GET) \S+ HTTP\/1\.1/.test(await shown(page)), path);
  }
  await page.context().close();
});
