// Which shipped contract a recorded webhook follows, by the header of its signature.

import { dirname } from 'node:path';

import { shipped } from '../api/node.js';

const SYMMETRIC = /^(?:hmac-|digest-|token$)/;

/**
 * What the contracts of recordings seem to be: [{ contract, others, files, env }], `files` patterns, and `others` what
 * has the same header. @param texts [file, beginning of its text]
 */
export async function contractsSeen(texts) {
  const byHeader = await contractsByHeader();
  const found = new Map(); // contract -> { others, files, env }
  for (const [file, text] of texts) {
    const [head] = text.split(/\r?\n\r?\n/, 1);
    const names = [...head.matchAll(/^([\w-]+):/gm)].map(([, name]) => name.toLowerCase());
    const header = names.find((name) => byHeader.has(name));
    if (header === undefined) continue;
    const [{ name, env }, ...others] = byHeader.get(header);
    if (!found.has(name)) found.set(name, { contract: name, others: others.map((one) => one.name), files: [], env });
    found.get(name).files.push(file);
  }
  return [...found.values()].map((one) => ({ ...one, files: folders(one.files, texts) }));
}

/** For each header of a signature the contracts that read it: { name, env }. */
async function contractsByHeader() {
  const found = new Map();
  for (const name of await shipped.names('contract')) {
    const { contract } = await shipped.contract(name);
    const isSecret = SYMMETRIC.test(contract.signature?.key?.algorithm ?? 'hmac-');
    const env = `${name.toUpperCase().replaceAll('-', '_')}_${isSecret ? 'SECRET' : 'PUBLIC_KEY'}`;
    for (const header of [contract.signature?.from?.header ?? []].flat())
      found.set(header, [...(found.get(header) ?? []), { name, env }]);
  }
  return found;
}

/** A folder is named as a whole if all recordings in it and below follow one contract. */
function folders(files, texts) {
  const all = (folder) => texts.filter(([file]) => file.startsWith(`${folder}/`)).map(([file]) => file);
  const names = files.map((file) => {
    const folder = dirname(file);
    return folder !== '.' && all(folder).every((one) => files.includes(one)) ? `/${folder}/` : `/${file}`;
  });
  return [...new Set(names)];
}
