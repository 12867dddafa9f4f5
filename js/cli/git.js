// What git knows: which files changed, and what stood in a commit. git runs without a shell, and is asked nothing that
// would run a program of the repository's choice.

import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { UsageError } from './outcome.js';
import { kindOf } from './walk.js';

const MOST = 256 * 1024 * 1024; // bytes of one answer
const IN_COMMIT = 'a path in a commit is a file or a folder from the root of the repository on, and no pattern';
const DEEPER = 'the clone is shallow: fetch its history, in a workflow with `fetch-depth: 0` of actions/checkout';

/**
 * What changed since the branch left `ref`, as absolute paths: committed, staged, not staged and untracked, but not
 * what is gone. { ref, files, folders }; all below a folder counts as changed: a submodule, or another repository.
 */
export function changedFiles(ref, env) {
  const root = rootOf('--changed');
  const against = ref || defaultRef(root, env);
  const base = mergeBase(root, against);
  const diff = ask(root, ['diff', '--no-ext-diff', '--no-textconv', '--no-renames', '--name-only', '-z', base, '--']);
  const untracked = ask(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  const paths = [diff, untracked].flatMap((one) => names(one)).map((name) => join(root, name));
  const there = (kind) => paths.filter((path) => kindOf(path)?.[kind]());
  return { ref: against, files: new Set(there('isFile')), folders: there('isDirectory') };
}

/** Whether a word names a commit here. */
export function isRef(word) {
  return isCommit('.', word);
}

/** What git tracks below a folder though .gitignore names it, as seen from the working directory. */
export function trackedThough(folder) {
  const { status, stdout } = git(folder, ['ls-files', '--cached', '--ignored', '--exclude-standard', '-z', '--', '.']);
  return status === 0 ? names(stdout).map((name) => join(folder, name)) : [];
}

/** Whether an argument is REF:PATH, and no file. */
export function isInCommit(argument) {
  return /^[^:/][^:]+:/.test(argument) && kindOf(argument) === undefined;
}

/** Whether an argument is an address. Nothing is fetched. */
export function isAddress(argument) {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(argument);
}

/**
 * The files of REF:PATH, a file or a folder in a commit: [{ file, path, bytes }], `path` in the working tree.
 * @param wanted is given the name from the root of the repository on, and the path
 */
export function filesInCommit(argument, wanted) {
  const [, ref, path] = /^([^:]+):(.*)$/s.exec(argument);
  const root = rootOf(argument);
  const commit = commitOf(root, ref, argument);
  const place = path.startsWith('./') || path.startsWith('../') ? relative(root, join(realpathSync('.'), path)) : path;
  const spec = place.replace(/\/+$/, '');
  if (spec.startsWith('..')) throw new Unevaluated('it is outside of the repository', { file: argument });
  const listed = names(
    ask(root, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit, ...(spec === '' ? [] : ['--', spec])]),
  );
  const entries = listed
    .map(entryOf)
    .filter(({ type, name }) => type === 'blob' && (name === spec || wanted(name, join(root, name))));
  if (listed.length === 0) throw new Unevaluated(`\`${ref}\` has no \`${path}\``, { file: argument }, IN_COMMIT);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST / 2) throw new Unevaluated(`it is larger than ${MOST / 2 ** 21} MiB`, { file: argument });
  const bytes = blobs(
    root,
    entries.map(({ id }) => id),
  );
  return entries.map(({ name }, index) => ({ file: `${ref}:${name}`, path: join(root, name), bytes: bytes[index] }));
}

function entryOf(line) {
  const [, , type, id, size, name] = /^(\d+) (\w+) (\w+) +(-|\d+)\t(.*)$/s.exec(line);
  return { type, id, size: size === '-' ? 0 : Number(size), name };
}

