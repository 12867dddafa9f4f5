// From the import to the first verdict in a process of Node that has just started, against one that imports ajv and
// compiles the same schema. Rounds alternate.

import { spawnSync } from 'node:child_process';

import { SECRET, SHAPES } from './bodies.js';
import { ratioRow, report } from './figures.js';

const ROUNDS = 15;
const PEER = "import('ajv') + compile";
const [{ schema }] = SHAPES;

const ours = (entry) => `const { compile } = await import('${new URL(`../pkg/${entry}.js`, import.meta.url)}');
  const gate = await compile('sub2api', { keys: [{ secret: '${SECRET}' }] });
  gate.check({ method: 'POST', url: '/', headers: {}, body: new Uint8Array() }).verdict;`;
const peer = `const { default: Ajv2020 } = await import('ajv/dist/2020.js');
  const { default: formats } = await import('ajv-formats');
  const ajv = new Ajv2020();
  formats.default(ajv);
  ajv.compile(${JSON.stringify(schema)})({});`;
const SOURCES = { core: ours('node'), slim: ours('node-slim'), [PEER]: peer };

function microseconds(source) {
  const timed = `const start = performance.now();\n${source}\nconsole.log(performance.now() - start);`;
  const cwd = new URL('..', import.meta.url);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', timed], { cwd });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout) * 1000;
}

const times = Object.fromEntries(Object.keys(SOURCES).map((name) => [name, []]));
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, source] of Object.entries(SOURCES)) {
    const took = microseconds(source);
    if (round > 0) times[name].push(took); // the first warms up
  }
}
report(
  'start in Node',
  ['core', 'slim'].map((name) =>
    ratioRow(`${name}: import to the first verdict`, PEER, times[name], times[PEER], 'start in Node'),
  ),
);
