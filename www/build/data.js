// Builds data.json: the page's data, in the form of www/src/data.ts. The same files give the same bytes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TEXTS } from '../../js/codes/codes.js';
import { firstSentence } from '../../js/report/markdown.js';
import { readExample } from './example.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * @param {unknown} [groups] as in www/examples.json
 * @returns {Promise<import('../src/data.js').Data>}
 */
export async function makeData(groups = readJson('www/examples.json')) {
  return {
    version: readJson('pkg.json').version,
    contracts: shipped('policies/webhook', /\.(json|rego)$/),
    packs: shipped('policies/deployment', /(?<!_test)\.rego$/),
    contractSchema: readJson('policies/contract.schema.json'),
    texts: { en: TEXTS, 'zh-CN': readJson('js/codes/zh-CN.json') },
    groups: await Promise.all(groups.map(readGroup)),
  };
}

async function readGroup({ title, examples }) {
  return { title, examples: await Promise.all(examples.map(readExample)) };
}

/** The files that js/api/shipped.js reads from a folder in policies/, with the first sentence of its README. */
function shipped(folder, wanted) {
  const found = {};
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true }).sort(byName)) {
    if (!entry.isDirectory()) continue;
    const home = `${folder}/${entry.name}`;
    const paths = readdirSync(join(ROOT, home), { recursive: true })
      .map((path) => path.replaceAll('\\', '/'))
      .sort();
    const files = Object.fromEntries(
      paths.filter((path) => wanted.test(path)).map((path) => [path, readText(`${home}/${path}`)]),
    );
    found[entry.name] = { summary: firstSentence(readText(`${home}/README.md`)), files };
  }
  return found;
}

function byName(left, right) {
  return left.name < right.name ? -1 : 1;
}

function readJson(path) {
  return JSON.parse(readText(path));
}

function readText(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}
