// Which contract a request is for. The operator's route decides, and nothing that the sender says in a header.

import { Gate } from '../api/api.js';
import { kind } from '../core/request.js';
import { isPlainPath } from './target.js';

/**
 * The lanes by name: contracts in their places, where `name` is the operator's own, in events and in answers to nobody.
 * Those of them that the guard compiled are `own`, to be freed with it.
 */
export async function lanesOf(settings, compile) {
  const { contracts, keys, origin, gateLimits } = settings;
  const lanes = new Map();
  const own = [];
  try {
    for (const [name, contract] of Object.entries(contracts)) {
      const ready = contract instanceof Gate;
      if (ready && Object.hasOwn(keys, name))
        throw new TypeError(`keys.${name} are given to a gate, which has its own: leave them out`);
      const [limit] = ready ? Object.keys(gateLimits) : [];
      if (limit !== undefined)
        throw new TypeError(
          `limits.${limit} is given beside contracts.${name}, a gate, which has its own: give it to compile()`,
        );
      if (ready && origin !== undefined)
        throw new TypeError(
          `origin is given beside contracts.${name}, a gate, which has its own: give it to compile()`,
        );
      const gate = ready
        ? contract
        : await compiled(name, () => compile(contract, { keys: keys[name], origin, limits: gateLimits }));
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
 * Of several contracts the error says which, and all of it in its message: a Worker that does not start prints no more.
 */
async function compiled(name, compile) {
  try {
    return await compile();
  } catch (error) {
    if (error.name === 'ContractError')
      error.message = [`contracts.${name}`, error.at, error.message, error.help].filter(Boolean).join(': ');
    throw error;
  }
}

function laneOf(name, gate, { store, onDeadLetter }) {
  const { kind: of, replay, deadLetter } = gate.about;
  if (of !== 'request')
    throw new TypeError(`contracts.${name} judges answers, and a guard stands in front of requests`);
  if (replay && store === undefined) {
    throw new TypeError(
      `contracts.${name} has a replay key, and there is no store to keep it in: pass store: redisStore(client), ` +
        'durableObjectStore(binding)' +
        ' or, for one process, memoryStore(); or store: null, to let every copy of a message through',
    );
  }
  if (deadLetter && onDeadLetter === undefined) {
    throw new TypeError(
      `contracts.${name} keeps dead letters, and nobody is there to keep them: pass onDeadLetter; or onDeadLetter: ` +
        'null, to lose them',
    );
  }
  return { name, gate, about: gate.about };
}

/**
 * (url, incoming) => a lane or undefined. Where the path decides, one that another reader could take for another is
 * nobody's.
 */
export function routerOf(lanes, settings) {
  const { route } = settings;
  const named = (name, where) => {
    const lane = lanes.get(name);
    if (lane === undefined)
      throw new TypeError(`${where} leads to no contract: there are ${[...lanes.keys()].join(', ')}`);
    return lane;
  };
  if (route === undefined) {
    if (lanes.size !== 1)
      throw new TypeError(
        "there are several contracts, so say which request is for which: route: { '/hooks/stripe': 'stripe', … }",
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
        `route['${path}'] must be a path as it is sent: '/hooks/stripe', or '/hooks/stripe/*' with all below it; ` +
          'what is more takes a function',
      );
    }
    const lane = named(name, `route['${path}']`);
    const alike = folded.get(fold(path)) ?? lane;
    if (alike !== lane)
      throw new TypeError(
        `route['${path}'] differs from another path by case or a last slash alone, and leads to another contract: a ` +
          'framework may take one for the other',
      );
    if (path.endsWith('/*')) below.push([prefix, lane]);
    else exact.set(path, lane);
    folded.set(fold(path), lane);
  }
  below.sort(([left], [right]) => right.length - left.length); // the narrowest first
  return (url, { url: text }) => {
    const { pathname } = url;
    if (!isPlainPath(text, url)) return undefined;
    const lane = exact.get(pathname) ?? below.find(([prefix]) => pathname.startsWith(prefix))?.[1];
    // A framework that is lax about case and a last slash must not lead to a handler that another contract guards.
    const lax =
      folded.get(fold(pathname)) ??
      below.find(([prefix]) => `${fold(pathname)}/`.startsWith(prefix.toLowerCase()))?.[1];
    return lane === lax ? lane : undefined;
  };
}

const fold = (path) => path.toLowerCase().replace(/\/$/, '');

function chosenBy(route, lanes, settings) {
  const made = new WeakMap();
  return async (url, { url: text, request }) => {
    if (!isPlainPath(text, url)) return undefined;
    const chosen = await route(url, request);
    if (chosen === undefined || chosen === null) return undefined;
    if (typeof chosen === 'string') return lanes.get(chosen);
    const { name, gate } = chosen;
    if (typeof name !== 'string' || !(gate instanceof Gate)) {
      throw new TypeError(
        "route must give a contract's name, { name, gate } with a gate of your own, or nothing; a name of its own " +
          "keeps tenants' messages apart",
      );
    }
    if (made.get(gate)?.name !== name) made.set(gate, laneOf(name, gate, settings));
    return made.get(gate);
  };
}
