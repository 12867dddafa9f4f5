// The URL of a request: for the operator's route, parsed; for the contract, as the sender called it.

const BASE = 'http://target.invalid'; // of a target alone: a route reads its path
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** For the route, or undefined where it is none. `//host` in a target is a path, and no host. */
export function urlOf(text) {
  const whole = text.startsWith('/') ? BASE + text : text;
  try {
    return new URL(whole);
  } catch {
    return undefined;
  }
}

/** With a public origin the target alone is what the sender called: the host in the URL is that of a proxy. */
export function targetOf(text, origin) {
  if (origin === undefined) return text;
  const target = text.replace(ORIGIN, '');
  return target.startsWith('/') ? target : `/${target}`;
}
