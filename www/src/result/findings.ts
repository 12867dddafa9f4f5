// Findings as buttons that lead to their places.

import type { StageName } from '../../../pkg/index.js';
import { h } from '../base/dom.js';
import { language, numberText, texts } from '../base/language.js';
import { placeName } from './part-names.js';
import { engineText, severityMark, unseen, withCode, type Shown } from './words.js';
import './findings.css';

const t = texts({
  en: {
    findings: 'Findings',
    none: 'No findings.',
    noneHere: 'No findings in this stage.',
    means: 'What does this mean?',
    mend: 'How to fix it',
    at: 'at',
    also: 'also read:',
    nothing: '(nothing there)',
    more: 'Show {n} more',
    rest: '{n} not shown yet',
  },
  'zh-CN': {
    findings: '问题',
    none: '没有发现问题。',
    noneHere: '该阶段没有问题。',
    means: '这是什么意思？',
    mend: '如何修复',
    at: '位于',
    also: '还读取了：',
    nothing: '（该处没有内容）',
    more: '再显示 {n} 条',
    rest: '还有 {n} 条未显示',
  },
});

export interface FindingsOptions<Finding extends Shown> {
  /** Where it stands on the page; undefined where nothing can be pointed at. */
  placeOf(finding: Finding): { label: string } | undefined;
  onJump(finding: Finding): void;
  explain(code: string): { means: string; mend: string } | undefined;
  /** What the rule's author says of it: it stands for what is said of every policy's rule. */
  about?(finding: Finding): { title?: string; description?: string } | undefined;
  /** Where else to look. */
  alsoRead?(finding: Finding): AlsoRead[];
  /** The finding whose range the cursor is in, by its index in `findings`. */
  selected?: number;
  onSelect?(index: number): void;
  /** Only those of this stage are shown; indices stay those of all. */
  stage?: StageName;
}

interface AlsoRead {
  label: string;
  absent?: true;
  onJump(): void;
}

export interface FindingsHandle {
  element: HTMLElement;
  /** Marks a finding without taking the focus; undefined: none. */
  select(index: number | undefined): void;
}

export function findingsList<Finding extends Shown>(
  findings: readonly Finding[],
  options: FindingsOptions<Finding>,
): FindingsHandle {
  const shown = [...findings.keys()].filter(
    (index) => options.stage === undefined || (findings[index] as { stage?: string }).stage === options.stage,
  );
  const list = h('ol', { class: 'result-findings', 'aria-label': t('findings') });
  const rows = new Rows(findings, shown, (_, item) => list.append(item), options);
  const none = h('p', { class: 'result-none' }, t(findings.length === 0 ? 'none' : 'noneHere'));
  return rows.handle(shown.length === 0 ? none : h('div', {}, list, rows.more));
}

const PAGE = 200; // rows that are drawn at once: thousands would hold up the page

interface Row {
  index: number;
  item: HTMLElement;
  button: HTMLElement;
  /** What else in it can have the focus. */
  others: HTMLElement[];
}

/**
 * Rows of one list, wherever they are put. One of them is in the order of Tab, and the arrow keys go through the rest.
 */
export class Rows<Finding extends Shown> {
  /** Draws the next rows; to be put after them. */
  readonly more: HTMLElement;
  #findings: readonly Finding[];
  #order: readonly number[];
  #put: (index: number, item: HTMLElement) => void;
  #options: FindingsOptions<Finding>;
  #keys: string[];
  /** Where each finding is in the order of the screen. */
  #places: Map<number, number>;
  /** Those that are drawn, in the order of the screen. */
  #made: Row[] = [];
  #current: Row | undefined;
  #tabStop: Row | undefined;

  /**
   * @param order the indices of the findings to be shown, in the order of the screen
   * @param put takes a row to its place
   */
  constructor(
    findings: readonly Finding[],
    order: readonly number[],
    put: (index: number, item: HTMLElement) => void,
    options: FindingsOptions<Finding>,
  ) {
    [this.#findings, this.#order, this.#put, this.#options] = [findings, order, put, options];
    this.#keys = keysOf(findings);
    this.#places = new Map(order.map((index, place) => [index, place]));
    this.more = h('p', { class: 'result-more' });
    this.#draw(PAGE);
  }

  #draw(count: number): void {
    for (const index of this.#order.slice(this.#made.length, count)) this.#put(index, this.#row(index));
    const rest = this.#order.length - this.#made.length;
    this.more.hidden = rest === 0;
    this.more.replaceChildren(
      ...(rest === 0
        ? []
        : [
            h(
              'button',
              {
                type: 'button',
                class: 'result-small',
                'data-key': `more ${this.#keys[this.#order[0]!]}`,
                onclick: () => this.#next(),
              },
              t('more', { n: numberText(Math.min(PAGE, rest)) }),
            ),
            h('span', { class: 'result-dim' }, t('rest', { n: numberText(rest) })),
          ]),
    );
  }

  #next(): void {
    const first = this.#made.length;
    this.#draw(first + PAGE);
    this.#made[first]?.button.focus(); // the button that was pressed is another one, or gone
  }

