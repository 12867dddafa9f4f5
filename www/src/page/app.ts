// The page: three panes and a verdict. It draws the store's state, has the engine check it, and draws the result.

import { h } from '../base/dom.js';
import { setLanguage, texts, type Language } from '../base/language.js';
import { remember } from '../base/remembered.js';
import type { ContractDocument } from '../contract/files.js';
import type { Data } from '../data.js';
import { endDetached } from '../editor/editor.js';
import type { Engine } from '../engine/client.js';
import { resolverOf } from '../request/resolve.js';
import type { Pane } from '../state.js';
import { banner, type Banner } from './banner.js';
import { clock } from './clock.js';
import type { DocumentsPane } from './documents.js';
import { droppedFiles, pickedFiles } from './dropped.js';
import { exampleOf, USUAL_PACK } from './examples.js';
import { helpDialog } from './help.js';
import { inputPane } from './input.js';
import { keys, type KeyKind } from './keys.js';
import type { Mark } from './marks.js';
import { opening } from './opening.js';
import type { Outcome } from './outcome.js';
import type { PacksPane } from './packs.js';
import { privacy, type Privacy } from './privacy.js';
import { replayBar } from './replay-bar.js';
import { resultPane } from './result.js';
import { rulesPane } from './rules.js';
import type { Store } from './store.js';
import { tabs } from './tabs.js';
import { titleOf, toolbar } from './toolbar.js';

const t = texts({
  en: {
    request: 'Request',
    contract: 'Contract',
    result: 'Result',
    panes: 'Panes',
    given: 'Key and time',
    reload: 'Reload',
    doctor: 'The doctor did not finish in time.',
    broken: 'Something in this page broke: {what}. Your input is kept.',
  },
  'zh-CN': {
    request: '请求',
    contract: '契约',
    result: '结果',
    panes: '面板',
    given: '密钥与时间',
    reload: '重新加载',
    doctor: '诊断未能按时完成。',
    broken: '页面出错：{what}。您输入的内容已保留。',
  },
});

const PAUSE = 150; // milliseconds of no typing before it is judged
const TICK = 5; // seconds between runs while the clock runs

export interface App {
  /** Draws and judges from now on. */
  start(engine: Engine): void;
  say: Banner['say'];
  privacy: Privacy;
}

