// A Vite plugin that adds data.json, the page's policy, the service worker and the headers for hosts.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { makeData } from './data.js';
import { HEADERS, POLICY } from './policy.js';
import { serviceWorker } from './service-worker.js';

const DATA = 'virtual:data';
const DATA_PATH = '/data.json'; // on the development server

/** `import url from 'virtual:data'` gives the address of data.json. */
function data() {
  let building;
  return {
    name: 'data',
    configResolved: ({ command }) => {
      building = command === 'build';
    },
    resolveId: (id) => (id === DATA ? `\0${DATA}` : undefined),
    async load(id) {
      if (id !== `\0${DATA}`) return undefined;
      if (!building) return `export default ${JSON.stringify(DATA_PATH)};`;
      const reference = this.emitFile({ type: 'asset', name: 'data.json', source: JSON.stringify(await makeData()) });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
    configureServer({ middlewares }) {
      middlewares.use(DATA_PATH, (_request, response, next) => {
        makeData().then(
          (made) => response.setHeader('content-type', 'application/json').end(JSON.stringify(made)),
          next,
        );
      });
    },
  };
}

/**
 * The first element in the head: the policy does not apply to anything before it. Vite's server needs inline scripts.
 */
function policy() {
  const tag = {
    tag: 'meta',
    attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
    injectTo: 'head-prepend',
  };
  return { name: 'policy', apply: 'build', transformIndexHtml: { order: 'post', handler: () => [tag] } };
}

/** Runs after everything is written: the service worker lists every file. */
function offline() {
  const source = fileURLToPath(new URL('../src/offline/sw.ts', import.meta.url));
  return {
    name: 'offline',
    apply: 'build',
    writeBundle: {
      order: 'post',
      async handler({ dir }) {
        writeFileSync(join(dir, 'sw.js'), await serviceWorker(source, filesIn(dir)));
        writeFileSync(join(dir, '_headers'), HEADERS);
      },
    },
  };
}

/** Includes files copied from a `public` folder, which no bundle lists. */
function filesIn(folder) {
  const paths = readdirSync(folder, { recursive: true })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
  return Object.fromEntries(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path))]));
}

export function playground() {
  return [data(), policy(), offline()];
}
