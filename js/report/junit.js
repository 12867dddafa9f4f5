// The report of `countersign test` as JUnit's XML, a suite for each pack. It has no times, so equal runs are equal bytes.

/** @param report what `-f json` prints */
export function junitReport({ counts, tests, problems = [] }) {
  const suites = Map.groupBy(tests, ({ pack }) => pack);
  const parts = [...suites].map(([name, own]) => suite(name, own.map(testCase)));
  if (problems.length > 0) parts.push(suite('countersign', problems.map(problemCase)));
  const errors = counts.errors + problems.length;
  const sums = attributes({
    tests: counts.tests + problems.length,
    failures: counts.failed,
    errors,
    skipped: counts.skipped,
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${sums}>\n${parts.join('')}</testsuites>\n`;
}

function suite(name, cases) {
  const count = (outcome) => cases.filter((one) => one.outcome === outcome).length;
  const sums = { tests: cases.length, failures: count('fail'), errors: count('error'), skipped: count('skip') };
  return `  <testsuite${attributes({ name, ...sums })}>\n${cases.map(({ text }) => text).join('')}  </testsuite>\n`;
}

function testCase({ name, outcome, file, line, message, stuck, cases = [], printed = [] }) {
  const dot = name.lastIndexOf('.');
  const head = attributes({ classname: name.slice(0, Math.max(0, dot)), name: name.slice(dot + 1), file, line });
  const failed = cases.filter((one) => one.outcome !== 'pass').map((one) => `case ${one.name}: ${one.outcome}`);
  const place = stuck && [`${stuck.file}:${stuck.line}:${stuck.column}: ${stuck.text}`, stuck.reason];
  const values = stuck?.values.map((one) => `${one.name} = ${JSON.stringify(one.value)}`) ?? [];
  const lines = [...(place ?? []), ...values, ...failed];
  const said = message ?? stuck?.reason ?? 'it is not true';
  const inner = [
    outcome === 'fail' && element('failure', { message: said, type: 'fail' }, lines),
    outcome === 'error' && element('error', { message: said, type: 'error' }, lines),
    outcome === 'skip' && element('skipped', {}, []),
    printed.length > 0 && element('system-out', {}, printed),
  ].filter(Boolean);
  return { outcome, text: caseText(head, inner) };
}

/** What could not run is an error in the report, lest it look like tests that passed. */
function problemCase({ code, message, file, line, column, help }, index) {
  const where = [file, line, column].filter((part) => part !== undefined).join(':');
  const head = attributes({ classname: 'countersign', name: where || `problem ${index + 1}`, file, line });
  const lines = help === undefined ? [] : [`help: ${help}`];
  return { outcome: 'error', text: caseText(head, [element('error', { message, type: code ?? 'error' }, lines)]) };
}

function caseText(head, inner) {
  if (inner.length === 0) return `    <testcase${head}/>\n`;
  return `    <testcase${head}>\n${inner.join('')}    </testcase>\n`;
}

function element(name, said, lines) {
  const head = `      <${name}${attributes(said)}`;
  return lines.length === 0 ? `${head}/>\n` : `${head}>${escaped(lines.join('\n'))}</${name}>\n`;
}

function attributes(values) {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replace(/[\t\n]/g, (one) => `&#${one.charCodeAt(0)};`)}"`)
    .join('');
}

const NAMED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#13;' };

/** XML 1.0 has no way to write most control characters and halves of pairs: they are shown as escapes of JavaScript. */
function escaped(text) {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, (one) => `\\u{${one.codePointAt(0).toString(16)}}`)
    .replace(/[&<>"'\r]/g, (one) => NAMED[one]);
}
