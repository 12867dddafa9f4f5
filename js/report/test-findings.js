// Tests that failed, as findings: for the formats that know nothing of tests.

import { lowCoverage, saidBy } from './testcases.js';

const RULES = {
  'test-failed': {
    title: 'A test of a policy failed.',
    description: 'A rule named test_… is not true, or a case of it is not.',
    remedy: 'read where the test stopped being true, then change the rule or the test',
  },
  'test-error': {
    title: 'A test of a policy could not be evaluated.',
    description: 'Neither the policy nor its test can be said to be right.',
    remedy: 'read the message of the error, which says where it is',
  },
  'coverage-low': {
    title: 'The tests reach fewer lines than --min asks for.',
    description: 'Lines of policies that no test reaches may do anything.',
    remedy: 'write tests for the lines that -v lists, or ask for less with --min',
  },
};

export function ruleOfTests(code) {
  return RULES[code];
}

export function findingsOfTests({ tests, coverage = {} }) {
  const low = lowCoverage(coverage);
  return [
    ...tests.filter(({ outcome }) => outcome === 'fail' || outcome === 'error').map(ofTest),
    ...(low === undefined ? [] : [{ code: 'coverage-low', severity: 'error', message: low }]),
  ].map((finding) => ({ help: RULES[finding.code].remedy, ...finding }));
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
