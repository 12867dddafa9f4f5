// The floors of js/ and of the page, and what a file of them may hold. A room imports only from the rooms that its row
// names, which are rows above its own: imports run one way, down.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './setup.js';

// A room is a folder of js/. `types` are the .d.ts at its top and `entries` the .js there; `glue` is what bindgen
// makes.
const JS = {
  types: [],
  glue: [],
  base: [],
  codes: [],
  core: [],
  places: [],
  write: ['base'],
  read: ['base', 'places', 'write'],
  api: ['base', 'core', 'glue'],
  entries: ['api', 'glue'],
  report: ['codes', 'places', 'read'],
  stores: ['types'],
  edge: ['base', 'core', 'api', 'entries'],
  adapters: ['types', 'edge'],
  client: ['base', 'core', 'entries'],
  metrics: ['types', 'core'],
  cli: ['base', 'codes', 'core', 'places', 'write', 'read', 'api', 'report'],
};

// A room is a folder of www/src; `pkg/ROOM` is one of js/. `state` is state.ts and data.ts, and `main` what starts the
// page.
const PAGE = {
  base: ['pkg/base', 'pkg/places'],
  state: [],
  offline: [],
  engine: ['pkg/types', 'pkg/api', 'pkg/glue'],
  editor: ['base'],
  request: ['pkg/places', 'pkg/read', 'pkg/write', 'base', 'engine'],
  deployment: ['pkg/types', 'pkg/places', 'pkg/read', 'base', 'state', 'engine'],
  contract: ['pkg/types', 'pkg/places', 'pkg/read', 'pkg/api', 'base', 'state', 'engine', 'deployment'],
  result: ['pkg/types', 'base', 'engine'],
  share: ['pkg/types', 'pkg/places', 'pkg/read', 'pkg/api', 'base', 'state', 'request', 'contract'],
  page: [
    ...['pkg/types', 'pkg/places', 'pkg/write', 'base', 'state', 'engine', 'editor'],
    ...['request', 'deployment', 'contract', 'result', 'share'],
  ],
  main: ['pkg/glue', 'base', 'state', 'offline', 'engine', 'editor', 'deployment', 'contract', 'share', 'page'],
};

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"]+)\1/g;
/** A line that is one regular expression, which cannot be broken. */
const REGEXP = /^\s*\/.*\/[a-z]*[,;]?$/;
const GLUE = /^(?:core|edge|slim)(?:\.js|_bg\.wasm)$/;
const { imports: ALIASES } = JSON.parse(readFileSync(join(ROOT, 'pkg.json'), 'utf8'));

function filesOf(folder, endings = /\.(?:js|ts)$/) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/(?:^|\/)(?:node_modules|dist)\//.test(path))
    .sort();
}

/** [file, text] of js/ and www/src. */
const SOURCES = new Map(
  [...filesOf('js'), ...filesOf('www/src')].map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]),
);

