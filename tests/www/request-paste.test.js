// What is pasted into the playground is recognised, and a message that is copied as curl is the same message again.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import fc from 'fast-check';

import { entryRecording } from '../../pkg/read/har.js';
import { parseRecording } from '../../pkg/read/recording.js';
import { makeData } from '../../www/build/data.js';
import { loaded } from './loaded.js';

const { applied, contractsFor, curlCommand, messageText, parseMessage, recognise } = await loaded(
  'www/src/contract/guess.ts',
  'pkg/write/curl.js',
  'www/src/request/parse.ts',
  'www/src/request/recognise.ts',
  'www/src/request/recording.ts',
);

const read = ({ text, base64 }) => {
  const { message, problem } = parseMessage(text, { base64 });
  assert.ok(message, problem?.message);
  return message;
};
const shown = (entry) => {
  const { body, headers, ...start } = read(entry);
  return { ...start, headers: Object.fromEntries(headers), body: Buffer.from(body).toString() };
};
const FORM = 'application/x-www-form-urlencoded';

const CURLS = [
  [
    "curl https://h.example/a -H 'X: 1'",
    { method: 'GET', url: '/a', headers: { Host: 'h.example', X: '1' }, body: '' },
  ],
  [
    `$ curl -sS -XPUT "https://h.example/a?b=c" \\\n  -H "X: \\"q\\" \\$5" \\\r\n  --data-raw $'it\\'s ` +
      `\\u00e9\\n\\x41'`,
    {
      method: 'PUT',
      url: '/a?b=c',
      headers: { Host: 'h.example', X: '"q" $5', 'Content-Type': FORM },
      body: "it's é\nA",
    },
  ],
  [
    "curl -d a=1 -d 'b=2\n' --data-urlencode 'c=x y&é' http://h.example",
    { method: 'POST', url: 'http://h.example/', headers: { 'Content-Type': FORM }, body: 'a=1&b=2\n&c=x%20y%26%C3%A9' },
  ],
  [
    "curl -G -d a=1 --data-urlencode =~'(' --url https://h.example/x?y=z#f",
    { method: 'GET', url: '/x?y=z&a=1&~%28', headers: { Host: 'h.example' }, body: '' },
  ],
  [
    "curl --json '{\"a\":1}' https://h.example/j -u me:pw -A agent -e from -b 'a=b'",
    {
      method: 'POST',
      url: '/j',
      body: '{"a":1}',
      headers: {
        Host: 'h.example',
        Authorization: 'Basic bWU6cHc=',
        'User-Agent': 'agent',
        Referer: 'from',
        Cookie: 'a=b',
        'Content-Type': 'application/json',
        Accept: 'application/json',
      },
    },
  ],
  [
    "curl https://h.example/ -H 'Content-Type:' -H 'Empty;' -H 'Host: other' -d x | jq .",
    { method: 'POST', url: '/', headers: { Empty: '', Host: 'other' }, body: 'x' },
  ],
  [
    "curl -X POST https://h.example/ -H 'Content-Type: text/plain' --data-binary @- <<'EOF'\na $b\nc\nEOF\n",
    { method: 'POST', url: '/', headers: { Host: 'h.example', 'Content-Type': 'text/plain' }, body: 'a $b\nc\n' },
  ],
  [
    "printf %s 'aGk=' | base64 -d | curl https://h.example/ --data-binary @-",
    { method: 'POST', url: '/', headers: { Host: 'h.example', 'Content-Type': FORM }, body: 'hi' },
  ],
  [
    'curl ^"https://h.example/a?b=1^&c=2^" ^\r\n  -X ^"PATCH^" ^\r\n  -H ^"content-type: application/json^" ^\r\n  ' +
      '--data-raw ^"^{^\\^"a^\\^":^\\^"50^% ^\n\nx^\\^"^}^"',
    {
      method: 'PATCH',
      url: '/a?b=1&c=2',
      headers: { Host: 'h.example', 'content-type': 'application/json' },
      body: '{"a":"50% \nx"}',
    },
  ],
  [
    'curl.exe "https://h.example/a" ^\n  -H "X: a^b" ^\n  --data-raw "{\\"a\\":1}" ^\n  --compressed',
    { method: 'POST', url: '/a', headers: { Host: 'h.example', X: 'a^b', 'Content-Type': FORM }, body: '{"a":1}' },
  ],
];

