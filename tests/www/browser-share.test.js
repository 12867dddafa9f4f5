// What is shared shows the same to somebody else, and holds no secret in any encoding.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { inflateRawSync, inflateSync } from 'node:zlib';

import { becomes, canonical, editor, playground, real, ready, retype, said, tab, until } from './page.js';

const SECRET = 'tulip>Bridge?Marmot/4711+é'; // its base64 is not its base64url, and percent-encoding changes it
const KINDS = [
  'sub2api/everything-wrong',
  'schemes/stripe/accept',
  'policy/deny',
  'schema/discriminated',
  'kubernetes/privileged',
];

let play;
before(async () => {
  if (!real.skip) play = await playground();
});
after(() => play?.stop());

for (const path of KINDS) {
  test(`a link to ${path}, changed, shows the same elsewhere`, real, async () => {
    const page = await play.open(`#example=${path}`, { permissions: ['clipboard-read', 'clipboard-write'] });
    const webhook = !path.startsWith('kubernetes');
    const name = webhook ? 'The message as raw HTTP' : 'Documents: YAML or JSON';
    await editor(page, name).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(webhook ? ' \u00a0é{"changed": true}' : '\n');
    const takesKey = webhook && (await secretField(page).count()) > 0;
    if (takesKey) await secretField(page).fill(SECRET);
    if (!webhook) await page.getByRole('tab', { name: 'Data' }).and(page.locator(':visible')).click();
    else await tab(page, 'Document').click();
    await page.getByRole('textbox', { name: /^Time of the check/ }).fill('1717030123');
    await page.keyboard.press('Enter');
    await tab(page, 'JSON').click();
    const verdict = await settled(page);
    const before = await state(page);

    const link = await linkOf(page);
    assert.doesNotMatch(link, /example=/);
    const copies = await copiesOf(page, webhook);
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]),
    );
    const decoded = JSON.stringify(decodedLink(link));
    for (const [what, bytes] of Object.entries({
      link: Buffer.from(link),
      decoded: Buffer.from(decoded),
      stored: Buffer.from(stored),
      ...copies,
    }))
      assert.deepEqual(holding(bytes), [], what);
    await page.context().close();

    const other = await (await play.context()).newPage();
    await other.goto(link);
    await ready(other);
    await becomes(() => state(other), before, 'the state');
    if (takesKey) {
      assert.equal(await secretField(other).inputValue(), '');
      await secretField(other).fill(SECRET);
    }
    await becomes(() => canonical(other), verdict, 'the verdict');
    await other.context().close();
  });
}

test('an example that nobody changed is shared by its path', real, async () => {
  const page = await play.open('#example=sub2api/easy-5-stale');
  assert.equal(await linkOf(page), `${play.url}#example=sub2api/easy-5-stale`);
  await page.context().close();
});

for (const [what, written] of Object.entries({
  'as it is': SECRET,
  'in base64': Buffer.from(SECRET).toString('base64'),
  percent: encodeURIComponent(SECRET),
  'in hex': Buffer.from(SECRET).toString('hex'),
})) {
  test(`nothing is shared while the body holds the secret, ${what}`, real, async () => {
    const page = await play.open('#example=sub2api/section-2-minimal');
    await secretField(page).fill(SECRET);
    await editor(page, 'The message as raw HTTP').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(` ${written}`);
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('What would be shared contains a key of this page').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Link' }).count(), 0);
    for (const name of ['curl', 'CI step', 'Markdown', 'Test case (ZIP)', 'Copy'])
      assert.equal(await page.getByRole('dialog').getByRole('button', { name, exact: true }).count(), 0, name);
    await page.context().close();
  });
}

test('a payload that looks as if it held a live secret warns, and is shared without it', real, async () => {
  const page = await play.open('#example=sub2api/section-2-minimal');
  const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
  await retype(
    page,
    'The message as raw HTTP',
    `POST /hook HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"token": "${token}"}`,
  );
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByText('This looks like a live secret').waitFor();
  const field = page.getByRole('textbox', { name: 'Link' });
  assert.ok(!JSON.stringify(decodedLink(await field.inputValue())).includes(token));
  await page.getByRole('checkbox', { name: /Replace them/ }).uncheck();
  await until(
    async () => JSON.stringify(decodedLink(await field.inputValue())).includes(token),
    'the link with it, as it was asked for',
  );
  await page.context().close();
});

const TOKEN = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';

test('what is replaced is in no copy, no verdict is beside it, and the box keeps the focus', real, async () => {
  const page = await play.open('#example=sub2api/section-2-minimal', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await retype(
    page,
    'The message as raw HTTP',
    `POST /hook HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"token": "${TOKEN}"}`,
  );
  await until(async () => /^reject/.test(await said(page)), 'a verdict');
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  const box = dialog.getByRole('checkbox', { name: /Replace them/ });
  await dialog.getByRole('button', { name: 'Test case (ZIP)' }).waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'CI step' }).count(), 0);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Test case (ZIP)' }).click(),
  ]);
  const zip = unpacked(readFileSync(await download.path())).toString();
  assert.ok(!zip.includes(TOKEN) && !zip.includes('verdict.json'));
  assert.match(zip, /There is no verdict/);
  await dialog.getByRole('button', { name: 'Markdown' }).click();
  assert.ok(!(await until(() => page.evaluate(() => navigator.clipboard.readText()), 'a report')).includes(TOKEN));

  await box.focus();
  for (const count of [1, 0]) {
    await page.keyboard.press('Space');
    await becomes(() => dialog.getByRole('button', { name: 'CI step' }).count(), count, 'the CI step');
    assert.equal(await page.evaluate(() => document.activeElement.type), 'checkbox');
  }
  await page.context().close();
});

