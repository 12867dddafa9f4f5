const REQUEST_LINE = /^[A-Z][A-Z-]*[ \t]+\S+[ \t]+HTTP\/\d(?:\.\d)?[ \t]*\r?$/m;
const OBJECT = /\{\s*"/g;
const FENCE = /^[ \t]*```/;
const CLOSED = /^[ \t]*```[ \t]*\r?$/m;
const TRIES = 20; // each reads up to the whole text

/** From the first request line that names the version of HTTP; where there is none, from each of the first objects. */
export function* restsAfterProse(text) {
  const request = REQUEST_LINE.exec(text)?.index;
  if (request !== undefined) return yield restFrom(text, request);
  let tries = 0;
  for (const { index } of text.matchAll(OBJECT)) {
    tries += 1;
    if (tries > TRIES) return;
    yield restFrom(text, index);
  }
}

function restFrom(text, index) {
  const before = text.slice(0, index);
  const rest = text.slice(index);
  const line = before.split('\n').length;
  // In Markdown the fence that opened behind the text closes behind the message.
  const above = before.trimEnd();
  const close = FENCE.test(above.slice(above.lastIndexOf('\n') + 1)) ? rest.search(CLOSED) : -1;
  return { text: close === -1 ? rest : rest.slice(0, close).replace(/\r?\n$/, ''), line };
}
