// What the documents and --help name is there: commands and their options, exit codes, files, links, modules and names
// that are imported, make's targets, and environment variables of ours.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { COMMANDS } from '../../pkg/cli/commands.js';
import { commandHelp, help } from '../../pkg/cli/help.js';
import * as api from '../../pkg/node.js';
import { ROOT } from './setup.js';

const read = (file) => readFileSync(join(ROOT, file), 'utf8');

const FOLDERS = ['.', 'docs', 'policies', 'templates'];
const PAGES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: folder !== '.', withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
);
const TEXTS = new Map(PAGES.map((file) => [file, read(file)]));
/** The history names what was there once. */
const PRESENT = new Map([...TEXTS].filter(([file]) => file !== 'CHANGELOG.md'));

/** What a pattern finds in the pages: [page, found...]. */
function* found(pattern, texts = PRESENT) {
  for (const [file, text] of texts) for (const match of text.matchAll(pattern)) yield [file, ...match.slice(1)];
}

test('every command line names a command, and options of it', () => {
  const shown = new Map([
    ...PRESENT,
    ['--help', help()],
    ...Object.keys(COMMANDS).map((name) => [`${name} --help`, commandHelp(name)]),
  ]);
  let options = 0;
  // A line goes on after a backslash, and ends where a pipe, a list or a comment begins.
  const line = /(?:npx |^ *|[`|>(] ?|: )countersign ([a-z]+\b(?!:)(?:[^\n`|;&#\\]|\\\n)*)/gm;
  for (const [file, text] of found(line, shown)) {
    const [name, ...words] = text.split(/\s+/);
    assert.ok(name in COMMANDS, `${file}: countersign ${name}`);
    const short = Object.values(COMMANDS[name].options).map((option) => option.short);
    for (const word of words) {
      const [, long, letter] = /^(?:--([a-z][\w-]*)|-([a-z]))(?:=.*)?$/.exec(word) ?? [];
      if (long !== undefined) assert.ok(long in COMMANDS[name].options, `${file}: countersign ${name} --${long}`);
      if (letter !== undefined) assert.ok(short.includes(letter), `${file}: countersign ${name} -${letter}`);
      options += long === undefined ? 0 : 1;
    }
  }
  assert.ok(options > 100, `${options} options are too few: the pattern is wrong`);
});

test('an option that stands alone is of some command', () => {
  const ours = new Set(Object.values(COMMANDS).flatMap(({ options }) => Object.keys(options)));
  for (const [file, option] of found(/`--([a-z][\w-]*)(?:[ =][^`]*)?`/g))
    if (/^docs\/(?:cli|policies|registry|doctor)/.test(file)) assert.ok(ours.has(option), `${file}: --${option}`);
});

test('the exit codes are those of --help and of the code', () => {
  const codes = [...read('docs/cli.md').matchAll(/^\| (\d) \| /gm)].map(([, code]) => code);
  const helped = [
    ...help()
      .match(/^Exit:.*$/m)[0]
      .matchAll(/\b(\d) /g),
  ].map(([, code]) => code);
  const [, source] = /return (bug \? .*);/.exec(read('js/cli/run.js'));
  assert.deepEqual(helped, codes);
  assert.deepEqual([...source.matchAll(/\d/g)].map(String).sort(), codes);
});

test('every option is in the help of its command', () => {
  for (const [name, { options }] of Object.entries(COMMANDS))
    for (const option of Object.keys(options)) assert.match(commandHelp(name), new RegExp(`--${option}\\b`), name);
});

const TOP = [
  'benches',
  'demo',
  'docs',
  'examples',
  'fuzz',
  'js',
  'policies',
  'src',
  'templates',
  'tests',
  'www',
  'xtask',
];

test('every file that is named is there', () => {
  let count = 0;
  // A name in capitals stands for any.
  const path = new RegExp(`[\`\\s(](?:\\./)?((?:${TOP.join('|')})/[\\w./-]+[\\w/])(?=[\`\\s),;:#]|\\.(?!\\w))`, 'g');
  for (const [file, name] of found(path)) {
    if (/^www\/dist$/.test(name)) continue; // what a build makes
    if (/[A-Z]{3}/.test(name.replace(/README|CHANGELOG|ARCHITECTURE/, ''))) continue;
    count += 1;
    assert.ok(existsSync(join(ROOT, name)) || existsSync(join(ROOT, file, '..', name)), `${file}: ${name}`);
  }
  assert.ok(count > 60, `${count} names are too few: the pattern is wrong`);
});

/** As GitHub makes an anchor of a heading. */
const anchorOf = (heading) =>
  `#${heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\w -]/gu, '')
    .replaceAll(' ', '-')}`;

test('what a page links is there', () => {
  for (const [file, link, anchor] of found(/\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)/g, TEXTS)) {
    const target = link === '' ? file : join(file, '..', link);
    assert.ok(existsSync(join(ROOT, target)), `${file}: ${link}`);
    if (anchor === undefined) continue;
    const anchors = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));
    assert.ok(anchors.includes(decodeURI(anchor)), `${file}: ${link}${anchor}`);
  }
});

test('what is imported is exported', () => {
  const { exports } = JSON.parse(read('pkg.json'));
  const stars = Object.keys(exports).map(
    (key) => new RegExp(`^${key.replace(/[.]/g, '\\.').replace('*', '[\\w-]+')}$`),
  );
  for (const [file, path] of found(/['"`]countersign(\/[\w./-]+)['"`]/g))
    assert.ok(
      stars.some((star) => star.test(`.${path}`)),
      `${file}: countersign${path}`,
    );
  for (const [file, names] of found(/import \{ ([^}]*) \} from 'countersign'/g))
    for (const name of names.split(/,\s*/).filter((name) => !name.startsWith('type ')))
      assert.ok(name in api, `${file}: ${name}`);
  const listed = [...read('docs/javascript.md').matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].map(([, names]) => names);
  for (const name of listed.join().matchAll(/`(\w+)`/g)) assert.ok(name[1] in api, `docs/javascript.md: ${name[1]}`);
});

test('every target of make that is named is there', () => {
  const targets = [...read('Makefile').matchAll(/^([a-z-]+):/gm)].map(([, name]) => name);
  for (const [file, name] of found(/(?:`|^)make ([a-z-]+)\b/gm))
    assert.ok(targets.includes(name), `${file}: make ${name}`);
});

test('every environment variable of ours is read', () => {
  const sources = ['js', 'src', 'benches', 'tests/js', 'tests/it', 'tests/packaging', 'examples', 'xtask'].flatMap(
    (folder) =>
      readdirSync(join(ROOT, folder), { recursive: true }).flatMap((name) =>
        /\.(?:js|rs)$/.test(name) ? [read(join(folder, name))] : [],
      ),
  );
  const said = [
    ...found(
      /\b((?:COUNTERSIGN|UPDATE|NO|FORCE|PROPERTY|YAML)_[A-Z_]+)\b/g,
      new Map([...PRESENT, ['--help', commandHelp('check')]]),
    ),
  ];
  assert.ok(said.length > 10);
  for (const [file, name] of said)
    assert.ok(
      sources.some((text) => text.includes(name)),
      `${file}: ${name}`,
    );
});
