// The service worker: keeps exactly the files of one build, and answers from them alone. The build puts the two names
// below in.

/** [path below the worker's folder, its integrity]; '' is the page. */
declare const FILES: readonly (readonly [string, string])[];
/** Of these files and of this code. */
declare const VERSION: string;

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Event {
  request: Request;
  respondWith(answer: Promise<Response> | Response): void;
}

// TypeScript's library of workers cannot stand beside that of pages.
const worker = self as unknown as {
  registration: { scope: string };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
};

const FAMILY = `countersign:${worker.registration.scope}:`; // other pages of this host have caches too
const NAME = FAMILY + VERSION;
const PAGE = worker.registration.scope;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(removeOthers()));
worker.addEventListener('fetch', (event) => event.respondWith(answer(event.request)));
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting();
});

/**
 * All files or none: each must be the build's to the byte, or a host in the middle of an update would be kept half old,
 * half new.
 */
async function install(): Promise<void> {
  try {
    const cache = await caches.open(NAME);
    // Those have a hash in their name.
    const cacheMode = (path: string): RequestCache => (path.startsWith('assets/') ? 'default' : 'no-cache');
    await cache.addAll(
      FILES.map(([path, integrity]) => new Request(new URL(path, PAGE), { integrity, cache: cacheMode(path) })),
    );
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

async function removeOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(FAMILY) && name !== NAME).map((name) => caches.delete(name)),
  );
}

/** Nothing is ever fetched. Whoever comes by another path is led to the page, as its files are named from there. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  if (kept) return kept;
  return request.mode === 'navigate' ? Response.redirect(PAGE) : Response.error();
}
