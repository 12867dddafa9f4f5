// Offline use: the service worker is installed while the network is open, and a new version waits until the user wants
// it.

/**
 * `unavailable`: no service workers here (plain http, private windows), or the files could not all be kept. The page
 * works without.
 */
type Offline = 'ready' | 'unavailable';

let waiting: ServiceWorker | undefined;

/**
 * Resolves when the page can be opened without a network. Call it before the network is closed: a closed page cannot
 * register.
 * `onUpdate` is called when a new version stands ready; `takeOver` goes to it.
 */
export async function register(onUpdate: () => void = () => {}): Promise<Offline> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return 'unavailable';
  try {
    const registration = await navigator.serviceWorker.register(new URL('./sw.js', document.baseURI), {
      updateViaCache: 'none',
    });
    watch(registration, onUpdate);
    const first = registration.active ?? registration.waiting ?? registration.installing;
    return first && (await installed(first)) ? 'ready' : 'unavailable';
  } catch {
    return 'unavailable';
  }
}

/**
 * Reloads the page under the new version, in every tab that asks for it. What is on the screen is lost, so ask the user
 * before.
 */
export function takeOver(): void {
  if (!waiting) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('take over');
}

function watch(registration: ServiceWorkerRegistration, onUpdate: () => void): void {
  const found = async (worker: ServiceWorker | null): Promise<void> => {
    // Without a worker in charge this is the first version, and no new one.
    if (!worker || !registration.active || !(await installed(worker)) || worker !== registration.waiting) return;
    waiting = worker;
    onUpdate();
  };
  void found(registration.waiting ?? registration.installing);
  registration.addEventListener('updatefound', () => void found(registration.installing));
}

/** Whether it came to be installed. */
function installed(worker: ServiceWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker.state === 'parsed' || worker.state === 'installing') return;
      worker.removeEventListener('statechange', look);
      resolve(worker.state !== 'redundant');
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
