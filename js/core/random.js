// Random numbers for the module's hash tables, whose layout a sender must not foresee.

let known = '';

/**
 * The configuration that is about to be compiled, keys included: it stands in where no random numbers are to be had.
 */
export function seedFrom(configuration) {
  known = configuration;
}

/**
 * Outside of a request workerd gives none, and contracts are compiled there. What the keys and chance make of them, a
 * sender cannot foresee either.
 */
export function fillRandom(bytes) {
  try {
    globalThis.crypto.getRandomValues(bytes);
  } catch {
    stretch(known, bytes);
  }
}

/** Every byte depends on the whole text. */
function stretch(text, bytes) {
  let [a, b, c, d] = Array.from({ length: 4 }, () => Math.floor(Math.random() * 2 ** 32));
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = b ^ Math.imul(a ^ code, 0x85ebca6b);
    b = c ^ Math.imul(b ^ code, 0xc2b2ae35);
    c = d ^ Math.imul(c ^ code, 0x27d4eb2f);
    d = a ^ Math.imul(d ^ code, 0x165667b1);
  }
  for (let index = 0; index < bytes.length; index += 1) {
    [a, b, c, d] = [b, c, d, Math.imul(a ^ (d >>> 15) ^ index, 0x9e3779b1) ^ (b >>> 13)];
    bytes[index] = d >>> 24;
  }
}
