// A sender as senders are: it sends again on 409, on 5xx and where the connection broke, when the receiver says, and
// gives up at last.

import http from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const MAX_TRIES = 25;
const PAUSE_MILLISECONDS = 250; // where the receiver names none; longer each time, up to eight times that
const CHUNK = Buffer.alloc(65_536, 0x20);
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });

/**
 * Sends what `make` gives until it is answered for good, to the servers in turn. Gives { status, headers, text, tries,
 * why }: `why` counts the reasons for its retries. `sending` is `send`, or what stands around it.
 */
export async function deliver(make, ports, turn, sending = send) {
  const why = {};
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const request = await make();
    const port = ports[(turn + tries) % ports.length];
    let answer;
    try {
      answer = await sending(port, request);
    } catch (error) {
      answer = { status: 'no connection', headers: {}, text: error.code ?? error.message };
    }
    const { status, headers } = answer;
    if (status !== 'no connection' && status !== 409 && !(status >= 500)) return { ...answer, tries, why };
    why[status] = (why[status] ?? 0) + 1;
    const asked =
      headers['retry-after'] === undefined
        ? PAUSE_MILLISECONDS * Math.min(tries, 8)
        : Number(headers['retry-after']) * 1000;
    await sleep(asked * (1 + Math.random() / 4));
  }
  return { status: 'given up', headers: {}, text: JSON.stringify(why), tries: MAX_TRIES, why };
}

/** One try. Rejects where there is no answer. */
export function send(port, request) {
  if (request.way === 'smuggled') return sendText(port, smuggled(request));
  return new Promise((resolve, reject) => {
    const { method, path, headers, body, way } = request;
    const length =
      way === 'declared'
        ? { 'content-length': 64 * 1024 * 1024 }
        : way === 'endless'
          ? { 'transfer-encoding': 'chunked' }
          : { 'content-length': body.length };
    const sent = http.request({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...headers, ...length },
      agent: way === undefined ? agent : undefined,
    });
    sent.on('error', reject);
    sent.on('response', async (response) => {
      const text = await textOf(response).catch(reject);
      if (way !== undefined) sent.destroy();
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    if (way === 'endless') return writeUntilAnswered(sent);
    if (way === 'broken off')
      return sent.write(
        body.subarray(0, body.length / 2),
        () => sent.destroy() && resolve({ status: 'hung up', headers: {}, text: '' }),
      );
    if (way === 'declared') return sent.write(body);
    sent.end(body);
  });
}

function writeUntilAnswered(sent) {
  let answered = false;
  sent
    .on('response', () => (answered = true))
    .on('error', () => (answered = true))
    .on('drain', write);
  function write() {
    while (!answered && sent.write(CHUNK));
  }
  write();
}

async function textOf(response) {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A request with two lengths, of which a proxy may read one and the server the other. */
function smuggled({ method, path, headers, body }) {
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return Buffer.concat([
    Buffer.from(
      `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines}content-length: ` +
        `${body.length}\r\ntransfer-encoding: chunked\r\n\r\n`,
      'latin1',
    ),
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
}

function sendText(port, bytes) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket
      .on('data', (chunk) => chunks.push(chunk))
      .on('error', reject)
      .on('close', () => {
        const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(chunks)) ?? [];
        if (status === undefined) reject(new Error('no answer'));
        else resolve({ status: Number(status), headers: {}, text: '' });
      });
  });
}

export function closeSender() {
  agent.destroy();
}
