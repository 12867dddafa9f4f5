// Every format of every command, over one project and over one report that has all there can be. What is expected is in
// formats/COMMAND/; UPDATE_FORMATS=1 writes it: read the diff before you keep it.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { Validator } from '@cfworker/json-schema';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseJunit } from 'junit2json';
import { Parser as TapParser } from 'tap-parser';

import { formatsOf } from '../../pkg/report/formats.js';
import { Terminal } from '../../pkg/report/terminal.js';
import { folder, ROOT, run } from './setup.js';

const HOME = join(ROOT, 'tests/js/formats');
const PROJECT = join(HOME, 'project');
const ENDINGS = {
  pretty: 'pretty.txt',
  json: 'report.json',
  jsonl: 'report.jsonl',
  compact: 'compact.txt',
  sarif: 'report.sarif',
  junit: 'junit.xml',
  tap: 'report.tap',
  github: 'github.txt',
  gitlab: 'gitlab.json',
  markdown: 'report.md',
};
const CASES = JSON.parse(readFileSync(join(HOME, 'cases.json'), 'utf8'));
const made = JSON.parse(readFileSync(join(HOME, 'made.json'), 'utf8'));

/** The texts of each command: { check: { pretty, json, … }, …, made }. */
const texts = {};

before(async () => {
  for (const [name, { code, args }] of Object.entries(CASES)) texts[name] = await ofCommand(code, args);
  texts.made = await ofResult(made);
});

async function ofCommand(code, args) {
  const formats = Object.entries(ENDINGS).filter(([format]) => format !== 'pretty');
  const into = folder({ after: () => {} });
  const flags = formats.flatMap(([format, ending]) => ['-f', `${format}=${join(into, ending)}`]);
  const env = { GITHUB_WORKSPACE: ROOT };
  const result = await run([...args, '-f', 'pretty', ...flags], { cwd: PROJECT, env });
  assert.equal(result.code, code, result.stdout + result.stderr);
  const read = formats.map(([format, ending]) => [format, readFileSync(join(into, ending), 'utf8')]);
  const pretty = result.stdout.replace(/\([\d.]+ m?s\)/g, '(… ms)');
  return { pretty, ...Object.fromEntries(read) };
}

async function ofResult(result) {
  const rules = {
    'policy-image-version': {
      title: 'Images',
      description: 'Why.\n',
      remedy: 'fix',
      relatedResources: ['https://e.example'],
    },
  };
  const functions = {
    ruleOf: (code) => rules[code],
    isFailing: ({ severity }) => severity === 'error',
    pathOf: (file) => file,
  };
  const terminal = Terminal.of({}, { color: 'never' }, { LANG: 'C.UTF-8' });
  const { summary, ...all } = formatsOf(() => ({ ...result, ...functions }));
  const texts = Object.entries(all).map(async ([format, text]) => [format, await text(terminal)]);
  return Object.fromEntries(await Promise.all(texts));
}

test('every format is what it was', () => {
  for (const [name, formats] of Object.entries(texts)) {
    const at = join(HOME, name);
    if (process.env.UPDATE_FORMATS) {
      mkdirSync(at, { recursive: true });
      for (const [format, text] of Object.entries(formats)) writeFileSync(join(at, ENDINGS[format]), text);
    }
    assert.deepEqual(
      readdirSync(at).sort(),
      Object.keys(formats)
        .map((format) => ENDINGS[format])
        .sort(),
    );
    for (const [format, text] of Object.entries(formats))
      assert.equal(text, readFileSync(join(at, ENDINGS[format]), 'utf8'), `${name}/${ENDINGS[format]}`);
  }
});

const read = createRequire(import.meta.url);

test('JSON holds to its schema, and a line of jsonl too', () => {
  const schema = (name) => JSON.parse(readFileSync(join(ROOT, 'pkg/policies', name), 'utf8'));
  const ajv = new Ajv2020({ allErrors: false, strict: true, strictRequired: false, strictTypes: false });
  const isReport = ajv.compile(schema('report.schema.json'));
  const isVerdict = ajv.compile(schema('verdict.schema.json'));
  for (const [name, { json, jsonl }] of Object.entries(texts)) {
    if (json === undefined) continue;
    const holds = name === 'verify' ? isVerdict : isReport;
    const reports = name === 'verify' ? [JSON.parse(json)].flat() : [JSON.parse(json)];
    const lines = jsonl
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const one of [...reports, ...lines]) assert.ok(holds(one), `${name}: ${JSON.stringify(holds.errors)}`);
  }
});

