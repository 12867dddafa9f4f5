// Rules that judged nothing. Those that no document has a place for are counted, and are findings only with --strict;
// a name that is nearly one that is there is always a finding.

import { fingerprintOf } from './fingerprint.js';
import { fileOf, isOwn } from './packs.js';

const ABOUT_RULES = new Set(['rule-unmet', 'rule-data-missing', 'rule-name']);
const ASKED = 20; // documents on which a rule is asked why it gave nothing

/** { findings, unmet }: those that are left, and how many rules met no document. */
export function withoutUnmet(findings, { strict }) {
  const isUnmet = (one) => one.code === 'rule-unmet' && isAboutRule(one);
  const unmet = new Set(findings.filter(isUnmet).map(({ rule }) => rule)).size;
  if (!strict) return { findings: findings.filter((one) => !isOnlyCounted(one)), unmet };
  const raised = findings.map((one) => (isAboutRule(one) ? { ...one, severity: 'error' } : one));
  return { findings: raised, unmet };
}

/** A note says what may be meant; it is right to be there without being wrong. */
function isAboutRule({ code, severity }) {
  return ABOUT_RULES.has(code) && severity !== 'info';
}

function isOnlyCounted({ code, help = '' }) {
  return code === 'rule-unmet' && help.startsWith('each document is `input`');
}

/**
 * Notes about rules of the user's own that gave nothing, and stop at a member whose name is nearly one that is there:
 * `securityContxt`; or at what conftest gives with --combine.
 * @param found of `judged` for this pack @param given of its check
 */
export function nearMisses({ name, pack, documents }, found, given) {
  if (!isOwn(name) || documents.length === 0) return [];
  const step = Math.ceil(documents.length / ASKED);
  const asked = documents.filter((_, index) => index % step === 0).map(({ value }) => value);
  const gave = new Set(found.flatMap(({ code, rule }) => [code, rule]));
  const silent = pack.rules().filter(({ path, annotations }) => {
    const names = [path, ...annotations.flatMap(({ id }) => [id, `policy-${id}`])];
    return !annotations.some(({ subject }) => subject === 'set') && !names.some((one) => gave.has(one));
  });
  return silent.flatMap(({ path }) => {
    const { holds, stops } = pack.why(path, asked, given);
    const meant = holds === 0 ? stops.map((stop) => ({ ...stop, help: meantBy(stop) })) : [];
    const near = meant.find(({ help }) => help !== undefined);
    return near ? [noteOf(path, { ...near, file: fileOf(name, near.file) })] : [];
  });
}

const COMBINED = '`input` is one document: `data.documents` has them all, as --combine gives them to conftest';

function meantBy({ text, help }) {
  if (help?.startsWith('did you mean')) return help;
  return /^input\[\w+\]\.(?:contents|path)\b/.test(text) ? COMBINED : undefined;
}

function noteOf(rule, { file, line, reason, help }) {
  const message = `\`${rule}\` gave nothing, and stops at ${file}:${line}: ${reason}`;
  const finding = { code: 'rule-unmet', rule, severity: 'info', message, help };
  return { ...finding, fingerprint: fingerprintOf(finding, undefined) };
}
