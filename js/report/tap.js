// TAP, version 14: https://testanything.org.

import { headline, testcasesOf } from './testcases.js';
import { clean } from './width.js';

/** @param {import('./result.js').Result} result */
export function tapReport(result) {
  const testcases = testcasesOf(result);
  const plan = testcases.length > 0 ? `1..${testcases.length}` : '1..0 # SKIP nothing was judged';
  const lines = testcases.flatMap((one, index) => point(one, index + 1));
  return `${['TAP version 14', plan, ...lines, `# ${onLine(headline(result))}`].join('\n')}\n`;
}

function point({ suite, classname, name, outcome, file, line, message, type, lines = [], printed = [] }, number) {
  const failed = outcome === 'fail' || outcome === 'error';
  const about = [suite, classname === suite ? undefined : classname].filter(Boolean).join(': ');
  const skipped = outcome === 'skip' ? ` # SKIP ${onLine(message ?? '')}`.trimEnd() : '';
  const head = `${failed ? 'not ok' : 'ok'} ${number} - ${escaped(`${about}: ${name}`)}${skipped}`;
  const at = file === undefined ? undefined : { file, line };
  const said = {
    message: failed ? message : undefined,
    severity: failed ? outcome : undefined,
    type: failed ? type : undefined,
    at: failed ? at : undefined,
    why: lines.length > 0 ? lines : undefined,
    printed: printed.length > 0 ? printed : undefined,
  };
  const rows = Object.entries(said).filter(([, value]) => value !== undefined);
  if (rows.length === 0) return [head];
  // JSON is YAML, and in JSON no text can end the block.
  return [head, '  ---', ...rows.map(([key, value]) => `  ${key}: ${json(value)}`), '  ...'];
}

/** In a description, a `#` would start a directive. */
function escaped(text) {
  return onLine(text).replace(/[\\#]/g, (one) => `\\${one}`);
}

/** A line break would start a line of its own, and a control character may do anything. */
function onLine(text) {
  return clean(text.replace(/[\r\n]+/g, ' '));
}

/** JSON leaves some characters as they are that YAML reads as the end of a line, and that change how a line reads. */
function json(value) {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