test('SARIF holds to its schema, and its indexes lead where they say', () => {
  const schema = JSON.parse(
    readFileSync(read.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
  );
  const validator = new Validator(schema, '4', false);
  for (const [name, { sarif }] of Object.entries(texts)) {
    const { valid, errors } = validator.validate(JSON.parse(sarif));
    assert.ok(valid, `${name}: ${JSON.stringify(errors.slice(-3))}`);
    const [{ results, tool }] = JSON.parse(sarif).runs;
    const { rules } = tool.driver;
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    for (const { ruleId, ruleIndex, locations, message, partialFingerprints } of results) {
      assert.equal(rules[ruleIndex].id, ruleId);
      const [{ physicalLocation }] = locations;
      assert.ok(physicalLocation.region.startLine > 0);
      assert.ok(URL.canParse(physicalLocation.artifactLocation.uri, 'file:///'));
      assert.match(partialFingerprints['countersign/v1'], /^[0-9a-f]{16}$/);
      assert.doesNotMatch(message.text, /(?<!\\)\]\(/, 'a message has a link');
    }
  }
  const [{ results }] = JSON.parse(texts.made.sarif).runs;
  assert.deepEqual(
    results.map(({ suppressions = [] }) => suppressions.map(({ kind }) => kind).join()),
    ['', '', '', '', 'inSource', 'external', 'external'],
  );
  assert.equal(results[0].relatedLocations.length, 1);
});

test('the columns of SARIF are those of the text', () => {
  const [{ results, columnKind }] = JSON.parse(texts.check.sarif).runs;
  assert.equal(columnKind, 'utf16CodeUnits');
  const { startLine, startColumn, endColumn } = results
    .map(({ locations: [{ physicalLocation }] }) => physicalLocation)
    .find(({ region }) => region.startLine === 7).region;
  const line = readFileSync(join(PROJECT, 'deploy/web.yaml'), 'utf8').split('\n')[startLine - 1];
  assert.equal(line.slice(startColumn - 1, endColumn - 1), '"web:latest"');
});

test('a parser of JUnit finds what the counts say', async () => {
  for (const [name, { junit }] of Object.entries(texts)) {
    const { testsuite, ...counts } = await parseJunit(junit);
    const all = testsuite.flatMap((suite) => suite.testcase);
    const having = (member) => all.filter((one) => one[member] !== undefined).length;
    assert.deepEqual(
      [counts.tests, counts.failures, counts.errors, all.length],
      [all.length, having('failure'), having('error'), testsuite.reduce((sum, { tests }) => sum + tests, 0)],
      name,
    );
    const names = all.map((one) => `${one.classname} ${one.name}`);
    assert.equal(new Set(names).size, names.length, 'two tests have one name');
  }
  const { testsuite } = await parseJunit(texts.made.junit);
  const failed = testsuite.flatMap(({ testcase }) => testcase).filter(({ failure }) => failure);
  assert.equal(failed.length, 2);
  const problem = testsuite
    .flatMap(({ testcase }) => testcase)
    .find(({ error }) => error?.[0].type === 'contract-policy');
  assert.deepEqual([problem.name, problem.error[0].inner], ['pack/a.rego:4:2', 'help: see [docs](x)']);
});

test('a parser of TAP finds the tests of JUnit', async () => {
  for (const [name, { tap, junit }] of Object.entries(texts)) {
    const points = [];
    const parser = new TapParser({ strict: true });
    parser.on('assert', (point) => points.push(point));
    const done = new Promise((resolve) => parser.on('complete', resolve));
    parser.end(tap);
    const { count, failures, fail, skip } = await done;
    const { tests, ...counts } = await parseJunit(junit);
    assert.deepEqual([count, fail], [tests, counts.failures + counts.errors], `${name}: ${JSON.stringify(failures)}`);
    assert.equal(skip, Number(/skipped="(\d+)"/.exec(junit)[1]));
    for (const point of points.filter(({ ok }) => !ok)) assert.equal(typeof point.diag.message, 'string', name);
  }
});

/** What GitHub makes of a line: { command, properties, text }. */
function commandOf(line) {
  const [, command, given, text] = /^::(\w+) ([^:]*)::(.*)$/.exec(line);
  const plain = (escaped) =>
    escaped
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%25', '%');
  const properties = given.split(',').map((one) => one.split(/=(.*)/s).slice(0, 2));
  return {
    command,
    properties: Object.fromEntries(properties.map(([key, value]) => [key, plain(value)])),
    text: plain(text),
  };
}

const commandsOf = (text) => text.trimEnd().split('\n').map(commandOf);

test('GitHub reads each finding once, and nothing else', () => {
  const [problem, , general, first, , second] = commandsOf(texts.made.github);
  assert.deepEqual(problem.properties, { file: 'gone, 1:2.yaml', title: 'unevaluated' });
  assert.deepEqual(general.properties, { title: 'unevaluated' });
  assert.deepEqual([first.command, first.properties.col], ['error', '1']);
  assert.deepEqual(second.properties, {
    file: 'deploy/web.yaml',
    line: '3',
    endLine: '5',
    title: 'policy-image-version',
  });
  const message = made.findings[0].message
    .replace('\r\n', '\n')
    .replace('\u001b', '\\u{1b}')
    .replace('\u202e', '\\u{202e}');
  assert.equal(second.text, `${message}\nhelp: line one\nline two`);
  const [{ source }] = JSON.parse(texts.check.json).findings.filter(({ severity }) => severity === 'error');
  const annotated = commandsOf(texts.check.github).find(({ properties }) => Number(properties.line) === source.line);
  assert.equal(annotated.properties.file, `tests/js/formats/project/${source.file}`);
});

test('GitHub gets no more than it shows, the most severe first, and the rest in numbers', async () => {
  const many = (count, severity, code) =>
    Array.from({ length: count }, (_, index) => ({ code, severity, message: `m${index}`, unit: 'a.yaml' }));
  const findings = [
    ...many(30, 'info', 'policy-i'),
    ...many(12, 'warning', 'policy-w'),
    ...many(13, 'error', 'policy-e'),
  ];
  const all = commandsOf((await ofResult({ ...made, findings, problems: [] })).github);
  const count = (name) => all.filter(({ command }) => command === name).length;
  assert.deepEqual([count('error'), count('warning'), count('notice')], [10, 10, 10]);
  assert.equal(all[0].command, 'error');
  assert.match(
    all.at(-2).text,
    /^13 errors, 12 warnings, 30 notes, 2 waived, .*\n22 policy-i\n3 policy-e\n2 policy-w$/s,
  );
});

test("GitLab's issues have a place, and no two one fingerprint", () => {
  for (const { gitlab } of Object.values(texts)) {
    const issues = JSON.parse(gitlab);
    assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length);
    for (const { description, check_name: name, severity, location } of issues) {
      assert.ok(description && name && location.path && Number.isInteger(location.lines.begin));
      assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(severity));
    }
  }
});

