// Every kind of input: what a rule sees of it, where a finding points, and what is refused with a fix.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readDocuments } from '../../pkg/cli/documents.js';
import { describedBy, isWalked, kindOfName, kindOfText } from '../../pkg/read/kinds.js';
import { Unevaluated } from '../../pkg/read/unevaluated.js';
import { GOOD, json, NS, POLICY } from './checked.js';
import { tree as treeOf } from './files.js';
import { run } from './setup.js';
import { entry, har } from './traffic/recordings.js';

const PLAN = { format_version: '1.2', terraform_version: '1.11.4', resource_changes: [{ address: 'a.b' }] };
const STATE = { version: 4, terraform_version: '1.11.4', resources: [] };
const BOM = { bomFormat: 'CycloneDX', specVersion: '1.6', components: [] };
const SPDX = { spdxVersion: 'SPDX-2.3', packages: [] };
const utf16 = (text, bigEndian) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

const read = (name, content, options) => {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  return readDocuments(name, { bytes, ...options });
};
const values = (...args) => read(...args).map(({ value, problem }) => problem ?? JSON.parse(JSON.stringify(value)));

/** [name, content, values, options] */
const READS = [
  ['a.json', '\ufeff{"a":1}', [{ a: 1 }]],
  ['plan.json', utf16(JSON.stringify(PLAN)), [PLAN]],
  ['plan.json', utf16(JSON.stringify(PLAN), true), [PLAN]],
  ['plan.json', JSON.stringify(PLAN), [PLAN], { as: 'terraform' }],
  ['bom.json', JSON.stringify(BOM), [BOM], { as: 'cyclonedx' }],
  ['a.spdx.json', JSON.stringify(SPDX), [SPDX], { as: 'spdx' }],
  ['a.jsonl', '{"a":1}\r\n\n[2]\n', [{ a: 1 }, [2]]],
  ['a.ndjson', utf16('{"a":1}\n{"a":2}'), [{ a: 1 }, { a: 2 }]],
  ['part.yaml', 'A: !Ref B\n', [{ A: { Ref: 'B' } }], { as: 'cloudformation' }],
  ['a.toml', 'a = 1\n[b.c]\nd = [1979-05-27, 1.5]\n', [{ a: 1, b: { c: { d: ['1979-05-27', 1.5] } } }]],
  [
    'a.ini',
    'top = x\n[s]\n; c\n# c\nport = 3000 ; c\nname = "a ; b"\nlong = a \\\n  b\nid = 820982911946154508\n' +
      'on : true\nno=\n[s]\nmore=007\n[a.b]\n',
    [
      {
        DEFAULT: { top: 'x' },
        s: { port: 3000, name: 'a ; b', long: 'a b', id: '820982911946154508', on: true, no: '', more: 7 },
        'a.b': {},
      },
    ],
  ],
  [
    '.env',
    '# c\nexport A=1 # c\nB="x\\ny" # c\nC=\'$A\'\nD=\nE=a#b c\nF: f\nG="one\ntwo"\n',
    [{ A: '1', B: 'x\ny', C: '$A', D: '', E: 'a#b c', F: 'f', G: 'one\ntwo' }],
  ],
  ['prod.env', 'A=$HOME', [{ A: '$HOME' }]],
  [
    'x',
    'GET / HTTP/1.1\n\n',
    [{ request: { method: 'GET', url: '/', httpVersion: 'HTTP/1.1', headers: [], queryString: [] } }],
  ],
  ['x', JSON.stringify(PLAN), [PLAN]],
  ['x', '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
  ['x', 'a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
  ['x', '{a: 1}\n', [{ a: 1 }]],
];
for (const [name, content, expected, options] of READS)
  test(`${name} reads: ${JSON.stringify(String(content)).slice(0, 40)}`, () => {
    assert.deepEqual(values(name, content, options), expected);
  });

test('a Dockerfile is the list of instructions that conftest makes of it', () => {
  const text =
    '# syntax=docker/dockerfile:1\n\nFROM --platform=linux/amd64 golang:1.22 AS build\n# about it\n' +
    'RUN apt-get update && \\\n' +
    '  # between\n\n  apt-get install -y curl\nCMD ["a", "b"]\nENV A=1 B="x y"\nENV OLD value here\nLABEL k=v\n' +
    'HEALTHCHECK --interval=5s CMD curl -f http://x\nONBUILD RUN make\nfrom scratch\n' +
    'COPY --from=build --chown=1:1 /a /b\nRUN <<EOF\napt x\nEOF\nARG V=1\nVOLUME ["/d"]\nUSER root\n';
  const [{ value, locate }] = read('Dockerfile.prod', text);
  const short = value.map(({ Cmd, SubCmd, JSON: json, Flags, Value, Stage, StartLine }) =>
    [Cmd, SubCmd, json, Flags, Value, Stage, StartLine].filter((part) => part !== '' && part !== false),
  );
  assert.deepEqual(short, [
    ['comment', [], ['syntax=docker/dockerfile:1'], 0, 1],
    ['from', ['--platform=linux/amd64'], ['golang:1.22', 'AS', 'build'], 0, 3],
    ['comment', [], ['about it'], 0, 4],
    ['run', [], ['apt-get update &&   apt-get install -y curl'], 0, 5],
    ['cmd', true, [], ['a', 'b'], 0, 9],
    ['env', [], ['A', '1', '=', 'B', '"x y"', '='], 0, 10],
    ['env', [], ['OLD', 'value here', ''], 0, 11],
    ['label', [], ['k', 'v', '='], 0, 12],
    ['healthcheck', ['--interval=5s'], ['CMD', 'curl -f http://x'], 0, 13],
    ['onbuild', 'run', [], ['make'], 0, 14],
    ['from', [], ['scratch'], 1, 15],
    ['copy', ['--from=build', '--chown=1:1'], ['/a', '/b'], 1, 16],
    ['run', [], ['<<EOF'], 1, 17],
    ['arg', [], ['V=1'], 1, 20],
    ['volume', true, [], ['/d'], 1, 21],
    ['user', [], ['root'], 1, 22],
  ]);
  assert.deepEqual(value[12].Heredocs, ['apt x\n']);
  assert.deepEqual([locate('/3').line, locate('/15/Value/0').line], [5, 22]);
  assert.deepEqual(values('Dockerfile', '# escape=`\nFROM a\nRUN x `\n  y\nCOPY a C:\\\n')[0].at(-2).Value, ['x   y']);
});

/** [what, name, content, message, help, [line, column], options] */
const REFUSED = [
  ['two members of one name', 'a.json', '{"a":1,\n"a":2}', /twice/, /^/, [2, 1]],
  ['several JSON documents', 'a.json', '{"a":1}\n{"a":2}\n', /several JSON documents/, /--as jsonl/, [2]],
  ['UTF-16 that is not', 'a.json', Buffer.from([0xff, 0xfe, 0x00, 0xd8]), /begins as UTF-16/, /UTF-8/],
  ['UTF-16 of YAML', 'a.yaml', utf16('a: 1'), /UTF-16/, /save it as UTF-8/],
  ['HCL', 'main.tf', 'resource "a" "b" {}', /HCL is not read/, /terraform show -json FILE > plan\.json/],
  ['variables of Terraform', 'x.tfvars', 'a = 1', /HCL is not read/, /terraform show -json/],
  ['a binary plan', 'tfplan', Buffer.from('PK\x03\x04rest'), /binary form/, /terraform show -json/],
  [
    'a state as a plan',
    'a.json',
    JSON.stringify(STATE),
    /it is Terraform's state, not what --as terraform says/,
    /show -json/,
    [1],
    { as: 'terraform' },
  ],
  ['what is no plan', 'a.json', '{}', /it is not what --as terraform says/, /show -json/, [1], { as: 'terraform' }],
  [
    'what is no bill',
    'a.json',
    JSON.stringify(SPDX),
    /it is an SPDX document, not what --as cyclonedx says/,
    /bomFormat/,
    [1],
    { as: 'cyclonedx' },
  ],
  ['what is no SPDX', 'a.json', '{}', /not what --as spdx says/, /convert it/, [1], { as: 'spdx' }],
  [
    'a Compose file as CloudFormation',
    'a.yaml',
    'services: {}\n',
    /it is a Compose file, not/,
    /^$/,
    [1],
    { as: 'cloudformation' },
  ],
  ['XML', 'bom.xml', '<?xml version="1.0"?>\n<bom/>', /XML is not read/, /in JSON/],
  ['SPDX as tags', 'a.spdx', 'SPDXVersion: SPDX-2.3\nPackageName: a\n', /tags and values/, /spdxVersion/],
  ['what has no known name', 'a.jsonnet', 'local a = 1;\n{ b: a }', /./, /read as YAML: --as KIND says what it is/],
  ['TOML that is none', 'a.toml', 'a = 1\nb = \n', /not TOML: /, /^$/, [2, 5]],
  ['a name twice in TOML', 'a.toml', 'a = 1\na = 2\n', /not TOML: /, /^$/, [2]],
  ['infinity in TOML', 'a.toml', 'a = inf\n', /JSON has no word/, /quotes/],
  ['an INI line without a value', 'a.ini', '[a]\nb\n', /neither a section/, /--as KIND/, [2, 1]],
  ['a name twice in INI', 'a.ini', '[a]\nb=1\n[a]\n b=2\n', /a name appears twice/, /remove one/, [4, 2]],
  ['INI that ends in a backslash', 'a.ini', 'a = \\', /ends in a backslash/, /remove it/, [1]],
  ['an env line that is none', '.env', 'A=1\n\n<x>\n', /not a variable/, /NAME=value/, [3, 1]],
  ['a variable twice', '.env', 'A=1\nA=2\n', /appears twice/, /remove one/, [2, 1]],
  ['an open quote', '.env', 'A=1\nB="x\n', /a quote that is not closed/, /close it/, [2, 3]],
  ['text behind a quote', '.env', 'A="x"y\n', /text behind a closing quote/, /all of the value/, [1, 6]],
  [
    'an unknown instruction',
    'Dockerfile',
    'FROM a\n\nRUNN x\n',
    /`RUNN` is no instruction/,
    /did you mean RUN/,
    [3, 1],
  ],
  ['an instruction without an argument', 'Dockerfile', 'FROM a\nUSER\n', /USER has no argument/, /write USER/, [2, 1]],
  ['ENV without =', 'Dockerfile', 'ENV A=1 B\n', /ENV needs NAME=value/, /put =/, [1, 1]],
  [
    'a heredoc without an end',
    'Dockerfile',
    'FROM a\nRUN <<EOF\nx\n',
    /`<<EOF` begins has no end/,
    /on a line of its own/,
    [2],
  ],
  ['a Dockerfile without instructions', 'Dockerfile', '# x\n', /it has no instruction/, /FROM/],
];
for (const [what, name, content, message, help, [line, column] = [], options] of REFUSED)
  test(`${name} is refused: ${what}`, () => {
    assert.throws(
      () => read(name, content, options),
      (error) => {
        assert.ok(error instanceof Unevaluated, error.stack);
        assert.match(error.message, message);
        assert.match(error.help ?? '', help);
        assert.equal(error.place.file, name);
        if (line !== undefined) assert.equal(error.place.line, line);
        if (column !== undefined) assert.equal(error.place.column, column);
        return true;
      },
    );
  });

test('JSON Lines: each line is judged, or says why not, alone; a file that is none does not flood', () => {
  const [first, second, third, fourth] = read('a.jsonl', '{"a":1}\n{"b":\n7\n{"c":{"d":"e"}}\n');
  assert.deepEqual(first.value, { a: 1 });
  assert.deepEqual([second.problem.place.line, second.problem.place.column], [2, 6]);
  assert.match(third.problem.message, /a single value/);
  assert.equal(third.problem.place.line, 3);
  const { line, column, endColumn, exact } = fourth.locate('/c/d');
  assert.deepEqual([fourth.line, line, column, endColumn, exact], [4, 4, 11, 14, true]);
  const many = read('a.jsonl', 'x\n'.repeat(1000));
  assert.equal(many.length, 21);
  assert.match(many.at(-1).problem.message, /980 more lines cannot be read/);
});

test('places in TOML, INI and env files', () => {
  const at = ({ locate, text }, pointer) => {
    const { line, column, offsets, exact } = locate(pointer);
    return [line, column, text.slice(...offsets), exact];
  };
  const [toml] = read(
    'a.toml',
    '# c\nt = "x"\n[a.b]\nc = [1, 2, {d = "e", f.g = 1}] # z\n"q.r" = \'\'\'\nmulti\n\'\'\'\n' +
      '[[s]]\nn = 1\n[[s]]\nn = 2\n[s.t]\nu = 1979-05-27\n',
  );
  for (const [pointer, ...expected] of [
    ['/t', 2, 5, '"x"', true],
    ['/a/b/c/2/f/g', 4, 28, '1', true],
    ['/a/b/q.r', 5, 1, '"q.r"', true],
    ['/a/b/none', 3, 1, '[a.b]', false],
    ['/s/1/n', 11, 5, '2', true],
    ['/s/1/t/u', 13, 5, '1979-05-27', true],
  ])
    assert.deepEqual(at(toml, pointer), expected, pointer);
  const [ini] = read('a.ini', 'a = 1\n[s]\n  key :  v ; c\n');
  assert.deepEqual(at(ini, '/DEFAULT/a'), [1, 5, '1', true]);
  assert.deepEqual(at(ini, '/s/key'), [3, 10, 'v', true]);
  assert.deepEqual(at(ini, '/s/none'), [2, 1, '[s]', false]);
  const [env] = read('.env', '\n# c\nexport A = "x"\n');
  assert.deepEqual(at(env, '/A'), [3, 12, '"x"', true]);
});

test('kinds by name, by text, and by what a document describes', () => {
  for (const [name, kind] of Object.entries({
    'a.yml': 'yaml',
    'A.JSON': 'json',
    'a/.env': 'env',
    '.env.local': 'env',
    'a.env': 'env',
    'a.envs': undefined,
    Dockerfile: 'dockerfile',
    'x/Dockerfile.prod': 'dockerfile',
    'dev.Dockerfile': 'dockerfile',
    Containerfile: 'dockerfile',
    'Dockerfile.dockerignore': undefined,
    MyDockerfile: undefined,
    'a.tf.json': 'json',
    'a.rest': 'http',
    'README.md': undefined,
  }))
    assert.equal(kindOfName(name), kind, name);
  assert.deepEqual(
    ['a.yaml', 'a.har', 'a.toml', 'Dockerfile', 'a.jsonl', 'a.tf'].map((name) => [
      isWalked(name, false),
      isWalked(name, true),
    ]),
    [
      [true, true],
      [true, true],
      [false, true],
      [false, true],
      [false, true],
      [false, false],
    ],
  );
  for (const [text, kind] of [
    ['# c\n\nFROM a:1\nRUN x\n', 'dockerfile'],
    ['ARG V\nFROM a:$V\n', 'dockerfile'],
    ['from: x\n', 'yaml'],
    ['HTTP/1.1 200 OK\n\n', 'http'],
    [JSON.stringify(har(entry())), 'har'],
    ['{{ x }}', 'yaml'],
    ['', 'yaml'],
  ])
    assert.equal(kindOfText(text), kind, text);
  for (const [value, kind] of [
    [PLAN, 'terraform'],
    [STATE, 'state'],
    [BOM, 'cyclonedx'],
    [SPDX, 'spdx'],
    [har(), 'har'],
    [{ Resources: { A: { Type: 'AWS::S3::Bucket' } } }, 'cloudformation'],
    [{ true: {}, jobs: {} }, 'workflow'],
    [{ services: {} }, 'compose'],
    [{ apiVersion: 'v2', name: 'a', version: '1' }, 'chart'],
    [{ apiVersion: 'v1', kind: 'Pod' }, undefined],
    [[], undefined],
  ])
    assert.equal(describedBy(value)?.kind, kind, JSON.stringify(value));
});

const RULES =
  'package own\n\ndeny contains {"message": "root", "at": sprintf("/%d", [i])} if input[i].Value == ["root"]\n\n' +
  'deny contains {"message": "debug", "at": "/debug"} if input.debug == true\n\n' +
  'deny contains {"message": "debug", "at": "/s/debug"} if input.s.debug == true\n\n' +
  'deny contains {"message": "debug", "at": "/DEBUG"} if input.DEBUG == "1"\n\n' +
  'deny contains {"message": "open", "at": "/resource_changes/0"} if input.resource_changes[0].open\n';

const tree = (t, files) => treeOf(t, { 'pack/own.rego': RULES, ...files });
const places = ({ findings }) =>
  findings
    .flatMap(({ source }) => source ?? [])
    .map((source) => `${source.file}:${source.line}:${source.column}`)
    .sort();

const ALL = {
  'in/Dockerfile': 'FROM a\nUSER root\n',
  'in/a.toml': '# c\ndebug = true\n',
  'in/a.ini': '[s]\ndebug = true\n',
  'in/prod.env': 'SECRET_TOKEN=hunter2\nDEBUG=1\n',
  'in/a.jsonl': '{}\n{"debug":true}\n',
  'in/plan.json': utf16(JSON.stringify({ ...PLAN, resource_changes: [{ open: true }] }, null, 1)),
  'in/main.tf': 'resource "a" "b" {}\n',
};

test('a pack of your own is given every kind of a folder, with places, and no secret is shown', async (t) => {
  const cwd = tree(t, ALL);
  assert.deepEqual(places(await json(1, ['--pack', './pack', 'in'], { cwd })), [
    'in/Dockerfile:2:1',
    'in/a.ini:2:9',
    'in/a.jsonl:2:10',
    'in/a.toml:2:9',
    'in/plan.json:5:3',
    'in/prod.env:2:7',
  ]);
  const { stdout } = await run(['check', '--pack', './pack', 'in'], { cwd });
  assert.match(stdout, /DEBUG=1/);
  assert.doesNotMatch(stdout, /hunter2/);
});

test('standard input is told apart by its text, and --as says what it is', async (t) => {
  const cwd = tree(t, {});
  for (const [input, args, place] of [
    [ALL['in/Dockerfile'], [], '<stdin>:2:1'],
    [ALL['in/a.jsonl'], [], '<stdin>:2:10'],
    [ALL['in/plan.json'], [], '<stdin>:5:3'],
    [ALL['in/a.toml'], ['--as', 'toml'], '<stdin>:2:9'],
    [ALL['in/a.ini'], ['--as', 'ini'], '<stdin>:2:9'],
    [ALL['in/prod.env'], ['--as', 'env'], '<stdin>:2:7'],
    [ALL['in/plan.json'], ['--as', 'terraform'], '<stdin>:5:3'],
  ])
    assert.deepEqual(places(await json(1, ['--pack', './pack', ...args, '-'], { cwd, input })), [place]);
});

test('what no pack judges is counted and named; a folder of other files stays green', async (t) => {
  const cwd = tree(t, {
    'k/good.yaml': GOOD,
    'k/package.json': '{"name":"a"}',
    'k/Dockerfile': 'FROM',
    'k/tsconfig.json': '{}',
    'k/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
    'k/kustomization.yaml': 'kind: Kustomization\nresources: []\n',
    'k/a.har': JSON.stringify(har(entry(), entry())),
    'k/plan.json': JSON.stringify(PLAN),
  });
  const { counts, skipped } = await json(0, ['k'], { cwd });
  assert.equal(counts.skipped, 7);
  assert.deepEqual(
    skipped.map(({ file, line, documents, reason }) => `${file}:${line} ${documents} ${reason}`),
    [
      'k/Chart.yaml:1 1 it is the description of a Helm chart, which no pack of this run checks',
      'k/a.har:undefined 2 no pack of this run checks recorded traffic',
      'k/kustomization.yaml:1 1 no pack of this run checks this kind of document',
      'k/package.json:1 1 no pack of this run checks this kind of document',
      'k/plan.json:1 1 it is a Terraform plan, which no pack of this run checks',
      'k/tsconfig.json:1 1 no pack of this run checks this kind of document',
    ],
  );
  const { stdout } = await run(['check', 'k'], { cwd });
  assert.match(stdout, /2 documents against kubernetes .*7 skipped/);
  assert.match(stdout, /skipped: k\/Chart\.yaml, k\/a\.har, k\/kustomization\.yaml, … \(-v says why\)\n/);
  const listed = await run(['check', '-v', 'k'], { cwd });
  assert.match(listed.stdout, /skipped: k\/plan\.json:1, it is a Terraform plan, which no pack of this run checks\n/);
});

test('every format counts and names what was skipped', async (t) => {
  const cwd = tree(t, { 'k/good.yaml': GOOD, 'k/other.json': '{}' });
  for (const format of [
    'pretty',
    'compact',
    'json',
    'jsonl',
    'sarif',
    'junit',
    'tap',
    'github',
    'gitlab',
    'markdown',
  ]) {
    const { code, stdout, stderr } = await run(['check', '-f', format, 'k'], { cwd });
    assert.equal(code, 0, stdout);
    assert.match(format === 'jsonl' ? stderr : stdout, /k\/other\.json/, format);
  }
});

test('the list of what was skipped is bounded, and its count is not', async (t) => {
  const others = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`k/${index}.json`, '{}']));
  const { counts, skipped } = await json(0, ['k'], { cwd: tree(t, { 'k/good.yaml': GOOD, ...others }) });
  assert.deepEqual([counts.skipped, skipped.length], [130, 100]);
});

