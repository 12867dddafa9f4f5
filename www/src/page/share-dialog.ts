// What leaves the page, by the user's own hand: a link, a test case, a command, a report. Secrets are in none of them.

import type { Diagnosis } from '../../../pkg/index.js';
import { curlCommand } from '../../../pkg/write/curl.js';
import { utf8 } from '../base/bytes.js';
import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { seconds } from '../base/time.js';
import type { Data } from '../data.js';
import { parseMessage } from '../request/parse.js';
import { caseFolder, inFolder, publishedKeys } from '../share/case.js';
import { ciStep, markdown } from '../share/copy.js';
import { decode, encode, exampleHash, linkTooLong, stateFile } from '../share/link.js';
import { doubtful, fileTexts, lastLook, shareable, unpublished } from '../share/outgoing.js';
import { Problem } from '../share/problem.js';
import { holds, redacted, valuesOf, type Suspicion } from '../share/warn.js';
import { zip } from '../share/zip.js';
import type { Secrets, State } from '../state.js';
import { exampleOf, openedExample } from './examples.js';
import type { Outcome } from './outcome.js';
import type { Store } from './store.js';
import './share-dialog.css';

const t = texts({
  en: {
    title: 'Share',
    link: 'Link',
    linkNote:
      'The link reproduces everything that is open, including the time. The data is after the #, which browsers ' +
      'never send. It contains no keys.',
    copy: 'Copy',
    copied: 'Copied',
    close: 'Close',
    long: 'This link has {n} characters: many chat and mail programs cut such links. A file is safer.',
    file: 'Save as a file',
    folder: 'Test case (ZIP)',
    curl: 'curl',
    ci: 'CI step',
    markdown: 'Markdown',
    as: 'Copy as',
    held:
      'What would be shared contains a key of this page ({where}). Remove it there first: nothing is shared until ' +
      'then.',
    looks: 'This looks like a live secret: anyone who has the link can read it.',
    redact: 'Replace them with [redacted] in what is shared',
    broken: 'A signature over replaced text will no longer match.',
    no: 'It cannot be written: {why}',
    at: '{masked} in {where}',
    nothing: 'There is nothing to copy yet.',
    curlNo: 'This message cannot be a curl command.',
    byHand:
      'This browser lets no page at this address write to the clipboard. The text is selected: copy it with Ctrl+C, ' +
      'or ⌘C.',
    text: 'Text to copy',
  },
  'zh-CN': {
    title: '分享',
    link: '链接',
    linkNote: '链接可重现当前打开的一切，包括时间。内容位于 # 之后，浏览器不会发送给任何人。其中没有密钥。',
    copy: '复制',
    copied: '已复制',
    close: '关闭',
    long: '此链接有 {n} 个字符：许多聊天和邮件工具会截断它。保存为文件更可靠。',
    file: '保存为文件',
    folder: '测试用例（ZIP）',
    curl: 'curl',
    ci: 'CI 步骤',
    markdown: 'Markdown',
    as: '复制为',
    held: '要分享的内容中含有本页的密钥（{where}）。请先删除：在此之前不会分享任何内容。',
    looks: '这看起来像真实的密钥：任何拿到链接的人都能读到。',
    redact: '在分享的内容中替换为 [redacted]',
    broken: '被替换内容上的签名将不再成立。',
    no: '无法写出：{why}',
    at: '{where} 中的 {masked}',
    nothing: '还没有可复制的内容。',
    curlNo: '此消息无法写成 curl 命令。',
    byHand: '此浏览器不允许此地址的页面写入剪贴板。文本已选中：请按 Ctrl+C 或 ⌘C 复制。',
    text: '待复制的文本',
  },
});

type Look = ReturnType<typeof lastLook>;

/**
 * For one time that it is opened.
 * @param outcome of the state as it is now; none where it was not judged yet: then no verdict is written
 */
