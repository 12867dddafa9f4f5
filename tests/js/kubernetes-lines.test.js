// Every finding of every sample has a line inside the resource that it is about.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadPack } from '../../pkg/node.js';
import { Unevaluated } from '../../pkg/read/unevaluated.js';
import { yamlDocuments } from '../../pkg/read/yaml-documents.js';
import { ROOT } from './setup.js';

const DATA = join(process.env.COUNTERSIGN_DATA ?? join(ROOT, '../shared/data'), 'k8s');
const isHere = existsSync(DATA);
const skip = isHere ? false : 'no data (k8s); set COUNTERSIGN_DATA to the folder that holds it';
if (!isHere) console.error(`*** skipped: ${skip} ***`);

test('every finding of the samples has a line inside its resource', { skip }, async () => {
  const { entries } = JSON.parse(readFileSync(join(DATA, 'index.json'), 'utf8'));
  const files = new Set(entries.flatMap(({ files, file }) => files ?? [file]).filter((file) => file !== undefined));
  const pack = await loadPack('kubernetes');
  const outside = [];
  let all = 0;
  for (const file of files) {
    const documents = documentsOf(file);
    const { findings } = pack.check(
      documents.map(({ value }) => value),
      { params: { require: 'none', kubernetes: { level: 'restricted' } }, now: 1795219200 },
    );
    for (const { code, document, at } of findings.filter((finding) => finding.document !== undefined)) {
      all += 1;
      const { line, endLine } = documents[document].locate(at);
      const end = documents[document + 1]?.line ?? Number.POSITIVE_INFINITY;
      if (!(line >= documents[document].line && endLine <= end)) outside.push(`${file} ${code} ${at}: ${line}`);
    }
  }
  pack.free();
  assert.ok(all > 3000, `${all}`);
  assert.deepEqual(outside, []);
});

function documentsOf(file) {
  try {
    return yamlDocuments(readFileSync(join(DATA, file), 'utf8'), file);
  } catch (error) {
    assert.ok(error instanceof Unevaluated, file);
    return [];
  }
}
