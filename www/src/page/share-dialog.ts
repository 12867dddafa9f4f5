// What leaves the page, by the user's own hand: a link, a test case, a command, a report. Secrets are in none of them.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { seconds } from '../base/time.js';
import type { Data } from '../data.js';
import { curlCommand } from '../request/curl-command.js';
import { parseMessage } from '../request/parse.js';
import { caseFolder, inFolder, publishedKeys } from '../share/case.js';
import { ciStep, markdown } from '../share/copy.js';
import { encode, exampleHash, linkTooLong, stateFile } from '../share/link.js';
import { sharedTexts } from '../share/shared-texts.js';
import { holds, redacted, suspicious, type Suspicion } from '../share/warn.js';
import { zip } from '../share/zip.js';
import type { State } from '../state.js';
import { exampleOf, openedExample } from './examples.js';
import type { Outcome } from './judge.js';
import type { Store } from './store.js';
import type { Diagnosis } from '../../../pkg/index.js';
import './share-dialog.css';

const t = texts({
  en: {
    title: 'Share', link: 'Link', linkNote: 'It reproduces everything that is open, the time included. It stands behind the #, which browsers send to nobody. Keys are not in it.', copy: 'Copy', copied: 'Copied', close: 'Close', long: 'This link has {n} characters: many chats and mails cut it. The file is safer.',
    file: 'Save as a file', folder: 'Test case (ZIP)', curl: 'curl', ci: 'CI step', markdown: 'Markdown', as: 'Copy as', held: 'A key of this page stands in what would be shared ({where}). Remove it there first: nothing is shared until then.',
    looks: 'This looks like a live secret: whoever has the link reads it.', redact: 'Replace them by [redacted] in what is shared', broken: 'A signature over what is replaced will not hold any more.', no: 'It cannot be written: {why}', at: '{masked} in {where}', nothing: 'There is nothing to copy yet.',
    curlNo: 'This message cannot be a curl command.',
  },
  'zh-CN': {
    title: '分享', link: '链接', linkNote: '链接可重现当前打开的一切，包括时间。内容位于 # 之后，浏览器不会发送给任何人。其中没有密钥。', copy: '复制', copied: '已复制', close: '关闭', long: '此链接有 {n} 个字符：许多聊天和邮件工具会截断它。保存为文件更可靠。',
    file: '保存为文件', folder: '测试用例（ZIP）', curl: 'curl', ci: 'CI 步骤', markdown: 'Markdown', as: '复制为', held: '要分享的内容中含有本页的密钥（{where}）。请先删除：在此之前不会分享任何内容。',
    looks: '这看起来像真实的密钥：任何拿到链接的人都能读到。', redact: '在分享的内容中替换为 [redacted]', broken: '被替换内容上的签名将不再成立。', no: '无法写出：{why}', at: '{where} 中的 {masked}', nothing: '还没有可复制的内容。',
    curlNo: '此消息无法写成 curl 命令。',
  },
});

