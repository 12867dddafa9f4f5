// Random numbers for the module's hash tables, whose layout a sender must not be able to predict.

let known = '';

/** The configuration to compile, including keys. It is the seed if there are no random numbers. */
export function seedFrom(configuration) {
  known = configuration;
}

/**
 * workerd gives no random numbers outside a request, where contracts are compiled. A sender cannot predict a seed made
 * from the keys and Math.random either.
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
