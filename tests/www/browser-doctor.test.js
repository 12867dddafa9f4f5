// Failing webhooks as an engineer finds them in a log: pasted, and explained.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';

import { editor, playground, real, said, tab, until } from './page.js';

const NOW = 1795240000;
const SECRET = 'f1e2d3c4b5a697887766554433221100';
const hmac = (secret, text, encoding = 'hex', hash = 'sha256') =>
  createHmac(hash, secret).update(text).digest(encoding);

const STRIPE = JSON.stringify(
  {
    id: 'evt_1',
    object: 'event',
    created: NOW,
    type: 'invoice.paid',
    data: { object: { id: 'in_1', customer_name: 'Zoë' } },
  },
  null,
  2,
);
const GITHUB = '{"action":"opened","number":7}';
const SUB2API = '{"message_id":"m-1","channel":"sub2api","open_id":"user-9","content":"我要退款"}';

// [what, the contract that is chosen by the paste, what is pasted, how it is judged, the cause]
const FAILING = [
  [
    'Stripe: express parsed the body and wrote it again',
    'stripe',
    `curl -X POST https://shop.example/hooks -H 'content-type: application/json' -H 'stripe-signature: ` +
      `t=${NOW},v1=${hmac(SECRET, `${NOW}.${STRIPE}`)}' --data-raw '${JSON.stringify(JSON.parse(STRIPE))}'`,
    'As signed',
    'body-reserialised',
  ],
  [
    'GitHub: the key was stored with a line break',
    'github',
    'What the proxy logged:\n\nPOST /hooks HTTP/1.1\nHost: ci.example.org\nX-GitHub-Event: ' +
      'pull_request\nX-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958\nX-Hub-Signature-256: ' +
      `sha256=${hmac(`${SECRET}\n`, GITHUB)}\nContent-Type: application/json\n\n${GITHUB}`,
    undefined,
    'key-whitespace',
  ],
  [
    'Sub2API: milliseconds where seconds belong',
    'sub2api',
    `curl 'https://cs.example.org/api/v1/customer-service/webhook' -H 'Content-Type: application/json' -H ` +
      `'X-CS-Timestamp: ${NOW}000' -H 'X-CS-Signature: ${hmac(SECRET, `${NOW}000.${SUB2API}`)}' --data-binary ` +
      `'${SUB2API}'`,
    String(NOW),
    'time-unit',
  ],
];

let site;
before(async () => {
  site = real.skip ? undefined : await playground();
});
after(() => site?.stop());

async function pasted(page, text) {
  await editor(page, 'The message as raw HTTP').click();
  await page.keyboard.press('Control+a');
  await editor(page, 'The message as raw HTTP').evaluate((content, found) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', found);
    content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

for (const [what, contract, text, time, cause] of FAILING) {
  test(what, real, async () => {
    const page = await site.open('#example=slack/none');
    await pasted(page, text);
    await until(
      async () => (await page.getByRole('combobox', { name: 'Contract' }).inputValue()) === contract,
      `the contract ${contract}`,
    );
    await until(async () => /signature is not checked/.test(await said(page)), 'no key of the example is left');
    await page.getByRole('textbox', { name: 'Secret' }).fill(SECRET);
    if (time === 'As signed') await page.getByRole('button', { name: time }).click();
    else if (time) await page.getByRole('textbox', { name: /^Time of the check/ }).fill(time);
    await page.keyboard.press('Tab');
    await until(async () => /^reject/.test(await said(page)), 'rejected');
    await page.getByRole('button', { name: /^Why (does the signature not match|is the time rejected)\?$/ }).click();
    await until(async () => (await page.locator(`[data-cause="${cause}"]`).count()) === 1, `the cause ${cause}`);
    await page.close();
  });
}

test('the bytes that were signed stand against those that arrived', real, async () => {
  const page = await site.open('#example=schemes/stripe/mismatch');
  await page.getByRole('button', { name: 'Why does the signature not match?' }).click();
  await page.getByRole('button', { name: 'Show the bytes' }).click();
  const diff = page.locator('.result-diff');
  assert.match(await diff.textContent(), /at byte 17: the sender signed 22 \("\); what arrived has 20 \(space\)/);
  assert.ok((await diff.locator('ins').count()) > 0);
  await page.close();
});

test('the parts of the signed bytes light up in the request', real, async () => {
  const page = await site.open('#example=schemes/stripe/accept');
  await tab(page, 'Signed bytes').click();
  const parts = page.locator('.result-signed [tabindex="0"], .result-signed button').filter({ hasText: 'body' });
  await parts.first().focus();
  await until(async () => (await page.locator('.pane-input .signed-part').count()) > 0, 'the body is lit up');
  await page.close();
});
