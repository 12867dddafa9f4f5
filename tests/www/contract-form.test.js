// What the contract form shows, from the language's schema and the contract.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { compile, loadPack } from '../../pkg/api/node.js';
import { loaded } from './loaded.js';

const { canShow, sectionsOf, unshownMembers } = await loaded('www/src/contract/fields.ts');
const { newSegments, template } = await loaded('www/src/contract/signed.ts');
const { withValue } = await loaded('www/src/contract/edit.ts');
const { standIn } = await loaded('www/src/contract/keys.ts');
const { valueAt } = await loaded('www/src/base/json.ts');
const { sorted } = await loaded('www/src/contract/form.ts');
const { nameProblem, STARTER } = await loaded('www/src/deployment/view.ts');

const schema = JSON.parse(readFileSync(new URL('../../policies/contract.schema.json', import.meta.url), 'utf8'));
const FOLDER = new URL('../../policies/webhook/', import.meta.url);
const textOf = (name) => readFileSync(new URL(`${name}/contract.json`, FOLDER), 'utf8');
const fieldsOf = (contract) => sectionsOf(contract, schema).flatMap(({ fields }) => fields);

test('the form shows what every shipped contract says where it has a field', () => {
  for (const name of readdirSync(FOLDER)) {
    const contract = JSON.parse(textOf(name));
    for (const field of fieldsOf(contract))
      assert.ok(canShow(field, valueAt(contract, field.at)), `${name} ${field.at}`);
  }
});

test('every word that the form offers is one that the language has', () => {
  const fields = fieldsOf(JSON.parse(textOf('stripe')));
  for (const field of fields.filter(({ kind }) => kind === 'select' || kind === 'checks' || kind === 'source'))
    assert.ok(field.words.length > 0, field.at);
  const words = Object.fromEntries(fields.map((field) => [field.at, field.words]));
  assert.deepEqual(words['/signature/key/algorithm'], schema.$defs.key.properties.algorithm.enum);
  assert.deepEqual(
    words['/request/methods'],
    schema.properties.request ? schema.$defs.request.properties.methods.items.enum : [],
  );
  assert.deepEqual(words['/signature/shape/separator'], [',', ';', '&']);
});

test('every form of the value, and every piece, makes a contract that the core reads', async () => {
  await loadPack('kubernetes');
  const text = textOf('sub2api');
  const fields = fieldsOf(JSON.parse(text));
  const { starts } = fields.find(({ at }) => at === '/signature/shape');
  assert.deepEqual(Object.keys(starts), ['plain', 'prefixed', 'list', 'pairs']);
  const { adds } = fields.find(({ at }) => at === '/signature/signed');
  const edits = [
    ...Object.values(starts).map((start) => withValue(text, '/signature/shape', start)),
    ...adds
      .filter((segment) => !segment.secret && !segment.form)
      .map((segment) => withValue(text, '/signature/signed/3', segment)),
    withValue(text, '/freshness', undefined),
    withValue(withValue(text, '/freshness', undefined), '/freshness', fields.find(({ at }) => at === '/freshness').on),
    withValue(text, '/replay', fields.find(({ at }) => at === '/replay').on),
  ];
  assert.ok(edits.length > 10);
  for (const edited of edits) {
    const { schema: _, ...contract } = JSON.parse(edited);
    await assert.doesNotReject(async () => (await compile(contract, { keys: await standIn(contract) })).free(), edited);
  }
});

const TEMPLATES = [
  [[{ field: 'ts' }, { literal: '.' }, { body: 'raw' }], '{ts}.{body}'],
  [[{ method: 'raw' }, { literal: '\n' }, { path: 'raw' }, { url: ['received'] }], '{method}⏎{path}{url}'],
  [
    [{ optional: [{ field: 'n' }, { literal: ':' }] }, { body: { digest: 'sha256', encoding: 'hex' } }],
    '[{n}:]{body sha256 hex}',
  ],
  [[{ query: {} }, {}, null], '{sorted query}{unknown}{unknown}'],
  [undefined, ''],
];

for (const [segments, expected] of TEMPLATES) {
  test(`what is signed reads as ${expected || 'nothing'}`, () => assert.equal(template(segments), expected));
}

