// The tables of the READMEs are true. Each table is of a kind, by its header, and each kind is held by the contract or
// pack itself and by its cases; tables of ways to break a message are replayed by readmes.test.js. A table of an
// unknown kind fails: say below how it is held.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { shipped } from '../../pkg/api/node.js';
import { standIn } from '../../pkg/cli/stand-in.js';
import { compile } from '../../pkg/node.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { cases } from './replay.js';
import { ROOT } from './setup.js';

/** Tables that explain in words what a contract or pack says itself, or that another test replays. */
const WORDS = [
  'what | rule',
  'member | rule',
  'replace | by | verdict | finding',
  '`data.params` | meaning',
  'member | meaning | default',
];

/** For the header of a table what its rows must say: `rows` are lists of cells. */
const KINDS = {
  'lint | why it remains': ({ rows, lint }) => assert.deepEqual(sorted(rows.map(([code]) => bare(code))), sorted(lint)),
  'status | text | when': statuses,
  'the answer says | finding | `facts`': facts,
  'HTTP status | body | verdict': answers,
  'what | rule | otherwise': given,
  'the answer | verdict, or finding': given,
  'status | the words | finding | `facts.again` | §7': refusals,
  'version | when | schema asks for': ({ rows, contract }) =>
    assert.deepEqual(
      sorted(rows.map(([name]) => bare(name))),
      sorted(contract.route.versions.map((one) => one.version)),
    ),
  'event | payload | in version 1': events,
  'member | the first of these that holds a value | written': sources,
  'finding | phase | severity | finds | fix': (one) => severities(one, 0, 2),
  'file | finding | severity | finds | fix': (one) => severities(one, 1, 2),
  'file | finding | severity | demands': (one) => severities(one, 1, 2),
};

const bare = (cell) => /`([^`]+)`/.exec(cell)?.[1];
const sorted = (list) => [...new Set(list)].sort();

/** Every code in the last cell of a row is in a case. */
function given({ rows, verdicts }) {
  const codes = new Set(verdicts.flatMap(({ findings }) => findings.map(({ code }) => code)));
  for (const row of rows)
    for (const [, code] of row.at(-1).matchAll(/`([a-z]+-[a-z-]+|replayed)`/g))
      assert.ok(codes.has(code), `no case gives ${code}`);
}

/** Every status and text of the cases is in a row, and no row has others. No case is as long as 413 asks for. */
function statuses({ rows, verdicts }) {
  const given = sorted(
    verdicts.filter(({ status }) => status).map(({ status, statusText }) => `${status} ${statusText}`),
  );
  const said = rows.flatMap(([numbers, text]) => numbers.split(', ').map((status) => `${status} ${text}`.trim()));
  for (const one of said.filter((status) => status !== '413'))
    assert.ok(
      given.some((each) => each.startsWith(one)),
      `no case gives ${one}`,
    );
  for (const one of given)
    assert.ok(
      said.some((each) => one.startsWith(each)),
      `the table lacks ${one}`,
    );
}

/** Each event of the contract is in the table, and no row is of another. */
function events({ rows, contract }) {
  const known = contract.route.versions.flatMap(({ events: listed = {} }) => Object.keys(listed));
  const said = rows.flat().join(' ');
  for (const event of known) assert.ok(said.includes(`\`${event}\``), `the table lacks ${event}`);
  for (const [event] of rows) assert.ok(known.includes(bare(event)), `the contract has no ${event}`);
}

/** A finding has these facts, or none, in each case that has it. */
function facts({ rows, verdicts }) {
  const findings = verdicts.flatMap((one) => one.findings);
  for (const [, codes, said] of rows)
    for (const [, code] of codes.matchAll(/`([\w-]+)`/g)) {
      const found = findings.filter((finding) => finding.code === code);
      assert.ok(found.length > 0, `no case gives ${code}`);
      if (/^policy-/.test(code))
        for (const finding of found) assert.deepEqual(finding.facts, said ? JSON.parse(bare(said)) : undefined, code);
    }
}

/** For each status and verdict there is a case, with the finding. */
function answers({ rows, verdicts }) {
  for (const [status, , said] of rows)
    assert.ok(
      verdicts.some(
        ({ answered, verdict, findings }) =>
          (status === 'any' || Number(status) === answered) &&
          said.startsWith(verdict) &&
          (bare(said) === undefined || findings.some(({ code }) => code === bare(said))),
      ),
      `no case is ${status}: ${said}`,
    );
}