  #row(index: number): HTMLElement {
    const finding = this.#findings[index]!;
    const { placeOf, explain, about, alsoRead } = this.#options;
    const key = this.#keys[index]!;
    const place = placeOf(finding);
    const where = place?.label ?? (finding.at === undefined ? undefined : placeName(finding.at));
    const tabindex = this.#made.length === 0 ? 0 : -1;
    const button = h(
      'button',
      {
        type: 'button',
        class: 'result-finding',
        'data-key': key,
        'data-code': finding.code,
        tabindex,
        onclick: () => this.#chosen(index),
        onkeydown: (event: KeyboardEvent) => this.#move(event, index),
        onfocus: () => this.#stop(this.#made[this.#places.get(index)!]!),
      },
      h(
        'span',
        { class: 'result-finding-head' },
        severityMark(finding.severity),
        ' ',
        h('code', { class: 'result-code' }, finding.code),
        where && h('span', { class: place ? 'result-place' : 'result-nowhere' }, unseen(` ${t('at')} `), where),
      ),
      engineText(finding.message, { class: 'result-message' }),
    );
    const places = (alsoRead?.(finding) ?? []).map(({ label, absent, onJump }, count) =>
      h(
        'button',
        {
          type: 'button',
          class: 'result-small',
          'data-key': `also ${count} ${key}`,
          tabindex,
          onclick: () => {
            this.#choose(index);
            onJump();
          },
        },
        absent ? `${label} ${t('nothing')}` : label,
      ),
    );
    const { title, description } = about?.(finding) ?? {};
    const told = title || description ? undefined : explain(finding.code);
    const facts = factsOf(finding);
    const summary =
      told || title || description || facts.length > 0
        ? h('summary', { tabindex }, t('means'), unseen(` ${finding.code}`))
        : undefined;
    // The engine speaks English: what a code means stands here in the reader's language.
    const translated = language() !== 'en' && told && h('p', { class: 'result-help' }, ...withCode(told.means));
    const item = h(
      'li',
      { class: `result-row result-row-${finding.severity}` },
      button,
      translated,
      finding.help && h('p', { class: 'result-help' }, engineText(finding.help)),
      places.length > 0 && h('p', { class: 'result-also' }, t('also'), ...places),
      summary &&
        h(
          'details',
          { 'data-key': `means ${key}` },
          summary,
          title && h('p', {}, h('strong', {}, title)),
          description && h('p', { class: 'result-description' }, description.trim()),
          told && !translated && h('p', {}, ...withCode(told.means)),
          told && h('p', {}, h('strong', {}, `${t('mend')}: `), ...withCode(told.mend)),
          facts.length > 0 &&
            h(
              'dl',
              { class: 'result-facts' },
              ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, h('code', {}, value)))),
            ),
        ),
    );
    const row: Row = { index, item, button, others: summary ? [...places, summary] : places };
    this.#tabStop ??= row;
    this.#made.push(row);
    return item;
  }

  handle(element: HTMLElement): FindingsHandle {
    this.#select(this.#options.selected);
    return { element, select: (index) => this.#select(index) };
  }

  #select(index: number | undefined): void {
    const place = index === undefined ? undefined : this.#places.get(index);
    if (place !== undefined && place >= this.#made.length) this.#draw(PAGE * Math.ceil((place + 1) / PAGE));
    const row = place === undefined ? undefined : this.#made[place];
    this.#current?.button.removeAttribute('aria-current');
    this.#current?.item.classList.remove('result-current');
    this.#current = row;
    if (!row) return;
    row.button.setAttribute('aria-current', 'true');
    row.item.classList.add('result-current');
    show(row.item);
    this.#stop(row);
  }

  #chosen(index: number): void {
    this.#choose(index);
    this.#options.onJump(this.#findings[index]!);
  }

  #choose(index: number): void {
    this.#select(index);
    this.#options.onSelect?.(index);
  }

  /** Makes one row the stop of the Tab key. */
  #stop(row: Row): void {
    const set = ({ button, others }: Row, tabindex: string): void => {
      for (const element of [button, ...others]) element.setAttribute('tabindex', tabindex);
    };
    if (this.#tabStop) set(this.#tabStop, '-1');
    set(row, '0');
    this.#tabStop = row;
  }

  #move(event: KeyboardEvent, index: number): void {
    const at = this.#places.get(index)!;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#made.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#made[to]?.button.focus();
  }
}

/** Scrolls the pane that the row is in, and never the page: that would take what is being typed out of sight. */
function show(row: HTMLElement): void {
  let pane = row.parentElement;
  while (pane && !(pane.scrollHeight > pane.clientHeight && /auto|scroll/.test(getComputedStyle(pane).overflowY)))
    pane = pane.parentElement;
  if (!pane || pane === document.body || pane === document.documentElement) return;
  const [{ top, bottom }, inner] = [pane.getBoundingClientRect(), row.getBoundingClientRect()];
  if (inner.top < top) pane.scrollTop -= top - inner.top;
  else if (inner.bottom > bottom) pane.scrollTop += Math.min(inner.bottom - bottom, inner.top - top);
}

/** The same finding has the same key in the next verdict, whatever comes before it. */
function keysOf(findings: readonly Shown[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = `finding ${finding.code} ${(finding as { document?: number }).document ?? ''} ${finding.at ?? ''}`;
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return `${key} ${count}`;
  });
}

const SHOWN_ELSEWHERE = new Set([
  'code',
  'stage',
  'severity',
  'message',
  'at',
  'help',
  'rule',
  'document',
  'resource',
  'fingerprint',
  'facts',
  'reads',
]);

/** What a finding of this code says beside what every finding says. */
function factsOf(finding: Shown): [string, string][] {
  const own = Object.entries(finding).filter(([name]) => !SHOWN_ELSEWHERE.has(name));
  const ofRule = Object.entries((finding as { facts?: Record<string, unknown> }).facts ?? {});
  return [...own, ...ofRule].map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}
