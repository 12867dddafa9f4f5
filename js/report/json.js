// Writes one JSON text. The texts it gets are already the same in every runtime.

/** One text as it is; several, or none, as an array. */
export function jsonReport(texts, several) {
  if (!several && texts.length === 1) return `${texts[0]}\n`;
  return texts.length === 0 ? '[]\n' : `[\n${texts.join(',\n')}\n]\n`;
}
