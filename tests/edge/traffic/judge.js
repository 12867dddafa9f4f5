// What must hold after a run, and its table.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { handlings, reasonOf } from './journal.js';

/** No bad request reached a handler, and each was answered as its kind says. */
export function judgeBad(results, lines) {
  const codes = new Map(lines.filter(({ kind }) => kind === 'verdict').map(({ instance, code }) => [instance, code]));
  // Of failed authentication, by status and title: but for the instance they are the same bytes.
  const refusals = new Map();
  for (const { job, status, headers, text } of results.filter(({ job }) => job.kind !== 'good')) {
    const what = `${job.kind} for ${job.provider}: ${status} ${text}`;
    const { expected } = job;
    assert.equal(status, expected.status, what);
    if (expected.codes.length === 0) continue;
    const problem = JSON.parse(text);
    const code = codes.get(problem.instance);
    const type = expected.type ?? `urn:countersign:${code === 'none' ? 'problem:unrouted' : `code:${code}`}`;
    assert.deepEqual(
      [headers['content-type'], problem.type, problem.status],
      ['application/problem+json', type, status],
      what,
    );
    assert.ok(expected.codes.includes(code), `${what}, and the code ${code}`);
    if (expected.type === undefined) continue;
    const { date, ...rest } = headers;
    const key = job.provider === 'sub2api' ? `sub2api ${problem.title}` : 'others';
    refusals.set(
      key,
      (refusals.get(key) ?? new Set()).add(JSON.stringify(rest) + text.replace(problem.instance, 'urn:uuid:')),
    );
  }
  // One for all providers. The preset `sub2api` says "stale" or "invalid", as the service does whose answers it gives.
  assert.deepEqual([...refusals].map(([key, texts]) => [key, texts.size]).sort(), [
    ['others', 1],
    ['sub2api invalid webhook signature', 1],
    ['sub2api stale webhook request', 1],
  ]);
  const reached = [...handlings(lines).keys()].filter((id) => !id.startsWith('evt-'));
  assert.deepEqual(reached, [], 'bad requests that reached a handler');
}

/**
 * Every good request was answered 200, and every event handled to its end, over the bytes that were sent; a second time
 * for no reason but one of `allowed`. `about` is what `reasonOf` asks. Gives how often each reason came.
 */
export function judgeGood(results, lines, events, allowed, about) {
  for (const { job, status, text } of results.filter(({ job }) => job.kind === 'good')) {
    assert.equal(status, 200, `${job.id}: ${status} ${text}`);
    assert.ok(text === '{"handled":true}' || JSON.parse(text).duplicate === true, text);
  }
  const all = handlings(lines);
  const reasons = {};
  for (const { id, provider } of events) {
    const handled = all.get(id) ?? [];
    assert.ok(
      handled.some(({ end }) => end !== undefined),
      `${id} was not handled to its end`,
    );
    const digest = createHash('sha256')
      .update(JSON.stringify(provider.body(id)))
      .digest('hex');
    for (const { start } of handled) assert.equal(start.digest, digest, `${id} was handled with other bytes`);
    for (const [index, second] of handled.entries()) {
      for (const [earlier, first] of handled.slice(0, index).entries()) {
        const reason = reasonOf(first, second, about);
        assert.ok(allowed.includes(reason), `${id} was handled again (${reason}): ${JSON.stringify(handled)}`);
        if (earlier === index - 1) reasons[reason] = (reasons[reason] ?? 0) + 1;
      }
    }
  }
  return reasons;
}

/** Rows of [what, number], and beside them what every kind of bad request was answered. */
export function tableOf(numbers, results, lines, reasons, ends) {
  const all = [...handlings(lines).values()].flat();
  const why = (status) => results.reduce((sum, result) => sum + (result.why[status] ?? 0), 0);
  const rows = [
    ['requests', results.length],
    [
      '  good',
      `${numbers.good} (${numbers.bursts} events ${numbers.copies} times at once, ${numbers.singles} once, ` +
        `${numbers.again} again later)`,
    ],
    ['  bad', numbers.bad],
    ['tries, retries included', results.reduce((sum, { tries }) => sum + tries, 0)],
    ['  most tries of one request', Math.max(...results.map(({ tries }) => tries))],
    ['retried after 409', why(409)],
    ['retried after 503', why(503)],
    ['retried after 500', why(500)],
    ['retried after a broken connection', why('no connection')],
    [
      'answered as a duplicate',
      results.filter(({ job, text }) => job.kind === 'good' && text !== '{"handled":true}').length,
    ],
    ['events', numbers.events],
    ['handlers begun', all.length],
    ['handlers that came to their end', all.filter(({ end }) => end).length],
    ...Object.entries(reasons).map(([reason, count]) => [`  handled again, as ${reason}`, count]),
    ['servers killed and started again', ends.length],
  ];
  const kinds = new Map();
  for (const { job, status } of results.filter(({ job }) => job.kind !== 'good')) {
    const answers = kinds.get(job.kind) ?? new Map();
    kinds.set(job.kind, answers.set(status, (answers.get(status) ?? 0) + 1));
  }
  const spelt = [...kinds].sort().map(([kind, answers]) => [
    `  ${kind}`,
    [...answers]
      .sort()
      .map(([status, count]) => `${count} × ${status}`)
      .join(', '),
  ]);
  return [...rows, ['bad ones and their answers', ''], ...spelt]
    .map(([what, count]) => `${what.padEnd(52)} ${count}`)
    .join('\n');
}
