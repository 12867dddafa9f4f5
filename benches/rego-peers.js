// Other engines of Rego, each where it can be had: `make bench-gate` builds plain regorus (benches/peer) and installs
// regopy. Each judges the documents of a task by its rules.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const target = (path) => fileURLToPath(new URL(`../target/${path}`, import.meta.url));
const FILES = {
  native: target('peer/release/countersign-peer'),
  wasm: target('peer/wasm32-unknown-unknown/release/countersign_peer.wasm'),
  python: target('regopy/bin/python'),
};
const REGOPY = fileURLToPath(new URL('rego-cpp.py', import.meta.url));
const TASK = target('peer/task.json');

function has(name, file) {
  if (!existsSync(file)) console.log(`SKIPPED: ${name} is not here (make bench-gate)`);
  return existsSync(file);
}

function answer(command, task, args) {
  mkdirSync(target('peer'), { recursive: true });
  writeFileSync(TASK, JSON.stringify(task));
  return JSON.parse(execFileSync(command, [...args, TASK], { maxBuffer: 1e8 }));
}

/** Plain regorus natively, and our machine natively: microseconds for a document, by round. */
export function native(task) {
  return has('regorus, natively', FILES.native) ? answer(FILES.native, task, []) : undefined;
}

/** regopy: microseconds for a document, by round. */
export function regopy(task) {
  return has('regopy', FILES.python) ? answer(FILES.python, task, [REGOPY]) : undefined;
}

/** Plain regorus as a module. */
export function wasm(task) {
  if (!has('regorus in WebAssembly', FILES.wasm)) return undefined;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(FILES.wasm)), {});
  const encoder = new TextEncoder();
  const put = (value) => {
    const bytes = encoder.encode(JSON.stringify(value));
    const words = new Uint32Array(Math.ceil(bytes.length / 4));
    new Uint8Array(words.buffer).set(bytes);
    words.forEach((word, at) => exports.put(word, Math.min(4, bytes.length - 4 * at)));
  };
  put(task);
  exports.load();
  return {
    check(documents) {
      put(documents);
      return exports.check();
    },
  };
}
