// Other engines of Rego, each where it can be had: `make bench-gate` builds plain regorus (benches/peer) and installs
// regopy. Each judges the documents of a task by its rules.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const target = (path) => fileURLToPath(new URL(`../target/${path}`, import.meta.url));
const FILES = {
  native: target('peer/release/countersign-peer'),
  wasm: target('peer/wasm32-unknown-unknown/release/countersign_peer.wasm'),
  python: target('regopy/bin/python'),
};
const ASK_REGOPY = fileURLToPath(new URL('../crates/rego/tests/support/ask_regopy.py', import.meta.url));
const REGOPY_ROUNDS = 3;
const TASK = target('peer/task.json');

function has(name, file) {
  if (!existsSync(file)) console.log(`SKIPPED: ${name} is not here (make bench-gate)`);
  return existsSync(file);
}

/** Plain regorus natively, and our machine natively: microseconds for a document, by round. */
export function native(task) {
  if (!has('regorus, natively', FILES.native)) return undefined;
  writeFileSync(TASK, JSON.stringify(task));
  return JSON.parse(execFileSync(FILES.native, [TASK]));
}

/** regopy: microseconds for a document, by round. */
export function regopy({ modules, rules, data, documents }) {
  if (!has('regopy', FILES.python)) return undefined;
  const paths = rules.map((rule) => rule.split('.').slice(1).join('/'));
  const question = { modules, rules: paths, data, inputs: documents, rounds: REGOPY_ROUNDS };
  const input = `${JSON.stringify(question)}\n`;
  const [, answer] = execFileSync(FILES.python, [ASK_REGOPY], { input, encoding: 'utf8' }).split('\n');
  const times = JSON.parse(answer);
  if (times === 'error') throw new Error('regopy does not load the policies');
  return times;
}

/** Plain regorus as a module. */
export function wasm(task) {
  if (!has('regorus in WebAssembly', FILES.wasm)) return undefined;
  const module = new WebAssembly.Module(readFileSync(FILES.wasm));
  // Its clock asks for JavaScript, which nothing here does.
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => 0;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
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
