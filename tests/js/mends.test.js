// The mends that the doctor prints for Node's frameworks, run as they are printed: each is taken from a diagnosis, put
// into a real server on loopback, and sent a real signed request. Next.js hands its route handlers a Request; so does
// this test.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request as send } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';

import { compile } from '../../pkg/node.js';
import { folder, ROOT } from './setup.js';

const SECRET = 'replace-with-real-secret';
const NOW = 1717030000;
const TEXT = '{ "content" :"退款 😀",\t"count": 1.0 ,"path":"a\\/b"}\n';
const bytes = (text) => new TextEncoder().encode(text);
const AsyncFunction = (async () => {}).constructor;

const gate = await compile('github', { keys: [{ secret: SECRET }] });
after(() => gate.free());

/** A signed request to a path. */
function signed(body = bytes(TEXT), url = '/hooks') {
  const headers = { 'content-type': 'application/json', 'x-github-event': 'push', 'x-github-delivery': 'd-1' };
  return gate.sign({ method: 'POST', url, headers, body }, { now: NOW });
}

/** What the diagnosis of a broken request says for a framework: its pieces of code, the longest first. */
function mend(framework, id, broken, by = gate) {
  const { causes } = by.explain(broken, { now: NOW });
  const cause = causes.find((found) => found.id === id);
  assert.ok(cause, `${id} is not among ${causes.map((found) => found.id)}`);
  const pieces = [...cause.mends[framework].matchAll(/`([^`]+)`/g)].map((match) => match[1]);
  return pieces.sort((a, b) => b.length - a.length);
}

function rawBody(framework) {
  return mend(framework, 'body-newline-added', { ...signed(), body: bytes(`${TEXT}\n`) })[0];
}

function wholeBody(framework) {
  const { body, ...rest } = signed(bytes('{"a":[1]}'));
  return mend(framework, 'body-truncated', { ...rest, body: body.subarray(0, body.length - 1) });
}

/** What the server answers: its status, and its text; of a verdict, the code of the first error. */
function post(port, { url, headers, body }) {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path: url,
      method: 'POST',
      headers: ['host', '127.0.0.1', 'content-length', String(body.length), ...headers.flat()],
    };
    const sent = send(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { findings } = text.startsWith('{') ? JSON.parse(text) : {};
        const status = response.statusCode;
        if (findings === undefined) resolve({ status, text });
        else resolve({ status, code: findings.find(({ severity }) => severity === 'error')?.code });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A body as a framework's parser leaves it, written again. */
const parsed = (request, body) => gate.check({ ...request, body: bytes(JSON.stringify(body)) });

async function listening(t, server) {
  if (!server.listening) await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return server.address().port;
}

async function acceptsRawAlone(port) {
  assert.deepEqual(await post(port, signed()), { status: 200, text: '{"message":"OK"}' });
  assert.deepEqual(await post(port, signed(undefined, '/parsed')), { status: 401, code: 'signature-mismatch' });
  const tampered = signed();
  tampered.body = bytes(TEXT.replace('退款', '退货'));
  // The sender may be anyone: it learns the status, and no finding.
  assert.deepEqual(await post(port, tampered), { status: 401, text: '{"message":"Unauthorized"}' });
}

test('the mends are strict TypeScript, and none sends the verdict', (t) => {
  const cwd = folder(t);
  const gateLine = "import type { Gate } from 'countersign';\ndeclare const gate: Gate;\n";
  const files = {
    express: `import express from 'express';\n${gateLine}const app = express();\n`,
    fastify: `import createFastify from 'fastify';\n${gateLine}const fastify = createFastify();\n`,
    hono: `import { Hono } from 'hono';\n${gateLine}const app = new Hono();\n`,
    next: gateLine,
  };
  for (const [framework, head] of Object.entries(files)) {
    const codes = [rawBody(framework), ...(framework === 'express' ? [wholeBody(framework)[0]] : [])];
    // Next.js names the type of its argument, and its example is JavaScript.
    const typed = codes.map((code) => code.replace('POST(request)', 'POST(request: Request)'));
    for (const code of typed) assert.doesNotMatch(code, /(?:json|send)\((?:[^)]*\?\? )?verdict\)/);
    writeFileSync(join(cwd, `${framework}.ts`), `${head}${typed.join('\n')}\nexport {};\n`);
  }
  const options = {
    strict: true,
    noEmit: true,
    target: 'es2023',
    module: 'nodenext',
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    paths: { countersign: [join(ROOT, 'pkg/index.d.ts')], '*': [join(ROOT, 'node_modules/*')] },
  };
  writeFileSync(join(cwd, 'package.json'), '{"type":"module"}');
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  symlinkSync(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', cwd], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

const LARGE = bytes(JSON.stringify({ text: 'é'.repeat(200_000) }));

test('express: the route of the mend takes the raw body, and a large one', async (t) => {
  for (const code of [rawBody('express'), wholeBody('express')[0]]) {
    const app = express().set('env', 'test'); // prints no errors
    new Function('app', 'express', 'gate', code)(app, express, gate);
    app.use(express.json());
    app.post('/parsed', (req, res) => {
      const verdict = parsed({ method: req.method, url: req.originalUrl, headers: req.headers }, req.body);
      res.status(verdict.status).json(verdict);
    });
    const port = await listening(t, createServer(app));
    await acceptsRawAlone(port);
    assert.equal((await post(port, signed(LARGE))).status, 200);
    assert.equal((await post(port, signed(LARGE, '/parsed'))).status, 413);
  }
});

test('fastify: the scope of the mend takes the raw body, and leaves other routes their parser', async (t) => {
  const app = fastify();
  t.after(() => app.close());
  new Function('fastify', 'gate', rawBody('fastify'))(app, gate);
  app.post('/parsed', async (request, reply) => {
    const verdict = parsed({ method: request.method, url: request.url, headers: request.headers }, request.body);
    return reply.code(verdict.status).send(verdict);
  });
  const whole = new Function('hooks', wholeBody('fastify')[0]);
  app.register(async (hooks) => {
    whole(hooks);
    hooks.post('/whole', async ({ method, originalUrl, headers, body }) =>
      gate.check({ method, url: originalUrl, headers, body }),
    );
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address();
  await acceptsRawAlone(port);
  for (const path of ['/hooks', '/whole']) assert.equal((await post(port, signed(LARGE, path))).status, 200);
});

test('hono: the route of the mend takes the raw body', async (t) => {
  const app = new Hono();
  new Function('app', 'gate', rawBody('hono'))(app, gate);
  app.post('/parsed', async (c) => {
    const verdict = parsed({ method: c.req.method, url: c.req.url, headers: c.req.raw.headers }, await c.req.json());
    return c.json(verdict, verdict.status);
  });
  const whole = new AsyncFunction('c', `${wholeBody('hono')[0]} return body;`);
  app.post('/whole', async (c) => c.json(gate.check({ ...signed(LARGE), body: await whole(c) })));
  const server = await new Promise((resolve) => {
    const made = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(made));
  });
  const port = await listening(t, server);
  await acceptsRawAlone(port);
  assert.deepEqual(await post(port, signed(LARGE, '/whole')), { status: 200, code: undefined });
});

test('next: the route handler of the mend takes the raw body', async (t) => {
  const cwd = folder(t);
  globalThis.gateOfThisTest = gate;
  t.after(() => delete globalThis.gateOfThisTest);
  const file = join(cwd, 'route.mjs');
  writeFileSync(file, `const gate = globalThis.gateOfThisTest;\n${rawBody('next')}\n`);
  const { POST } = await import(pathToFileURL(file));
  const incoming = ({ url, headers, body, method }) => new Request(`http://127.0.0.1${url}`, { method, headers, body });
  const good = await POST(incoming(signed()));
  assert.equal(good.status, 200);
  const { body, ...rest } = signed();
  const parsedBody = bytes(JSON.stringify(await incoming({ ...rest, body }).json()));
  assert.equal((await POST(incoming({ ...rest, body: parsedBody }))).status, 401);

  const [stream, once] = wholeBody('next');
  const read = new AsyncFunction('request', `${once} return body;`);
  assert.deepEqual(await read(incoming(signed(LARGE))), LARGE);
  const collect = new AsyncFunction('request', `${stream} return body;`);
  const server = createServer(async (request, response) => {
    response.end(JSON.stringify(gate.check({ ...signed(LARGE), body: await collect(request) })));
  });
  assert.deepEqual(await post(await listening(t, server), signed(LARGE)), { status: 200, code: undefined });
});

