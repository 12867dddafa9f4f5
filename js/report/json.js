// One JSON text: what it is given is already the text that every runtime agrees on.

/** One text as it is; several, or none, as an array of them. */
export function jsonReport(texts, several) {
  if (!several && texts.length === 1) return `${texts[0]}\n`;
  return texts.length === 0 ? '[]\n' : `[\n${texts.join(',\n')}\n]\n`;
}
