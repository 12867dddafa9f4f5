// What it takes to load the pack of policies for Kubernetes, and to check manifests with it, over parsing them alone:
// those of demo/, and the samples that COUNTERSIGN_DATA has.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadPack } from '../pkg/node.js';
import { yamlDocuments } from '../pkg/read/yaml-documents.js';
import { quantile, report, rounded, spread, valueRow } from './figures.js';
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