/** All in one run of git. */
function blobs(root, ids) {
  const answer = ask(root, ['cat-file', '--batch'], `${ids.join('\n')}\n`);
  let at = 0;
  return ids.map(() => {
    const end = answer.indexOf(0x0a, at);
    const size = Number(answer.toString('latin1', at, end).split(' ')[2]);
    at = end + 1 + size + 1;
    return answer.subarray(end + 1, end + 1 + size);
  });
}

function rootOf(what) {
  const { status, stdout, stderr } = git('.', ['rev-parse', '--show-toplevel']);
  if (status === 0) return stdout.toString().replace(/\n$/, '');
  if (stderr.includes('dubious ownership'))
    throw new UsageError(
      `${what}: git does not trust this folder, since it belongs to somebody else`,
      `git config --global --add safe.directory "${process.cwd()}", or the folder above it that holds .git`,
    );
  throw new UsageError(`${what}: this is no git repository`, 'run it in one, or name files and folders');
}

/** The branch that this one will go to. Guessing wrong would pass what was never looked at. */
function defaultRef(root, env) {
  const remotes = names(ask(root, ['remote']), '\n');
  if (remotes.length === 0) return 'HEAD';
  const remote = remotes.includes('origin') ? 'origin' : remotes[0];
  const head = git(root, ['rev-parse', '--abbrev-ref', `${remote}/HEAD`]);
  if (head.status === 0) return head.stdout.toString().trim();
  const target = env.GITHUB_BASE_REF || env.CI_MERGE_REQUEST_TARGET_BRANCH_NAME;
  if (target) return `${remote}/${target}`;
  const found = ['main', 'master'].map((name) => `${remote}/${name}`).filter((name) => isCommit(root, name));
  if (found.length === 1) return found[0];
  throw new UsageError(
    `--changed: the default branch of \`${remote}\` is not known here`,
    `name what to compare with, such as --changed=${remote}/main; or run git remote set-head ${remote} --auto`,
  );
}

function mergeBase(root, ref) {
  const commit = commitOf(root, ref, `--changed=${ref}`);
  const head = git(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head.status !== 0) throw new UsageError('--changed: there is no commit yet', 'leave --changed out');
  const { status, stdout } = git(root, ['merge-base', commit, 'HEAD']);
  if (status === 0) return stdout.toString().trim();
  throw new UsageError(
    `--changed: \`${ref}\` and HEAD have no commit in common`,
    isShallow(root) ? DEEPER : 'name the branch that this one began at, as in --changed=origin/main',
  );
}

function commitOf(root, ref, what) {
  if (ref.startsWith('-')) throw new UsageError(`${what}: \`${ref}\` begins with a dash, as no name in git does`);
  const { status, stdout } = git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (status === 0) return stdout.toString().trim();
  throw new UsageError(
    `${what}: git knows no \`${ref}\` here`,
    isShallow(root) ? DEEPER : 'git branch --all lists the branches; git fetch gets those of the remote',
  );
}

function isCommit(root, ref) {
  return (
    !ref.startsWith('-') &&
    git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]).status === 0
  );
}

function isShallow(root) {
  return git(root, ['rev-parse', '--is-shallow-repository']).stdout.toString().trim() === 'true';
}

function names(bytes, end = '\0') {
  return bytes.toString().split(end).filter(Boolean);
}

function ask(root, args, input) {
  const { status, stdout, stderr } = git(root, args, input);
  if (status === 0) return stdout;
  const [said] = stderr.toString().split('\n');
  throw new Unevaluated(`git ${args[0]}: ${said || `it ended with ${status}`}`);
}

function git(cwd, args, input) {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '--no-pager', '--literal-pathspecs'];
  const done = spawnSync('git', [...quiet, ...args], { cwd, env, input, maxBuffer: MOST, windowsHide: true });
  if (done.error?.code === 'ENOENT') throw new UsageError('git is not installed', 'install it, or name the files');
  if (done.error?.code === 'ENOBUFS') throw new Unevaluated(`git ${args[0]}: its answer is too large`);
  if (done.error) throw done.error;
  return done;
}
