// JUnit's XML, a suite for each thing that was judged. It has no times: equal runs are equal bytes.

import { suitesOf, testcasesOf } from './testcases.js';

/** @param {import('./result.js').Result} result */
export function junitReport(result) {
  const testcases = testcasesOf(result);
  const suites = suitesOf(testcases).map(suite).join('');
  const head = attributes(countsOf(testcases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites}</testsuites>\n`;
}

function suite({ name, cases }) {
  const head = attributes({ name, ...countsOf(cases) });
  return `  <testsuite${head}>\n${cases.map(testcase).join('')}  </testsuite>\n`;
}

function countsOf(cases) {
  const count = (outcome) => cases.filter((one) => one.outcome === outcome).length;
  return { tests: cases.length, failures: count('fail'), errors: count('error'), skipped: count('skip') };
}

function testcase({ classname, name, outcome, file, line, message, type, lines = [], printed = [] }) {
  const head = attributes({ classname, name, file, line });
  const inner = [
    outcome === 'fail' && element('failure', { message, type }, lines),
    outcome === 'error' && element('error', { message, type }, lines),
    outcome === 'skip' && element('skipped', { message }, []),
    printed.length > 0 && element('system-out', {}, printed),
  ].filter(Boolean);
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