test('a published key is no reason to share it where its example does not', real, async () => {
  const page = await play.open('#example=sub2api/section-2-minimal');
  const key = await secretField(page).inputValue();
  assert.ok(key.length > 8);
  await retype(page, 'The message as raw HTTP', `POST /hook HTTP/1.1\r\n\r\n{"a": "${key}"}`);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByText('What would be shared contains a key of this page').waitFor();
  await page.context().close();
});

test('without a clipboard the text is selected, to be copied by hand', real, async () => {
  const page = await (await play.context()).newPage();
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined }));
  await page.goto(`${play.url}#example=sub2api/section-2-minimal`);
  await ready(page);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'curl' }).click();
  await page.getByText('copy it with Ctrl+C').waitFor();
  assert.match(
    await page.evaluate(
      () =>
        getSelection().toString() ||
        document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd),
    ),
    /^curl /,
  );
  await page.context().close();
});

test('a browser that is too old for links offers the file', real, async () => {
  const page = await (await play.context()).newPage();
  await page.addInitScript(() => {
    delete globalThis.CompressionStream;
    delete globalThis.DecompressionStream;
  });
  await page.goto(`${play.url}#1.AAAA`);
  await page.getByRole('alert').filter({ hasText: 'browser is too old' }).waitFor();
  await ready(page);
  await retype(page, 'The message as raw HTTP', 'POST /hook HTTP/1.1\r\n\r\n{}');
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('dialog').getByText('browser is too old').waitFor();
  for (const name of ['Save as a file', 'Test case (ZIP)'])
    await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  await page.context().close();
});

function secretField(page) {
  return page.locator('.keys').getByLabel('Secret').and(page.locator('input')).first();
}

/** The verdict, once nothing more changes it. */
async function settled(page) {
  let last;
  await until(async () => {
    const next = await canonical(page);
    await new Promise((resolve) => {
      setTimeout(resolve, 400);
    });
    const same = next !== null && next === last && (await said(page)) !== '';
    last = next;
    return same;
  }, 'a verdict that stays');
  return last;
}

/** What is open and what stands in it. Of a long text an editor has as many lines as it has measured. */
function state(page) {
  return page.evaluate(() => ({
    pressed: [...document.querySelectorAll('header [aria-pressed=true]')].map(({ textContent }) => textContent),
    tabs: [...document.querySelectorAll('[role=tab][aria-selected=true]')]
      .filter((one) => one.checkVisibility())
      .map(({ dataset }) => dataset.tab),
    texts: [...document.querySelectorAll('.cm-content')]
      .filter((one) => one.checkVisibility())
      .map((one) => [one.getAttribute('aria-label'), one.textContent.slice(0, 600)]),
    time: document.querySelector('.clock-input').value,
    contract: [...document.querySelectorAll('.pane select')]
      .filter((one) => one.checkVisibility())
      .map(({ selectedOptions }) => selectedOptions[0]?.textContent),
  }));
}

async function linkOf(page) {
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  return link;
}

/** All that the open dialog gives, as bytes. */
async function copiesOf(page, webhook) {
  const dialog = page.getByRole('dialog');
  const found = {};
  for (const name of [...(webhook ? ['curl'] : []), 'CI step', 'Markdown']) {
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await dialog.getByRole('button', { name, exact: true }).click();
    found[name] = Buffer.from(
      await until(() => page.evaluate(() => navigator.clipboard.readText()), `${name} in the clipboard`),
    );
  }
  for (const name of ['Test case (ZIP)', 'Save as a file']) {
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name }).click()]);
    found[name] = unpacked(readFileSync(await download.path()));
  }
  return found;
}

/** Of a ZIP its bytes, and what each member holds. */
function unpacked(bytes) {
  const parts = [bytes];
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [method, size, name, extra] = [
      bytes.readUInt16LE(at + 8),
      bytes.readUInt32LE(at + 18),
      bytes.readUInt16LE(at + 26),
      bytes.readUInt16LE(at + 28),
    ];
    const start = at + 30 + name + extra;
    const content = bytes.subarray(start, start + size);
    parts.push(method === 8 ? inflateRawSync(content) : content);
    at = start + size;
  }
  assert.ok(bytes[0] !== 0x50 || parts.length > 2);
  return Buffer.concat(parts);
}

function decodedLink(link) {
  const bytes = Buffer.from(link.replace(/^.*#1\./, ''), 'base64url');
  for (const inflate of [inflateRawSync, inflateSync]) {
    try {
      return JSON.parse(inflate(bytes).toString());
    } catch {
      // The other form.
    }
  }
  throw new Error('the link cannot be unpacked');
}

/** The encodings in which bytes hold the secret. */
function holding(bytes) {
  const text = bytes.toString('utf8');
  const needles = {
    text: SECRET,
    base64: base64Core('base64'),
    base64url: base64Core('base64url'),
    hex: Buffer.from(SECRET).toString('hex'),
    percent: encodeURIComponent(SECRET),
    json: JSON.stringify(SECRET).slice(1, -1),
    reversed: [...SECRET].reverse().join(''),
    part: SECRET.slice(0, 12),
  };
  return Object.entries(needles)
    .filter(([, needle]) => text.includes(needle) || text.toLowerCase().includes(needle.toLowerCase()))
    .map(([name]) => name);
}

/** Without the last characters, which depend on what follows. */
function base64Core(encoding) {
  return Buffer.from(SECRET).toString(encoding).slice(0, 28);
}