for (const [command, expected] of CURLS) {
  test(`curl: ${JSON.stringify(command).slice(0, 90)}`, () => {
    const { kind, entries } = recognise(command);
    assert.equal(kind, 'curl');
    assert.equal(entries.length, 1);
    assert.deepEqual(shown(entries[0]), expected);
  });
}

const NOTICES = [
  ['curl https://h.example/ -d @body.json', /-d reads the file body\.json/],
  ['curl https://h.example/ --data-binary @-', /standard input/],
  ['curl https://h.example/ -F a=b', /multipart/],
  ['curl https://h.example/ -b jar.txt', /-b reads the file jar\.txt/],
  ['curl https://h.example/ -H "X: $TOKEN"', /\$TOKEN/],
  ['curl https://h.example/ --compressed -k -o out --max-time 3', /--compressed -k -o --max-time$/],
  ['curl https://h.example/ https://h.example/2', /first URL/],
];

for (const [command, expected] of NOTICES) {
  test(`curl tells: ${command}`, () => {
    const [{ notices }] = recognise(command).entries;
    assert.equal(notices.length, 1);
    assert.match(notices[0], expected);
  });
}

test('several curl commands are several messages', () => {
  const { entries } = recognise('export A=1\ncurl https://h.example/1 && curl https://h.example/2\n');
  assert.deepEqual(
    entries.map(({ label }) => label),
    ['GET /1', 'GET /2'],
  );
});

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
  fc
    .array(fc.constantFrom("'", '"', '\\', '\n', '$x', '`', '!', '%', '@', '\0', '\r', '中'), { maxLength: 12 })
    .map((parts) => new TextEncoder().encode(parts.join(''))),
);
const values = fc
  .string({
    unit: fc.oneof(
      fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom("'", '\\', '%', '\t', '$'),
    ),
  })
  .map((value) => value.replace(/^[ \t]+|[ \t]+$/g, ''));
const names = fc
  .stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}$/)
  .filter((name) => !['host', 'content-type', 'content-length'].includes(name.toLowerCase()));
