// Files that come from outside: how many and how large they may be, and which of them nobody made.

import { texts } from '../base/language.js';
import { Problem } from './problem.js';

export const MAX_FILES = 200;
export const MAX_BYTES = 8 * 1024 * 1024; // of all files, unpacked

const t = texts({
  en: { many: 'More than {files} files, or {megabytes} MB: open only one case or contract.' },
  'zh-CN': { many: '超过 {files} 个文件或 {megabytes} MB：请只打开所需的那一个用例或契约。' },
});

export function tooMany(): Problem {
  return new Problem(t('many', { files: MAX_FILES, megabytes: MAX_BYTES / 1024 / 1024 }));
}

/** What macOS and Windows add to every folder. */
export function isOfTheSystem(name: string): boolean {
  return /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/.test(name);
}