test('pieces to add are those of the schema, and the declared fields', () => {
  const kinds = newSegments(schema, ['ts', 'id']).map((segment) => Object.entries(segment)[0]);
  const declared = Object.keys(schema.$defs.segment.properties).filter((kind) => kind !== 'optional');
  assert.deepEqual([...new Set(kinds.map(([kind]) => kind))], declared);
  assert.deepEqual(
    kinds.filter(([kind]) => kind === 'field').map(([, name]) => name),
    ['ts', 'id'],
  );
});

const UNSHOWN = [
  [{ request: { methods: ['POST'], path: 7 } }, '/request/path'],
  [{ request: { methods: ['post'] } }, '/request/methods'],
  [{ signature: { engine: 'segments', from: { header: 'a', query: 'b' } } }, '/signature/from'],
  [{ signature: { engine: 'segments', shape: { kind: 'star' } } }, '/signature/shape'],
  [{ route: { type: { a: 1 } } }, '/route/type'],
  [{ signature: { engine: 'segments', signed: ['body'] } }, '/signature/signed'],
];

for (const [contract, at] of UNSHOWN) {
  test(`what the form cannot show is left alone: ${JSON.stringify(contract)}`, () => {
    const field = fieldsOf(contract).find((one) => one.at === at);
    assert.equal(canShow(field, valueAt(contract, at)), false);
  });
}

test('any contract has a form, whatever its members are', () => {
  for (const wrong of [null, 1, 'x', [], {}]) {
    for (const name of Object.keys(schema.properties)) assert.ok(sectionsOf({ [name]: wrong }, schema).length > 5);
    for (const name of Object.keys(schema.$defs.segmentsEngine.properties))
      assert.ok(sectionsOf({ signature: { engine: 'segments', [name]: wrong } }, schema).length > 5);
  }
});

test('what the form has no field for is named', () => {
  const contract = JSON.parse(textOf('api-versions'));
  const names = unshownMembers(contract, sectionsOf(contract, schema));
  assert.ok(
    names.includes('route.versions') && !names.includes('contract') && !names.includes('version'),
    String(names),
  );
});

test('a problem stands at the nearest field, section, or the form', () => {
  const sections = sectionsOf(JSON.parse(textOf('stripe')), schema);
  const ats = [
    '/signature/key/algorithm',
    '/signature/signed/1/literal',
    '/signature/key',
    '/freshness',
    '/shape/x',
    undefined,
  ];
  const found = sorted(
    ats.map((at) => ({ at, message: String(at) })),
    sections,
  );
  const places = Object.fromEntries([...found].flatMap(([place, all]) => all.map(({ message }) => [message, place])));
  assert.deepEqual(places, {
    '/signature/key/algorithm': '/signature/key/algorithm',
    '/signature/signed/1/literal': '/signature/signed',
    '/signature/key': 'section:/signature',
    '/freshness': '/freshness',
    '/shape/x': '',
    undefined: '',
  });
});

test('the starter policy judges manifests', async () => {
  const pack = await loadPack({ 'policy.rego': STARTER });
  const deployment = (...images) => ({
    kind: 'Deployment',
    spec: { template: { spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } } },
  });
  const at = (...images) => pack.check([deployment(...images)], { now: 0 }).findings.map((finding) => finding.at);
  assert.deepEqual(at('shop:1.2', 'host:5000/shop@sha256:ab', 'host:5000/shop:1'), []);
  assert.deepEqual(
    at('shop', 'shop:latest', 'host:5000/shop').toSorted(),
    [0, 1, 2].map((index) => `/spec/template/spec/containers/${index}/image`),
  );
});

test("a file of one's own has a name that packs can have", () => {
  const names = ['a.rego', 'team/a-1.b.rego', 'a.txt', '../a.rego', '/a.rego', 'a b.rego', '.rego', ''];
  assert.deepEqual(
    names.map((name) => nameProblem(name, { 'a.rego': '' })),
    ['taken', undefined, 'ending', 'ending', 'ending', 'ending', 'ending', 'ending'],
  );
});