export function shareDialog(
  store: Store,
  data: Data,
  outcome: Outcome | undefined,
  diagnosis: Diagnosis | undefined,
): HTMLDialogElement {
  const body = h('div', { class: 'share' });
  const status = h('p', { role: 'status', class: 'share-status' });
  const byHand = h('textarea', { class: 'wide', rows: 4, readonly: true, hidden: true, 'aria-label': t('text') });
  const dialog: HTMLDialogElement = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'share-title' },
    h('h2', { id: 'share-title' }, t('title')),
    body,
    byHand,
    status,
    h('div', { class: 'dialog-bar' }, h('button', { type: 'button', onclick: () => dialog.close() }, t('close'))),
  );
  const { contracts } = data;
  const own = shareable(structuredClone(store.state), contracts);
  const secrets: Secrets = { keys: [...store.secrets.keys], others: [...store.secrets.others] };
  const found = own.example === undefined ? undefined : exampleOf(data, own.example);
  const example = found && openedExample(found).state;
  const untouched = example !== undefined && JSON.stringify(example) === JSON.stringify(store.state);
  const now = own.now ?? (outcome && 'now' in outcome ? outcome.now : seconds());
  // A stand-in for the key tells nothing about the signature, so its text is no verdict to hold others to.
  const text = outcome && 'text' in outcome && !('noKey' in outcome && outcome.noKey) ? outcome.text : undefined;

  async function draw(): Promise<void> {
    const secret = unpublished(own, secrets, data, example);
    const held = holds(own, secret);
    if (held.length > 0)
      return body.replaceChildren(h('p', { class: 'fail' }, `✗ ${t('held', { where: held.join(', ') })}`));
    const doubts = await doubtful(own, contracts, example);
    const choices = h('div', {});
    const hide = h('input', { type: 'checkbox', checked: true, onchange: () => void told(drawChoices) });
    const drawChoices = async (): Promise<void> => {
      const hidden = doubts.length > 0 && hide.checked;
      broken.hidden = !hidden;
      const shared = hidden ? await redacted(own, contracts) : own;
      const look = lastLook(secret, hidden ? valuesOf(own, doubts) : []);
      const next = [...(await linkPart(shared, look)), ...copies(shared, hidden, look)];
      // A later choice is drawn by itself.
      if (hidden === (doubts.length > 0 && hide.checked)) choices.replaceChildren(...next);
    };
    const broken = h('p', { class: 'dim' }, t('broken'));
    body.replaceChildren(...(doubts.length > 0 ? [warning(doubts, hide, broken)] : []), choices);
    await drawChoices();
  }

  function warning(doubts: Suspicion[], hide: HTMLElement, broken: HTMLElement): HTMLElement {
    return h(
      'div',
      { class: 'share-warning' },
      h('p', {}, `! ${t('looks')}`),
      h(
        'ul',
        {},
        ...doubts.slice(0, 10).map(({ masked, where }) => h('li', {}, h('code', {}, t('at', { masked, where })))),
      ),
      h('label', { class: 'check' }, hide, t('redact')),
      broken,
    );
  }

  /** Where there can be no link, the file beside it is what is left. */
  async function linkPart(shared: State, look: Look): Promise<HTMLElement[]> {
    const title = h('h3', {}, t('link'));
    try {
      const url = `${location.href.split('#')[0]}${await hashOf(shared, look)}`;
      const field = h('input', {
        type: 'text',
        readonly: true,
        class: 'wide',
        'aria-label': t('link'),
        onfocus: () => field.select(),
      });
      field.value = url;
      return [
        title,
        h(
          'div',
          { class: 'share-link' },
          field,
          h('button', { type: 'button', onclick: () => void copy(() => url) }, t('copy')),
        ),
        h('p', { class: 'dim' }, t('linkNote')),
        ...(linkTooLong(url) ? [h('p', { class: 'warn' }, `! ${t('long', { n: url.length })}`)] : []),
      ];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return [title, h('p', { class: 'warn' }, `! ${error.message}`)];
    }
  }

  async function hashOf(shared: State, look: Look): Promise<string> {
    if (untouched) return exampleHash(own.example ?? '');
    const hash = await encode(shared, now);
    look(t('link'), JSON.stringify(await decode(hash)));
    return hash;
  }

  function copies(shared: State, hidden: boolean, look: Look): HTMLElement[] {
    const copied = (what: 'curl' | 'ci' | 'markdown', make: () => Promise<string> | string): HTMLElement =>
      h(
        'button',
        {
          type: 'button',
          onclick: () =>
            void copy(async () => {
              const made = await make();
              look(t(what), made);
              return made;
            }),
        },
        t(what),
      );
    const folder = async (): Promise<[string, Uint8Array]> => {
      const files = inFolder(caseFolder({ state: shared, keys: secrets.keys, data, now, text, redacted: hidden }));
      look(t('folder'), ...fileTexts(files));
      return ['countersign.zip', await zip(files)];
    };
    const file = (): [string, Uint8Array] => {
      const made = stateFile(shared, now);
      look(t('file'), made);
      return ['countersign.json', utf8(made)];
    };
    const step = (): string =>
      ciStep({
        state: shared,
        contracts,
        now,
        keyIds: secrets.keys.map(({ id }) => id),
        published: publishedKeys(shared, secrets.keys, data) !== undefined,
      });
    return [
      h('h3', {}, t('as')),
      h(
        'div',
        { class: 'dialog-bar' },
        h('button', { type: 'button', onclick: () => void saved(folder) }, t('folder')),
        shared.mode === 'webhook' && copied('curl', () => curl(shared)),
        text !== undefined && !hidden && shared.action !== 'shape' && copied('ci', step),
        copied('markdown', report),
        h('button', { type: 'button', onclick: () => void saved(file) }, t('file')),
      ),
    ];
  }

  function curl(state: State): string {
    const { message } = parseMessage(state.message.text, state.message);
    const made = message && curlCommand(message, { origin: state.origin || undefined });
    if (made === undefined) throw new Error(t('curlNo'));
    return made;
  }

  /** It replaces what looks like a secret by itself, in the findings too. */
  function report(): Promise<string> {
    const verdict =
      outcome?.kind === 'verdict' ? outcome.verdict : outcome?.kind === 'report' ? outcome.report : undefined;
    if (!verdict) throw new Error(t('nothing'));
    return markdown({ state: own, contracts, verdict, diagnosis, now, version: data.version });
  }

  function copy(make: () => Promise<string> | string): Promise<void> {
    return told(async () => {
      const made = await make();
      // Over plain http there is no clipboard, and elsewhere it may be forbidden.
      const isCopied = await Promise.resolve(navigator.clipboard?.writeText(made).then(() => true)).catch(() => false);
      byHand.hidden = isCopied === true;
      byHand.value = isCopied ? '' : made;
      if (!isCopied) byHand.select();
      status.textContent = isCopied ? `✓ ${t('copied')}` : t('byHand');
    });
  }

  function saved(make: () => Promise<[string, Uint8Array]> | [string, Uint8Array]): Promise<void> {
    return told(async () => {
      const [name, bytes] = await make();
      const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
      h('a', { href: url, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      status.textContent = `✓ ${name}`;
    });
  }

  /** What goes wrong is said in the dialog. */
  async function told(act: () => Promise<void>): Promise<void> {
    status.textContent = '';
    byHand.hidden = true;
    try {
      await act();
    } catch (error) {
      status.textContent = t('no', { why: (error as Error).message });
    }
  }

  void told(draw);
  return dialog;
}
