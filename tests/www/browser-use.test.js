// The page by keyboard alone, by paste and drop, and where something is missing or broken.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { becomes, canonical, editor, playground, ready, real, retype, said, tab, until } from './page.js';

const CASES = fileURLToPath(new URL('../cases/', import.meta.url));
const MESSAGE = 'The message as raw HTTP';
const MOST_SCRIPT = 150_000; // of gzip, before the engine
const BEST = { level: 9 }; // as the sizes of the package are measured

let play;
before(async () => {
  if (!real.skip) play = await playground();
});
after(() => play?.stop());

test('Tab goes through the whole page and out of every editor', real, async () => {
  const page = await play.open('#example=sub2api/everything-wrong&rules=contract');
  await page.evaluate(() => document.body.focus());
  const seen = new Set();
  const stops = [];
  for (let step = 0; step < 200; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      if (one === document.body) return undefined;
      one.dataset.stop ??= `${Math.random()}`;
      return [
        one.dataset.stop,
        one.getAttribute('aria-label') ?? one.textContent.slice(0, 30),
        one.classList.contains('cm-content'),
      ];
    });
    if (!at || seen.has(at[0])) break;
    seen.add(at[0]);
    stops.push(at);
  }
  const names = stops.map(([, name]) => name);
  assert.equal(stops.filter(([, , isEditor]) => isEditor).length, 2, names.join(' | '));
  assert.ok(names.indexOf('How to check it') > names.indexOf('The contract document'), names.join(' | '));
  assert.ok(names.includes('Share') && names.includes(MESSAGE));
  // And back into an editor and out of it.
  await editor(page, MESSAGE).focus();
  await page.keyboard.press('Shift+Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), MESSAGE);
  await page.context().close();
});

test('Ctrl+Enter judges, the arrow keys change tabs, Escape closes dialogs', real, async () => {
  const page = await play.open('#example=sub2api/section-2-minimal');
  await becomes(() => said(page).then((text) => /^accept/.test(text)), true, 'the verdict in the live region');
  await retype(page, MESSAGE, 'POST /hook HTTP/1.1\r\n\r\n{}');
  await page.keyboard.press('Control+Enter');
  await becomes(() => said(page).then((text) => /^reject/.test(text)), true, 'the next verdict in the live region');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), MESSAGE);

  await tab(page, 'Raw HTTP').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.tab), 'headers');
  assert.equal(await tab(page, /^Headers/).getAttribute('aria-selected'), 'true');
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.tab), 'body');

  for (const name of ['Share', 'Keys', 'How to check it']) {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await becomes(() => page.locator('dialog[open]').count(), 0, name);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), name);
  }
  await page.context().close();
});

for (const [what, hash, message] of [
  ['a link that is cut', '#1.AAAA', /cut or changed/],
  ['a link of another version', '#7.AAAA', /version 7/],
  ['an example that is not there', '#example=sub2api/nothing', /no example “sub2api\/nothing”/],
  ['something else behind the #', '#%%%', /not a link of the playground/],
]) {
  test(`${what}: a message, and a page that works`, real, async () => {
    const page = await play.open(hash);
    await page.getByRole('alert').filter({ hasText: message }).waitFor();
    await page.getByLabel('Example', { exact: true }).selectOption('sub2api/everything-wrong');
    await becomes(() => said(page).then((text) => /^reject/.test(text)), true, 'a verdict');
    await page.context().close();
  });
}

for (const [what, pattern] of [
  ['the engine', '**/*.wasm'],
  ['the data', '**/data-*.json'],
]) {
  test(`${what} that cannot be fetched is said, with a way to try again`, real, async () => {
    const page = await (await play.context({ serviceWorkers: 'block' })).newPage();
    await page.route(pattern, (route) => route.abort());
    await page.goto(play.url);
    await page.getByText('The playground could not be loaded').waitFor();
    await page.unroute(pattern);
    await page.getByRole('button', { name: 'Try again' }).click();
    await ready(page);
    await page.context().close();
  });
}