/** The files of ours that a file imports, statically, by `import()` and for their types alone. */
function importsOf(file) {
  return [...SOURCES.get(file).matchAll(IMPORT)].flatMap(([, , specifier]) => {
    const plain = specifier.replace(/\?.*$/, '');
    if (plain.startsWith('#')) return Object.values(ALIASES[plain]).map((path) => join('js', path));
    if (!plain.startsWith('.') || plain.endsWith('.css')) return [];
    return [target(file, join(dirname(file), plain).replace(/^pkg\//, 'js/'))];
  });
}

/** A `.js` that is imported by TypeScript may be a `.ts`, or the types alone. */
function target(file, path) {
  if (file.endsWith('.js')) return path;
  // Beside a .d.ts, another .d.ts is meant.
  const typed = [path.replace(/\.js$/, '.d.ts'), path.replace(/\.js$/, '.ts')];
  return typed.find((one) => SOURCES.has(one)) ?? path;
}

function roomOf(file) {
  const [top, ...path] = file.replace(/^www\/src\//, 'www/').split('/');
  if (path.length > 1) return path[0];
  if (top === 'www') return /^(?:state|data|env)\b/.test(path[0]) ? 'state' : 'main';
  if (GLUE.test(path[0])) return 'glue';
  return path[0].endsWith('.d.ts') ? 'types' : 'entries';
}

/** Imports of a file's own room are left out. */
function climbing(folder, table) {
  const found = [];
  for (const file of SOURCES.keys()) {
    if (!file.startsWith(`${folder}/`)) continue;
    const room = roomOf(file);
    if (table[room] === undefined) found.push(`${file} is in a room that the table does not have: give it a row`);
    for (const imported of importsOf(file)) {
      const other = imported.startsWith(`${folder}/`) ? roomOf(imported) : `pkg/${roomOf(imported)}`;
      if (other === room || table[room]?.includes(other)) continue;
      found.push(
        `${file} imports ${imported}, and ${room}/ may import from ${table[room]?.join(', ') || 'nothing'}: ` +
          `move what both need into a room below, or give it as an argument`,
      );
    }
  }
  return found;
}

test('a row of a table names rows above it', () => {
  for (const table of [JS, PAGE]) {
    const rooms = Object.keys(table);
    for (const [index, room] of rooms.entries())
      for (const other of table[room].filter((name) => !name.startsWith('pkg/')))
        assert.ok(rooms.slice(0, index).includes(other), `${room} names ${other}, which is not above it`);
  }
  for (const other of Object.values(PAGE).flat())
    if (other.startsWith('pkg/')) assert.ok(other.slice('pkg/'.length) in JS, `js/ has no room for ${other}`);
});

test('no import of js/ climbs', () => {
  assert.deepEqual(climbing('js', JS), []);
});

test('no import of the page climbs', () => {
  assert.deepEqual(climbing('www/src', PAGE), []);
});

test('every row of a table is used', () => {
  for (const [folder, table] of [
    ['js', JS],
    ['www/src', PAGE],
  ]) {
    const used = new Set();
    for (const file of SOURCES.keys()) {
      if (!file.startsWith(`${folder}/`)) continue;
      for (const imported of importsOf(file))
        used.add(
          `${roomOf(file)} → ${imported.startsWith(`${folder}/`) ? roomOf(imported) : `pkg/${roomOf(imported)}`}`,
        );
    }
    const pairs = Object.entries(table).flatMap(([room, others]) => others.map((other) => `${room} → ${other}`));
    assert.deepEqual(
      pairs.filter((pair) => !used.has(pair)),
      [],
      folder,
    );
  }
});

test('no files import each other in a circle', () => {
  const state = new Map(); // file -> true while it is open, false when it is done
  const path = [];
  const visit = (file) => {
    if (!SOURCES.has(file) || state.get(file) === false) return;
    path.push(file);
    assert.ok(
      !state.get(file),
      `a circle: ${path.slice(path.indexOf(file)).join(' → ')}; move what two of them share into a file of its own`,
    );
    state.set(file, true);
    for (const imported of importsOf(file)) visit(imported);
    state.set(file, false);
    path.pop();
  };
  for (const file of SOURCES.keys()) visit(file);
});

test('an import leads to a file', () => {
  for (const file of SOURCES.keys())
    for (const imported of importsOf(file))
      assert.ok(SOURCES.has(imported) || GLUE.test(imported.slice('js/'.length)), `${file} imports ${imported}`);
});

test('what the page imports runs in a browser', () => {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file) || !SOURCES.has(file)) return;
    reached.add(file);
    for (const imported of importsOf(file)) visit(imported);
  };
  for (const file of SOURCES.keys()) if (file.startsWith('www/')) visit(file);
  for (const file of reached)
    if (!file.endsWith('.d.ts'))
      assert.doesNotMatch(SOURCES.get(file), /'node:|\bBuffer\.\w+\(/, `${file} is imported by the page`);
});

test('lines are at most 120 characters long', () => {
  const folders = ['js', 'www/src', 'www/build', 'tests/js', 'tests/edge', 'tests/www', 'tests/packaging', 'templates'];
  const long = folders
    .flatMap((folder) => filesOf(folder, /\.(?:js|ts|css|html)$/))
    .flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          const { length } = [...line];
          return length <= 120 || REGEXP.test(line) ? [] : [`${file}:${index + 1}: ${length}`];
        }),
    );
  assert.deepEqual(long, []);
});
