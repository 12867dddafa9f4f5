// The report of `countersign test` as JUnit's XML, a suite for each pack. It has no times: equal runs are equal bytes.

/** @param report what `-f json` prints */
export function junitReport({ tests, coverage, problems = [] }) {
  const packs = [...new Set(tests.map(({ pack }) => pack))];
  const suites = packs.map((name) => ({ name, cases: tests.filter(({ pack }) => pack === name).map(testCase) }));
  // What else makes the run fail, lest it look like one that passed.
  const others = [...problems.map(problemCase), ...coverageCase(coverage)];
  if (others.length > 0) suites.push({ name: 'countersign', cases: others });
  const sums = attributes(countsOf(suites.flatMap(({ cases }) => cases)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${sums}>\n${suites.map(suite).join('')}</testsuites>\n`;
}

function suite({ name, cases }) {
  const head = attributes({ name, ...countsOf(cases) });
  return `  <testsuite${head}>\n${cases.map(({ text }) => text).join('')}  </testsuite>\n`;
}

function countsOf(cases) {
  const count = (outcome) => cases.filter((one) => one.outcome === outcome).length;
  return { tests: cases.length, failures: count('fail'), errors: count('error'), skipped: count('skip') };
}

function testCase({ name, outcome, file, line, message, stuck, cases = [], printed = [] }) {
  const dot = name.lastIndexOf('.');
  const head = attributes({ classname: name.slice(0, Math.max(0, dot)), name: name.slice(dot + 1), file, line });
  const failed = cases.filter((one) => one.outcome !== 'pass').map((one) => `case ${one.name}: ${one.outcome}`);
  const place = stuck && [`${stuck.file}:${stuck.line}:${stuck.column}: ${stuck.text}`, stuck.reason];
  const values = stuck?.values?.map((one) => `${one.name} = ${one.value}`) ?? [];
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

function coverageCase({ percent, least } = {}) {
  if (least === undefined || percent >= least) return [];
  const message = `${percent} % of the lines were reached, and ${least} % are asked for`;
  const head = attributes({ classname: 'countersign', name: 'coverage' });
  return [{ outcome: 'fail', text: caseText(head, [element('failure', { message, type: 'fail' }, [])]) }];
}

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
    .map(
      ([name, value]) => ` ${name}="${escaped(String(value)).replace(/[\t\n]/g, (one) => `&#${one.charCodeAt(0)};`)}"`,
    )
    .join('');
}

const NAMED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#13;' };

/** XML 1.0 has no way to write most control characters and halves of pairs: they are shown as escapes of JavaScript. */
function escaped(text) {
  return text
    .replace(
      /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu,
      (one) => `\\u{${one.codePointAt(0).toString(16)}}`,
    )
    .replace(/[&<>"'\r]/g, (one) => NAMED[one]);
}
