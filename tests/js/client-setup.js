// What the suites of the client share: a server that answers as it is told, and a clock that only waits move.

import { createServer } from 'node:http';

import { createClient } from '../../pkg/client/index.js';
import { NOW } from './setup.js';

/**
 * A server that gives these answers, the last one for ever: `[status, headers, body]`, or a function of request and
 * response. `came` has each request with its body.
 */
export async function serverOf(t, ...answers) {
  const came = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const answer = answers[Math.min(came.push({ method, url, headers }), answers.length) - 1];
    const mine = came.at(-1);
    mine.body = Buffer.concat(await request.toArray().catch(() => [])).toString();
    if (typeof answer === 'function') return answer(request, response);
    const [status, given = {}, body = `answer ${came.length}`] = answer;
    response.writeHead(status, given).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${server.address().port}/`, came };
}

/** `{ now, sleep }` for a client, with the waits that were asked for. */
export function clockAt(start = NOW) {
  const clock = {
    seconds: start,
    waits: [],
    now: () => clock.seconds,
    async sleep(milliseconds, { signal } = {}) {
      signal?.throwIfAborted();
      clock.waits.push(milliseconds);
      clock.seconds += milliseconds / 1000;
    },
  };
  return clock;
}

/** `{ now, sleep }` for clients that wait at the same time; `pass` lets that many seconds go by. */
export function timeFrom(start = NOW) {
  const due = [];
  const time = {
    seconds: start,
    now: () => time.seconds,
    sleep: (milliseconds) => new Promise((done) => due.push({ at: time.seconds + milliseconds / 1000, done })),
    async pass(seconds) {
      const end = time.seconds + seconds;
      for (;;) {
        await new Promise(setImmediate);
        due.sort((one, other) => one.at - other.at);
        if (due.length === 0 || due[0].at > end) break;
        const { at, done } = due.shift();
        time.seconds = at;
        done();
      }
      time.seconds = end;
    },
  };
  return time;
}

/** Does `work` so often, one after the other. */
export async function inTurn(times, work) {
  for (let turn = 0; turn < times; turn += 1) await work(turn);
}

export const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

export const busy = [429, { 'retry-after': '1' }, 'Server limit reached'];
export const hello = [200, {}, 'hello'];
export const silent = [429];
export const down = [503];

/** A client on a clock of the test, with the events of its attempts. */
export function clientOf(options = {}) {
  const clock = clockAt();
  const events = [];
  const client = createClient({
    now: clock.now,
    sleep: clock.sleep,
    onAttempt: (event) => events.push(event),
    ...options,
  });
  return { client, clock, events };
}
