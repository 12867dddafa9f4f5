// SARIF 2.1.0, for code scanning. It has no time and no path of the machine: equal runs are equal bytes.

import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, exitCode, identity, placeOf, remedy, resourceOf } from './result.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const HOME = 'https://github.com/countersign/countersign';
const LEVELS = { error: 'error', warning: 'warning', info: 'note' };
const ROOT = '%SRCROOT%';

export function sarifReport(result) {
  const { findings, waived = [], baseline = [], version } = result;
  const all = [...findings, ...waived, ...baseline];
  const codes = [...new Set(all.map(({ code }) => code))].sort();
  const setAside = new Map([
    ...waived.map((finding) => [finding, suppressionOf(finding)]),
    ...baseline.map((finding) => [finding, { kind: 'external', justification: 'it is in the baseline' }]),
  ]);
  const run = {
    tool: {
      driver: {
        name: 'countersign',
        semanticVersion: version,
        informationUri: HOME,
        rules: codes.map((code) => rule(result, code)),
      },
    },
    invocations: [invocation(result)],
    automationDetails: { id: `countersign/${result.command}/` },
    originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    results: all.map((finding) => one(result, finding, codes.indexOf(finding.code), setAside.get(finding))),
  };
  return `${JSON.stringify({ version: '2.1.0', $schema: SCHEMA, runs: [run] }, null, 2)}\n`;
}

function rule(result, code) {
  const { title, description, fix, uri } = describe(result, code);
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: description && { text: description },
    help: fix && { text: fix },
    helpUri: uri,
  };
}

function one(result, finding, ruleIndex, suppression) {
  const { code, severity, message, at, waived } = finding;
  const fix = remedy(finding);
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: unlinked(fix === undefined ? message : `${message}\nhelp: ${fix}`) },
    locations: [location(result, placeOf(result, finding), logical(finding))],
    relatedLocations: relatedOf(result, finding),
    partialFingerprints: { 'countersign/v1': identity(finding) },
    suppressions: suppression && [suppression],
    properties: at === undefined && waived === undefined ? undefined : { at, waived },
  };
}

function suppressionOf({ waived: { by, reason } }) {
  return { kind: by === 'comment' ? 'inSource' : 'external', justification: reason };
}

function location({ pathOf }, { file, line, column, endLine, endColumn }, logicalLocations) {
  // Code scanning takes no place without a line.
  const region = { startLine: line ?? 1, startColumn: column, endLine, endColumn };
  return { physicalLocation: { artifactLocation: artifact(pathOf(file)), region }, logicalLocations };
}

function artifact(path) {
  if (isAbsolute(path)) return { uri: pathToFileURL(path).href };
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}

function logical(finding) {
  const name = resourceOf(finding);
  return name && [{ fullyQualifiedName: name, kind: 'resource' }];
}

/** What else the rule read, without the place of the finding itself. */
function relatedOf(result, { reads = [], source }) {
  const others = reads.filter((read) => read.source && !isSame(read.source, source));
  const related = others.map(({ at, absent, source: place }, index) => ({
    id: index + 1,
    ...location(result, place),
    message: { text: unlinked(absent ? `read, and found nothing at ${at}` : `read ${at}`) },
  }));
  return related.length > 0 ? related : undefined;
}

function isSame(one, other) {
  return one.line === other?.line && one.column === other?.column && one.file === other?.file;
}

function invocation(result) {
  const skipped = (result.skipped ?? []).map(({ file, line, reason }) => ({
    level: 'note',
    message: { text: unlinked(reason) },
    locations: [location(result, { file, line })],
  }));
  const problems = (result.problems ?? []).map(({ code, message, file, line, column, help }) => ({
    level: 'error',
    descriptor: code && { id: code },
    message: { text: unlinked(help === undefined ? message : `${message}\nhelp: ${help}`) },
    locations: file === undefined ? undefined : [location(result, { file, line, column })],
  }));
  const notifications = [...problems, ...skipped];
  return {
    executionSuccessful: result.verdict !== 'error',
    exitCode: exitCode(result),
    toolExecutionNotifications: notifications.length > 0 ? notifications : undefined,
  };
}

/** In a message of SARIF, `[text](place)` is a link. The text may be from a document that is judged. */
function unlinked(text) {
  return text.replace(/[\\[\]]/g, (one) => (text.includes('](') ? `\\${one}` : one));
}