/** For one time that it is opened. */
export function shareDialog(store: Store, data: Data, outcome: Outcome, diagnosis: Diagnosis | undefined): HTMLDialogElement {
  const body = h('div', { class: 'share' });
  const status = h('p', { role: 'status', class: 'share-status' });
  const dialog: HTMLDialogElement = h('dialog', { class: 'dialog', 'aria-labelledby': 'share-title' }, h('h2', { id: 'share-title' }, t('title')), body, status, h('div', { class: 'dialog-bar' }, h('button', { type: 'button', onclick: () => dialog.close() }, t('close'))));
  let hidden = true; // what looks secret is replaced

  async function draw(): Promise<void> {
    status.textContent = '';
    const held = holds(store.state, store.secrets);
    // Of an example, keys are published: they are no secret that a message could give away.
    if (held.length > 0 && !published()) return body.replaceChildren(h('p', { class: 'fail' }, `✗ ${t('held', { where: held.join(', ') })}`));
    const found = await doubtful();
    const state = found.length > 0 && hidden ? await redacted(store.state, data.contracts) : store.state;
    const now = store.state.now ?? seconds();
    const url = `${location.href.split('#')[0]}${untouched() ? exampleHash(store.state.example ?? '') : await encode(state, now)}`;
    const field = h('input', { type: 'text', readonly: true, class: 'wide', 'aria-label': t('link'), onfocus: () => field.select() });
    field.value = url;
    const check = h('input', { type: 'checkbox', checked: hidden, onchange: () => ((hidden = check.checked), void draw()) });
    const warning = found.length > 0 && h('div', { class: 'share-warning' }, h('p', {}, `! ${t('looks')}`),
      h('ul', {}, ...found.slice(0, 10).map(({ masked, where }) => h('li', {}, h('code', {}, t('at', { masked, where }))))),
      h('label', { class: 'check' }, check, t('redact')), hidden && h('p', { class: 'dim' }, t('broken')));
    const button = (label: string, text: () => Promise<string> | string): HTMLElement => h('button', { type: 'button', onclick: () => void copy(text) }, label);
    const webhook = state.mode === 'webhook';
    body.replaceChildren(
      ...(warning ? [warning] : []),
      h('h3', {}, t('link')),
      h('div', { class: 'share-link' }, field, button(t('copy'), () => url)),
      h('p', { class: 'dim' }, t('linkNote')),
      ...(linkTooLong(url) ? [h('p', { class: 'warn' }, `! ${t('long', { n: url.length })}`)] : []),
      h('h3', {}, t('as')),
      h('div', { class: 'dialog-bar' },
        h('button', { type: 'button', onclick: () => void saved(async () => ['countersign.zip', await zip(inFolder(folder(state, now)))]) }, t('folder')),
        webhook && button(t('curl'), () => curl(state)),
        'text' in outcome && state.action !== 'shape' && button(t('ci'), () => ciStep({ state, contracts: data.contracts, now, keyIds: store.secrets.keys.map(({ id }) => id), published: publishedKeys(state, store.secrets.keys, data) !== undefined })),
        button(t('markdown'), () => report(state, now)),
        h('button', { type: 'button', onclick: () => void saved(() => ['countersign.json', new TextEncoder().encode(stateFile(state, now))]) }, t('file'))),
    );
  }

  /** The keys of the page are those of the example, which are published. */
  function published(): boolean {
    return store.state.example !== undefined && publishedKeys(store.state, store.secrets.keys, data) !== undefined && store.secrets.others.length === 0;
  }

  /** What looks like a secret; nothing, where all of it stands in the example as well, which is published. */
  async function doubtful(): Promise<Suspicion[]> {
    const found = await suspicious(store.state, data.contracts);
    const example = store.state.example === undefined ? undefined : exampleOf(data, store.state.example);
    if (!example) return found;
    const known = new Map(sharedTexts(openedExample(example).state));
    const shown = new Map(sharedTexts(store.state));
    return found.every(({ where, from, to }) => known.get(where)?.includes(shown.get(where)?.slice(from, to) ?? '')) ? [] : found;
  }

  function untouched(): boolean {
    const example = store.state.example === undefined ? undefined : exampleOf(data, store.state.example);
    return example !== undefined && JSON.stringify(openedExample(example).state) === JSON.stringify(store.state);
  }

  function folder(state: State, now: number): ReturnType<typeof caseFolder> {
    return caseFolder({ state, keys: store.secrets.keys, data, now, ...('text' in outcome ? { text: outcome.text } : {}) });
  }

  function curl(state: State): string {
    const { message } = parseMessage(state.message.text, state.message);
    const text = message && curlCommand(message, { origin: state.origin || undefined });
    if (text === undefined) throw new Error(t('curlNo'));
    return text;
  }

  function report(state: State, now: number): Promise<string> {
    const verdict = outcome.kind === 'verdict' ? outcome.verdict : outcome.kind === 'report' ? outcome.report : undefined;
    if (!verdict) throw new Error(t('nothing'));
    return markdown({ state, contracts: data.contracts, verdict, diagnosis, now, version: data.version });
  }

  async function copy(text: () => Promise<string> | string): Promise<void> {
    try {
      await navigator.clipboard.writeText(await text());
      status.textContent = `✓ ${t('copied')}`;
    } catch (error) {
      status.textContent = t('no', { why: (error as Error).message });
    }
  }

  async function saved(made: () => Promise<[string, Uint8Array]> | [string, Uint8Array]): Promise<void> {
    try {
      const [name, bytes] = await made();
      const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
      h('a', { href: url, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      status.textContent = `✓ ${name}`;
    } catch (error) {
      status.textContent = t('no', { why: (error as Error).message });
    }
  }

  void draw().catch((error: Error) => (status.textContent = t('no', { why: error.message })));
  return dialog;
}
