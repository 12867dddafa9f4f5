//! The fix for each cause, in terms of the user's framework. Related faults share a fix.

use serde::Serialize;

use super::fault::CauseId;

/// How to fix a fault, for each framework.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each is named after its framework")]
#[non_exhaustive]
pub struct Mends {
    pub express: &'static str,
    pub fastify: &'static str,
    pub hono: &'static str,
    pub next: &'static str,
    pub flask: &'static str,
    pub rails: &'static str,
    pub go: &'static str,
}

pub(super) fn of(id: CauseId) -> Mends {
    match id {
        CauseId::BodyNewlineAdded
        | CauseId::BodyNewlineLost
        | CauseId::BodyCrlf
        | CauseId::BodyBom
        | CauseId::BodyReserialised
        | CauseId::BodyEscapes
        | CauseId::BodyLatin1
        | CauseId::BodyLossy => RAW_BODY,
        CauseId::BodyBase64 => BASE64,
        CauseId::BodyTruncated => WHOLE_BODY,
        CauseId::KeyWhitespace | CauseId::KeyQuotes => CLEAN_KEY,
        CauseId::KeyPrefix | CauseId::KeyEncoding => KEY_FORM,
        CauseId::KeyOther => OTHER_KEY,
        CauseId::SignatureEncoding | CauseId::SignaturePrefix | CauseId::SignatureAlgorithm => SIGNATURE,
        CauseId::SignatureProvider => PROVIDER,
        CauseId::TimeUnit | CauseId::TimeField => TIME,
        CauseId::Template => TEMPLATE,
        CauseId::Url => URL,
    }
}

/// For an answer, it is the client that reads the body, whatever server it is part of.
pub(super) fn of_answer(id: CauseId) -> Mends {
    match of(id) {
        RAW_BODY | BASE64 | WHOLE_BODY => ANSWER_BODY,
        other => other,
    }
}

/// The same text for every framework.
const fn everywhere(text: &'static str) -> Mends {
    Mends { express: text, fastify: text, hono: text, next: text, flask: text, rails: text, go: text }
}

const RAW_BODY: Mends = Mends {
    express: "before `app.use(express.json())`: `app.post('/hooks', express.raw({ type: '*/*', limit: '1mb' }), (req, res) => { const verdict = gate.check({ method: req.method, url: req.originalUrl, headers: req.headersDistinct, body: req.body }); res.status(verdict.status ?? 500).json(verdict.answer ?? { message: verdict.statusText }); });`",
    fastify: "in a scope of its own: `fastify.register(async (hooks) => { hooks.removeAllContentTypeParsers(); hooks.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => done(null, body)); hooks.post('/hooks', async (request, reply) => { const verdict = gate.check({ method: request.method, url: request.originalUrl, headers: request.raw.headersDistinct, body: request.body instanceof Buffer ? request.body : Buffer.alloc(0) }); return reply.code(verdict.status ?? 500).send(verdict.answer ?? { message: verdict.statusText }); }); });`",
    hono: "the bytes, in place of `c.req.json()` or `c.req.text()`: `app.post('/hooks', async (c) => { const verdict = gate.check({ method: c.req.method, url: c.req.url, headers: c.req.raw.headers, body: new Uint8Array(await c.req.arrayBuffer()) }); return Response.json(verdict.answer ?? { message: verdict.statusText }, { status: verdict.status }); });`",
    next: "app/hooks/route.js, with the bytes in place of `request.json()` or `request.text()`: `export async function POST(request) { const verdict = gate.check({ method: request.method, url: request.url, headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) }); return Response.json(verdict.answer ?? { message: verdict.statusText }, { status: verdict.status }); }`",
    flask: "`request.get_data()` in place of `request.get_json()` or `request.data.decode()`",
    rails: "`request.raw_post` in place of `params` or `request.body.read` after a parser; sign the same bytes, `force_encoding` nothing",
    go: "`body, err := io.ReadAll(r.Body)` first, verify `body`, and `json.Unmarshal` it afterwards; never marshal it again",
};

const ANSWER_BODY: Mends = Mends {
    flask: "`response.content` of requests, in place of `response.json()` or `response.text`",
    rails: "`response.body` of Net::HTTP as it came, `force_encoding` nothing",
    go: "`body, err := io.ReadAll(response.Body)` first, verify `body`, and `json.Unmarshal` it afterwards",
    ..everywhere(
        "before anything calls `response.json()` or `response.text()`: `const verdict = gate.check({ status: response.status, headers: response.headers, body: new Uint8Array(await response.arrayBuffer()) });`",
    )
};

