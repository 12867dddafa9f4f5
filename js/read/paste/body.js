// A body alone: JSON, a form or XML.

const JSON_BODY = /^\s*[{[]\s*(?:["'{[\]}\-\d]|true|false|null|$)/;
const FORM_BODY = /^[\w.~%+*[\]-]+=[^\s&=]*(?:&[\w.~%+*[\]-]+=[^\s&]*)+$/;
const XML_BODY = /^\s*(?:<\?xml\s|<[A-Za-z_][\w.:-]*(?:\s[^<>]*)?>)/;

/** Whether JSON may begin so. @param {string} text */
export function isLikeJson(text) {
  return JSON_BODY.test(text);
}

/** @param {string} text */
export function bodyAlone(text) {
  if (isLikeJson(text)) return [{ label: 'JSON', body: text, notes: [] }];
  // A line break at the end came along with the copy.
  const own = text.replace(/\r?\n$/, '');
  if (FORM_BODY.test(own)) return [{ label: 'form', body: own, notes: [] }];
  return XML_BODY.test(text) && !/^\s*<(?:!doctype )?html\b/i.test(text)
    ? [{ label: 'XML', body: text, notes: [] }]
    : undefined;
}