test('the page is there before its engine, and judges then what was typed before', real, async () => {
  const page = await (await play.context({ serviceWorkers: 'block' })).newPage();
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${play.url}#example=sub2api/section-2-minimal`);
  for (const name of ['Request', 'Contract', 'Result']) await page.getByRole('region', { name, exact: true }).waitFor();
  await retype(page, MESSAGE, 'POST /typed-before HTTP/1.1\r\n\r\n{}');
  assert.doesNotMatch(await page.locator('.privacy').innerText(), /✓ Nothing leaves/);
  release();
  await ready(page);
  await becomes(() => said(page).then((text) => /^reject/.test(text)), true, 'a verdict');
  assert.match(await editor(page, MESSAGE).textContent(), /typed-before/);
  await page.context().close();
});

test('what the page is drawn with is small', real, () => {
  // The module of index.html and all that it imports statically: what runs before anything is drawn. What is imported
  // later is not.
  const html = readFileSync(`${play.dist}/index.html`, 'utf8');
  const wanted = [...html.matchAll(/<(?:script|link)[^>]*(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(
    ([, path]) => path,
  );
  const scripts = new Set(wanted);
  for (const path of scripts) {
    const code = readFileSync(`${play.dist}/${path}`, 'utf8');
    for (const [, name] of code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g))
      scripts.add(`assets/${name}`);
  }
  assert.ok(scripts.size > 0);
  const bytes = [...scripts].reduce(
    (sum, path) => sum + gzipSync(readFileSync(`${play.dist}/${path}`), BEST).length,
    0,
  );
  assert.ok(bytes <= MOST_SCRIPT, `${bytes} bytes in ${scripts.size} files`);
});

const BODY = '{"event":"ping"}';
const PASTED = {
  curl: [
    `curl -X POST 'https://hooks.example.org/in?a=1' -H 'X-Test: yes' -d '${BODY}'`,
    /POST \/in\?a=1 HTTP\/1\.1.*X-Test: yes.*ping/,
  ],
  'a HAR entry': [
    JSON.stringify({
      request: {
        method: 'PUT',
        url: 'https://hooks.example.org/har',
        headers: [{ name: 'X-Har', value: '1' }],
        queryString: [],
        postData: { mimeType: 'application/json', text: BODY },
      },
    }),
    /PUT https:\/\/hooks.example.org\/har HTTP\/1\.1.*X-Har: 1.*ping/,
  ],
  'raw HTTP': [`PATCH /raw HTTP/1.1\r\nX-Raw: 2\r\n\r\n${BODY}`, /PATCH \/raw HTTP\/1\.1.*X-Raw: 2.*ping/],
};
for (const [what, [text, expected]] of Object.entries(PASTED)) {
  test(`paste of ${what}`, real, async () => {
    const page = await play.open('#example=sub2api/section-2-minimal');
    await editor(page, MESSAGE).click();
    await page.keyboard.press('Control+a');
    await editor(page, MESSAGE).evaluate((content, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
    await until(async () => expected.test(await editor(page, MESSAGE).textContent()), `${what} in the editor`);
    await page.context().close();
  });
}

const read = (path) => readFileSync(`${CASES}${path}`);
const DROPPED = {
  'a .http file': [{ 'request.http': read('sub2api/everything-wrong/request.http') }, /^reject/],
  'a HAR': [
    {
      'a.har': Buffer.from(
        JSON.stringify({ log: { version: '1.2', creator: {}, entries: [JSON.parse(PASTED['a HAR entry'][0])] } }),
      ),
    },
    /^The signature is not checked/,
  ],
  'a case': [
    { 'case.json': read('schemes/stripe/stale/case.json'), 'request.http': read('schemes/stripe/stale/request.http') },
    /^reject/,
    'schemes/stripe/stale',
  ],
  'a manifest': [
    {
      'pod.yaml': Buffer.from(
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: b\n      image: c\n',
      ),
    },
    /^(fail|pass)/,
  ],
};
for (const [what, [files, expected, path]] of Object.entries(DROPPED)) {
  test(`drop of ${what}`, real, async () => {
    const page = await play.open('#example=sub2api/section-2-minimal');
    await becomes(() => said(page).then((text) => /^accept/.test(text)), true, 'the verdict before');
    await drop(page, files);
    await until(async () => expected.test(await said(page)), `a verdict of ${what}`);
    if (path) {
      await tab(page, 'JSON').click();
      await becomes(() => canonical(page), read(`${path}/verdict.json`).toString().trimEnd(), path);
    }
    await page.context().close();
  });
}

test('drop of a ZIP that the page made', real, async () => {
  const page = await play.open('#example=sub2api/everything-wrong&result=json');
  const verdict = await until(() => canonical(page), 'the verdict');
  await page.getByRole('button', { name: 'Share' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Test case (ZIP)' }).click(),
  ]);
  const zip = readFileSync(await download.path());
  await page.context().close();
  const other = await play.open('#example=kubernetes/privileged');
  await drop(other, { 'countersign.zip': zip });
  await until(async () => /^reject/.test(await said(other)), 'the verdict of the ZIP');
  await tab(other, 'JSON').click();
  await becomes(() => canonical(other), verdict, 'the same verdict');
  await other.context().close();
});

test('drop of what is nothing says so, and keeps what is there', real, async () => {
  const page = await play.open('#example=sub2api/section-2-minimal');
  await drop(page, { 'picture.bin': Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00]) });
  await page.getByRole('alert').filter({ hasText: 'cannot be opened' }).waitFor();
  assert.match(await editor(page, MESSAGE).textContent(), /^POST/);
  await page.context().close();
});

test('the same file and the same example can be opened again', real, async () => {
  const page = await play.open('#example=sub2api/section-2-minimal');
  const file = { name: 'a.http', mimeType: 'text/plain', buffer: Buffer.from('POST /from-a-file HTTP/1.1\r\n\r\n{}') };
  for (let time = 0; time < 2; time += 1) {
    await page.locator('input[type=file]').setInputFiles(file);
    await until(async () => /from-a-file/.test(await editor(page, MESSAGE).textContent()), 'the file');
    assert.equal(await page.locator('input[type=file]').inputValue(), '');
    await retype(page, MESSAGE, 'POST /other HTTP/1.1\r\n\r\n{}');
  }
  const examples = page.getByLabel('Example', { exact: true });
  await examples.selectOption('sub2api/section-2-minimal');
  await becomes(() => examples.inputValue(), 'sub2api/section-2-minimal', 'the example that is open');
  await retype(page, MESSAGE, 'POST /other HTTP/1.1\r\n\r\n{}');
  const title = await examples.evaluate((select) => select.selectedOptions[0].textContent);
  await examples.focus();
  await examples.dispatchEvent('mousedown');
  assert.deepEqual(await examples.evaluate((select) => [select.value, select.selectedOptions[0].textContent]), [
    '',
    title,
  ]);
  await examples.selectOption('sub2api/section-2-minimal');
  await until(async () => !/other/.test(await editor(page, MESSAGE).textContent()), 'the example again');
  assert.equal(await examples.inputValue(), 'sub2api/section-2-minimal');
  await page.context().close();
});

test('a page that fails before it is drawn says why', real, async () => {
  const page = await (await play.context()).newPage();
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'languages', {
      get() {
        throw new Error('no languages here');
      },
    }),
  );
  await page.goto(play.url);
  await page.getByRole('alert').filter({ hasText: 'could not be loaded: no languages here' }).waitFor();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await page.context().close();
});

function drop(page, files) {
  const named = Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')]);
  return page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const [name, base64] of all)
      dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
    document
      .querySelector('.panes')
      .dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, named);
}
