// `countersign init`: writes a configuration and a workflow for what it finds in a repository.

import { mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { counted } from '../report/pretty.js';
import { gitRoot, NAMES } from './config-find.js';
import { writeAtomically } from './files.js';
import { survey } from './init-survey.js';
import { configText, workflowText } from './init-texts.js';
import { UsageError } from './outcome.js';
import { packsNamed } from './packs.js';
import { kindOf } from './walk.js';

const WORKFLOW = '.github/workflows/countersign.yml';

const BASELINE =
  'countersign baseline write baseline.json, and add `baseline: baseline.json`: then only new findings fail the check';

export async function init(options) {
  if (options.paths.length > 0)
    throw new UsageError('init takes no path', 'it looks through the repository of the working directory');
  const say = (text) => options.io.stdout.write(`${text}\n`);
  const here = process.cwd();
  const root = relative(here, gitRoot(here) ?? here) || '.';
  const found = await survey(root);
  const loads = await packsThatLoad(found.packs, root);
  const facts = { ...found, ...loads };
  const files = [
    [NAMES.find((name) => kindOf(join(root, name))) ?? NAMES[0], configText(facts)],
    [WORKFLOW, workflowText(facts)],
  ].map(([name, text]) => ({ path: join(root, name), text, isThere: kindOf(join(root, name)) !== undefined }));
  // With both, there would be two configurations.
  const kept = files.filter(({ path, isThere }) => isThere && (!options.force || path.endsWith('.json')));
  if (kept.length === files.length)
    throw new UsageError(
      `${kept.map(({ path }) => path).join(' and ')} are there`,
      'add --force to write them anew; --dry-run with --force shows what that would be',
    );
  for (const { path, text } of files.filter((one) => !kept.includes(one))) {
    if (options['dry-run']) say(`# ${path}\n${text}`);
    else write(path, text);
  }
  if (options['dry-run'] || options.quiet) return {};
  for (const one of files) say(kept.includes(one) ? `kept ${one.path}` : `wrote ${one.path}`);
  for (const line of foundLines(facts)) say(line);
  say(
    `\nnext:\n${nextLines(facts)
      .map((line) => `  ${line}`)
      .join('\n')}`,
  );
  return {};
}

function write(path, text) {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeAtomically(path, text);
  } catch (error) {
    if (!error.syscall) throw error;
    throw new UsageError(`${path}: cannot write it (${error.code})`);
  }
}

/** A pack that does not load would keep the first run from saying anything. */
async function packsThatLoad(folders, root) {
  const [packs, broken] = [[], []];
  for (const folder of folders) {
    try {
      const [{ pack }] = await packsNamed([`./${join(relative('.', resolve(root)) || '.', folder)}`], {});
      pack.free();
      packs.push(folder);
    } catch (error) {
      if (!(error instanceof Unevaluated || error instanceof UsageError)) throw error;
      broken.push({ folder, message: error.message });
    }
  }
  return { packs, broken };
}

function foundLines({ manifests, templates, recordings, cases, packs, broken, isCut }) {
  const lines = [
    manifests > 0 && `found ${counted(manifests, 'file')} with Kubernetes manifests`,
    templates > 0 &&
      `found ${counted(templates, 'template')}: render them first, as in \`helm template . | countersign check -\``,
    cases.length > 0 && `found case folders in ${cases.join(', ')}`,
    recordings.length > 0 && `found recordings in ${recordings.join(', ')}`,
    packs.length > 0 && `found ${counted(packs.length, 'pack')} of policies: ${packs.join(', ')}`,
    ...broken.map(({ folder, message }) => `left out ${folder}, which does not load as a pack: ${message}`),
    isCut && 'the repository is large, and was not looked through to its end',
  ];
  return lines.filter(Boolean);
}

function nextLines({ paths, cases, expects, tested, contracts, recordings }) {
  const isUnclear = recordings.length > 0 && contracts.length === 0;
  return [
    paths.length > 0
      ? 'countersign check'
      : 'name your manifests in `paths` of countersign.yaml, then: countersign check',
    tested.length > 0 && `countersign test ${tested.join(' ')}`,
    cases.length > 0 && `countersign test ${expects ? '' : '--update '}${cases.join(' ')}`,
    cases.length > 0 &&
      !expects &&
      'read what that wrote as expected, and run `test` in the workflow in place of `verify`',
    contracts.length > 0 && `add to the secrets of the repository: ${contracts.map(({ env }) => env).join(', ')}`,
    contracts.length > 0 && `countersign verify --now signed ${recordings.join(' ')}`,
    isUnclear &&
      'name the contract of the recordings in `contracts` of countersign.yaml: countersign list has those that ship',
    paths.length > 0 && BASELINE,
    'commit both files',
  ].filter(Boolean);
}