const BASE64: Mends = Mends {
    express: "behind API Gateway or Lambda: `Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')`, before the body reaches express",
    fastify: "`@fastify/aws-lambda` decodes it; in a handler of your own: `Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')`",
    hono: "`hono/aws-lambda` decodes it; in a handler of your own: `Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')`",
    next: "`Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')` where the adapter makes the request",
    flask: "`base64.b64decode(event['body']) if event.get('isBase64Encoded') else event['body'].encode()`",
    rails: "`event['isBase64Encoded'] ? Base64.strict_decode64(event['body']) : event['body']` where the adapter makes the request",
    go: "`if e.IsBase64Encoded { body, err = base64.StdEncoding.DecodeString(e.Body) }`",
};

const WHOLE_BODY: Mends = Mends {
    express: "read the body once, and raise the limit, which is 100 kB: `app.post('/hooks', express.raw({ type: '*/*', limit: '1mb' }), (req, res) => { const verdict = gate.check({ method: req.method, url: req.originalUrl, headers: req.headersDistinct, body: req.body }); res.status(verdict.status ?? 500).json(verdict.answer ?? { message: verdict.statusText }); });`",
    fastify: "let the parser collect it, in a scope of its own, and read no stream beside it: `hooks.removeAllContentTypeParsers(); hooks.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 1048576 }, (request, body, done) => done(null, body));`",
    hono: "read the body once: `const body = new Uint8Array(await c.req.arrayBuffer());`, and raise the limit of `bodyLimit()`, if it is used",
    next: "read the body once: `const body = new Uint8Array(await request.arrayBuffer());`; in the pages router switch `bodyParser` off and collect every chunk: `const chunks = []; for await (const chunk of request) chunks.push(chunk); const body = Buffer.concat(chunks);`",
    flask: "`request.get_data()` before anything reads `request.stream`, and raise `MAX_CONTENT_LENGTH`",
    rails: "`request.raw_post`; a second `request.body.read` is empty without `request.body.rewind`",
    go: "`io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))` once; a second read is empty, and one `Read` is not the whole",
};

const CLEAN_KEY: Mends = Mends {
    express: "set the key without quotes and white space on both sides; `process.env.WEBHOOK_SECRET` is taken as it stands",
    fastify: "set the key without quotes and white space on both sides; `process.env.WEBHOOK_SECRET` is taken as it stands",
    hono: "set the key without quotes and white space on both sides; `wrangler secret put` keeps the newline of a piped `echo`: use `printf %s`",
    next: "set the key without quotes and white space on both sides; a value pasted into a dashboard keeps its quotes",
    flask: "set the key without quotes and white space on both sides; `os.environ` does not strip, nor does `open(path).read()`",
    rails: "set the key without quotes and white space on both sides; `File.read(path)` keeps the newline: `.chomp` it",
    go: "set the key without quotes and white space on both sides; `os.ReadFile` keeps the newline: `bytes.TrimSpace` it",
};

const KEY_FORM: Mends = Mends {
    express: "make both sides read the key alike: `Buffer.from(secret, 'base64')`, `'hex'` or `'utf8'`, with or without its prefix, as `key.format` and `key.prefix` of the contract say",
    fastify: "make both sides read the key alike: `Buffer.from(secret, 'base64')`, `'hex'` or `'utf8'`, with or without its prefix, as `key.format` and `key.prefix` of the contract say",
    hono: "make both sides read the key alike before `crypto.subtle.importKey`: decoded or as text, with or without its prefix, as `key.format` and `key.prefix` of the contract say",
    next: "make both sides read the key alike: `Buffer.from(secret, 'base64')`, `'hex'` or `'utf8'`, with or without its prefix, as `key.format` and `key.prefix` of the contract say",
    flask: "make both sides read the key alike: `base64.b64decode(secret)`, `bytes.fromhex(secret)` or `secret.encode()`, with or without its prefix, as `key.format` and `key.prefix` of the contract say",
    rails: "make both sides read the key alike: `Base64.decode64(secret)`, `[secret].pack('H*')` or `secret`, with or without its prefix, as `key.format` and `key.prefix` of the contract say",
    go: "make both sides read the key alike: `base64.StdEncoding.DecodeString`, `hex.DecodeString` or `[]byte(secret)`, with or without its prefix, as `key.format` and `key.prefix` of the contract say",
};

