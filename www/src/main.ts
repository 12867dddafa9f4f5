// The entry of the page: draws at once, loads what the page needs, closes the network, and then starts the engine.

import './style.css';

import engineUrl from '../../pkg/core_bg.wasm?url';
import { preferredLanguage, setLanguage, texts, LANGUAGES, type Language } from './base/language.js';
import { h } from './base/dom.js';
import { remembered } from './base/remembered.js';
import type { Data } from './data.js';
import dataUrl from 'virtual:data';
import { Engine } from './engine/client.js';
import { closeNetwork } from './offline/close.js';
import { register, takeOver } from './offline/register.js';
import { app, type App } from './page/app.js';
import { keepDraft, restored } from './page/draft.js';
import { Store } from './page/store.js';
import { applyTheme } from './page/toolbar.js';

const t = texts({
  en: {
    failed: 'The playground could not be loaded: {why}',
    again: 'Try again',
    newer: 'A newer version is available: reload when you like.',
    reload: 'Reload',
  },
  'zh-CN': { failed: '无法加载：{why}', again: '重试', newer: '有新版本：方便时请重新加载。', reload: '重新加载' },
});

void start();

async function start(): Promise<void> {
  const root = document.getElementById('app') ?? document.body;
  try {
    applyTheme();
    setLanguage(chosenLanguage());
    const compiled = compile(engineUrl);
    const later = import('./later.js');
    Promise.all([compiled, later]).catch(() => undefined); // told below, when they are waited for
    const data = await json<Data>(dataUrl);
    const store = new Store();
    let drawn: App;
    let engine: Engine | undefined;
    const known = { closed: false, offline: false };
    const draw = (): void => {
      drawn = app(root, store, data, draw);
      keepDraft(store);
      drawn.privacy.update(known);
      if (engine) drawn.start(engine);
    };
    const problem = await restored(store, data, true);
    draw();
    if (problem) drawn!.say(problem);
    const offline = register(() =>
      drawn.say(t('newer'), 'warn', h('button', { type: 'button', onclick: takeOver }, t('reload'))),
    );
    void offline.then((state) => drawn.privacy.update(Object.assign(known, { offline: state === 'ready' })));
    addEventListener('hashchange', () => void restored(store, data, false).then((wrong) => wrong && drawn.say(wrong)));
    const module = await compiled;
    const { EngineWorker, preload } = await later;
    await preload();
    known.closed = await closeNetwork();
    engine = new Engine(module, () => new EngineWorker());
    drawn!.start(engine);
    drawn!.privacy.update(known);
  } catch (error) {
    root.append(
      h(
        'p',
        { class: 'banner fail', role: 'alert' },
        t('failed', { why: String((error as Error).message) }),
        h('button', { type: 'button', onclick: () => location.reload() }, t('again')),
      ),
    );
  }
}

function chosenLanguage(): Language {
  const chosen = remembered('language');
  return LANGUAGES.find((one) => one === chosen) ?? preferredLanguage();
}

async function json<Value>(url: string): Promise<Value> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return (await answer.json()) as Value;
}

/** Compiled while it arrives; a server that does not know the media type is no reason to fail. */
async function compile(url: string): Promise<WebAssembly.Module> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  const streams = answer.headers.get('content-type')?.startsWith('application/wasm');
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}
