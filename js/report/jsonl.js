// One line of JSON for each item.

export function jsonlReport(texts) {
  return texts.map((text) => `${text}\n`).join('');
}
