// node grown.js WAY BYTES CHECKS: how many bytes the module's memory grows. Without checks: by the first message of so
// many bytes. With them: by so many checks more, after a thousand of all kinds.

import { compile } from '../pkg/node-slim.js';
import { wasmMemory } from '../pkg/slim.js';
import { NOW, SECRET, SHAPES, signed, tampered } from './bodies.js';

const [way, bytes, checks] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const WARM_UP = 1000;
const shape = SHAPES.find(({ kind }) => kind === 'objects');

const document = shape.document(bytes);
const good = signed(shape, document);
const gate = await compile(shape.contract, { keys: [{ secret: SECRET }], files: shape.files });
const judge = ({ request }) => gate[way](request, { now: NOW }).verdict;
const memoryBytes = () => wasmMemory().buffer.byteLength;

function grown(work) {
  const before = memoryBytes();
  work();
  return memoryBytes() - before;
}

function once() {
  judge(signed(shape, shape.document(1)));
  return grown(() => {
    if (judge(good) !== 'accept') throw new Error('a good message is refused');
  });
}

function often() {
  const messages = [good, good, good, tampered(good), signed(shape, shape.invalid(document))];
  const repeat = (times) => {
    for (let at = 0; at < times; at += 1) judge(messages[at % messages.length]);
  };
  repeat(WARM_UP);
  return grown(() => repeat(checks));
}

console.log(checks === 0 ? once() : often());