test('Markdown: a text stays in its cell and makes nothing', async () => {
  for (const { markdown } of Object.values(texts)) {
    const rows = markdown.split('\n').filter((line) => line.startsWith('| '));
    for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).length, 6, row);
    assert.doesNotMatch(markdown.replaceAll('<br>', ''), /[<@\p{Cf}]|[^\n\P{Cc}]|(?<!\\)\]\(/u);
  }
  const findings = Array.from({ length: 5000 }, (_, index) => ({
    code: `policy-${index}`,
    severity: 'error',
    message: '内'.repeat(100),
  }));
  const { markdown } = await ofResult({ ...made, findings });
  assert.ok(Buffer.byteLength(markdown) < 60_000);
  assert.match(markdown, /and 4\d{3} more/);
});

test('a finding says how to fix it in every format', () => {
  for (const [format, text] of Object.entries(texts.check))
    if (format !== 'compact') assert.match(text, /write the version after the colon/, format);
});

test('what is set aside and what could not be judged is counted in every format for people', () => {
  for (const format of ['compact', 'tap', 'markdown'])
    assert.match(
      texts.made[format],
      /2 errors, 1 warning, 1 note, 2 waived, 1 in the baseline, 2 files skipped, 3 problems/,
      format,
    );
  for (const [format, text] of Object.entries(texts.made)) assert.match(text, /x\.yaml/, format);
});
