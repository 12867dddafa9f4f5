// Compares two WebAssembly modules section by section. Custom sections (names, producers, target features) may differ:
// they hold nothing that runs.
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';

const CUSTOM = 0;
const HEADER_BYTES = 8;

const [left, right] = process.argv.slice(2);
if (!right) {
  console.error('usage: node same-wasm.js LEFT.wasm RIGHT.wasm');
  process.exit(2);
}
const [ours, theirs] = [sections(left), sections(right)];
const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter((id) => ours.get(id) !== theirs.get(id));
if (differing.length > 0) {
  console.error(`${left} and ${right} differ in section ${differing.join(', ')}`);
  process.exit(1);
}
console.log(`same module: ${ours.size} sections are equal, byte for byte`);

function sections(path) {
  const bytes = readFileSync(path);
  const found = new Map();
  let offset = HEADER_BYTES;
  while (offset < bytes.length) {
    const id = bytes[offset];
    const [size, start] = leb128(bytes, offset + 1);
    if (id !== CUSTOM) {
      found.set(id, createHash('sha256').update(bytes.subarray(start, start + size)).digest('hex'));
    }
    offset = start + size;
  }
  return found;
}

function leb128(bytes, start) {
  let [value, factor, offset] = [0, 1, start];
  for (;;) {
    const byte = bytes[offset++];
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, offset];
    factor *= 0x80;
  }
}