const OTHER_KEY: Mends = everywhere(
    "give the key that the sender signs with: one key an entry of `keys`, and look whether the variable that holds it is set on both sides",
);

const SIGNATURE: Mends = Mends {
    express: "the sender writes `createHmac(algorithm, key).update(bytes).digest('hex')` (or `'base64'`) as the contract's `encoding`, `shape` and `algorithm` say; else change those three",
    fastify: "the sender writes `createHmac(algorithm, key).update(bytes).digest('hex')` (or `'base64'`) as the contract's `encoding`, `shape` and `algorithm` say; else change those three",
    hono: "the sender writes the bytes of `crypto.subtle.sign` as the contract's `encoding`, `shape` and `algorithm` say; else change those three",
    next: "the sender writes `createHmac(algorithm, key).update(bytes).digest('hex')` (or `'base64'`) as the contract's `encoding`, `shape` and `algorithm` say; else change those three",
    flask: "the sender writes `hmac.new(key, data, hashlib.sha256).hexdigest()` (or `b64encode(….digest()).decode()`) as the contract's `encoding`, `shape` and `algorithm` say; else change those three",
    rails: "the sender writes `OpenSSL::HMAC.hexdigest` (or `Base64.strict_encode64(OpenSSL::HMAC.digest(…))`) as the contract's `encoding`, `shape` and `algorithm` say; else change those three",
    go: "the sender writes `hex.EncodeToString(mac.Sum(nil))` (or `base64.StdEncoding`) as the contract's `encoding`, `shape` and `algorithm` say; else change those three",
};

const PROVIDER: Mends = everywhere(
    "use the contract of the provider whose header this is, or make the sender sign in the header that the contract names",
);

const TIME: Mends = Mends {
    express: "sign the very text that is sent as the time: `String(Math.floor(Date.now() / 1000))` for seconds, once, into the header and the signed bytes",
    fastify: "sign the very text that is sent as the time: `String(Math.floor(Date.now() / 1000))` for seconds, once, into the header and the signed bytes",
    hono: "sign the very text that is sent as the time: `String(Math.floor(Date.now() / 1000))` for seconds, once, into the header and the signed bytes",
    next: "sign the very text that is sent as the time: `String(Math.floor(Date.now() / 1000))` for seconds, once, into the header and the signed bytes",
    flask: "sign the very text that is sent as the time: `str(int(time.time()))` for seconds, once, into the header and the signed bytes",
    rails: "sign the very text that is sent as the time: `Time.now.to_i.to_s` for seconds, once, into the header and the signed bytes",
    go: "sign the very text that is sent as the time: `strconv.FormatInt(time.Now().Unix(), 10)` for seconds, once, into the header and the signed bytes",
};

const TEMPLATE: Mends = everywhere(
    "put the signed bytes together as the contract's `signed` lists them, or list there what the sender really signs",
);

const URL: Mends = Mends {
    express: "`gate.check({ method: req.method, url: req.originalUrl, headers: req.headersDistinct, body: req.body })`, not `req.url`, which a router cuts; and `origin: 'https://hooks.example.org'`, as the sender calls it, for compile",
    fastify: "`gate.check({ method: request.method, url: request.originalUrl, headers: request.raw.headersDistinct, body: request.body })`; and `origin: 'https://hooks.example.org'`, as the sender calls it, for compile",
    hono: "`gate.check({ method: c.req.method, url: new URL(c.req.url).pathname + new URL(c.req.url).search, headers: c.req.raw.headers, body })`, not `c.req.path`, which has no query; and `origin: 'https://hooks.example.org'`, as the sender calls it, for compile",
    next: "`gate.check({ method: request.method, url: new URL(request.url).pathname + new URL(request.url).search, headers: request.headers, body })`, for behind a proxy `request.url` is that of the inner server, and rewrites change it; and `origin: 'https://hooks.example.org'`, as the sender calls it, for compile",
    flask: "`app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)`, and give `request.url` as called, or the public origin (`origin` of compile)",
    rails: "give `request.original_url`, with the public origin (`origin` of compile) behind a proxy, not `request.path`",
    go: "give the public origin (`origin` of compile) and `r.RequestURI`: `r.URL` is decoded, and without scheme and host",
};
