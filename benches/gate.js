// What it takes to load the pack of policies for Kubernetes, and to check manifests with it: over parsing them alone,
// and beside other engines. The manifests are those of demo/, and the samples that COUNTERSIGN_DATA has.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadPack } from '../pkg/node.js';
import { yamlDocuments } from '../pkg/read/yaml-documents.js';
import { exponentRow } from './exponent.js';
import { quantile, ratioRow, report, rounded, spread, valueRow } from './figures.js';
import { native, regopy, wasm } from './rego-peers.js';
import { alternate } from './rounds.js';

const PACK = 'kubernetes';
const OPTIONS = { params: { require: 'encryption' }, now: 1763683200 };
const MAX_FILES = 1000; // of the samples
const FOLDERS = {
  demo: fileURLToPath(new URL('../demo/manifests', import.meta.url)),
  samples: join(process.env.COUNTERSIGN_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url)), 'k8s'),
};

function textsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .slice(0, MAX_FILES)
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** Some samples hold what no reader takes. */
function readable(text) {
  try {
    yamlDocuments(text, 'file.yaml');
    return true;
  } catch {
    return false;
  }
}

const parsed = (texts) => texts.flatMap((text) => yamlDocuments(text, 'file.yaml').map(({ value }) => value));

const rows = [];
const loads = await alternate({
  load: async () => {
    const pack = await loadPack(PACK);
    pack.free();
    return true;
  },
});
const milliseconds = spread(loads.load.map((time) => time / 1000));
rows.push(valueRow(`loading the pack ${PACK}`, undefined, milliseconds, 'ms'));

const pack = await loadPack(PACK);
for (const [name, folder] of Object.entries(FOLDERS)) {
  if (!existsSync(folder)) {
    console.log(`SKIPPED: there are no manifests in ${name} (COUNTERSIGN_DATA)`);
    continue;
  }
  const texts = textsIn(folder).filter(readable);
  const documents = parsed(texts);
  const times = await alternate({
    parse: () => parsed(texts).length === documents.length,
    check: () => pack.check(documents, OPTIONS).counts.documents > 0,
  });
  const over = spread(times.check.map((time, round) => time / times.parse[round]));
  const [ours, theirs] = [times.check, times.parse].map((all) => rounded(quantile(all, 0.5) / 1000));
  const what = `checking ${documents.length} documents of ${name}`;
  rows.push(valueRow(what, 'parsing them', over, '×', undefined, { ours, theirs, unit: 'ms' }));
}
report('policies and manifests', rows);

const COUNT = 200; // of the documents for other engines
const BESIDE = { params: { require: 'none' }, now: OPTIONS.now };
// The modules of the seven rules that the pack had before it looked at pods, and what they ask.
const SEVEN = [
  'encryption',
  'namespaces',
  'network_policy',
  'owners',
  'parameters',
  'pod_security',
  'pods',
  'standard',
].map((name) => `${name}.rego`);

const folder = fileURLToPath(new URL(`../pkg/policies/deployment/${PACK}`, import.meta.url));
const modules = readdirSync(folder).filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'));
const textOf = (name) => readFileSync(join(folder, name), 'utf8');

/** A set in which the pack finds nothing: what demo/ has of good manifests, its Deployment so often. */
function clean(count) {
  const good = parsed(textsIn(join(FOLDERS.demo, 'good'))).filter(({ kind }) => kind !== 'EncryptionConfiguration');
  const workload = good.find(({ kind }) => kind === 'Deployment');
  const named = (at) => ({ ...workload, metadata: { ...workload.metadata, name: `web-${at}` } });
  const set = good.concat(Array.from({ length: count - good.length }, (_, at) => named(at)));
  const { findings } = pack.check(set, BESIDE);
  if (findings.length > 0) throw new Error(`the pack finds ${findings[0].code} in a good manifest`);
  return set;
}

/** The rules of a module that judge one document. */
function rulesOf(name) {
  const text = textOf(name);
  const [, module] = text.match(/^package (\S+)$/m);
  const names = new Set([...text.matchAll(/^(deny|warn|violation) contains/gm)].map(([, rule]) => rule));
  return [...names].map((rule) => `data.${module}.${rule}`);
}

/** The pack as other engines take it. Its documents are one set; each is judged by itself, too. */
function taskOf(names, documents) {
  const data = { ...BESIDE, documents };
  return { modules: names.map(textOf), rules: names.flatMap(rulesOf), data, documents };
}

async function beside(name, names, documents) {
  const what = `${name}, a document without findings`;
  const each = (times) => times.map((time) => time / documents.length);
  const ours = await loadPack(Object.fromEntries(names.map((file) => [file, textOf(file)])));
  const task = taskOf(names, documents);
  const check = () => ours.check(documents, BESIDE).findings.length === 0;
  const peer = wasm(task);
  const theirs = peer && { theirs: () => peer.check(documents) === 0 };
  const times = await alternate({ ours: check, ...theirs });
  const own = each(times.ours);
  const rows = [valueRow(`${what}, in Node`, undefined, spread(own), 'µs')];
  if (peer) rows.push(ratioRow(`${what}, in Node`, 'regorus (WebAssembly)', own, each(times.theirs)));
  const inRust = native(task);
  if (inRust) rows.push(ratioRow(`${what}, in Rust`, 'regorus (native)', inRust.ours, inRust.theirs));
  const inPython = regopy(task);
  if (inPython) rows.push(ratioRow(`${what}, in Node`, 'regopy (native)', own.slice(0, inPython.length), inPython));
  ours.free();
  return rows;
}

/** A pack with so many rules. */
function rules(count) {
  const rule = (at) => `package made.rule_${at}

deny contains message if {
\tsome container in input.spec.template.spec.containers
\tstartswith(container.image, "registry.example/${at}")
\tmessage := sprintf("%s: %s", [container.name, container.image])
}
`;
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`rule_${at}.rego`, rule(at)]));
}

const documents = clean(COUNT);
const peers = [
  ...(await beside(`the pack ${PACK}`, modules, documents)),
  ...(await beside('its former seven rules', SEVEN, documents)),
  await exponentRow(
    'documents',
    [64, 128, 256, 512],
    (count) => {
      const set = clean(count);
      return () => pack.check(set, BESIDE).counts.documents === count;
    },
    'growth',
  ),
  await exponentRow(
    'rules',
    [32, 64, 128, 256],
    async (count) => {
      const many = await loadPack(rules(count));
      const set = clean(32);
      return () => many.check(set, BESIDE).findings.length === 0;
    },
    'growth',
  ),
];
report(`policies beside other engines, over ${documents.length} documents`, peers);
