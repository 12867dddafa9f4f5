// Every case of tests/cases in every runtime: the same bytes as the crate gives natively.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { before, test } from 'node:test';

import { CASES, cases, expected, isChecked, isWithoutRego, prepared } from '../js/replay.js';
import { bundledPage, bundledWorker } from './bundled.js';
import { executablePath, NO_CHROMIUM, opened } from './chromium.js';
import { installed, PACKAGE } from './installed.js';
import { bun, deno } from './servers.js';
import { start } from './workerd.js';

const MODULES = ['replay-runner.js', 'replay-server.js'];
const BATCH = 100;
let all;

before(async () => {
  all = await Promise.all(
    cases().map(async (one) => ({ name: relative(CASES, one.folder), folder: one.folder, sent: await prepared(one) })),
  );
  assert.ok(all.length > 1300, `${all.length}`);
});

const RUNTIMES = {
  workerd: async (home) => start({ modules: await bundledWorker(join(home, 'replay-server.js')) }),
  deno: (home) => deno(home, 'replay-server.js'),
  bun: (home) => bun(home, 'replay-server.js'),
};

for (const [name, serve] of Object.entries(RUNTIMES)) {
  test(`${name} gives the bytes of every case, and the smaller modules those that they are for`, async (t) => {
    const server = await serve(installed(t, MODULES));
    t.after(() => server.stop());
    await sameEverywhere((batch) => asked(server.url, batch), all);
    const step = name === 'workerd' ? 1 : 20;
    await sameEverywhere((batch) => asked(`${server.url}?slim`, batch), slimCases(step));
    await sameEverywhere((batch) => asked(`${server.url}?edge`, batch), edgeCases(step));
  });
}

test('Chromium gives them too', { skip: executablePath === undefined && NO_CHROMIUM }, async (t) => {
  const home = installed(t, MODULES);
  const { page, stop } = await opened({
    '/': ['text/html', '<!doctype html><title>cases</title>'],
    '/page.js': ['text/javascript', await bundledPage(join(home, 'replay-server.js'))],
    '/core_bg.wasm': ['application/wasm', readFileSync(join(PACKAGE, 'core_bg.wasm'))],
    '/edge_bg.wasm': ['application/wasm', readFileSync(join(PACKAGE, 'edge_bg.wasm'))],
    // Of a server that knows no better.
    '/slim_bg.wasm': ['application/octet-stream', readFileSync(join(PACKAGE, 'slim_bg.wasm'))],
  });
  t.after(stop);
  const inPage = async ([search, body]) => {
    const { default: server } = await import('/page.js');
    const answer = await server.fetch(new Request(`/${search}`, { method: 'POST', body }));
    return answer.text();
  };
  for (const [search, some] of [
    ['', all],
    ['?slim', slimCases(20)],
    ['?edge', edgeCases(20)],
  ]) {
    await sameEverywhere(
      async (batch) => JSON.parse(await page.evaluate(inPage, [search, JSON.stringify(batch)])),
      some,
    );
  }
});

async function asked(url, batch) {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(batch) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

/** The cases that differ, by name, and the first of them in full. */
async function sameEverywhere(ask, asked) {
  const differing = [];
  for (let from = 0; from < asked.length; from += BATCH) {
    const batch = asked.slice(from, from + BATCH);
    const given = await ask(batch.map(({ sent }) => sent));
    assert.equal(given.length, batch.length);
    batch.forEach(({ name, folder }, index) => {
      const [file, got] = given[index];
      const want = existsSync(join(folder, file)) ? expected(folder, file) : `no ${file}`;
      if (got !== want) differing.push({ name, file, got, want });
    });
  }
  if (differing.length === 0) return;
  assert.deepEqual(
    differing.map(({ name }) => name),
    [],
    `of ${asked.length} cases; ${differing[0].name} gives ${differing[0].got} for ${differing[0].want}`,
  );
}

/**
 * One in `step` of those without Rego. It is one module everywhere: all of them in one runtime show it, a few elsewhere
 * its entry.
 */
function slimCases(step) {
  return oneIn(
    step,
    all.filter(({ sent }) => isWithoutRego(sent)),
  );
}

function edgeCases(step) {
  return oneIn(
    step,
    all.filter(({ sent, folder }) => isChecked(sent, folder)),
  );
}

function oneIn(step, cases) {
  assert.ok(cases.length > 1000, `${cases.length}`);
  return cases.filter((_, index) => index % step === 0);
}
