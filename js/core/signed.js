// Converts the core's signed parts: base64 becomes bytes.

/** @param text JSON text, empty if nothing is signed */
export function signedBytesOf(text) {
  if (text === '') return undefined;
  const { schemaVersion, forms } = JSON.parse(text);
  return { schemaVersion, forms: forms.map(partsOf) };
}

/** @param text JSON text of a diagnosis */
export function diagnosisOf(text) {
  const diagnosis = JSON.parse(text);
  for (const cause of diagnosis.causes) if (cause.signed !== undefined) cause.signed = partsOf(cause.signed);
  return diagnosis;
}

function partsOf(parts) {
  return parts.map(({ at, bytes }) =>
    bytes === undefined ? { at } : { at, bytes: Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0)) },
  );
}
