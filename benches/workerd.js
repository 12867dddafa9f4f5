// A check in workerd against WebCrypto, JSON.parse and @cfworker/json-schema. The clock of workerd stands still while a
// Worker computes, so each request asks for many checks and is timed from outside, without what a request itself takes.

import { fileURLToPath } from 'node:url';

import { bundledWorker } from '../tests/edge/bundled.js';
import { start } from '../tests/edge/workerd.js';
import { NOW, SECRET, SHAPES, signed } from './bodies.js';
import { connected, wire } from './connection.js';
import { quantile, ratioRow, report } from './figures.js';
import { WEB } from './peers.js';

const SIZES = [0.2, 1, 4];
const KB = 1024;
const ROUNDS = 21;
const BATCH_MILLISECONDS = 4;
const WARM_UP_CALLS = 3000;

const { url, stop } = await start({
  modules: await bundledWorker(fileURLToPath(new URL('workers/checks.js', import.meta.url))),
});
const { ask, end } = await connected(url);

async function answer(path, body = '') {
  const { status, text, milliseconds } = await ask(wire({ path, headers: {}, body: Buffer.from(body) }));
  if (status !== 200) throw new Error(`${path} was answered ${status}: ${text}`);
  return { said: JSON.parse(text), milliseconds };
}

/** The milliseconds of so many calls. */
async function milliseconds(name, calls) {
  const { said, milliseconds } = await answer(`/${name}?${calls}`);
  if (said !== calls) throw new Error(`${name} let ${said} of ${calls} messages pass`);
  return milliseconds;
}

/** Each contender's microseconds a call, by round. */
async function measured(names) {
  const calls = {};
  for (const name of names) {
    const call = (await milliseconds(name, WARM_UP_CALLS)) / WARM_UP_CALLS;
    calls[name] = Math.min(WARM_UP_CALLS, Math.ceil(BATCH_MILLISECONDS / call));
  }
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const requests = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    requests.push(await milliseconds('nothing', 1));
    for (const name of names) times[name].push(await milliseconds(name, calls[name]));
  }
  const request = quantile(requests, 0.5);
  return Object.fromEntries(names.map((name) => [name, times[name].map((t) => ((t - request) * 1000) / calls[name])]));
}

const rows = [];
for (const shape of SHAPES) {
  for (const size of SIZES) {
    const { headers, body } = signed(shape, shape.document(size * KB));
    const { contract, files, schema, url: path } = shape;
    const told = { contract, files, schema, secret: SECRET, now: NOW, url: path, headers, text: body.toString() };
    const { said } = await answer('/prepare', JSON.stringify(told));
    const times = await measured(said.filter((name) => name !== 'nothing'));
    for (const name of Object.keys(times).filter((other) => other !== 'peer'))
      rows.push(ratioRow(`${name}: ${shape.name}, ${size} KB`, WEB, times[name], times.peer, 'workerd'));
  }
}
end();
await stop();
report('checks in workerd', rows);
