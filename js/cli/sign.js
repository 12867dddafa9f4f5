// `countersign sign`: writes a signed request for a body.

import { compile } from '../api/node.js';
import { loadContract, named } from './contract-file.js';
import { readBytes } from './files.js';
import { keysOf } from './keys.js';
import { UsageError } from './outcome.js';
import { outgoing, refuseMisuse, signedText } from './outgoing.js';

export async function sign(options) {
  const {
    paths: [file, ...more],
  } = options;
  if (more.length > 0) throw new UsageError('only one body can be signed at a time');
  const { contract, files } = await loadContract(options.contract);
  refuseMisuse(options, contract);
  const body = file === undefined ? withoutBody(contract) : readBytes(file);
  const gate = await named(options.contract, () =>
    compile(contract, { files, keys: keysOf(options, contract), origin: options.origin }),
  );
  const request = outgoing(body, options, contract, gate);
  options.io.stdout.write(signedText(gate, request, options, contract, file));
  gate.free();
  return {};
}

/** Requests whose payload is the query, or nothing, have no body. */
function withoutBody({ payload }) {
  if (['query', 'none'].includes(payload?.format)) return new Uint8Array();
  throw new UsageError('no body given', 'name the file of the body, or - for standard input');
}
