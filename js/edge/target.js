// The URL of a request: parsed for the operator's route, and as the sender called it for the contract.

const BASE = 'http://target.invalid'; // the base for a target without a host; a route reads only its path
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** The URL for the route, or undefined if it is invalid. `//host` in a target is a path, not a host. */
export function urlOf(text) {
  const whole = text.startsWith('/') ? BASE + text : text;
  try {
    return new URL(whole);
  } catch {
    return undefined;
  }
}

/** Whether everyone reads a path the same way: it has no dot segments and no encoding that a router might decode. */
export function isPlainPath(text, { pathname }) {
  const [path] = text.replace(ORIGIN, '').split(/[?#]/, 1);
  return (path === pathname || path === '') && !/%(?:2[def]|3[0-9]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])/i.test(path);
}

/** `scheme://host`, if the text begins with it. */
export function originOf(text) {
  return ORIGIN.exec(text)?.[0];
}

/** The host of a whole URL, with its port. */
export function hostOf(text) {
  return originOf(text)?.replace(/^.*:\/\//, '');
}

/** With a public origin only the target is used: the host in the URL is the proxy's. */
export function targetOf(text, origin) {
  if (origin === undefined) return text;
  const target = text.replace(ORIGIN, '');
  return target.startsWith('/') ? target : `/${target}`;
}
