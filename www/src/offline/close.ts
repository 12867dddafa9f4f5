// Closes the network once everything is loaded. It adds a second policy to the page's own; what either of them forbids
// is forbidden: for the page, and for every worker that is made from a `blob:` URL after it. No policy can be taken
// back while the page lives.

/** As little as the page needs from now on. `style-src` is for the sheets that the editor writes. */
export const CLOSED = [
  "default-src 'none'",
  "connect-src 'none'",
  "script-src 'wasm-unsafe-eval'",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PROBE_MS = 2000;

/**
 * Closes the network, and tries it: true where the browser refused. Load every chunk before, register the service
 * worker before, and make the engine's worker after.
 */
export async function closeNetwork(): Promise<boolean> {
  if (import.meta.env.DEV) return false; // Vite's server talks to the page
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = CLOSED;
  document.head.append(policy);
  return refused();
}

/** Asks the page's own host, as the first policy allows it: so it is the second that refuses. */
async function refused(): Promise<boolean> {
  const address = new URL('./closed', document.baseURI).href;
  const violation = violated(address);
  try {
    await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) });
    return false;
  } catch {
    // A network that is down throws as well; only a violation says that nothing was sent.
    return violation;
  }
}

function violated(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (found: boolean): void => {
      document.removeEventListener('securitypolicyviolation', heard);
      clearTimeout(timer);
      resolve(found);
    };
    const heard = (event: SecurityPolicyViolationEvent): void => {
      if (event.blockedURI === address && event.disposition === 'enforce') done(true);
    };
    const timer = setTimeout(done, PROBE_MS, false);
    document.addEventListener('securitypolicyviolation', heard);
  });
}
