// The entries of runtimes without files, where they run.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as countersign from '../../pkg/node.js';
import { bundledPage, bundledWorker } from './bundled.js';
import { executablePath, NO_CHROMIUM, opened } from './chromium.js';
import { installed, PACKAGE } from './installed.js';
import { start } from './workerd.js';

function heldTo(told) {
  assert.deepEqual(told.names, Object.keys(countersign).sort());
  const unread = (kind, name) => ({
    name: 'ContractError',
    code: 'contract-unknown',
    message: `this runtime has no files to read the ${kind} \`${name}\` from`,
  });
  assert.deepEqual(told.shipped, {
    ...unread('contract', 'standard-webhooks'),
    help: "import it: import standardWebhooks from 'countersign/contracts/standard-webhooks'",
  });
  assert.deepEqual(told.hook, {
    ...unread('contract', 'github'),
    at: '/hooks/0/contract',
    help: "import it: import github from 'countersign/contracts/github'",
  });
  assert.deepEqual(told.pack, {
    ...unread('pack', 'kubernetes'),
    help: 'give its files as an object of paths and texts',
  });
  assert.equal(told.path.message, 'this looks like a path, not like the name of a shipped contract');
  assert.deepEqual(told.stages, ['pass', 'pass']);
  assert.equal(told.late, null);
}

test('in workerd a contract comes by import, and the module is there at once', async (t) => {
  const modules = await bundledWorker(join(installed(t, ['entries-worker.js']), 'entries-worker.js'));
  assert.deepEqual(Object.keys(modules), ['worker.js', 'core_bg.wasm']);
  // No file system, nothing fetched or evaluated, no module as text (which begins so in base64).
  assert.doesNotMatch(modules['worker.js'], /node:|\bfetch\(new URL|\beval\b|new Function|AGFzbQ/);
  const { url, stop } = await start({ modules });
  t.after(stop);
  const told = await (await fetch(url)).json();
  heldTo(told);
  assert.equal(told.early, null);
});

test('in Chromium the module is waited for, and a call before says so', {
  skip: executablePath === undefined && NO_CHROMIUM,
}, async (t) => {
  const { page, stop } = await opened({
    '/': ['text/html', '<!doctype html><title>entries</title>'],
    '/page.js': ['text/javascript', await bundledPage(join(installed(t, ['entries-worker.js']), 'entries-worker.js'))],
    '/core_bg.wasm': ['application/wasm', readFileSync(join(PACKAGE, 'core_bg.wasm'))],
  });
  t.after(stop);
  const told = await page.evaluate(async () => (await (await import('/page.js')).default.fetch()).json());
  heldTo(told);
  assert.equal(told.early.name, 'TypeError');
  assert.match(told.early.message, /^the module is not loaded yet: call `await init\(\)`/);
});

test('a module that is not beside the script is named', {
  skip: executablePath === undefined && NO_CHROMIUM,
}, async (t) => {
  const { page, stop } = await opened({
    '/': ['text/html', '<!doctype html><title>entries</title>'],
    '/page.js': ['text/javascript', await bundledPage(join(installed(t, ['entries-worker.js']), 'entries-worker.js'))],
  });
  t.after(stop);
  const said = await page.evaluate(() => import('/page.js').then(String, ({ message }) => message));
  assert.match(
    said,
    /^cannot load http:.*\/core_bg\.wasm: the server replied 404; serve this file next to the script$/,
  );
});
