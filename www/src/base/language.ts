// Texts in English and Simplified Chinese. Every module has its own, both languages side by side.

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

type Values = Record<string, string | number>;

let current: Language = 'en';

export function language(): Language {
  return current;
}

/** What is on the screen does not change: the caller draws it anew. */
export function setLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

/** The language that the browser asks for, as far as it is here. */
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
 * A function that gives a text by its name: `{name}` in it is replaced by that value.
 * `const t = texts({ en: { run: 'Run {n}' }, 'zh-CN': { run: '运行 {n}' } }); t('run', { n: 2 })`
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
