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

/** Whether all who read a path read the same: without dot segments, and nothing encoded that a router might decode. */
export function isPlainPath(text, { pathname }) {
  const [path] = text.replace(ORIGIN, '').split(/[?#]/, 1);
  return (path === pathname || path === '') && !/%(?:2[def]|3[0-9]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])/i.test(path);
}

/** With a public origin the target alone is what the sender called: the host in the URL is that of a proxy. */
export function targetOf(text, origin) {
  if (origin === undefined) return text;
  const target = text.replace(ORIGIN, '');
  return target.startsWith('/') ? target : `/${target}`;
}
