// axe-core finds nothing on the page: in both themes and languages, wide and narrow, with whatever is open.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { playground, ready, real, until } from './page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is open, by names that hold in both languages: [title, hash, steps]. */
const SIGHTS = [
  ['the first sight', '', async () => {}],
  [
    'findings with what the doctor found',
    '#example=sub2api/easy-4-formatted-body&pane=result',
    async (page) => {
      await page.locator('.result-doctor .result-run').click();
      await page.locator('.result-cause').first().waitFor();
    },
  ],
  ['signed bytes', '#example=sub2api/easy-4-formatted-body&pane=result&result=signed', async () => {}],
  [
    'signed bytes against those that arrived',
    '#example=sub2api/easy-4-formatted-body&pane=result',
    async (page) => {
      await page.locator('.result-doctor .result-run').click();
      await page.locator('.result-cause .result-small').first().click();
    },
  ],
  [
    'the JSON of a verdict, with its bytes',
    '#example=sub2api/everything-wrong&pane=result&result=json',
    (page) => page.locator('.result-canonical summary').click(),
  ],
  [
    'findings, each explained',
    '#example=sub2api/everything-wrong&pane=result',
    (page) =>
      page.evaluate(() => {
        for (const details of document.querySelectorAll('.pane-result details')) details.open = true;
      }),
  ],
  ['a shaped message', '#example=shim/native-chat&pane=result', async () => {}],
  ['deployment with findings', '#example=kubernetes/privileged&pane=result', async () => {}],
  [
    "packs, and a file of one's own",
    '#example=kubernetes/privileged&pane=rules',
    async (page) => {
      await page.locator('.packs-add').click();
      await page.locator('[data-tab=packs]').click();
    },
  ],
  [
    'what a finding also read',
    '#example=kubernetes/allow-all&pane=rules',
    (page) => written(page, 'deny contains "x" if { input.kind; input.apiVersion }\n', '.result-also'),
  ],
  [
    'a policy with two mistakes',
    '#example=kubernetes/privileged&pane=rules',
    (page) =>
      written(page, 'deny contains "x" if foo(1)\n\nwarn contains "y" if bar(1)\n', '.result-ended + .result-ended'),
  ],
  ['headers as a table', '#example=sub2api/everything-wrong&input=headers', async () => {}],
  [
    'the form',
    '#example=sub2api/section-2-minimal&pane=rules&rules=form',
    async (page) => {
      await page
        .getByRole('tabpanel', { name: /^(Form|表单)/ })
        .locator('input, select')
        .first()
        .waitFor();
    },
  ],
  ['the policy', '#example=policy/deny&pane=rules&rules=policy', async () => {}],
  [
    'the share dialog',
    '#example=sub2api/easy-4-formatted-body',
    async (page) => {
      await page.locator('header .primary').click();
      await page.locator('dialog[open] .share-link').waitFor();
    },
  ],
  [
    'the privacy dialog',
    '#example=sub2api/section-2-minimal',
    async (page) => {
      await page.locator('.privacy button').first().click();
      await page.locator('.privacy dialog[open] button').first().click();
      await page.locator('.privacy-result.pass').waitFor();
    },
  ],
  ['a link that is cut, said in a banner', '#1.AAAA', (page) => page.locator('.banner').waitFor()],
];

let play;
before(async () => {
  if (!real.skip) play = await playground();
});
after(() => play?.stop());

for (const language of ['en', 'zh-CN']) {
  for (const width of [1440, 390]) {
    test(`${language}, ${width} pixels wide, light and dark`, real, async () => {
      const context = await play.context({
        locale: language,
        viewport: { width, height: 900 },
        reducedMotion: 'reduce',
        colorScheme: 'light',
      });
      const page = await context.newPage();
      // The page's policy lets no other script in: it is there before the page is.
      await page.addInitScript(`if (window === top) { ${AXE} }`);
      await page.goto(play.url);
      await ready(page);
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      const found = [];
      for (const [title, hash, steps] of SIGHTS) {
        await opened(page, hash);
        await steps(page);
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          const violations = await page.evaluate(violated, colorScheme === 'dark' ? ['color-contrast'] : undefined);
          found.push(...violations.map((text) => `${title}, ${colorScheme}: ${text}`));
        }
        await page.emulateMedia({ colorScheme: 'light' });
        await page.evaluate(() => document.querySelector('dialog[open]')?.close());
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wider > 0) found.push(`${title}: ${wider} pixels wider than the screen`);
      }
      assert.deepEqual(found, []);
      await context.close();
    });
  }
}

/** Rules of one's own, and the result with what they give. */
async function written(page, rules, given) {
  await page.locator('.packs-add').click();
  await page.locator('.pane-rules .cm-content:visible').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(`package team\n\n${rules}`);
  await page.locator(given).first().waitFor({ state: 'attached' });
  const narrow = page.locator('[data-tab=result]:visible');
  if ((await narrow.count()) > 0) await narrow.click();
  await page.locator(given).first().waitFor();
}

/** By its hash, and judged. */
async function opened(page, hash) {
  if (hash === '') return;
  await page.evaluate((next) => {
    location.hash = next;
  }, hash);
  const [, path] = /^#example=([^&]+)/.exec(hash) ?? [];
  // The run is begun behind the change of the state, by a timer of its own.
  const judged = (example) =>
    new Promise((resolve) => {
      const shown = document.querySelector('select.pick').value === example;
      setTimeout(() => resolve(shown && document.querySelector('.pane-result').getAttribute('aria-busy') === 'false'));
    });
  if (path) await until(() => page.evaluate(judged, path), `${path}, judged`);
}

/**
 * @param rules of axe-core; all, where not given. What stands and how is the same in both themes, but for the colours.
 */
async function violated(rules) {
  const { violations } = await globalThis.axe.run(document, {
    resultTypes: ['violations'],
    ...(rules && { runOnly: rules }),
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`),
  );
}
