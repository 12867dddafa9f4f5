// Tests that failed, as findings: for the formats that know nothing of tests.

import { GATE } from '../codes/gate.js';
import { lowCoverage, saidBy } from './testcases.js';

export function findingsOfTests({ tests, coverage = {} }) {
  const low = lowCoverage(coverage);
  return [
    ...tests.filter(({ outcome }) => outcome === 'fail' || outcome === 'error').map(ofTest),
    ...(low === undefined ? [] : [{ code: 'coverage-low', severity: 'error', message: low }]),
  ].map((finding) => ({ help: GATE[finding.code][1], ...finding }));
}

function ofTest(test) {
  const { name, outcome, file, line, stuck, help, pack, folder } = test;
  const { file: at = file, line: stuckLine = line, column } = stuck ?? {};
  return {
    code: outcome === 'fail' ? 'test-failed' : 'test-error',
    severity: 'error',
    message: `${name}: ${saidBy(test)}`,
    at: name,
    source: { file: at, line: stuckLine, column },
    unit: pack ?? folder,
    ...((help ?? stuck?.help) && { help: help ?? stuck.help }),
  };
}
