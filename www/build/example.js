// Converts a case of tests/cases to the form that the page opens.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadContract } from '../../pkg/cli/contract-file.js';

const CASES = fileURLToPath(new URL('../../tests/cases/', import.meta.url));

/**
 * The contract's files are put next to it, wherever they were, so that the example is complete. @param {{ case: string,
 * title: Record<string, string> }} example @returns {Promise<import('../src/data.js').Example>}
 */
export async function readExample({ case: path, title }) {
  const found = JSON.parse(read(path, 'case.json'));
  const files = {};
  for (const name of filesOf(path, found)) files[name] = read(path, name);
  // A shipped name has no slash.
  if (found.contract?.includes('/')) {
    const { path: file, files: beside } = await loadContract(found.contract, join(CASES, path));
    found.contract = `./${basename(file)}`;
    files[basename(file)] = readFileSync(file);
    for (const [name, text] of Object.entries(beside)) files[name] = Buffer.from(text);
  }
  return {
    path,
    title,
    case: found,
    files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')])),
  };
}

/** The input and the expected result. */
function filesOf(path, { call, registry, pack, shape }) {
  if (call || registry)
    throw new Error(`www/examples.json: the page cannot open \`${path}\`, a case of ${call ? 'a call' : 'a registry'}`);
  if (pack) return ['input.json', 'report.json'];
  return shape ? ['event.json', 'shaped.json'] : ['request.http', 'verdict.json'];
}

function read(path, name) {
  try {
    return readFileSync(join(CASES, path, name));
  } catch (error) {
    throw new Error(
      `www/examples.json: \`${path}\` is not a case for the page: tests/cases/${path}/${name} is not there`,
      { cause: error },
    );
  }
}