const messages = fc.record(
  {
    method: fc.oneof(
      fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'DELETE'),
      fc.stringMatching(/^[!#$%&'*+.^_`|~A-Z-]{1,6}$/),
    ),
    url: fc.stringMatching(/^\/[!$%&'()*+,./0-9:;=?@A-Z[\\\]^_`a-z{|}~-]{0,20}$/),
    headers: fc
      .array(fc.tuple(names, values), { maxLength: 5 })
      .map((headers) => [['Host', 'h.example:8443'], ...headers]),
    body: bodies,
  },
  { noNullPrototype: true },
);

test('a message written as curl is read as the same message', () => {
  fc.assert(
    fc.property(messages, fc.boolean(), (message, base64) => {
      const { kind, entries } = recognise(curlCommand(message, { base64 }));
      assert.equal(kind, 'curl');
      assert.deepEqual(
        entries[0].notices.filter((notice) => !/--globoff|--path-as-is/.test(notice)),
        [],
      );
      assert.deepEqual(read(entries[0]), message);
    }),
    { numRuns: 1000 },
  );
});

/** What the shells give to curl: its arguments, and its input where it reads that. */
function givenToCurl(shell, command) {
  const shown = `printf '%s\\0' "$@"; case "$*" in *--data-binary\\ @-) printf '\\1'; cat;; esac;`;
  const script = `curl() { ${shown} }\n${command}\n`;
  const { stdout, stderr, status } = spawnSync(shell, { input: script, env: { LC_ALL: 'C', PATH: process.env.PATH } });
  assert.equal(status, 0, `${stderr}`);
  return stdout;
}

test('real shells read the command as it is meant', () => {
  const shells = ['bash', 'dash'].filter((name) => spawnSync(name, ['-c', ':']).status === 0);
  assert.ok(shells.length > 0);
  fc.assert(
    fc.property(messages, (message) => {
      const command = curlCommand(message);
      for (const shell of shells) {
        const given = givenToCurl(shell, command);
        const isPiped = command.startsWith('printf');
        if (isPiped) assert.deepEqual(new Uint8Array(given.subarray(given.length - message.body.length)), message.body);
        const words = given.toString('latin1').split('\0');
        if (!isPiped && message.body.length > 0)
          assert.equal(words.at(-2), Buffer.from(message.body).toString('latin1'));
        assert.ok(words.includes(`https://h.example:8443${message.url}`));
        for (const [name, value] of message.headers.slice(1))
          assert.ok(words.includes(value === '' ? `${name};` : `${name}: ${value}`), command);
      }
    }),
    { numRuns: 25 },
  );
});

test('a long body goes through a pipe, and an answer has no command', () => {
  const body = new TextEncoder().encode('x'.repeat(300_000));
  const message = {
    method: 'POST',
    url: '/',
    headers: [
      ['Host', 'h.example'],
      ['Content-Type', 'text/plain'],
      ['Content-Length', '300000'],
    ],
    body,
  };
  const command = curlCommand(message);
  assert.match(command, /^printf %s 'x/);
  assert.deepEqual(read(recognise(command).entries[0]), message);
  assert.ok(givenToCurl('bash', command).includes('x'.repeat(300_000)));
  assert.equal(curlCommand({ status: 200, headers: [], body }), undefined);
});

test('the host of a command is that of the URL, the origin or the Host header', () => {
  const message = { method: 'GET', url: '/a', headers: [['Host', 'h.example']], body: new Uint8Array() };
  assert.equal(curlCommand(message), "curl 'https://h.example/a'");
  assert.equal(
    curlCommand(message, { origin: 'http://127.0.0.1:80' }),
    "curl 'http://127.0.0.1:80/a' \\\n  -H 'Host: h.example'",
  );
  assert.equal(
    curlCommand({ ...message, url: 'http://o.example/a' }),
    "curl 'http://o.example/a' \\\n  -H 'Host: h.example'",
  );
});

const ENTRY = {
  request: {
    method: 'POST',
    url: 'https://h.example/a?b=c',
    headers: [
      { name: ':method', value: 'POST' },
      { name: 'X', value: '1\n2' },
      { name: 'content-type', value: 'text/plain' },
    ],
    postData: { mimeType: 'text/plain', text: 'é\r\n' },
  },
  response: {
    status: 200,
    statusText: 'OK',
    headers: [{ name: 'Y', value: '1' }],
    content: { text: '/wA=', encoding: 'base64' },
  },
};

test('a HAR and one entry of it give the messages that the command line judges', () => {
  for (const [value, count] of [
    [{ log: { entries: [ENTRY, ENTRY, { request: null }] } }, 4],
    [ENTRY, 2],
  ]) {
    const { kind, entries } = recognise(JSON.stringify(value, null, 2));
    assert.equal(kind, 'har');
    assert.equal(entries.length, count);
    const plain = ({ request: { body, ...rest } }) => ({ ...rest, body: new Uint8Array(body) });
    assert.deepEqual(read(entries[0]), plain(entryRecording(ENTRY, false, 'x')));
    assert.deepEqual(read(entries.at(-1)), plain(entryRecording(ENTRY, true, 'x')));
    assert.deepEqual(
      entries.flatMap(({ notices }) => notices),
      [],
    );
  }
});

test('requests are counted without their answers', () => {
  const requests = (text) => recognise(text).requests;
  assert.equal(requests(JSON.stringify({ log: { entries: [ENTRY] } })), 1);
  assert.equal(requests(JSON.stringify({ log: { entries: [ENTRY, ENTRY] } })), 2);
  assert.deepEqual(
    ['POST /a HTTP/1.1\n\n', 'HTTP/1.1 200 OK\n\n', '{}', 'A: b', '### a\nGET /a\n###\nGET /b'].map(requests),
    [1, 0, 0, 0, 2],
  );
});

// [what a file of an editor holds, [label, text, notices] of each request]
const FILES = [
  ['###\nPOST /x HTTP/1.1\nA: 1\n\nhi\n\n \n', [['POST /x HTTP/1.1', 'POST /x HTTP/1.1\nA: 1\n\nhi', []]]],
  [
    '### first\r\nPOST https://h.example/x\r\nA: 1\r\n\r\n{"a": 1} \r\n\r\nb\r\n\r\n### \r\nGET /y\r\n',
    [
      ['first', 'POST https://h.example/x\r\nA: 1\r\n\r\n{"a": 1} \r\n\r\nb', []],
      ['GET /y', 'GET /y', []],
    ],
  ],
  [
    '\ufeff# @name login\n// a comment\n\nPOST /a\n# B: 2\nA: 1\n\n# body\n####\n###\n# nothing\n',
    [['login', 'POST /a\nA: 1\n\n# body', []]],
  ],
  [
    '@host = https://h.example\n@id=1\nPUT {{host}}/a/{{id}} HTTP/2\n\n{{$guid}}',
    [
      [
        'PUT {{host}}/a/{{id}} HTTP/2',
        'PUT {{host}}/a/{{id}} HTTP/2\n\n{{$guid}}',
        [/\{\{host\}\}, \{\{id\}\}, \{\{\$guid\}\}/],
      ],
    ],
  ],
  ['###\nhttps://h.example/a\n', [['https://h.example/a', 'GET https://h.example/a', []]]],
  [
    '###\nPOST h.example HTTP/1.1\n\n< ./body.json\n',
    [['POST h.example HTTP/1.1', 'POST h.example HTTP/1.1\n\n< ./body.json', [/begin with < or >/]]],
  ],
  ['### a\nwords\n### b\nGET /b\n', [['b', 'GET /b', [/no request line/]]]],
];

for (const [text, expected] of FILES) {
  test(`a file of requests: ${JSON.stringify(text)}`, () => {
    const { kind, entries, requests } = recognise(text);
    assert.deepEqual([kind, requests], ['http', expected.length]);
    assert.deepEqual(
      entries.map(({ label, text: own }) => [label, own]),
      expected.map(([label, own]) => [label, own]),
    );
    entries.forEach(({ notices }, index) => {
      const patterns = expected[index][2];
      assert.equal(notices.length, patterns.length, notices.join());
      patterns.forEach((pattern, at) => assert.match(notices[at], pattern));
    });
  });
}

test('a message that does not begin with ### is never split', () => {
  const text = 'POST /x HTTP/1.1\nA: 1\n\na\n### b\nPOST /y HTTP/1.1\n\n{{c}}\n\n\n';
  assert.deepEqual(recognise(text), {
    kind: 'http',
    requests: 1,
    entries: [{ label: 'POST /x HTTP/1.1', text, notices: [] }],
  });
});

const HAR = JSON.stringify({ log: { entries: [ENTRY] } }, null, 2);
const PROSE = [
  ['Raw request:\n\nPOST /x HTTP/1.1\r\nA: 1\r\n\r\nhi\n\n', 'http', 'POST /x HTTP/1.1\r\nA: 1\r\n\r\nhi\n\n', 3],
  ['It says:\n```http\nPOST /x HTTP/1.1\n\nhi\n```\nThanks', 'http', 'POST /x HTTP/1.1\n\nhi', 3],
  ['# What was sent\n\nThis came:\nPOST /x HTTP/2\n\n', 'http', 'POST /x HTTP/2\n\n', 4],
  [`A HAR {"of": 1} {"two"} entries: ${HAR}\n \n`, 'har', undefined, 1],
  [`See\n\n\`\`\`json\n${HAR}\n\`\`\`\n`, 'har', undefined, 4],
];

for (const [text, kind, expected, line] of PROSE) {
  test(`after text: ${JSON.stringify(text).slice(0, 60)}`, () => {
    const found = recognise(text);
    assert.deepEqual([found.kind, found.requests], [kind, 1]);
    const [first] = found.entries;
    if (expected === undefined)
      assert.deepEqual(
        found.entries.map((entry) => entry.text),
        recognise(HAR).entries.map((entry) => entry.text),
      );
    else assert.equal(first.text, expected);
    assert.match(first.notices[0], new RegExp(`line ${line}:`));
  });
}

test('what a HAR lost is told', () => {
  const short = { request: { ...ENTRY.request, headers: [{ name: 'Content-Length', value: '9' }] } };
  const parameters = { request: { ...ENTRY.request, postData: { params: [{ name: 'a', value: 'b' }] } } };
  assert.match(recognise(JSON.stringify(short)).entries[0].notices[0], /4 bytes of the body/);
  assert.match(recognise(JSON.stringify(parameters)).entries[0].notices[0], /parameters/);
});

test('a fetch of a browser', () => {
  const { kind, entries } = recognise(
    'await fetch("https://h.example/a", {\n  "headers": { "x-a": "1" },\n  "body": "{\\"a\\":1}",\n  "method": ' +
      '"POST"\n});\n',
  );
  assert.equal(kind, 'fetch');
  assert.deepEqual(shown(entries[0]), {
    method: 'POST',
    url: 'https://h.example/a',
    headers: { 'x-a': '1' },
    body: '{"a":1}',
  });
});

const CURRENT = { text: 'POST /a HTTP/1.1\r\nA: 1\r\n\r\n/wA=', base64: true };
const KINDS = [
  ['POST /x HTTP/1.1\r\nB: 2\r\n\r\nhi', 'http', { text: 'POST /x HTTP/1.1\r\nB: 2\r\n\r\nhi' }],
  ['POST https://h.example/x\n\nhi', 'http', { text: 'POST https://h.example/x\n\nhi' }],
  ['https://h.example/x', 'http', { text: 'https://h.example/x' }],
  ['HTTP/1.1 200\n\n', 'http', { text: 'HTTP/1.1 200\n\n' }],
  [' {"a": 1.0}\n', 'json', { text: 'POST /a HTTP/1.1\r\nA: 1\r\n\r\n {"a": 1.0}\n' }],
  ["{'a': 1}", 'json', { text: "POST /a HTTP/1.1\r\nA: 1\r\n\r\n{'a': 1}" }],
  ['X-Id: 1\nHost: h\n', 'headers', { text: 'POST /a HTTP/1.1\r\nX-Id: 1\r\nHost: h\r\n\r\n/wA=', base64: true }],
  [':method: PUT\n:path: /p\n:authority: h\nx: 1', 'http', { text: 'PUT /p HTTP/1.1\nHost: h\nx: 1\n\n' }],
];

for (const [text, kind, expected] of KINDS) {
  test(`${kind}: ${JSON.stringify(text)}`, () => {
    const recognised = recognise(text);
    assert.equal(recognised.kind, kind);
    assert.deepEqual(applied(CURRENT, recognised), expected);
  });
}

for (const text of [
  '',
  ' ',
  'hello',
  'a=1&b=2',
  'Dear all: read this\nand that',
  'curl',
  'fetch(',
  '[section]',
  'see https://h.example/x for more',
  'The body: {"a": 1}',
  'POST /x came\n\nand more',
  `${HAR} and more`.slice(1),
  '### words',
  '# a\nb',
]) {
  test(`nothing: ${JSON.stringify(text)}`, () => assert.equal(recognise(text), undefined));
}

test('nothing throws, whatever is pasted', () => {
  const piece = fc.constantFrom(
    'curl ',
    'curl -d ',
    "'",
    '"',
    "$'",
    '\\',
    '^',
    '^"',
    '\n',
    '\r\n',
    ' ',
    '<<EOF',
    '@-',
    '|',
    '$(',
    '`',
    '{',
    '[',
    'fetch(',
    ')',
    '{"log":{"entries":[',
    'null',
    ']}}',
    'POST / ',
    ':',
    '-H',
    '--',
    '-',
    '\ud800',
    '\0',
    '\\U99999999',
    '\\c',
    '###',
    '# @name ',
    '@a=',
    '{{',
    '}}',
    'POST /x HTTP/1.1',
    '```',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('');
      for (const { text: written, base64 } of recognise(text)?.entries ?? []) parseMessage(written, { base64 });
      for (const { text: written } of recognise(`curl ${text}`)?.entries ?? []) assert.equal(typeof written, 'string');
    }),
    { numRuns: 5000 },
  );
  for (const value of [
    null,
    [],
    { log: null },
    { log: { entries: {} } },
    { log: { entries: [null, 1, { request: { method: 'A', url: 'b', headers: [null] } }] } },
  ])
    recognise(JSON.stringify(value));
});

/** `$v0 $v1 $v2` and so on. */
const numbered = (length, before) => Array.from({ length }, (_, index) => before + index).join(' ');

const MILLION = 1_000_000;
const LARGE = {
  'a JSON body': `{"a":"${'x'.repeat(MILLION)}"}`,
  'deep JSON': '['.repeat(MILLION),
  'a form': 'a=1&'.repeat(MILLION / 4),
  blanks: ' '.repeat(MILLION),
  lines: 'a: b\n'.repeat(MILLION / 5),
  quotes: `curl https://h.example/ -d '${"\\'".repeat(MILLION / 2)}`,
  escapes: `curl https://h.example/ -d "${'\\"'.repeat(MILLION / 2)}"`,
  dollars: `curl https://h.example/ -d "${'$('.repeat(MILLION / 2)}"`,
  variables: `curl https://h.example/ -d "${numbered(MILLION / 8, '$v')}"`,
  backticks: `curl https://h.example/ -d ${'`'.repeat(MILLION + 1)}`,
  carets: `curl ^"https://h.example/^" ^\n -d ^"${'^\\^"'.repeat(MILLION / 4)}^"`,
  words: `curl ${'a '.repeat(MILLION / 2)}`,
  'a fetch': `fetch(${') '.repeat(MILLION / 2)}x`,
  sections: '### a\nPOST /x\nA: 1\n\n{"a": 1}\n\n'.repeat(MILLION / 33),
  comments: `# ${'a\n#'.repeat(MILLION / 3)}`,
  'variables of a file': `###\nPOST /\n\n${'{{'.repeat(MILLION / 2)}`,
  'blanks of a file': `###\nPOST /${' '.repeat(MILLION)}x`,
  'text and objects': `so ${'{"a":'.repeat(MILLION / 5)}`,
  'text and a large object': `so ${'{"a" '.repeat(10)}{"a":"${'x'.repeat(MILLION)}"}`,
  'text and request lines': `so\n${'POST /x HTTP\n'.repeat(MILLION / 13)}`,
  'text and fences': `so\n${'```\n'.repeat(MILLION / 4)}POST / HTTP/1.1\n\n`,
  'a request': `POST / HTTP/1.1\n\n${'{"a":[1,2]},'.repeat(MILLION / 12)}`,
};

for (const [name, text] of Object.entries(LARGE)) {
  test(`a megabyte of ${name} is read at once`, () => {
    const started = performance.now();
    const entry = recognise(text)?.entries[0];
    if (entry) parseMessage(entry.text, entry).rangeOf('/none');
    parseMessage(text).rangeOf('/none');
    const took = performance.now() - started;
    assert.ok(took < 1500, `${took} ms`);
  });
}

test('messages are written and read without a loss', () => {
  fc.assert(fc.property(messages, (message) => assert.deepEqual(read(messageText(message)), message)));
});

const { contracts } = await makeData();
const SCHEMES = new URL('../cases/schemes/', import.meta.url);
const ACCEPTED = readdirSync(SCHEMES)
  .flatMap((scheme) => readdirSync(new URL(`${scheme}/`, SCHEMES)).map((name) => `${scheme}/${name}`))
  .filter((path) => {
    const verdict = new URL(`${path}/verdict.json`, SCHEMES);
    return existsSync(verdict) && JSON.parse(readFileSync(verdict)).verdict === 'accept';
  });

/**
 * What nothing in the message tells apart, and which comes first: Svix under the names of Standard Webhooks, a
 * signature of v1 beside one of v1a, and the same header with a body that has what the narrower contract takes from it.
 */
const AMBIGUOUS = {
  'standard-webhooks-v1a': 'standard-webhooks',
  svix: 'standard-webhooks',
  'x-webhook-sign': 'envelope',
};

test('the contract of a signed message is found among those that ship', () => {
  let count = 0;
  const others = new Set();
  for (const path of ACCEPTED) {
    const { contract } = JSON.parse(readFileSync(new URL(`${path}/case.json`, SCHEMES)));
    const { request } = parseRecording(readFileSync(new URL(`${path}/request.http`, SCHEMES)), path);
    const own = contracts[contract];
    if (!own) continue;
    const found = contractsFor({ ...request, body: new Uint8Array(request.body) }, contracts);
    if (!JSON.parse(own.files['contract.json']).signature) {
      assert.ok(!found.includes(contract), path);
      continue;
    }
    count += 1;
    if (found[0] === contract) continue;
    others.add(`${contract} ${found[0]}`);
    assert.deepEqual(found.slice(0, 2), [AMBIGUOUS[contract], contract], path);
  }
  assert.ok(count > 40, `${count}`);
  assert.deepEqual(
    [...others],
    Object.entries(AMBIGUOUS).map((pair) => pair.join(' ')),
  );
});

const SIGNED = [
  [
    { 'X-HubSpot-Signature': 'a', 'X-HubSpot-Signature-Version': 'v2', 'Content-Type': 'application/json' },
    {},
    ['hubspot-v2', 'hubspot-v1'],
  ],
  [
    { 'x-twilio-signature': 'a', 'content-type': 'Application/JSON; charset=utf-8' },
    { url: '/?bodySHA256=0' },
    ['twilio-json', 'twilio'],
  ],
  [{ 'x-twilio-signature': 'a', 'content-type': FORM }, {}, ['twilio', 'twilio-json']],
  [{ 'webhook-signature': 'v1a,a' }, {}, ['standard-webhooks-v1a', 'standard-webhooks', 'svix']],
  [
    {},
    { method: 'GET', url: 'https://h.example/v1/kb/7/documents?signature=a&timestamp=b&nonce=c' },
    ['coze-kb', 'shopify-app-proxy'],
  ],
  [{}, { method: 'GET', url: '/proxy?signature=a&timestamp=b' }, ['shopify-app-proxy', 'coze-kb']],
  [{ DPoP: 'a' }, {}, ['coze-dpop']],
  [{ 'x-webhook-sign': 'a' }, { body: new TextEncoder().encode('{"serverTime":"b"}') }, ['envelope', 'x-webhook-sign']],
  [{ 'stripe-signature': 't=1,v1=a' }, { status: 200, method: undefined, url: undefined }, []],
  [{ 'content-type': 'application/json' }, {}, []],
];

for (const [headers, rest, expected] of SIGNED) {
  test(`the contracts of ${JSON.stringify({ headers, ...rest }).slice(0, 100)}`, () => {
    assert.deepEqual(
      contractsFor(
        { method: 'POST', url: '/', headers: Object.entries(headers), body: new Uint8Array(), ...rest },
        contracts,
      ),
      expected,
    );
  });
}

test('contracts of answers, of paths and of other engines, by what they declare', () => {
  const made = {
    answer: { signature: { engine: 'rfc9421' }, response: { statuses: [200] } },
    other: { signature: { engine: 'rfc9421' }, response: { statuses: [201] } },
    call: { signature: { engine: 'rfc9421' } },
    path: { signature: { engine: 'rfc9421' }, request: { path: '/a/{b}/{c?}' } },
    unsigned: { signature: null },
  };
  const given = Object.fromEntries(
    Object.entries(made).map(([name, contract]) => [
      name,
      { summary: '', files: { 'contract.json': JSON.stringify(contract) } },
    ]),
  );
  const message = { headers: [['Signature-Input', 'a']], body: new Uint8Array() };
  assert.deepEqual(contractsFor({ ...message, status: 201 }, given), ['other', 'answer']);
  for (const [url, expected] of [
    ['/a/1', 'path'],
    ['/a/1/2?d', 'path'],
    ['/a/1/2/3', 'call'],
    ['/a', 'call'],
    ['/a//2', 'call'],
  ]) {
    assert.equal(contractsFor({ ...message, method: 'POST', url }, given)[0], expected, url);
  }
});

const ENDS = [
  ['POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\né!\r\n', 'é!', 1],
  ['POST /a HTTP/1.1\nContent-Length: 2\n\n{}\n\n', '{}', 1],
  ['POST /a HTTP/1.1\nContent-Length: 2\n\n{} \n', '{} \n', 0],
  ['POST /a HTTP/1.1\nContent-Length: 3\n\n{}\n', '{}\n', 0],
  ['POST /a HTTP/1.1\n\n{}\n', '{}\n', 0],
  ['POST /a HTTP/1.1\nContent-Length: 2\nContent-Length: 2\n\n{}\n', '{}', 1],
  ['POST /a HTTP/1.1\nContent-Length: 2\nContent-Length: 1\n\n{}\n', '{}\n', 0],
];
for (const [text, body, notices] of ENDS) {
  test(`the end of a paste: ${JSON.stringify(text.slice(16))}`, () => {
    const {
      kind,
      entries: [entry],
    } = recognise(text);
    assert.equal(kind, 'http');
    assert.equal(shown(entry).body, body);
    assert.equal(entry.notices.length, notices);
  });
}
