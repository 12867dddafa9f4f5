// A finding is a union by `code`. Compiled, never run.

import type { Finding, FindingCode, FindingFacts, Gate, RawRequest } from '../../pkg/index.js';

declare const gate: Gate;
declare const request: RawRequest;

export function facts(finding: Finding): string | number | undefined {
  // Of any finding.
  const common: [FindingCode, string, string | undefined, string | undefined] = [
    finding.code,
    finding.severity,
    finding.at,
    finding.help,
  ];
  // @ts-expect-error a fact of some codes
  finding.keys;
  switch (finding.code) {
    case 'signature-mismatch': {
      const keys: number = finding.keys;
      // @ts-expect-error a fact of another code
      finding.skewSeconds;
      return keys + finding.help.length + finding.at.length;
    }
    case 'timestamp-too-old':
    case 'timestamp-too-new':
      return finding.skewSeconds - finding.allowed;
    case 'dpop-iat':
      // @ts-expect-error only if the time could be read
      return finding.skewSeconds.toFixed();
    case 'schema-required':
      return finding.property + finding.schemaAt;
    case 'schema-max-length':
      // @ts-expect-error a number
      finding.got.trim();
      return finding.got - finding.allowed;
    case 'schema-type':
      return finding.got.toUpperCase() + finding.allowed;
    case 'json-invalid':
      return finding.offset;
    case 'limit-headers':
      return finding.got;
    case 'policy-mine':
      // @ts-expect-error of the rule's own, so of any type
      finding.facts?.days.toFixed();
      return finding.rule + finding.facts?.days;
    // @ts-expect-error no such code
    case 'signature-wrong':
      return undefined;
    // @ts-expect-error no such keyword
    case 'schema-requird':
      return undefined;
    default:
      return `${common}`;
  }
}

// A fact that several codes have.
export function late(findings: readonly Finding[]): number | undefined {
  for (const finding of findings) if ('skewSeconds' in finding) return finding.skewSeconds;
  return undefined;
}

export function first(): Finding | undefined {
  // @ts-expect-error lint is not for changing
  gate.lint.push();
  return gate.check(request).findings[0] ?? gate.lint[0];
}

const placed = { stage: 'signature', severity: 'error', message: 'm', at: 'header:a' } as const;
export const right: Finding = { ...placed, code: 'signature-mismatch', help: 'h', keys: 2 };
// @ts-expect-error `keys` is missing
export const missing: Finding = { ...placed, code: 'signature-mismatch', help: 'h' };
// @ts-expect-error no fact of this code
export const unknown: Finding = { ...placed, code: 'signature-missing', keys: 2 };

// Every code has its facts, and no other has.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
export const complete: Same<keyof FindingFacts, FindingCode> = true;