test('behind a proxy the mends give the URL that was called', async (t) => {
  const key = { secret: SECRET };
  const body = bytes('{"type":"a","event_id":"e-1"}');
  const path = '/in/hooks?site=eu';
  const called = `https://hooks.example.org${path}`;
  const mac = createHmac('sha256', SECRET).update(called).update(body).digest('base64');
  const headers = [
    ['content-type', 'application/json'],
    ['host', '127.0.0.1:8080'],
    ['x-square-hmacsha256-signature', mac],
  ];
  const bare = await compile('square', { keys: [key] });
  const broken = { method: 'POST', url: path, headers: [...headers, ['x-forwarded-host', 'hooks.example.org']], body };
  const mends = Object.fromEntries(
    ['express', 'fastify', 'hono', 'next'].map((name) => [name, mend(name, 'url', broken, bare)]),
  );
  const codeOf = (name) => mends[name].find((piece) => piece.startsWith('gate.check('));
  const { origin } = new Function(`return { ${mends.express.find((piece) => piece.startsWith('origin:'))} };`)();
  const proxied = await compile('square', { keys: [key], origin });
  t.after(() => [bare, proxied].forEach((made) => made.free()));
  const judge = (name, ...words) => new Function('gate', ...words, `return ${codeOf(name)};`);
  const request = { url: path, headers: headers.filter(([name]) => name !== 'host'), body };

  const router = express.Router();
  router.post('/hooks', express.raw({ type: '*/*' }), (req, res) => {
    const cut = proxied.check({ method: req.method, url: req.url, headers: req.headers, body: req.body });
    assert.equal(cut.verdict, 'reject');
    res.json(judge('express', 'req')(proxied, req));
  });
  const ports = [await listening(t, createServer(express().use('/in', router)))];

  const app = fastify();
  t.after(() => app.close());
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_incoming, content, done) => done(null, content));
  app.post('/in/hooks', async (incoming) => judge('fastify', 'request')(proxied, incoming));
  await app.listen({ port: 0, host: '127.0.0.1' });
  ports.push(app.server.address().port);

  const hono = new Hono();
  hono.post('/in/hooks', async (c) =>
    c.json(judge('hono', 'c', 'body')(proxied, c, new Uint8Array(await c.req.arrayBuffer()))),
  );
  const server = await new Promise((resolve) => {
    const made = serve({ fetch: hono.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(made));
  });
  ports.push(await listening(t, server));
  for (const port of ports) assert.deepEqual(await post(port, request), { status: 200, code: undefined });

  const incoming = new Request(`http://10.0.0.7:3000${path}`, { method: 'POST', headers: request.headers });
  assert.equal(judge('next', 'request', 'body')(proxied, incoming, body).verdict, 'accept');
});

