// Codes whose last part is named by a rule, a keyword or a limit have one text for the family.

import { language } from '../base/language.js';
import type { Data } from '../data.js';

export function familyOf(texts: Data['texts'], code: string): [string, string] | undefined {
  const english = texts.en ?? {};
  const family = Object.keys(english).find(
    (name) => name.endsWith('-') && code.startsWith(name) && code.length > name.length,
  );
  return family === undefined ? undefined : (texts[language()]?.[family] ?? english[family]);
}
