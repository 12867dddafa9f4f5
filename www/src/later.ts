// What the first sight of the page does without: loaded beside the engine, and all of it before the network is closed.

import { preload as preloadDocuments } from './deployment/documents.js';
import { preload as preloadEditor } from './editor/editor.js';

export { default as EngineWorker } from './engine/worker.js?worker&inline';

/** Everything that is imported only when it is asked for. */
export async function preload(): Promise<void> {
  await Promise.all([
    import('./contract/form.js'),
    import('./page/documents.js'),
    import('./page/judge.js'),
    import('./page/packs.js'),
    import('./page/paste.js'),
    import('./page/share-dialog.js'),
    import('./page/views.js'),
    import('./share/link.js'),
    import('./share/open.js'),
    preloadDocuments(),
    preloadEditor(),
  ]);
}
