// YAML that users have: keys that are no texts, byte order marks, tags of CloudFormation, templates.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Unevaluated } from '../../pkg/read/unevaluated.js';
import { yamlDocuments } from '../../pkg/read/yaml-documents.js';
import { folder, run } from './setup.js';

const read = (text, options) => yamlDocuments(text, 'f.yaml', options);
const values = (text, options) => read(text, options).map(({ value }) => JSON.parse(JSON.stringify(value)));
const refused = (text, message, help, place, options) =>
  assert.throws(
    () => read(text, options),
    (error) => {
      assert.ok(error instanceof Unevaluated, error.stack);
      assert.match(error.message, message);
      assert.match(error.help ?? '', help);
      if (place) assert.deepEqual([error.place.line, error.place.column], place);
      return true;
    },
  );

test('a key that is an integer or a boolean is the text that kubectl makes of it', () => {
  assert.deepEqual(values('data:\n  9000: a\n  -1: b\n  010: c\n  0x10: d\n  true: e\n  No: f\n'), [
    { data: { 8: 'c', 16: 'd', 9000: 'a', '-1': 'b', true: 'e', false: 'f' } },
  ]);
  assert.deepEqual(values('on: {push: {}}\njobs: {}\n'), [{ true: { push: {} }, jobs: {} }]);
  assert.deepEqual(values('"on": 1\n'), [{ on: 1 }]);
  assert.deepEqual(values('a: &x {1: b}\nc:\n  <<: *x\n  2: d\n')[0].c, { 1: 'b', 2: 'd' });
  refused('1: a\n"1": b\n', /a key appears twice/, /remove one/, [2, 1]);
  refused('on: a\nyes: b\n', /a key appears twice/, /remove one/, [2, 1]);
  refused('1.10: a\n', /a key is not a string \(it reads as a number\)/, /quotes/, [1, 1]);
  refused('9007199254740993: a\n', /a key is not a string/, /quotes/);
  refused('null: a\n', /a key is not a string \(it reads as null\)/, /quotes/);
  refused('on: a\n', /a key is not a string/, /quotes/, [1, 1], { asJson: true }); // a contract
});

test('such a key is found by its name', () => {
  const [document] = read('a:\n  0x10: x\n  on:\n    b: y\n');
  assert.deepEqual([document.locate('/a/16').line, document.locate('/a/16').exact], [2, true]);
  assert.deepEqual([document.locate('/a/true/b').line, document.locate('/a/true/b').exact], [4, true]);
  assert.equal(document.locate('/a/on').exact, false);
});

test('a byte order mark may be before any document, where kubectl cuts the stream', () => {
  assert.deepEqual(values('\ufeffa: 1\nb: 2\n---\n\ufeffa: 3\nb: 4\n--- # c\r\n\ufeff- 5\n- 6\n'), [
    { a: 1, b: 2 },
    { a: 3, b: 4 },
    [5, 6],
  ]);
  assert.equal(read('a: 1\n---\n\ufeffb:\n  c: 2\n')[1].locate('/b/c').line, 4);
  for (const [text, place] of [
    ['a: 1\n\ufeff---\nb: 2\n', [2, 1]],
    ['a: 1\n\ufeffb: 2\n', [2, 1]],
    ['a: 1\n---\n\n\ufeffb: 2\n', [4, 1]],
    ['a: |\n  x\n  \ufeffy\n', [3, 3]],
  ])
    refused(text, /a byte order mark that is not before a document/, /below a `---`/, place);
  refused('---\n\ufeffa: 1\n', /a byte order mark/, /./, [2, 1], { asJson: true });
});

const STACK = 'Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n';

test('the tags of CloudFormation are its functions, in its templates', () => {
  const [{ value, locate }] = read(
    `${STACK}      BucketName: !Sub "\${Stack}-logs"\n      Role: !GetAtt Role.Arn\n      Nested: !GetAtt A.B.C\n` +
      '      Owner: !Ref Owner\n      Zone: !Select [0, !GetAZs ""]\n' +
      '      Tags: !If\n        - Prod\n        - - {Key: !Ref K}\n        - !Ref AWS::NoValue\n',
  );
  assert.deepEqual(JSON.parse(JSON.stringify(value.Resources.Bucket.Properties)), {
    BucketName: { 'Fn::Sub': '${Stack}-logs' },
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Nested: { 'Fn::GetAtt': ['A', 'B.C'] },
    Owner: { Ref: 'Owner' },
    Zone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
    Tags: { 'Fn::If': ['Prod', [{ Key: { Ref: 'K' } }], { Ref: 'AWS::NoValue' }] },
  });
  const at = (pointer) => {
    const { line, column, exact } = locate(`/Resources/Bucket/Properties${pointer}`);
    return [line, column, exact];
  };
  assert.deepEqual(at('/BucketName/Fn::Sub'), [5, 24, true]);
  assert.deepEqual(at('/Zone/Fn::Select/1/Fn::GetAZs'), [9, 33, true]);
  assert.deepEqual(at('/Tags/Fn::If/1/0/Key/Ref')[0], 12);
  assert.deepEqual(at('/Owner/Nothing')[2], false);
});

