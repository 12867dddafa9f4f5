// What a text is that is no request, in a few words.

/** @type {[RegExp, string][]} */
const LIKE = [
  [/^\s*$/, 'an empty text'],
  [/^\s*(?:type:\s*collection\.insomnia\.rest|_type:\s*export)/m, "Insomnia's YAML: export it as JSON (version 4)"],
  [/^\s*<(?:!doctype )?html\b/i, 'a page of HTML'],
  [/^\s*(?:-----BEGIN [A-Z ]+-----)/, 'a key or a certificate'],
  [/^\s*(?:whsec_|sk_(?:live|test)_)\S+\s*$/, 'a secret'],
  [/^\s*(?:Traceback \(most recent call last\)|[\w.]*(?:Error|Exception)\b)|^\s+at .+:\d+:\d+\)?$/m, 'an error'],
  [/^\s*%PDF|^\x89PNG/, 'a file of bytes'],
];

/** @param {string} text */
export function madeOf(text) {
  const found = LIKE.find(([pattern]) => pattern.test(text.slice(0, 0x10000)))?.[1];
  if (found !== undefined) return found;
  const lines = text.trim().split('\n').length;
  return lines === 1 ? 'a line of text' : `a text of ${lines} lines`; // which may be a secret
}
