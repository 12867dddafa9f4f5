// Recorded traffic as the suites write it.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { jsonProblems } from '../../../pkg/api/node.js';
import { harDocuments } from '../../../pkg/read/traffic.js';
import { folder, run } from '../setup.js';

export const TOKEN = 'bot_S3CRETs3cret';
export const pairs = (headers) => Object.entries(headers).map(([name, value]) => ({ name, value }));
export const har = (...entries) => ({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries } });

export function entry({
  method = 'POST',
  url = 'https://api.coze.com/v2/chat',
  headers = {},
  body,
  status = 200,
  answer,
  ...more
} = {}) {
  return {
    startedDateTime: '2024-08-01T00:00:00.000Z',
    time: 1.5,
    request: {
      method,
      url,
      httpVersion: 'h2',
      cookies: [],
      headers: pairs(headers),
      queryString: [],
      ...(body === undefined ? {} : { postData: { mimeType: 'application/json', text: body } }),
    },
    response: {
      status,
      statusText: '',
      httpVersion: 'h2',
      cookies: [],
      headers: [],
      content: { size: 0, mimeType: 'x-unknown', ...answer },
    },
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
    ...more,
  };
}

export const documents = (value) =>
  harDocuments(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, null, 2)), 'a.har', jsonProblems);
export const bodyOf = (body) => documents(har(entry({ body })))[0].value.request.postData;

export async function ends(code, args, options) {
  const result = await run(args, options);
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

export function files(t, named) {
  const cwd = folder(t);
  for (const [name, content] of Object.entries(named)) {
    writeFileSync(
      join(cwd, name),
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content, null, 2),
    );
  }
  return cwd;
}

export const COZE = ['check', '--pack', 'coze-migration', '--now', '2024-08-01T00:00:00Z'];
