// Decides which contract a request is for, by the operator's route. Headers do not count: the sender controls them.

import { Gate } from '../api/api.js';
import { kind } from '../core/request.js';
import { isPlainPath } from './target.js';
import { isPromise } from './within.js';

/**
 * The lanes by name: a contract with the operator's name for it, which appears in events but not in replies. Gates that
 * the guard compiled are `own` and are freed with it.
 */
export async function lanesOf(settings, compile) {
  const { contracts, keys, params, origin, gateLimits } = settings;
  const lanes = new Map();
  const own = [];
  try {
    for (const [name, contract] of Object.entries(contracts)) {
      const ready = contract instanceof Gate;
      for (const [option, of] of Object.entries({ keys, params })) {
        if (ready && Object.hasOwn(of, name))
          throw new TypeError(`${option}.${name} are for a gate, which has its own ${option}: leave them out`);
      }
      const [limit] = ready ? Object.keys(gateLimits) : [];
      if (limit !== undefined)
        throw new TypeError(
          `limits.${limit} does not apply to contracts.${name}, a gate, which has its own: give it to compile()`,
        );
      if (ready && origin !== undefined)
        throw new TypeError(
          `origin does not apply to contracts.${name}, a gate, which has its own: give it to compile()`,
        );
      const gate = ready
        ? contract
        : await named(`contracts.${name}`, () =>
            compile(contract, { keys: keys[name], params: params[name], origin, limits: gateLimits }),
          );
      if (!ready) own.push(gate);
      lanes.set(name, laneOf(name, gate, settings));
    }
    return { lanes, own };
  } catch (error) {
    for (const gate of own) gate.free();
    throw error;
  }
}

/**
 * Adds the contract's name and everything else to the message: a Worker that does not start prints only the message.
 */
export async function named(name, work) {
  try {
    return await work();
  } catch (error) {
    if (error.name === 'ContractError')
      error.message = [name, error.at, error.message, error.help].filter(Boolean).join(': ');
    throw error;
  }
}

export function laneOf(name, gate, { store, onDeadLetter }, what = `contracts.${name}`) {
  const { kind: of, replay, deadLetter } = gate.about;
  if (of !== 'request') throw new TypeError(`${what} is for responses, but a guard checks requests`);
  if (replay && store === undefined) {
    throw new TypeError(
      `${what} has a replay key, but there is no store for it: pass store: redisStore(client), ` +
        'durableObjectStore(binding) or, for one process, memoryStore(); or store: null to let every copy of a ' +
        'message through',
    );
  }
  if (deadLetter && onDeadLetter === undefined) {
    throw new TypeError(
      `${what} has dead letters, but nothing stores them: pass onDeadLetter; or onDeadLetter: null to drop them`,
    );
  }
  return { name, gate, about: gate.about };
}

/**
 * (url, incoming, headers) => a lane or undefined, or a promise of it. If the path decides, an ambiguous path, which
 * another reader could read differently, has no lane.
 */
export function routerOf(lanes, settings) {
  const { route } = settings;
  const named = (name, where) => {
    const lane = lanes.get(name);
    if (lane === undefined)
      throw new TypeError(`${where} is not the name of a contract: there are ${[...lanes.keys()].join(', ')}`);
    return lane;
  };
  if (route === undefined) {
    if (lanes.size !== 1)
      throw new TypeError(
        "there are several contracts, so say which requests are for which: route: { '/hooks/stripe': 'stripe', … }",
      );
    const [only] = lanes.values();
    return () => only;
  }
  if (typeof route === 'string') {
    const lane = named(route, 'route');
    return () => lane;
  }
  if (typeof route === 'function') return chosenBy(route, lanes, settings);
  if (route === null || typeof route !== 'object' || Array.isArray(route)) {
    throw new TypeError(`route must be a name, an object of paths or a function, got ${kind(route)}`);
  }
  return tableOf(route, named);
}

function tableOf(route, named) {
  const [exact, folded] = [new Map(), new Map()];
  const below = [];
  for (const [path, name] of Object.entries(route)) {
    const prefix = path.endsWith('/*') ? path.slice(0, -1) : path;
    if (
      !path.startsWith('/') ||
      /[*:{}]/.test(prefix) ||
      new URL(`http://target.invalid${prefix}`).pathname !== prefix
    ) {
      throw new TypeError(
        `route['${path}'] must be a path as it is sent: '/hooks/stripe', or '/hooks/stripe/*' to include ` +
          'everything below it; for more, use a function',
      );
    }
    const lane = named(name, `route['${path}']`);
    const alike = folded.get(fold(path)) ?? lane;
    if (alike !== lane)
      throw new TypeError(
        `route['${path}'] differs from the path of another contract only by case or a last slash: a framework may ` +
          'treat them as the same',
      );
    if (path.endsWith('/*')) below.push([prefix, lane]);
    else exact.set(path, lane);
    folded.set(fold(path), lane);
  }
  below.sort(([left], [right]) => right.length - left.length); // the longest first
  return (url, { url: text }) => {
    const { pathname } = url;
    if (!isPlainPath(text, url)) return undefined;
    const lane = exact.get(pathname) ?? below.find(([prefix]) => pathname.startsWith(prefix))?.[1];
    // A framework that ignores case or a last slash must not reach a handler that another contract guards.
    const lax =
      folded.get(fold(pathname)) ??
      below.find(([prefix]) => `${fold(pathname)}/`.startsWith(prefix.toLowerCase()))?.[1];
    return lane === lax ? lane : undefined;
  };
}

const fold = (path) => path.toLowerCase().replace(/\/$/, '');

function chosenBy(route, lanes, settings) {
  const made = new WeakMap();
  const laneFor = (chosen) => {
    if (chosen === undefined || chosen === null) return undefined;
    if (typeof chosen === 'string') return lanes.get(chosen);
    const { name, gate } = chosen;
    if (typeof name !== 'string' || !(gate instanceof Gate)) {
      throw new TypeError(
        "route must return a contract's name, { name, gate } with a gate of your own, or nothing; a different name " +
          'per tenant keeps their messages apart',
      );
    }
    if (made.get(gate)?.name !== name) made.set(gate, laneOf(name, gate, settings));
    return made.get(gate);
  };
  return (url, { url: text, request }) => {
    if (!isPlainPath(text, url)) return undefined;
    const chosen = route(url, request);
    return isPromise(chosen) ? chosen.then(laneFor) : laneFor(chosen);
  };
}
