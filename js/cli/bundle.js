// `countersign bundle`: writes a contract and the files that it names as one JSON file, for runtimes without files.

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { bundleText } from '../api/bundle.js';
import { compile } from '../api/node.js';
import { fileNames } from '../read/contract-needs.js';
import { loadContract, named } from './contract-file.js';
import { writeAtomically } from './files.js';
import { UsageError } from './outcome.js';
import { standIn } from './stand-in.js';

export async function bundle({ paths: [name, ...more], output, io }) {
  if (name === undefined) throw new UsageError('no contract given', 'name a shipped contract or a contract file');
  if (more.length > 0) throw new UsageError('only one contract can be bundled at a time');
  const { text, files, path } = await bundled(name);
  if (output === undefined) io.stdout.write(text);
  else
    save(
      output,
      text,
      path === undefined ? [] : [path, ...Object.keys(files).map((file) => join(dirname(realpathSync(path)), file))],
    );
  return {};
}

/** The bundle's text and its source files. The contract is compiled first, so a written bundle works. */
export async function bundled(name) {
  const { contract, files, path } = await loadContract(name);
  const text = bundleText(contract, onlyNamed(contract, files));
  const gate = await named(name, () => compile(JSON.parse(text), { keys: standIn(contract) }));
  gate.free();
  return { text, files, path };
}

/** A shipped contract's folder contains more files than the contract names. */
function onlyNamed(contract, files) {
  const names = new Set(fileNames(contract));
  return Object.fromEntries(Object.entries(files).filter(([file]) => names.has(file)));
}

function save(output, text, sources) {
  if (sources.some((source) => isSame(source, output))) {
    throw new UsageError(`-o ${output}: it is a source of the bundle`, 'write to another file: -o bundle.json');
  }
  try {
    writeAtomically(output, text);
  } catch (error) {
    if (!error.syscall) throw error;
    throw new UsageError(`-o ${output}: cannot write it (${error.code})`);
  }
}

function isSame(left, right) {
  return existsSync(left) && existsSync(right) && realpathSync(left) === realpathSync(right);
}
