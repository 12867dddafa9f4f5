// What the servers did, in one file that outlives them: every line is appended whole, by whichever process, and stays
// when it is killed.

import { appendFileSync, readFileSync } from 'node:fs';

/** write(kind, about): a line with the time and the process. */
export function writer(file) {
  return (kind, about) =>
    appendFileSync(file, `${JSON.stringify({ kind, at: Date.now(), pid: process.pid, ...about })}\n`);
}

/** Its lines; one that is being written is left for the next time. */
export function read(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/**
 * The handlings of each event, in the order of their claims: { id, pid, claim: { sent, at }, start, threw, end, settled
 * }. What is
 * `undefined` was not reached: the process was killed before.
 */
export function handlings(lines) {
  const claims = new Map(); // by process and key, the last one
  const open = new Map(); // by instance
  const all = new Map(); // by event
  for (const line of lines) {
    if (line.kind === 'claimed') claims.set(`${line.pid} ${line.key}`, line);
    if (line.kind === 'start') {
      const handling = {
        id: line.id,
        pid: line.pid,
        claim: claims.get(`${line.pid} ${line.key}`),
        start: line,
        threw: undefined,
        end: undefined,
        settled: undefined,
      };
      open.set(line.instance, handling);
      all.set(line.id, [...(all.get(line.id) ?? []), handling]);
    }
    if (['threw', 'end', 'settled'].includes(line.kind)) open.get(line.instance)[line.kind] = line;
  }
  return all;
}

/**
 * Why an event that was handled once was handled again; `wrong` is what must not be. `about`: { leaseSeconds, died,
 * killed, restarted, forgets }: processes that were killed, when the store was killed and started again, and whether it
 * kept nothing.
 */
export function reasonOf(first, second, { leaseSeconds, died, killed, restarted, forgets }) {
  const { result, at: settled = Infinity } = first.settled ?? {};
  // Released, even where nobody was left to hear that from the store.
  if (first.threw !== undefined) return 'its handler threw';
  const completed = result === 'completed' ? settled : Infinity;
  // What was claimed or completed before the store was back stands in the store that was killed, as none was there in
  // between.
  if (forgets && first.claim.at < restarted && second.claim.at >= restarted) {
    if (completed < restarted) return 'it was completed, and forgotten';
    if (second.claim.sent < completed) return 'it was at work, and forgotten';
  }
  // The lease began after its claim was sent, and the next claim was answered after it ended. Redis counts in
  // milliseconds.
  if (second.claim.at - first.claim.sent < leaseSeconds * 1000 - 2 || completed < Infinity || result === 'released')
    return 'wrong';
  if (result === undefined) return died.includes(first.pid) ? 'its server was killed' : 'wrong';
  return settled >= killed ? 'the store was away when it ended' : 'wrong';
}
