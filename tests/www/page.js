// The whole page in a real Chromium: built as it is published, served as `make play` serves it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';
import { build } from 'vite';

import { serve } from '../../www/build/serve.js';
import { executablePath, NO_CHROMIUM } from '../edge/chromium.js';

const WWW = fileURLToPath(new URL('../../www/', import.meta.url));
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PATIENCE = 20_000; // milliseconds, for a machine that does much else

/** For `test(name, page, ...)`: without a Chromium nothing here can be said. */
export const real = { skip: executablePath === undefined && NO_CHROMIUM };

/**
 * @returns {Promise<{ url: string, dist: string, requests: { method: string, url: string }[], browser:
 * import('playwright-core').Browser,
 *   context(options?: object): Promise<import('playwright-core').BrowserContext>,
 * open(hash?: string, options?: object): Promise<import('playwright-core').Page>, restart(): Promise<void>,
 * stopServer(): Promise<void>, stop(): Promise<void> }>}
 */
export async function playground() {
  const dist = mkdtempSync(join(tmpdir(), 'countersign-page-'));
  await build({
    root: WWW,
    configFile: join(WWW, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: dist, emptyOutDir: true },
  });
  const server = await serve(dist, { port: 0 });
  const browser = await chromium.launch({ executablePath, args: ARGS });
  let serving = true;

  /** One that reads and asks as an English user would, with nothing kept of others. */
  function context(options = {}) {
    return browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 }, ...options });
  }

  /** A page in a context of its own, judged. */
  async function open(hash = '', options = {}) {
    const page = await (await context(options)).newPage();
    await page.goto(server.url + hash);
    await ready(page);
    return page;
  }

  async function stopServer() {
    if (serving) await server.stop();
    serving = false;
  }

  async function stop() {
    await browser.close();
    await stopServer();
    rmSync(dist, { recursive: true });
  }

  return { url: server.url, dist, requests: server.requests, browser, context, open, stopServer, stop };
}

/** Polls, since waiting in the page needs eval, which its policy forbids. Gives what `look` found. */
export async function until(look, what = String(look), patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
}

/** Waits for a value, and says how the last one differs. */
export async function becomes(look, expected, what) {
  let last;
  const same = async () => JSON.stringify((last = await look())) === JSON.stringify(expected);
  await until(same, what).catch(() => assert.deepEqual(last, expected, what));
}

/** The engine is there, the network closed, and something judged. */
export async function ready(page) {
  await until(
    () =>
      page.evaluate(
        () =>
          document.querySelector('.privacy .pass') !== null &&
          document.querySelector('.pane-result')?.getAttribute('aria-busy') === 'false',
      ),
    'the page, closed and judged',
  );
}

export function tab(page, name) {
  return page.getByRole('tab', { name }).and(page.locator(':visible'));
}

/** Of the JSON tab, once that was opened. */
export function canonical(page) {
  return page.evaluate(() => document.querySelector('details.result-canonical pre')?.textContent ?? null);
}

/** The verdict in words, as the live region has it. */
export function said(page) {
  return page.evaluate(() => document.querySelector('#app > [role=status]')?.textContent ?? '');
}

export function editor(page, name) {
  return page.getByRole('textbox', { name, exact: true });
}

/** A policy of many rules that each end at the engine's limit of steps: all of them take longer than a run may last. */
export function endless(name) {
  const rule = (n) =>
    `deny_${n} contains "never" if { some i in all; regex.match(sprintf("(a|b|c)*%d$", [i]), text) }\n`;
  const rules = Array.from({ length: 12 }, (_, n) => rule(n));
  const text = 'text := concat("", ["abc" | some _ in numbers.range(1, 10000)])';
  return `package ${name}\n\nall := numbers.range(1, 10000)\n\n${text}\n\n${rules.join('')}`;
}

/** Replaces what an editor holds, as a user would: everything selected, and typed over. */
export async function retype(page, name, text) {
  const field = editor(page, name);
  await field.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}