export function app(root: HTMLElement, store: Store, data: Data, redraw: () => void): App {
  let engine: Engine | undefined;
  let outcome: Outcome = { kind: 'loading' };
  let marks: Mark[] = [];
  let contract: ContractDocument | undefined; // the latest that could be read
  let key: KeyKind = { kind: 'secret', hint: '' };
  let runs = 0;
  let changes = 0; // of what is judged: the doctor's answer is of one of them
  let pending = true; // what is shown is not yet what was judged
  let timer: ReturnType<typeof setTimeout> | undefined;

  const bar = toolbar(data, {
    onMode: (mode) =>
      store.change(
        (state) => {
          state.mode = mode;
          if (mode === 'deployment' && state.deployment.documents === '' && state.deployment.packs.length === 0) {
            state.deployment.packs = [USUAL_PACK];
          }
        },
        { atOnce: true },
      ),
    onAction: (action) => store.change((state) => (state.action = action), { atOnce: true }),
    onExample: (path) => open.example(path),
    onShare: () => void share(),
    onFiles: (files) => void open.files(pickedFiles(files)),
    onLanguage: changeLanguage,
    onHelp: () => help.showModal(),
  });
  // With another key it is the example no more, whose published key would come with a link.
  const keyFields = keys((edit) =>
    store.change((state, secrets) => edit(Object.assign(state, { example: undefined }), secrets)),
  );
  const time = clock((now) => store.change((state) => (state.now = now), { atOnce: true }));
  const replay = replayBar(store, run);
  const keyBar = h('div', { class: 'bar' }, keyFields.element, time.element, ...replay.elements);
  const top = banner();
  const result = resultPane(store, data, {
    onJump: (key) => jump(marks.find((mark) => mark.key === key)),
    onShow: jump,
    onRun: () => run(),
    onDoctor: () => void doctor(),
    onPart: (at) => lightUp(at),
    onMessage: (message) =>
      store.change((state) => Object.assign(state, { message, action: 'verify' }), { atOnce: true }),
    focusKey: () => keyFields.focus(),
  });
  const cursor = (where: Mark['where'], offset: number, file?: string): void => {
    result.at(
      marks.find((mark) => mark.where === where && mark.file === file && offset >= mark.from && offset <= mark.to)?.key,
    );
  };
  const input = inputPane(
    store,
    data,
    (offset) => cursor('message', offset),
    () => open.undoable(true),
  );
  const rules = rulesPane(
    store,
    data,
    (file, offset) => cursor('rules', offset, file),
    () => open.undoable(),
  );
  const open = opening(store, data, top, input.take);
  let deployment: { documents: DocumentsPane; packs: PacksPane } | undefined; // when it is first asked for
  const narrow = tabs<Pane>(
    t('panes'),
    (['input', 'rules', 'result'] as const).map((id) => ({
      id,
      label: t(id === 'input' ? 'request' : id === 'rules' ? 'contract' : 'result'),
      draw: () => undefined,
    })),
    (pane) => store.change(({ open }) => (open.pane = pane), { view: true }),
  );
  const panes = h('main', { class: 'panes', id: 'panes' }, input.element, rules.element, result.element);
  for (const tab of narrow.list.children) tab.setAttribute('aria-controls', panes.id);
  const status = h('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  const foot = privacy();
  const help = helpDialog();
  root.replaceChildren(
    bar.element,
    h('section', { 'aria-label': t('given') }, keyBar, top.element),
    result.bar,
    h('nav', { class: 'pane-tabs', 'aria-label': t('panes') }, narrow.list),
    panes,
    h('footer', { class: 'foot' }, foot.element, h('span', {}, `countersign ${data.version}`)),
    status,
    help,
  );
  result.draw(outcome, []);

  store.listen(({ atOnce, view }) => {
    update();
    if (view) return;
    changes += 1;
    schedule(atOnce ? 0 : PAUSE);
  });
  window.onerror = (event) => broken(typeof event === 'string' ? event : (event as ErrorEvent).message);
  window.onunhandledrejection = (event) => broken(String((event.reason as Error)?.message ?? event.reason));
  document.onkeydown = shortcut;
  document.ondragover = (event) => dragging(event, true);
  document.ondragleave = (event) => dragging(event, false);
  document.ondrop = (event) => {
    dragging(event, false);
    if (event.dataTransfer?.types.includes('Files')) void open.files(droppedFiles(event.dataTransfer));
    else takeText(event, event.dataTransfer);
  };
  document.onpaste = (event) => takeText(event, event.clipboardData);
  const ticking = setInterval(() => {
    if (!root.contains(status)) clearInterval(ticking);
    else if (store.state.now === null && outcome.kind === 'verdict') void run(true);
  }, TICK * 1000);
  update();

  function update(): void {
    const { state, secrets } = store;
    const webhook = state.mode === 'webhook';
    bar.update(state, contract?.shape !== undefined);
    const example = state.example === undefined ? undefined : exampleOf(data, state.example);
    document.title = example ? `${titleOf(example.title)} · Countersign` : 'Countersign playground';
    for (const { element } of [input, rules]) element.hidden = !webhook;
    for (const { element } of Object.values(deployment ?? {})) element.hidden = webhook;
    keyFields.element.hidden = !webhook;
    replay.update();
    panes.dataset.pane = state.open.pane;
    narrow.select(state.open.pane);
    if (webhook) {
      input.update();
      rules.update();
      keyFields.update(state, secrets, key);
    } else if (deployment) {
      deployment.documents.update();
      deployment.packs.update();
    } else void deploy();
    result.open(state.open.result);
    drawTime();
  }

  function drawTime(): void {
    const freshness = contract?.freshness as { pastSeconds?: number; futureSeconds?: number } | null | undefined;
    const found = outcome.kind === 'verdict' ? outcome.verdict.findings : [];
    const [outside] = found.flatMap((finding) => ('skewSeconds' in finding ? [finding.skewSeconds] : []));
    const skew = outcome.kind === 'verdict' ? (outcome.skewSeconds ?? outside) : undefined;
    const signed = outcome.kind === 'verdict' && skew !== undefined ? outcome.now - skew : undefined;
    time.update(store.state.now, { signed, past: freshness?.pastSeconds, future: freshness?.futureSeconds });
  }

  async function deploy(): Promise<void> {
    const [{ documentsPane }, { packsPane }] = await Promise.all([import('./documents.js'), import('./packs.js')]);
    if (deployment) return;
    deployment = {
      documents: documentsPane(store, (offset) => cursor('documents', offset)),
      packs: packsPane(store, data, (file, offset) => cursor('packs', offset, file)),
    };
    result.element.before(deployment.documents.element, deployment.packs.element);
    update();
    mark();
  }

  function schedule(pause: number): void {
    clearTimeout(timer);
    pending = true;
    timer = setTimeout(() => void run(), pause);
  }

  /**
   * @param quiet of the clock alone: where all but the age is the same, only that is drawn
   * @returns what came out; undefined where something newer is judged
   */
  async function run(quiet = false): Promise<Outcome | undefined> {
    clearTimeout(timer);
    if (!engine) return undefined;
    runs += 1;
    const own = runs;
    result.busy(true);
    const [{ judge }] = await Promise.all([import('./judge.js'), result.ready()]);
    const found = await judge(engine, store.state, store.secrets, data, () => own === runs);
    if (own !== runs || !found) return undefined;
    pending = false;
    result.busy(false);
    const same = quiet && shape(found.outcome) === shape(outcome);
    ({ outcome, marks } = found);
    key = found.key ?? key;
    contract = ('contract' in outcome && outcome.contract?.contract) || contract;
    if (same) result.tick(outcome);
    else draw();
    drawTime();
    return outcome;
  }

  function draw(): void {
    result.draw(outcome, marks);
    const words = result.words();
    if (status.textContent !== words) status.textContent = words;
    update();
    mark();
  }

  function mark(): void {
    const of = (where: Mark['where']): Mark[] => marks.filter((one) => one.where === where);
    const byFile = (where: Mark['where']): Map<string, Mark[]> => {
      const found = new Map<string, Mark[]>();
      for (const one of of(where)) found.set(one.file ?? '', [...(found.get(one.file ?? '') ?? []), one]);
      return found;
    };
    if (store.state.mode === 'webhook') {
      input.mark(of('message'));
      rules.mark(
        byFile('rules'),
        of('rules').filter(({ at }) => at !== undefined),
      );
    } else {
      deployment?.documents.mark(of('documents'));
      deployment?.packs.mark(byFile('packs'));
    }
  }

  async function doctor(): Promise<void> {
    if (!engine) return;
    const before = changes;
    result.diagnosis('running');
    try {
      const { diagnose } = await import('./judge.js');
      const diagnosis = await diagnose(engine, store.state, store.secrets, data);
      if (before !== changes) return;
      result.diagnosis(diagnosis);
      status.textContent = result.words();
    } catch {
      result.diagnosis(undefined);
      top.say(t('doctor'), 'fail');
    }
  }

  async function share(): Promise<void> {
    const { shareDialog } = await import('./share-dialog.js');
    const dialog = shareDialog(store, data, pending ? undefined : outcome, pending ? undefined : result.found());
    root.append(dialog);
    dialog.showModal();
    dialog.addEventListener('close', () => dialog.remove());
  }

  function lightUp(at: string | undefined): void {
    const range =
      outcome.kind === 'verdict' && at !== undefined
        ? outcome.parsed.rangeOf(at, undefined, { resolve: resolverOf(outcome.contract.contract) })
        : undefined;
    input.highlight(range ? [{ from: range[0], to: range[1], class: 'signed-part' }] : []);
  }

  function jump(mark: Mark | undefined): void {
    if (!mark) return;
    if (mark.where === 'message') input.reveal(mark.from, mark.to);
    else if (mark.where === 'documents') deployment?.documents.reveal(mark.from, mark.to);
    else if (mark.where === 'rules') rules.reveal(mark.file ?? 'contract.json', mark.from, mark.to);
    else deployment?.packs.reveal(mark.file ?? '', mark.from, mark.to);
    result.at(mark.key);
  }

  function shortcut(event: KeyboardEvent): void {
    if (event.key === 'F8') {
      event.preventDefault();
      const stops = marks.filter(({ beside }) => !beside);
      const at = stops.findIndex(({ key }) => key === result.current());
      const next =
        at === -1 && event.shiftKey
          ? stops.length - 1
          : (at + (event.shiftKey ? -1 : 1) + stops.length) % Math.max(1, stops.length);
      jump(stops[next]);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void run();
    }
  }

  function dragging(event: DragEvent, on: boolean): void {
    const { types = [] } = event.dataTransfer ?? {};
    // Beside the fields, a text that is dropped is a message, as one that is pasted.
    if (!types.includes('Files') && (isField(event.target) || !types.includes('text/plain'))) return;
    event.preventDefault();
    root.classList.toggle('dropping', on);
  }

  /** Fields and editors take their own text. */
  function takeText(event: Event, transfer: DataTransfer | null): void {
    const text = transfer?.getData('text/plain') ?? '';
    if (text.trim() === '' || isField(event.target) || store.state.mode !== 'webhook') return;
    event.preventDefault();
    input.paste(text);
  }

  function changeLanguage(next: Language): void {
    remember('language', next);
    setLanguage(next);
    store.forgetListeners();
    clearTimeout(timer);
    clearInterval(ticking);
    redraw();
    endDetached();
    root.querySelector<HTMLElement>('[data-language]')?.focus();
  }

  function broken(what: string): void {
    top.say(
      t('broken', { what }),
      'fail',
      h('button', { type: 'button', onclick: () => location.reload() }, t('reload')),
    );
  }

  return {
    start(started) {
      engine = started;
      void run();
    },
    say: top.say,
    privacy: foot,
  };
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null;
}

/** What a verdict says but for the age of its message, which grows while the clock runs. */
function shape(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'verdict') return undefined;
  const { verdict, status, stages, findings } = outcome.verdict;
  return JSON.stringify([verdict, status, stages, findings.map(({ code, at }) => [code, at])]);
}
