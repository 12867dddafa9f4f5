// What is read of a command is what the real program sends: each is run against a server on this machine, and what
// arrives is compared. A program that is not here is skipped, and said.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { read } from '../../pkg/read/paste/read.js';

const runs = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const PYTHON = ['python3', 'python'].find((name) => runs(name, '-c', 'import requests'));
const HERE = { curl: runs('curl', '--version'), http: runs('http', '--version'), python: PYTHON !== undefined };

/** A server that keeps what it is sent. */
async function listening(t) {
  const received = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { method, url, rawHeaders, headers } = request;
    received.push({ method, url, rawHeaders, headers, body: Buffer.concat(parts) });
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { received, host: `127.0.0.1:${server.address().port}` };
}

async function ran(program, args, input) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (data) => output.push(data));
  child.stderr.on('data', (data) => output.push(data));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  const said = Buffer.concat(output).toString();
  assert.equal(code, 0, `${input ?? args.join(' ')}\n${said}`);
  return said;
}

/** @param sent what arrived, and `pasted` what was read of the command */
function assertSame(sent, pasted, host, what) {
  const { method, url, headers, body } = pasted;
  assert.deepEqual([sent.method, sent.url], [method, url.replace(`http://${host}`, '')], what);
  assert.equal(sent.body.toString('latin1'), Buffer.from(body).toString('latin1'), what);
  const values = (pairs, wanted) => pairs.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  const arrived = sent.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [[name, all[at + 1]]] : []));
  // Programs add headers of their own; what was read is among them, and so is the type.
  for (const name of new Set(['content-type', ...headers.map(([own]) => own.toLowerCase())]))
    if (name !== 'host') assert.deepEqual(values(arrived, name), values(headers, name), `${name} of ${what}`);
}

async function compare(t, commands, run) {
  const { received, host } = await listening(t);
  const own = commands.map((command) => command.replaceAll('HOST', host));
  await run(own.join('\n')); // one start of the program for all
  for (const command of own) {
    const { requests } = read(command);
    assert.ok(requests.length > 0, command);
    for (const { message } of requests) {
      assert.ok(received.length > 0, command);
      assertSame(received.shift(), message, host, command);
    }
  }
  assert.equal(received.length, 0);
}

const CURL = [
  "curl -sS http://HOST/a -H 'X-A: 1' -H 'X-Empty;' -d '{\"a\":1}'",
  "curl -sS -X PUT \"http://HOST/a?b=c\" -H 'Content-Type: text/plain' --data-raw $'it\\'s \\u00e9\\r\\n\\x41\\xff'",
  "curl -sS http://HOST/a -d a=1 --data-urlencode 'b=x y&é' -d 'c=\n2'",
  'curl -sS http://HOST/a --data-binary @- -H "Content-Type: text/plain" <<EOF\nline\nEOF\n',
  "printf %s '/wAK' | base64 -d | curl -sS http://HOST/a --data-binary @-",
  "curl -sS -G http://HOST/a -d 'q=1' -d 'r=2' -u me:pw -A agent -e from -b 'a=b'",
  'curl -sS --json \'{"a": "\\u00e9"}\' http://HOST/j',
  "curl -sS 'http://HOST/1' -H 'a: 1' ;\ncurl -sS 'http://HOST/2' \\\n  -H 'b: 2' \\\n  --data-raw 'x=1'",
];

test('curl', async (t) => {
  if (!HERE.curl) return t.diagnostic('skipped: curl is not installed');
  await compare(t, CURL, (command) => ran('bash', [], command));
});

test('traces of curl', async (t) => {
  if (!HERE.curl) return t.diagnostic('skipped: curl is not installed');
  const { received, host } = await listening(t);
  const body = 'one\r\ntwo {"a":1} '.repeat(20);
  for (const [option, data] of [
    ['--trace', Buffer.from([...Array(256).keys()].filter((byte) => byte !== 0 && byte !== 64))],
    ['--trace-ascii', Buffer.from(body)],
  ]) {
    const args = ['-sS', option, '-', `http://${host}/a?b=c`, '-H', 'X-A: 1', '-H', 'Content-Type: text/plain'];
    const said = await ran('curl', [...args, '--data-binary', '@-'], data);
    const { source, requests } = read(said);
    assert.deepEqual([source, requests.length], ['curl-trace', 1]);
    assert.deepEqual(requests[0].notes, []);
    assertSame(received.shift(), requests[0].message, host, option);
  }
  const command = `curl -sS -v http://${host}/v -H 'Content-Type: application/json' -d '{"a": 1}'`;
  const { requests } = read(`$ ${command}\n${await ran('bash', [], command)}`);
  assertSame(received.shift(), requests[0].message, host, command);
});

