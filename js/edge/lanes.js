// Which contract a request is for. The operator's route decides, and nothing that the sender says in a header.

import { Gate } from '../api.js';
import { kind } from '../request.js';

/** A contract in its place: `name` is the operator's own, in events and in answers to nobody. */
class Lane {
  constructor(name, gate) {
    this.name = name;
    this.gate = gate;
    this.about = gate.about;
  }
}

/** The lanes by name. Those of them that the guard compiled are `own`, to be freed with it. */
export async function lanesOf(settings, compile) {
  const { contracts, keys, origin, gateLimits } = settings;
  const lanes = new Map();
  const own = [];
  for (const [name, contract] of Object.entries(contracts)) {
    const ready = contract instanceof Gate;
    if (ready && Object.hasOwn(keys, name)) throw new TypeError(`keys.${name} are given to a gate, which has its own: leave them out`);
    const gate = ready ? contract : await compile(contract, { keys: keys[name], origin, limits: gateLimits });
    if (!ready) own.push(gate);
    lanes.set(name, laneOf(name, gate, settings));
  }
  return { lanes, own };
}

function laneOf(name, gate, { store, onDeadLetter }) {
  const { kind: of, replay, deadLetter } = gate.about;
  if (of !== 'request') throw new TypeError(`contracts.${name} judges answers, and a guard stands in front of requests`);
  if (replay && store === undefined) {
    throw new TypeError(`contracts.${name} has a replay key, and there is no store to keep it in: pass store: redisStore(client), durableObjectStore(binding)` +
      ' or, for one process, memoryStore(); or store: null, to let every copy of a message through');
  }
  if (deadLetter && onDeadLetter === undefined) {
    throw new TypeError(`contracts.${name} keeps dead letters, and nobody is there to keep them: pass onDeadLetter; or onDeadLetter: null, to lose them`);
  }
  return new Lane(name, gate);
}

/** (url, request) => Lane or undefined. */
export function routerOf(lanes, settings) {
  const { route } = settings;
  const named = (name, where) => {
    const lane = lanes.get(name);
    if (lane === undefined) throw new TypeError(`${where} leads to no contract: there are ${[...lanes.keys()].join(', ')}`);
    return lane;
  };
  if (route === undefined) {
    if (lanes.size !== 1) throw new TypeError("there are several contracts, so say which request is for which: route: { '/hooks/stripe': 'stripe', … }");
    const [only] = lanes.values();
    return () => only;
  }
  if (typeof route === 'string') {
    const lane = named(route, 'route');
    return () => lane;
  }
  if (typeof route === 'function') return chosenBy(route, named, settings);
  if (route === null || typeof route !== 'object' || Array.isArray(route)) {
    throw new TypeError(`route must be a name, an object of paths or a function, got ${kind(route)}`);
  }
  return tableOf(route, named);
}

function tableOf(route, named) {
  const exact = new Map();
  const below = [];
  for (const [path, name] of Object.entries(route)) {
    if (!path.startsWith('/')) throw new TypeError(`route['${path}'] must be a path: '/hooks/stripe', or '/hooks/stripe/*' with all below it`);
    const lane = named(name, `route['${path}']`);
    if (path.endsWith('/*')) below.push([path.slice(0, -1), lane]);
    else exact.set(path, lane);
  }
  below.sort(([left], [right]) => right.length - left.length); // the narrowest first
  return ({ pathname }) => exact.get(pathname) ?? below.find(([prefix]) => pathname.startsWith(prefix))?.[1];
}

function chosenBy(route, named, settings) {
  const made = new WeakMap();
  return async (url, request) => {
    const chosen = await route(url, request);
    if (chosen === undefined || chosen === null) return undefined;
    if (typeof chosen === 'string') return named(chosen, 'what route gave');
    if (!(chosen instanceof Gate)) throw new TypeError(`route must give a contract's name, a gate or nothing, got ${kind(chosen)}`);
    if (!made.has(chosen)) made.set(chosen, laneOf(chosen.about.contract, chosen, settings));
    return made.get(chosen);
  };
}
