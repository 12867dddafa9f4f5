// A check against what users have in its place, in one process: three shapes of body, from 0.2 KB to 1 MB, and
// messages that are refused.

import { compile } from '../pkg/node-slim.js';
import { NOW, SECRET, SHAPES, signed, tampered } from './bodies.js';
import { quantile, ratioRow, report, rounded, spread, valueRow } from './figures.js';
import { mustJudge, NODE, nodePeer, WEB } from './peers.js';
import { alternate, onOne } from './rounds.js';
import { webPeer } from './web-peer.js';

const KB = 1024;
const SIZES = [0.2 * KB, KB, 4 * KB, 16 * KB, 64 * KB, 1024 * KB];
const REJECT_SIZES = [KB, 16 * KB];
const OPTIONS = { now: NOW };

/** What is done with a verdict, by the name of the row. Each says whether the message may pass. */
function ways(gate) {
  const check = (request) => gate.check(request, OPTIONS);
  const decide = (request) => gate.decide(request, OPTIONS);
  const passes = ({ verdict, status }) => status < 300 && verdict === 'accept';
  return {
    decide: ({ request }) => passes(decide(request)),
    'decide and JSON.parse': ({ request, body }) => passes(decide(request)) && Boolean(JSON.parse(body.toString())),
    check: ({ request }) => passes(check(request)),
    'check, all of it read': ({ request }) => JSON.stringify(check(request)).includes('"verdict":"accept"'),
  };
}

function goalOf(way, { kind }, bytes) {
  if (way === 'decide') return `decide, ${kind}, to ${bytes <= 4 * KB ? '4 KB' : '1 MB'}`;
  if (way === 'decide and JSON.parse') return kind === 'objects' ? 'decide and JSON.parse, objects' : undefined;
  return way === 'check' ? `check, ${kind}` : undefined;
}

function sizeOf(bytes) {
  return bytes < KB * KB ? `${bytes / KB} KB` : `${bytes / KB / KB} MB`;
}

/** Messages as they come: one in ten is forged. Whoever decides asks again, for the report, about what is refused. */
async function asksAgain(cell, { decide, check }, good, forged) {
  const traffic = [...Array(9).fill(good), forged];
  const allPass = (judge) => () => traffic.filter(judge).length === traffic.length - 1;
  const both = (message) => decide(message) || check(message);
  const times = await alternate({ both: allPass(both), check: allPass(check) });
  const ratios = spread(times.both.map((time, round) => time / times.check[round]));
  const median = rounded(quantile(times.both, 0.1) / quantile(times.check, 0.1));
  const name = `decide, and check what it refuses: ${cell}, 1 in 10 forged`;
  return valueRow(name, 'check alone', { ...ratios, median }, '×', 'decide, and check what it refuses');
}

const accepts = [];
const rejects = [];
for (const shape of SHAPES) {
  const gate = await compile(shape.contract, { keys: [{ secret: SECRET }], files: shape.files });
  const peers = { [NODE]: nodePeer(shape.schema), [WEB]: await webPeer(shape.schema, SECRET, NOW) };
  const ours = ways(gate);
  await alternate(onOne({ ...ours, ...peers }, signed(shape, shape.document(KB)))); // warms up, and is not kept
  for (const bytes of SIZES) {
    const document = shape.document(bytes);
    const good = signed(shape, document);
    const bad = {
      forged: tampered(good),
      stale: signed(shape, document, NOW - 86_400),
      'against the schema': signed(shape, shape.invalid(document)),
    };
    await mustJudge({ ...ours, ...peers }, good, bad);
    const cell = `${shape.name}, ${sizeOf(bytes)}`;
    const times = await alternate(onOne({ ...ours, ...peers }, good));
    for (const way of Object.keys(ours)) {
      accepts.push(ratioRow(`${way}: ${cell}`, NODE, times[way], times[NODE], goalOf(way, shape, bytes)));
    }
    accepts.push(ratioRow(`decide: ${cell}`, WEB, times.decide, times[WEB]));
    accepts.push(await asksAgain(cell, ours, good, bad.forged));
    if (!REJECT_SIZES.includes(bytes)) continue;
    const { decide, check } = ours;
    for (const [fault, message] of Object.entries(bad)) {
      const refused = await alternate(onOne({ decide, check, [NODE]: peers[NODE] }, message));
      for (const way of ['decide', 'check']) {
        const goal = way === 'decide' ? `decide, ${fault}` : undefined;
        rejects.push(ratioRow(`${way}: ${cell}, ${fault}`, NODE, refused[way], refused[NODE], goal));
      }
    }
  }
  gate.free();
}
report('accepts', accepts);
report('rejects', rejects);
