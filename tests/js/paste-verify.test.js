// `countersign verify` reads what people paste: the same signed request in many forms is accepted, byte for byte.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { compile, shipped } from '../../pkg/api/node.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { curlCommand } from '../../pkg/write/curl.js';
import { folder, NOW, recorded, run, SECRET } from './setup.js';

const { contract, files } = await shipped.contract('sub2api');
const gate = await compile(contract, { files, keys: [{ secret: SECRET }] });
const RECORDED = recorded(gate);
const { request } = parseRecording(RECORDED, 'recorded');
const text = Buffer.from(request.body).toString();
const headers = Object.fromEntries(request.headers);
const url = `https://h.example${request.url}`;
const quoted = (value) => `'${value.replaceAll("'", "''")}'`;

const FORMS = {
  recording: RECORDED.toString(),
  'indented in Markdown': `It fails:\n\n\`\`\`\n${RECORDED.toString()}\n\`\`\`\n`,
  curl: `$ ${curlCommand({ ...request, url, headers: request.headers })}\n`,
  fetch: `fetch(${JSON.stringify(url)}, ${JSON.stringify({ headers, body: text, method: 'POST' }, null, 2)});`,
  'fetch of Node': `await fetch('${url}', ${inspect({ method: 'POST', headers, body: text })})`,
  PowerShell: `irm -Method Post -Uri '${url}' -Headers @{ ${Object.entries(headers)
    .filter(([name]) => name !== 'content-type')
    .map(([name, value]) => `${quoted(name)}=${quoted(value)}`)
    .join('; ')} } -ContentType 'application/json' -Body ([System.Text.Encoding]::UTF8.GetBytes(${quoted(text)}))`,
  Python:
    `import requests\nrequests.post(${JSON.stringify(url)}, ` +
    `headers=${JSON.stringify(headers)}, data=${JSON.stringify(text)}.encode())`,
  Lambda: JSON.stringify({
    version: '2.0',
    rawPath: request.url,
    rawQueryString: '',
    headers,
    requestContext: { http: { method: 'POST' }, timeEpoch: NOW * 1000 },
    body: Buffer.from(request.body).toString('base64'),
    isBase64Encoded: true,
  }),
  'webhook.site': JSON.stringify({
    uuid: 'a',
    token_id: 'b',
    method: 'POST',
    url,
    headers: Object.fromEntries(request.headers.map(([name, value]) => [name, [value]])),
    content: text,
    created_at: '2024-05-29 16:53:08',
  }),
  'what Node prints': `received ${inspect({ method: 'POST', url: request.url, headers, body: text })}\n`,
  HAR: JSON.stringify({
    log: {
      entries: [
        {
          request: {
            method: 'POST',
            url,
            headers: request.headers.map(([name, value]) => ({ name, value })),
            postData: { text },
          },
        },
      ],
    },
  }),
};

const verify = (cwd, name, ...args) =>
  run(['verify', name, '--contract', 'sub2api', '--key-env', 'S', '--now', String(NOW), ...args], {
    cwd,
    env: { S: SECRET },
  });

for (const [name, content] of Object.entries(FORMS)) {
  test(`${name} is accepted, and rejected where a byte of the body is another`, async (t) => {
    const cwd = folder(t);
    writeFileSync(join(cwd, 'paste.txt'), content);
    writeFileSync(
      join(cwd, 'forged.txt'),
      content.replaceAll('user-123', 'user-124').replaceAll('dXNlci0xMjMi', 'dXNlci0xMjQi'),
    );
    const { code, stdout, stderr } = await verify(cwd, 'paste.txt');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /says accept 200/);
    if (name !== 'Lambda') assert.equal((await verify(cwd, 'forged.txt')).code, 1);
  });
}

test('when it was received is known of an event', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'event.json'), FORMS.Lambda);
  const { code, stderr } = await verify(cwd, 'event.json', '--now', 'recorded');
  assert.equal(code, 0, stderr);
});

test('standard input is read', async (t) => {
  const args = ['verify', '-', '--contract', 'sub2api', '--key-env', 'S', '--now', String(NOW)];
  for (const input of [FORMS.curl, RECORDED])
    assert.equal((await run(args, { cwd: folder(t), env: { S: SECRET }, input })).code, 0);
});

test('what cannot be known is said, and a finding has no line of a file that has other lines', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'curl.txt'), "curl https://h.example/a --data-binary @body.json -H 'x-a: 1'\n");
  const { code, stdout, stderr } = await verify(cwd, 'curl.txt', '-f', 'sarif');
  assert.equal(code, 1);
  assert.match(stderr, /hint: curl\.txt: --data-binary reads the file body\.json, which is not read here/);
  const places = JSON.parse(stdout).runs[0].results.flatMap(({ locations }) => locations);
  assert.ok(places.length > 0);
  for (const { physicalLocation } of places) assert.deepEqual(physicalLocation.region, { startLine: 1 });
});

const SUGGESTED = [
  [
    "curl https://h.example/ -H 'Stripe-Signature: t=1,v1=00' -d '{}'",
    /its signature is that of stripe: use --contract stripe/,
  ],
  [
    "curl https://h.example/ -H 'X-GitHub-Event: push' -d '{}'",
    /X-GitHub-Event is that of github: use --contract github/,
  ],
  [
    "curl https://h.example/ -H 'X-Acme-Signature: 00' -d '{}'",
    /no shipped contract knows the signature in X-Acme-Signature/,
  ],
  ["curl https://h.example/ -d '{}'", /use --contract NAME\|FILE/],
];
test('without a contract, the help says which it looks like', async (t) => {
  const cwd = folder(t);
  for (const [content, expected] of SUGGESTED) {
    writeFileSync(join(cwd, 'paste.txt'), content);
    const { code, stderr } = await run(['verify', 'paste.txt'], { cwd });
    assert.equal(code, 2, stderr);
    assert.match(stderr, expected);
  }
});

const REFUSED = [
  ['my secret is whsec_abc', /no request is recognised in it: it is a line of text/i],
  ['Content-Type: a/b\nX-A: 1\n', /it has headers alone/],
  ['{"a":1}', /it is a body alone/],
  ['', /it is an empty text/],
];
for (const [content, expected] of REFUSED) {
  test(`refused: ${JSON.stringify(content)}`, async (t) => {
    const cwd = folder(t);
    writeFileSync(join(cwd, 'paste.txt'), content);
    const { code, stdout, stderr } = await verify(cwd, 'paste.txt');
    assert.equal(code, 3, stdout);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /whsec_abc/);
  });
}
