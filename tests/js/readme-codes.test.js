// Every code that a contract or pack can give is in its README, and no table of a README names a code that it cannot
// give. What a contract can give follows from its sections (`SECTIONS`, by the rules of the core's stages), from its
// schemas and policies, and from the verdicts of its cases. What any contract can give is listed on one page, to which
// the README links.
//
// The README of a provider's contract, which says `Source: <https://…>`, need not have every code: its page is the
// provider's.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { CODES } from '../../pkg/codes/codes.js';
import { shipped } from '../../pkg/api/node.js';
import { cases } from './replay.js';
import { ROOT } from './setup.js';

const PAGE = 'contracts.md#what-any-contract-can-find';

/** The codes that a page or a part of it names. */
const named = (text) => [...text.matchAll(/`([a-z][a-z0-9]*(?:-[a-z0-9]+)+|replayed)`/g)].map(([, code]) => code);

const [, shared] = /^## What any contract can find\n(.*?)^## /ms.exec(
  readFileSync(join(ROOT, 'policies/contracts.md'), 'utf8'),
);
const ANY = new Set(named(shared));
const isShared = (code) => ANY.has(code) || code.startsWith('limit-');
const isCode = (word) => Object.hasOwn(CODES, word) || /^(?:schema|policy|limit)-/.test(word);

/** A part of a contract, and the codes that follow from its being there. */
const SECTIONS = [
  [({ response }) => !response, ['request-method']],
  [({ response }) => response, ['request-status']],
  [({ request }) => request?.path, ['request-path']],
  [({ request, response }) => (request ?? response)?.contentTypes, ['request-content-type']],
  [({ request }) => request?.origins, ['request-origin']],
  [({ payload }) => ['none', 'query'].includes(payload?.format) && payload.body !== 'unread', ['body-unexpected']],
  [({ signature }) => signature, ['signature-missing', 'signature-malformed']],
  [({ signature }) => signature?.engine === 'segments', ['signature-mismatch', 'signature-unsupported']],
  [(one) => times(one).length > 0, ['timestamp-missing', 'timestamp-malformed']],
  [(one) => nonces(one).length > 0, ['nonce-missing']],
  [(one) => nonces(one).some(({ format }) => format === 'hex16'), ['nonce-malformed']],
  [({ freshness }) => freshness?.field && freshness.field !== 'iat', ['timestamp-too-old', 'timestamp-too-new']],
  [({ signature }) => readsQuery(signature), ['query-duplicate', 'query-malformed']],
  [
    ({ signature }) => signature?.engine === 'dpop',
    ['alg', 'ath', 'htm', 'htu', 'iat', 'jkt', 'jti', 'jwk', 'signature', 'typ'].map((claim) => `dpop-${claim}`),
  ],
  [({ signature }) => signature?.accessToken === 'jwt', ['dpop-exp']],
  [({ signature }) => signature?.scopes, ['dpop-scope']],
  [({ replay }) => replay, ['replayed']],
  [(one) => replayKeyMayLack(one), ['replay-key-missing']],
  [({ route }) => route?.versions?.every(({ when }) => when), ['version-unknown']],
  [({ route }) => JSON.stringify(route ?? {}).includes('"deprecated":'), ['version-deprecated']],
  [({ route }) => route?.versions?.some(({ events }) => events), ['event-unknown']],
  [({ route }) => events(route).some(({ payload }) => payload), ['payload-missing', 'payload-empty']],
  [({ shape }) => members(shape).some(({ truncate }) => truncate), ['content-truncated']],
  [({ shape }) => members(shape).some(({ required }) => required), ['shape-missing']],
  [({ shape }) => members(shape).some(({ format }) => format), ['shape-malformed']],
  [({ shape }) => shape, ['shape-dropped']],
];

const members = (object) => Object.values(object ?? {});
const fields = (signature) => members(signature?.fields);
const events = (route) => (route?.versions ?? []).flatMap(({ events: known }) => members(known));
const times = ({ signature, freshness }) =>
  [...fields(signature), ...[freshness?.field].filter((field) => typeof field === 'object')].filter(({ format }) =>
    /^(?:unix-|rfc3339|local|uuid-v7)/.test(format ?? ''),
  );
const nonces = ({ signature, replay }) =>
  Object.entries(signature?.fields ?? {})
    .filter(([name]) => replay?.key.includes(`field:${name}`))
    .map(([, field]) => field);
