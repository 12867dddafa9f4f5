// Sub2API -> this shim -> the customer-service webhook. It takes a native event, makes the message that the receiver
// reads, signs it, delivers it, and answers with what the receiver said. It keeps nothing: an event is the sender's
// until the sender has a 200, so whatever may go better later is answered with 5xx.

import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { backoff, compile, retryDelay } from 'countersign';

const { AI_CS_WEBHOOK_SECRET, RECEIVER_URL, SHIM_TOKEN, HOST = '127.0.0.1', PORT = '8787' } = process.env;
if (!RECEIVER_URL || !SHIM_TOKEN) throw new Error('RECEIVER_URL and SHIM_TOKEN are not set: copy .env.example to .env');

const MAX_BYTES = 1_048_576;
const ATTEMPTS = 3;
const ATTEMPT_MILLISECONDS = 5_000;
const LONGEST_WAIT_MILLISECONDS = 2_000; // the sender is waiting, and asks again itself

const gate = await compile('sub2api', { keys: [{ secret: AI_CS_WEBHOOK_SECRET }] });
const answers = await compile('sub2api-answer');
const envelope = { method: 'POST', url: RECEIVER_URL, headers: [['content-type', 'application/json']] };
const [wrong] = gate.shape({ ...envelope, body: new Uint8Array() }).findings.filter(({ stage }) => stage === 'request');
if (wrong) throw new Error(`RECEIVER_URL: ${wrong.message}`);

/** What becomes of one event: { status, body, retryAfter? } for its sender. */
async function handle(event) {
  const { shaped, message } = gate.shapeText({ ...envelope, body: event });
  const { findings } = JSON.parse(shaped);
  if (message === undefined) return { status: 422, body: refusal('the event gives no message', findings) };
  const { message_id: id } = JSON.parse(message);
  const said = findings.filter(({ severity }) => severity !== 'info').map(({ code, at }) => ({ code, at }));
  for (let attempt = 0; ; attempt += 1) {
    const { status, verdict, body, headers } = await deliver(new TextEncoder().encode(message));
    log({ id, attempt, status, verdict: verdict?.verdict, codes: verdict?.findings.map(({ code }) => code), said });
    // An answer that lacks something is logged; the message was taken all the same, and must not be sent again.
    if (verdict?.verdict === 'accept' || isReceipt(status, body))
      return { status: 200, body, type: headers.get('content-type') };
    const again = verdict ? verdict.findings.find(({ facts }) => facts?.again)?.facts.again : 'later';
    if (again !== 'later') {
      // What is wrong with the message is for its sender to correct; key, clock and address are for us.
      const ofMessage = [400, 413, 422].includes(status);
      const why = ofMessage ? 'the receiver refuses the message' : 'the receiver does not take our requests';
      return { status: ofMessage ? 422 : 502, body: refusal(why, verdict.findings) };
    }
    const asked = retryDelay(headers ?? {}, { defaultSeconds: 0 }).milliseconds;
    const wait = Math.max(asked, backoff(attempt, { seed: id ?? '', baseMilliseconds: 200 }).milliseconds);
    // Without an id the receiver could not tell a second copy from a second message.
    if (id === undefined || attempt + 1 >= ATTEMPTS || wait > LONGEST_WAIT_MILLISECONDS)
      return {
        status: 503,
        body: refusal('the receiver does not answer: send the event again', []),
        retryAfter: Math.max(1, Math.ceil(wait / 1000)),
      };
    await sleep(wait);
  }
}

/** Signs the message with the time of now, sends it, and reads the answer; without a verdict there was none. */
async function deliver(body) {
  const signed = gate.sign({ ...envelope, body });
  const call = { method: 'POST', headers: signed.headers, body, redirect: 'manual' };
  try {
    const answer = await fetch(signed.url, { ...call, signal: AbortSignal.timeout(ATTEMPT_MILLISECONDS) });
    const { status, headers } = answer;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { status, headers, body: bytes, verdict: answers.check({ status, headers, body: bytes }) };
  } catch (error) {
    log({ error: error.cause?.code ?? error.name });
    return {};
  }
}

function isReceipt(status, body) {
  try {
    return status === 200 && JSON.parse(new TextDecoder().decode(body)).received === true;
  } catch {
    return false;
  }
}

const refusal = (title, findings) =>
  JSON.stringify({
    title,
    errors: findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ code, message, at, help }) => ({ code, detail: message, at, help })),
  });

// Never the body, and no key.
const log = (line) => console.log(JSON.stringify({ time: new Date().toISOString(), ...line }));

const digest = (text) => createHash('sha256').update(text).digest();

/** Whoever may call this can send messages in any user's name. */
const isOurs = ({ headers }) =>
  timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${SHIM_TOKEN}`)) ||
  timingSafeEqual(digest(headers['x-shim-token'] ?? ''), digest(SHIM_TOKEN));

async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answer(request) {
  if (request.url.split('?')[0] !== '/events') return { status: 404, body: refusal('Not Found', []) };
  if (request.method !== 'POST') return { status: 405, body: refusal('Method Not Allowed', []) };
  if (!isOurs(request)) return { status: 401, body: refusal('the token is missing or wrong', []) };
  const event = await read(request);
  return event ? handle(event) : { status: 413, body: refusal('the event has more than 1 MiB', []) };
}

const server = createServer(async (request, response) => {
  const failed = { status: 500, body: refusal('the shim failed: send the event again', []) };
  const { status, body, type, retryAfter } = await answer(request).catch((error) => {
    log({ error: error.message });
    return failed;
  });
  response.writeHead(status, {
    'content-type': type ?? (status < 400 ? 'application/json' : 'application/problem+json'),
    ...(retryAfter && { 'retry-after': String(retryAfter) }),
    ...(status === 413 && { connection: 'close' }),
  });
  response.end(body);
});
server.listen(Number(PORT), HOST, () => console.log(`native events: http://${HOST}:${PORT}/events`));

// What is under way is finished; what comes then is the next process's.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