for (const [what, text, message, help, line] of [
  ['a byte order mark before the second is none', `${NS}---\n\ufeff${POLICY}`, undefined],
  [
    'a misspelt apiVersion',
    `${GOOD}---\napiversion: v1\nkind: Pod\n`,
    /`apiversion`: no object/,
    /write `apiVersion`/,
    10,
  ],
  ['a misspelt apiVersion, alone', 'apiVerison: v1\nkind: Pod\n', /`apiVerison`: no object/, /write `apiVersion`/, 1],
  ['a misspelt kind', 'apiVersion: v1\nKind: Pod\n', /`Kind`: no object/, /write `kind`/, 1],
  ['a kind alone', 'kind: Pod\n', /`kind` and no `apiVersion`/, /add `apiVersion`/, 1],
  ['an apiVersion alone', 'apiVersion: apps/v1\nspec: {}\n', /`apiVersion` and no `kind`/, /add `kind`/, 1],
  ['an apiVersion that is a number', 'apiVersion: 1\nkind: Pod\n', /`kind` and no `apiVersion`/, /as texts|add/, 1],
  ['a JSON list of objects', '[{"apiVersion":"v1","kind":"Pod"}]', /a list of objects of Kubernetes/, /a `List`/, 1],
  [
    'an item of a List',
    `apiVersion: v1\nkind: List\nitems:\n  - apiversion: v1\n    kind: Pod\n`,
    /`apiversion`: no/,
    /write/,
    4,
  ],
  [
    'an item of a List that is a text',
    `apiVersion: v1\nkind: List\nitems:\n  - x\n`,
    /beside some in its file/,
    /./,
    4,
  ],
  ['neither, beside objects', `${GOOD}---\nmetadata: {name: x}\n`, /beside some in its file/, /another file/, 10],
  ['a list beside objects', `${GOOD}---\n- a\n`, /beside some in its file/, /another file/, 10],
])
  test(`a file with an object of Kubernetes: ${what}`, async (t) => {
    const cwd = tree(t, { 'k/a.yaml': text, 'k/good.yaml': GOOD });
    for (const path of ['k', 'k/a.yaml']) {
      const { problems, counts } = await json(message ? 3 : 0, [path], { cwd });
      if (message === undefined) assert.equal(counts.documents, path === 'k' ? 4 : 2);
      else {
        assert.equal(problems.length, 1);
        assert.match(problems[0].message, message);
        assert.match(problems[0].help, help);
        assert.deepEqual([problems[0].file, problems[0].line], ['k/a.yaml', line]);
      }
    }
  });
