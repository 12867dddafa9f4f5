// Writes contracts/NAME.js into a package: every shipped contract as a module, for runtimes without files. It is what
// the package's own `countersign bundle NAME` prints. Each has types of its own, so that a name that is not shipped does
// not compile.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const home = resolve(process.argv[2]);
const from = (path) => import(pathToFileURL(join(home, path)));
const { bundled } = await from('cli/bundle.js');
const { shipped } = await from('api/node.js');

const TYPES = `import type { Bundle } from '../contract.js';

/**
 * A shipped contract with the files that it names: for \`compile\`, \`createGuard\` and a registry's \`contracts\`, where
 * there is no file system.
 */
declare const bundle: Bundle;
export default bundle;
`;

mkdirSync(join(home, 'contracts'), { recursive: true });
for (const name of await shipped.names('contract')) {
  const { text } = await bundled(name);
  writeFileSync(join(home, 'contracts', `${name}.js`), `export default ${text.trimEnd()};\n`);
  writeFileSync(join(home, 'contracts', `${name}.d.ts`), TYPES);
}