const readsQuery = (signature) => [signature, ...fields(signature)].some((part) => part?.from?.query);
/** A field and the signed bytes lack only where the signature already failed for it. */
const replayKeyMayLack = ({ replay, shape }) =>
  replay?.key.some((place) => !/^(?:field:|signed$)/.test(place)) && (replay.onMissing !== 'skip' || shape);

/** What a schema asks for, and so can find: not what only decides, in `if`, `not` and alternatives. */
function keywords(schema, found = new Set()) {
  if (schema === false) found.add('schema-false-schema');
  if (schema === null || typeof schema !== 'object') return found;
  for (const [word, value] of Object.entries(schema)) {
    if (MAPS.includes(word)) for (const one of Object.values(value)) keywords(one, found);
    else if (word === 'allOf' || word === 'prefixItems') for (const one of value) keywords(one, found);
    else if (word === 'additionalProperties' && value === false) found.add('schema-additional-properties');
    else if (INSIDE.includes(word)) keywords(value, found);
    else if (!SILENT.includes(word))
      found.add(`schema-${word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  }
  return found;
}
const MAPS = ['properties', 'patternProperties', '$defs', 'dependentSchemas'];
const INSIDE = ['items', 'then', 'else', 'additionalProperties', 'contains'];
const SILENT = [
  '$schema',
  '$id',
  '$ref',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'if',
  'deprecated',
];

/** The ids of a folder's rules. */
function rules(files) {
  const texts = Object.entries(files).filter(([name]) => name.endsWith('.rego') && !name.endsWith('_test.rego'));
  return texts.flatMap(([, text]) => [...text.matchAll(/"id": "([a-z0-9-]+)"/g)].map(([, id]) => `policy-${id}`));
}

/** Of the schemas, all are files beside the contract or stand in it. */
function schemasOf(contract, files) {
  const beside = Object.entries(files).filter(([name]) => name.endsWith('.json'));
  const inPlace = (value) =>
    value === null || typeof value !== 'object'
      ? []
      : Object.entries(value).flatMap(([name, one]) =>
          name === 'schema' && typeof one === 'object' ? [one] : inPlace(one),
        );
  return [...beside.map(([, text]) => JSON.parse(text)), ...inPlace(contract)];
}

const SEEN = new Map(); // name -> the codes of the verdicts of its cases
for (const { folder, found } of cases()) {
  const name = found.contract ?? found.pack;
  const file = ['verdict.json', 'report.json', 'shaped.json'].find((one) => existsSync(join(folder, one)));
  if (file === undefined || typeof name !== 'string') continue;
  const codes = SEEN.get(name) ?? SEEN.set(name, new Set()).get(name);
  for (const { code } of JSON.parse(readFileSync(join(folder, file), 'utf8')).findings ?? []) codes.add(code);
}

async function canGive(kind, name) {
  const { contract, files } = await shipped[kind](name);
  const sections = contract ? SECTIONS.filter(([has]) => has(contract)).flatMap(([, codes]) => codes) : [];
  const asked = contract ? schemasOf(contract, files).flatMap((schema) => [...keywords(schema)]) : [];
  // A query or form holds nothing but texts.
  const schemas = asked.filter((code) => !(code === 'schema-type' && /query|form/.test(contract.payload?.format)));
  return new Set([...sections, ...schemas, ...rules(files), ...(SEEN.get(name) ?? [])]);
}

const isProvider = (text) => /^Source:[^<\n]*\n?<https/m.test(text);
const sorted = (codes) => [...new Set(codes)].sort();

for (const [kind, folder] of [
  ['contract', 'policies/webhook'],
  ['pack', 'policies/deployment'],
])
  for (const name of readdirSync(join(ROOT, folder)).sort())
    for (const file of readdirSync(join(ROOT, folder, name)).filter((one) => /^README.*\.md$/.test(one))) {
      const text = readFileSync(join(ROOT, folder, name, file), 'utf8');
      test(`${name}/${file} has no table with a code that it cannot give`, async () => {
        const codes = await canGive(kind, name);
        const tables = named(text.match(/^\|.*$/gm)?.join('\n') ?? '');
        const strange = tables.filter((word) => isCode(word) && !word.startsWith('lint-') && !codes.has(word));
        assert.deepEqual(sorted(strange.filter((code) => !isShared(code))), []);
      });
      if (isProvider(text)) continue;
      test(`${name}/${file} has every code that it can give`, async () => {
        const codes = await canGive(kind, name);
        const said = new Set(named(text));
        assert.deepEqual(sorted([...codes].filter((code) => !said.has(code) && !isShared(code))), []);
        assert.ok(kind === 'pack' || text.includes(PAGE), `no link to ${PAGE}, which has what any contract can find`);
      });
    }