test('the expressions in the other mends do what they say', async (t) => {
  const sub2api = await compile('sub2api', { keys: [{ secret: SECRET }] });
  t.after(() => sub2api.free());
  const body = bytes('{"channel":"web","open_id":"u-1","content":"hello"}');
  const mac = (text, encoding) => createHmac('sha256', SECRET).update(text).digest(encoding);
  const sent = (signature, content = body) => ({
    method: 'POST',
    url: '/hooks',
    body: content,
    headers: { 'content-type': 'application/json', 'x-cs-timestamp': String(NOW), 'x-cs-signature': signature },
  });
  const right = mac(`${NOW}.${Buffer.from(body)}`, 'hex');
  for (const framework of ['express', 'fastify', 'next']) {
    const [expression] = mend(
      framework,
      'signature-encoding',
      sent(Buffer.from(right, 'hex').toString('base64')),
      sub2api,
    );
    const sign = new Function('createHmac', 'algorithm', 'key', 'bytes', `return ${expression};`);
    assert.equal(sign(createHmac, 'sha256', SECRET, `${NOW}.${Buffer.from(body)}`), right, framework);
  }
  for (const framework of ['express', 'fastify', 'hono', 'next']) {
    const [seconds] = mend(framework, 'time-unit', sent(mac(`${NOW}000.${Buffer.from(body)}`, 'hex')), sub2api);
    assert.match(new Function(`return ${seconds};`)(), /^\d{10}$/);
    const wrapped = bytes(Buffer.from(body).toString('base64'));
    const [decode] = mend(framework, 'body-base64', sent(right, wrapped), sub2api);
    const decoded = (event) => new Function('event', `return ${decode};`)(event);
    assert.equal(
      sub2api.check(
        {
          ...sent(right),
          url: '/api/v1/customer-service/webhook',
          body: decoded({ body: Buffer.from(wrapped).toString(), isBase64Encoded: true }),
        },
        { now: NOW },
      ).verdict,
      'accept',
    );
    assert.deepEqual(new Uint8Array(decoded({ body: 'é', isBase64Encoded: false })), bytes('é'));
  }
});

test('a handshake is answered with its answer alone', async (t) => {
  const slack = await compile('slack', { keys: [{ secret: SECRET }] });
  t.after(() => slack.free());
  const body = bytes('{"type":"url_verification","challenge":"c-1"}');
  const { url, headers } = slack.sign({
    method: 'POST',
    url: '/hooks',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const init = { method: 'POST', headers: new Headers(headers), body };
  const replies = [];

  const web = express().set('env', 'test');
  new Function('app', 'express', 'gate', rawBody('express'))(web, express, slack);
  replies.push(await fetch(`http://127.0.0.1:${await listening(t, createServer(web))}${url}`, init));

  const app = fastify();
  t.after(() => app.close());
  new Function('fastify', 'gate', rawBody('fastify'))(app, slack);
  replies.push(await fetch(`${await app.listen({ port: 0, host: '127.0.0.1' })}${url}`, init));

  const hono = new Hono();
  new Function('app', 'gate', rawBody('hono'))(hono, slack);
  replies.push(await hono.request(url, init));

  const next = new Function('gate', `${rawBody('next').replace('export ', 'return ')}`)(slack);
  replies.push(await next(new Request(`https://app.example.org${url}`, init)));
  for (const reply of replies) assert.deepEqual([reply.status, await reply.json()], [200, { challenge: 'c-1' }]);
});