const FETCH = [
  'fetch("http://HOST/a", {\n  "headers": {\n    "x-a": "1"\n  },\n  "body": ' +
    '"{\\"a\\":\\"\\\\u00e9 é\\"}",\n  "method": "POST"\n});',
  "await fetch('http://HOST/a', { method: 'post', body: JSON.stringify({ b: 1.50, 10: 'x', a: " +
    "[true, null, 'é\\n\\u2028'], c: undefined }) });",
  "await fetch('http://HOST/a?b=c', { method: 'PATCH', headers: new Headers({ 'X-A': `b` }), " +
    "body: new URLSearchParams({ a: 'b c', d: '&é' }) });",
  'const h = new Headers();\nh.append("X-A", "1");\nconst options = { method: "PUT", headers: h, ' +
    'body: \'a\' + "b" };\nawait fetch("http://HOST/a", options);',
  'await fetch("http://HOST/1"); ;\nawait fetch("http://HOST/2", { body: null, method: "DELETE" });',
];

test('fetch of Node', (t) => compare(t, FETCH, (code) => ran(process.execPath, ['--input-type=module'], code)));

const PYTHONS = [
  'import requests\nrequests.post("http://HOST/a", json={"b": 1.0, "z": 1e16, "s": 1e-7, "n": ' +
    '12345678901234567890, "10": [True, None, "é\\n\\x7f😀"]}, headers={"X-A": "1"})',
  "import requests, json\nheaders = {\n  'Content-Type': 'application/json'\n}\npayload = " +
    'json.dumps({\n  "a": 1,\n  \'é\': \'b\'\n})\nresponse = requests.request("POST", ' +
    '"http://HOST/a", headers=headers, data=payload)',
  'import requests\nrequests.put("http://HOST/a", data=b"\\xff\\x00a" b"b", auth=("me", "pw"))',
  'import requests\nr = requests.post("http://HOST/a", data={"a": "b c", "d": ["1", "é&"]}, ' +
    'params={"q": "x y"}, cookies={"sid": "1"})',
  'import requests\nurl = "http://HOST/a"\ndata = """{\n  "a": "\\u00e9 ' +
    '\\d"\n}"""\nrequests.post(url, data=data.encode("utf-8"))',
  'import requests\nhost = "HOST"\nrequests.delete(f"http://{host}/a")',
  'import requests, json\nrequests.patch("http://HOST/a", data=json.dumps({"a": [1, 2]}, ' +
    'separators=(",", ":"), ensure_ascii=False).encode())',
];

test("Python's requests", async (t) => {
  if (!HERE.python) return t.diagnostic('skipped: requests is not installed (pip install requests)');
  await compare(t, PYTHONS, (code) => ran(PYTHON, ['-'], code));
});

const HTTPIE = [
  "http --ignore-stdin POST HOST/a X-A:1 name=café n:=1.50 list:='[1, 2.0, {\"b\": null}]' 'q==a b' 'e\\:x=1'",
  'http --ignore-stdin --form POST http://HOST/a a=1 b="x y" c=é',
  "echo -n '{\"a\":1}' | http POST HOST/a Content-Type:application/json 'X-Empty;'",
  "http --ignore-stdin --raw '{\"a\": 1}' --auth me:pw PUT http://HOST/a 'X-A: b'",
  'http --ignore-stdin HOST/a',
];

test('HTTPie', async (t) => {
  if (!HERE.http) return t.diagnostic('skipped: HTTPie is not installed (pip install httpie)');
  await compare(t, HTTPIE, (command) => ran('bash', [], command));
});

test('what Node prints of a request', async (t) => {
  const { received, host } = await listening(t);
  await fetch(`http://${host}/a`, {
    method: 'POST',
    headers: { 'x-quotes': `a'b"c`, 'x-latin': 'caf\u00e9', 'x-long': 'ab '.repeat(40).trim(), 'content-type': 'a/b' },
    body: 'hi',
  });
  const [{ headers, rawHeaders, method, url, body }] = received;
  const pairs = Object.entries(headers);
  const options = { breakLength: 80, maxArrayLength: null };
  assert.deepEqual(read(inspect(headers, options)).requests[0].headers, pairs);
  assert.deepEqual(read(inspect(rawHeaders, options)).requests[0].headers.length, rawHeaders.length / 2);
  const [{ message }] = read(`received ${inspect({ method, url, headers, body }, options)}`).requests;
  assert.deepEqual([message.method, message.url, message.headers], [method, url, pairs]);
  assert.equal(Buffer.from(message.body).toString(), 'hi');
  assert.deepEqual(read(inspect(new Map(pairs), options)).requests[0].headers, pairs);
  assert.deepEqual(read(inspect(new Headers(headers))).requests[0].headers.length, pairs.length);
});
