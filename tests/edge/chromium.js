// A page in a real Chromium, with a server for what it loads.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { chromium } from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where it is; undefined on a machine without one. */
export const executablePath = NAMES.map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim()).find(
  Boolean,
);

export const NO_CHROMIUM = 'NOT TESTED: no Chromium on this machine (Debian: apt-get install chromium)';

/** @param files { path: [media type, text or bytes] }; gives { page, stop() } */
export async function opened(files) {
  const server = createServer(({ url }, response) => {
    const [type, content] = files[url] ?? [];
    if (type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type }).end(content);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const browser = await chromium.launch({ executablePath, args: ARGS });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const stop = async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  };
  return { page, stop };
}
