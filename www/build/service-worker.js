// Builds the service worker's script, with the list of the files that it keeps.

import { createHash } from 'node:crypto';

import { build } from 'esbuild';

/**
 * @param {string} source the path of sw.ts
 * @param {Record<string, Uint8Array>} files all that is served, by path
 * @returns {Promise<string>}
 */
export async function serviceWorker(source, files) {
  // Hosts serve index.html at the folder, and some redirect from one to the other.
  const kept = Object.entries(files).map(([path, bytes]) => [path.replace(/^index\.html$/, ''), integrity(bytes)]);
  const code = async (version) => {
    const define = { FILES: JSON.stringify(kept), VERSION: JSON.stringify(version) };
    const output = { bundle: true, minify: true, write: false, format: 'iife', target: 'es2022' };
    const { outputFiles } = await build({ entryPoints: [source], define, ...output });
    return outputFiles[0].text;
  };
  // The worker's own code counts too, or a new worker would overwrite the files that the old one serves.
  return code(
    createHash('sha256')
      .update(await code(''))
      .digest('hex')
      .slice(0, 16),
  );
}

function integrity(bytes) {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
}
