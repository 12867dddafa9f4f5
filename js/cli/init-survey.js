// What is in a repository that could be checked, by its beginning and its names.

import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

import { contractsSeen } from './init-recordings.js';
import { Leaving } from './leaving.js';
import { filesOf } from './walk.js';

const MOST = 20_000; // files that are looked at
const BEGINNING = 64 * 1024;

/**
 * { paths, manifests, templates, recordings, contracts, cases, expects, packs, tested, usesNpm, isCut }: folders as
 * seen from the root, counts of files, and `contractsSeen`. `expects`: whether every case says what it expects.
 */
export async function survey(root) {
  const all = filesOf(root, () => true, new Leaving()).map((file) => relative(root, file).replaceAll(sep, '/'));
  const files = all.slice(0, MOST);
  const texts = files.filter((file) => /\.ya?ml$/.test(file)).map((file) => [file, beginning(join(root, file))]);
  const manifests = texts.filter(([, text]) => isManifest(text)).map(([file]) => file);
  const cases = files.filter((file) => /(?:^|\/)case\.json$/.test(file)).map((file) => dirname(file));
  const inCase = (file) => cases.includes(dirname(file));
  const recordings = files.filter((file) => /\.(?:http|har)$/.test(file) && !inCase(file));
  return {
    paths: tops(manifests),
    manifests: manifests.length,
    templates: texts.filter(([, text]) => text.includes('{{')).length,
    recordings: tops(recordings),
    contracts: await contractsSeen(recordings.map((file) => [file, beginning(join(root, file))])),
    expects: cases.every((folder) => isExpecting(root, folder, files)),
    tested: packs(root, files).filter((pack) => files.some((file) => file.startsWith(`${pack}/`) && isTest(file))),
    cases: tops(cases.map((folder) => `${folder}/case.json`)),
    packs: packs(root, files),
    usesNpm: dependsOnUs(root, files),
    isCut: all.length > MOST,
  };
}

function isTest(file) {
  return file.endsWith('_test.rego');
}

function isExpecting(root, folder, files) {
  return files.includes(`${folder}/verdict.json`) || /"expect"\s*:/.test(beginning(join(root, folder, 'case.json')));
}

function isManifest(text) {
  return /^apiVersion:\s*\S/m.test(text) && /^kind:\s*\S/m.test(text) && !text.includes('{{');
}

/** The topmost folders that hold these files, `.` for the root itself. */
function tops(files) {
  const found = [...new Set(files.map((file) => (file.includes('/') ? `${file.split('/')[0]}/` : '.')))].sort();
  return found.includes('.') ? ['.'] : found;
}

/** The topmost folders with rules; tests alone are none. */
function packs(root, files) {
  const rules = files.filter(
    (file) => file.endsWith('.rego') && !isTest(file) && /^(?:deny|violation|warn)/m.test(beginning(join(root, file))),
  );
  const folders = [...new Set(rules.map((file) => dirname(file)))].filter((folder) => folder !== '.');
  return folders.filter((one) => !folders.some((other) => other !== one && one.startsWith(`${other}/`))).sort();
}

function dependsOnUs(root, files) {
  return files.includes('package.json') && /"countersign"\s*:/.test(beginning(join(root, 'package.json')));
}

function beginning(path) {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(BEGINNING);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
