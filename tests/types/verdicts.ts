// A verdict and a decision are unions by `verdict`. Compiled, never run.

import type { Decision, Gate, RawRequest, ReplayKey, RoutedEvent, Verdict } from '../../pkg/index.js';

declare const request: RawRequest;
declare const gate: Gate;
declare const typed: Gate<{ id: string }>;

export function read(verdict: Verdict<{ id: string }>): string | undefined {
  // Of any verdict.
  const common: [number | undefined, string | undefined, number] = [
    verdict.status,
    verdict.statusText,
    verdict.stages.length,
  ];
  switch (verdict.verdict) {
    case 'accept': {
      const event: RoutedEvent | undefined = verdict.event;
      verdict.deadLetter satisfies undefined;
      // @ts-expect-error there may be no route
      verdict.event.type;
      // @ts-expect-error there may be no replay key
      verdict.replay.key;
      return verdict.message.id + event?.type + verdict.answer?.type;
    }
    case 'ignore': {
      const replay: ReplayKey = verdict.replay;
      // A copy gives nothing to handle.
      [verdict.event, verdict.message, verdict.answer, verdict.deadLetter] satisfies undefined[];
      return replay.key;
    }
    case 'reject':
      // Nor does what was rejected.
      [verdict.event, verdict.message, verdict.answer] satisfies undefined[];
      // @ts-expect-error only a duplicate has one
      verdict.replay.key;
      return `${verdict.deadLetter?.sha256} ${verdict.replay?.onDuplicate} ${common}`;
    default:
      return verdict satisfies never;
  }
}

// Without narrowing, what only some verdicts have may be undefined, and nothing else is there.
export function unread(verdict: Verdict): unknown[] {
  // @ts-expect-error only an accept has it
  verdict.event.type;
  // @ts-expect-error no such member
  verdict.reason;
  // @ts-expect-error no such verdict
  if (verdict.verdict === 'accepted') return [];
  return [verdict.event?.type, verdict.message?.text, verdict.replay?.key, verdict.deadLetter?.reason];
}

// Taken apart, it narrows too.
export function apart(): string | undefined {
  const { verdict, message, event } = typed.check(request);
  // @ts-expect-error perhaps there is none
  message.id;
  return verdict === 'accept' ? message.id + event?.id : undefined;
}

export function decided(decision: Decision<{ id: string }>): string {
  if (decision.verdict === 'accept') return decision.message.id + decision.event?.type + decision.answer?.type;
  if (decision.verdict === 'ignore') return decision.replay.key;
  // @ts-expect-error a decision has no report
  decision.findings;
  [decision.event, decision.message, decision.answer] satisfies undefined[];
  return `${decision.status}`;
}

export function fast(): [string, string | undefined, unknown] {
  const decision = typed.decide(request, { now: 1, seen: new Set<string>() });
  // @ts-expect-error milliseconds are no option
  typed.decide(request, { milliseconds: 1 });
  const { verdict, message } = gate.decide(request);
  return [decision.verdict, decision.message?.id, verdict === 'accept' && message?.text];
}

// The copy of an accepted message is no accept; and only an accept has copies.
export function copied(verdict: Verdict<{ id: string }>): 'ignore' | 'reject' | undefined {
  // @ts-expect-error perhaps it was rejected
  typed.duplicate(request, verdict);
  return verdict.verdict === 'accept' ? typed.duplicate(request, verdict).verdict : undefined;
}