test('a template of CloudFormation is known by its version or its resources, and --as says it of a part', () => {
  assert.deepEqual(values('AWSTemplateFormatVersion: 2010-09-09\nOutputs: {A: !Ref B}\n'), [
    { AWSTemplateFormatVersion: '2010-09-09', Outputs: { A: { Ref: 'B' } } },
  ]);
  assert.deepEqual(values('Role: !GetAtt A\n', { tags: true }), [{ Role: { 'Fn::GetAtt': ['A'] } }]);
  refused('Role: !Ref A\n', /unresolved tag: !Ref/, /add --as cloudformation/, [1, 7]);
  refused(`${STACK}      A: !Vault x\n`, /unresolved tag: !Vault/, /without a tag/);
  refused('kind: Pod\nmetadata: {name: !Ref A}\n', /unresolved tag/, /--as cloudformation/);
  refused('AWSTemplateFormatVersion: 2010-09-09\na: !Ref b\n', /tag/, /./, undefined, { asJson: true });
});

test('functions count for the limits of depth and of what aliases expand to', () => {
  const many = Array.from({ length: 400 }, () => '!Ref x').join(', ');
  refused(
    `Resources: {}\nAWSTemplateFormatVersion: x\na: &a [${many}]\nb: [${Array(200).fill('*a').join(', ')}]\n`,
    /its aliases expand to more than/,
    /write it out/,
  );
});

for (const [what, text, place] of [
  ['an action on a line of its own', '{{- if .Values.on }}\nkind: Pod\n{{- end }}\n', [1, 1]],
  ['a value without quotes', 'kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n', [3, 9]],
  ['an item without quotes', 'a:\n  - {{ include "x" . }}\n', [2, 5]],
  ['an action below what is YAML', 'a:\n  b: 1\n  {{- with .Values.x }}\n  c: 2\n  {{- end }}\n', [3, 3]],
])
  test(`a Helm template is named as one: ${what}`, () => {
    refused(text, /^this is a Helm template: render it first$/, /helm template CHART .*as YAML, line \d+/, place);
  });

test('other templates are named, and what only looks like one is read, or refused for what it is', () => {
  refused('{% if x %}\na: 1\n{% endif %}\n', /^this is a template: render it first$/, /Ansible/, [1, 1]);
  refused('name: {{ app_name }}\n', /^this is a template: render it first$/, /./, [1, 7]);
  assert.deepEqual(values('a: "{{ .Values.x }}"\nb: ${{ github.ref }}\n'), [
    { a: '{{ .Values.x }}', b: '${{ github.ref }}' },
  ]);
  assert.deepEqual(values('a: |\n  {{ $labels.job }}\n'), [{ a: '{{ $labels.job }}\n' }]);
  refused('a: "{{ x }}"\na: 2\n', /a key appears twice/, /remove one/, [2, 1]);
});

test('what YAML 1.1 and 1.2 read in different ways is a note, and no object of Kubernetes has one', async (t) => {
  const cwd = folder(t);
  mkdirSync(join(cwd, 'p'));
  writeFileSync(join(cwd, 'p/p.rego'), 'package p\n\ndeny contains "x" if input.jobs.zz\n');
  const list = '22:22, "22:22", 010, "010", 1_000, 2024-01-01, 0x1F, -1, 1.5, ~, yes, no, yes';
  const words = `on: {push: {}}\njobs:\n  a: [${list}]\n  b:\n`;
  writeFileSync(join(cwd, 'w.yml'), words);
  writeFileSync(join(cwd, 'k.yml'), `apiVersion: v1\nkind: ConfigMap\n${words}`);
  const found = async (...args) =>
    JSON.parse((await run(['check', '-f', 'json', '--pack', './p', ...args], { cwd })).stdout).findings.filter(
      ({ code }) => code === 'yaml-two-meanings',
    );
  assert.deepEqual(
    (await found('w.yml')).map(({ at, severity, message, source }) => [at, source.line, severity, message]),
    [
      ['/true', 1, 'info', 'the key `on` is `true` to rules and to kubectl, and `on` to readers of YAML 1.2'],
      ['/jobs/a/0', 3, 'info', '`22:22` is a text to rules, and a number in sixties to readers of YAML 1.1'],
      ['/jobs/a/2', 3, 'info', '`010` is the number 8 to rules and to kubectl, and not to every reader of YAML 1.2'],
      [
        '/jobs/a/4',
        3,
        'info',
        '`1_000` is the number 1000 to rules and to kubectl, and not to every reader of YAML 1.2',
      ],
      ['/jobs/a/6', 3, 'info', '`0x1F` is the number 31 to rules and to kubectl, and not to every reader of YAML 1.2'],
      [
        '/jobs/a/10',
        3,
        'info',
        '`yes` is the boolean true to rules and to kubectl, and not to every reader of YAML 1.2 (2 places)',
      ],
      [
        '/jobs/a/11',
        3,
        'info',
        '`no` is the boolean false to rules and to kubectl, and not to every reader of YAML 1.2',
      ],
    ],
  );
  assert.deepEqual(await found('k.yml'), []);
  writeFileSync(
    join(cwd, 'many.yml'),
    Array.from({ length: 100 }, (_, index) => `- 0${index % 8}${index}_0\n`).join(''),
  );
  assert.equal((await found('many.yml')).length, 20);
});
