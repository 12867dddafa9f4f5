// One keep-alive connection, and nothing that would hide what a server costs behind what a client costs.

import { once } from 'node:events';
import { connect } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** A request as it goes on the wire. */
export function wire({ path = '/', headers, body }) {
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${body.byteLength}\r\n${lines}\r\n`),
    body,
  ]);
}

/** `ask(bytes)` gives { status, text, milliseconds } once the answer is whole. One at a time. */
export async function connected(url) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let waiting;
  let got = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    got = got.length === 0 ? chunk : Buffer.concat([got, chunk]);
    const answer = answerIn(got);
    if (answer === undefined) return;
    got = Buffer.alloc(0);
    waiting.resolve({ ...answer, milliseconds: performance.now() - waiting.sent });
  });
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')));
  const ask = (bytes) =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) reject(new Error('the server has closed the connection'));
      waiting = { resolve, reject, sent: performance.now() };
      socket.write(bytes);
    });
  return { ask, end: () => socket.destroy() };
}

function answerIn(bytes) {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)[1]);
  const body = bytes.subarray(end + END_OF_HEAD.length);
  return body.byteLength < length ? undefined : { status: Number(head.slice(9, 12)), text: body.toString() };
}
