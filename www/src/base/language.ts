// Texts in English and Simplified Chinese. Every module has its own texts, with both languages side by side.

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

type Values = Record<string, string | number>;

let current: Language = 'en';

export function language(): Language {
  return current;
}

/** Does not change what is on the screen: the caller must redraw. */
export function setLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

/** The language that the browser prefers, if the page has it. */
export function preferredLanguage(): Language {
  return navigator.languages.some((tag) => /^zh\b/i.test(tag)) && !/^en\b/i.test(navigator.languages[0] ?? '')
    ? 'zh-CN'
    : 'en';
}

/** With the separators of the language. */
export function numberText(value: number): string {
  return value.toLocaleString(current);
}

/**
 * A function that returns a text by its name: `{name}` in it is replaced by that value. `const t = texts({ en: { run:
 * 'Run {n}' }, 'zh-CN': { run: '运行 {n}' } }); t('run', { n: 2 })`
 */
export function texts<Key extends string>(tables: {
  en: Record<Key, string>;
  'zh-CN': Record<NoInfer<Key>, string>;
}): (key: Key, values?: Values) => string {
  return (key, values = {}) =>
    tables[current][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
      name in values ? String(values[name]) : whole,
    );
}