/** Each finding has a case under one of its statuses, none under another's, and what it says of sending again. */
function refusals({ rows, verdicts }) {
  for (const [statuses, , code, again] of rows) {
    const found = verdicts.flatMap(({ answered, findings }) =>
      findings.filter((finding) => finding.code === bare(code)).map(({ facts }) => ({ answered, ...facts })),
    );
    assert.ok(found.length > 0, `no case gives ${code}`);
    const known = (status) => statuses.includes(status) || (status >= 500 && statuses.includes('5xx'));
    const listed = ({ answered }) => known(answered) || statuses.startsWith('any other');
    assert.ok(found.every(listed), `${code} comes under another status`);
    for (const one of found) assert.equal(one.again, bare(again), code);
  }
}

/** The members of the message, with every place that the contract takes them from, and no other. */
function sources({ rows, contract: { shape } }) {
  assert.deepEqual(
    rows.map(([member]) => bare(member)),
    Object.keys(shape),
  );
  for (const [member, said] of rows) {
    const { from } = shape[bare(member)];
    const pointers = (text) => [...text.matchAll(/["`](\/[^"`]*)["`]/g)].map(([, pointer]) => pointer);
    const isPlain = (source) => Object.keys(source).every((name) => ['at', 'format'].includes(name));
    const plain = from.flatMap((source) => (typeof source === 'string' ? source : isPlain(source) ? source.at : []));
    assert.deepEqual(
      plain.filter((place) => place.startsWith('/') && !pointers(said).includes(place)),
      [],
      member,
    );
    assert.deepEqual(
      pointers(said).filter((pointer) => !pointers(JSON.stringify(from)).includes(pointer)),
      [],
      member,
    );
  }
}

/** Each rule is in its file, and has no other severity than the row's in the cases. */
function severities({ rows, verdicts, files }, codeAt, severityAt) {
  const found = verdicts.flatMap(({ findings }) => findings);
  let file;
  for (const row of rows) {
    const code = bare(row[codeAt]);
    if (codeAt > 0) {
      file = bare(row[0]) ?? file;
      assert.ok(files[file].includes(`"${code.replace(/^policy-/, '')}"`), `${code} is not in ${file}`);
    }
    const seen = sorted(found.filter((finding) => finding.code === code).map(({ severity }) => severity));
    const words = row[severityAt] === 'by date' ? ['error', 'warning'] : row[severityAt].match(/error|warning|note/g);
    const said = words.map((word) => word.replace('note', 'info'));
    assert.deepEqual(
      seen.filter((severity) => !said.includes(severity)),
      [],
      code,
    );
  }
}

/** The verdicts of a contract's or pack's cases; of an answer, with its status. */
const VERDICTS = new Map();
for (const { folder, found } of cases()) {
  const name = found.contract ?? found.pack;
  const file = ['verdict.json', 'report.json'].find((one) => existsSync(join(folder, one)));
  if (file === undefined || typeof name !== 'string') continue;
  const list = VERDICTS.get(name) ?? VERDICTS.set(name, []).get(name);
  const recording = join(folder, 'request.http');
  const answered = existsSync(recording)
    ? parseRecording(readFileSync(recording), 'request.http').request.status
    : undefined;
  list.push({ answered, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) });
}

/** The tables of a page: [header, rows]. A bar inside a cell is escaped. */
function tablesOf(text) {
  const tables = text.match(/(?:^\|.*\n)+/gm) ?? [];
  return tables.map((table) => {
    const cells = (line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim());
    const [header, , ...rows] = table.trimEnd().split('\n').map(cells);
    return [header.join(' | '), rows];
  });
}

for (const [kind, folder] of [
  ['contract', 'policies/webhook'],
  ['pack', 'policies/deployment'],
])
  for (const name of readdirSync(join(ROOT, folder)).sort())
    test(`${name}: what the tables of its README say`, async () => {
      const text = readFileSync(join(ROOT, folder, name, 'README.md'), 'utf8');
      const { contract, files } = await shipped[kind](name);
      const gate = contract && (await compile(name, { keys: standIn(contract) }));
      const lint = gate?.lint.map(({ code }) => code);
      gate?.free();
      for (const [header, rows] of tablesOf(text)) {
        if (WORDS.includes(header)) continue;
        assert.ok(header in KINDS, `a table of an unknown kind: ${header}`);
        KINDS[header]({ rows, contract, files, lint, verdicts: VERDICTS.get(name) ?? [] });
      }
      const silent = (lint ?? []).filter((code) => !text.includes(`\`${code}\``));
      assert.deepEqual(silent, [], 'the README does not explain what lint reports');
    });
