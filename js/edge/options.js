// Checks the options of a guard. Options that cannot be right are an error when the server starts, not at the first
// request.

import { kind, onlyOptions } from '../core/request.js';

const FUNCTIONS = ['proof', 'now', 'onVerdict', 'onSettled', 'onDisable', 'onStoreError', 'onDeadLetter'];
const OPTIONS = [
  'registry',
  'contracts',
  'keys',
  'params',
  'route',
  'store',
  'allowEventual',
  'onStoreDown',
  'origin',
  'limits',
  ...FUNCTIONS,
];
const CONSISTENCIES = ['strong', 'process', 'eventual'];
const OPERATIONS = ['claim', 'complete', 'release'];
const LIMITS = { leaseSeconds: 60, storeMilliseconds: 2000, bodyMilliseconds: 30_000, retryAfterSeconds: 5 };
const GATE_LIMITS = ['findings', 'headerBytes', 'headers', 'policy', 'doctor', 'signatures'];
const MAX_TIMER = 2 ** 31 - 1; // a longer timer fires at once

/** Options with their defaults; `limits` are for the guard and `gateLimits` for the contracts. */
export function settingsOf(options) {
  const {
    registry,
    contracts,
    keys = {},
    params = {},
    store,
    limits = {},
    onStoreDown = 'closed',
    allowEventual = false,
    ...rest
  } = onlyOptions(options, OPTIONS);
  if (registry === undefined) checkContracts(contracts, { keys, params }, rest);
  else checkRegistry(registry, options);
  object('limits', limits, 'limits: { leaseSeconds: 60 }');
  if (!['closed', 'open'].includes(onStoreDown))
    throw new TypeError(`onStoreDown must be 'closed' or 'open', got ${kind(onStoreDown)}`);
  if (typeof allowEventual !== 'boolean')
    throw new TypeError(`allowEventual must be a boolean, got ${kind(allowEventual)}`);
  for (const name of FUNCTIONS) {
    if (
      rest[name] === undefined ||
      typeof rest[name] === 'function' ||
      (name === 'onDeadLetter' && rest[name] === null)
    )
      continue;
    throw new TypeError(`${name} must be a function, got ${kind(rest[name])}`);
  }
  checkStore(store, allowEventual);
  return { ...rest, registry, contracts, keys, params, store, onStoreDown, ...limitsOf(limits) };
}

function checkContracts(contracts, { keys, params }, { onDisable }) {
  object('contracts', contracts, "contracts: { stripe: 'stripe' }");
  if (Object.keys(contracts).length === 0)
    throw new TypeError("contracts is empty: name at least one, contracts: { stripe: 'stripe' }");
  object('keys', keys, 'keys: { stripe: [{ secret }] }');
  object('params', params, "params: { envelope: { receiver: 'Barret Lee' } }");
  for (const [option, of] of Object.entries({ keys, params })) {
    for (const name of Object.keys(of)) {
      if (!Object.hasOwn(contracts, name))
        throw new TypeError(`${option}.${name} has no contract: there are ${Object.keys(contracts).join(', ')}`);
    }
  }
  if (onDisable !== undefined) throw new TypeError('onDisable is about the hooks of a registry: pass registry, too');
}

/** What is in it is checked when it loads. */
function checkRegistry(registry, { route, params }) {
  object('registry', registry, '{ version: 1, hooks: […] }, the document hooks.json');
  if (route !== undefined)
    throw new TypeError('route has no effect with registry: the address of each hook says which requests are for it');
  if (params !== undefined)
    throw new TypeError('params has no effect with registry: `receiver` of each hook says whom its messages are for');
}

function object(name, value, example) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new TypeError(`${name} must be an object such as ${example}, got ${kind(value)}`);
  }
}

function limitsOf(limits) {
  const gateLimits = { ...onlyOptions(limits, [...Object.keys(LIMITS), ...GATE_LIMITS]) };
  const own = {};
  for (const [name, usual] of Object.entries(LIMITS)) {
    own[name] = limits[name] ?? usual;
    delete gateLimits[name];
    if (!Number.isSafeInteger(own[name]) || own[name] < 1 || own[name] > MAX_TIMER)
      throw new TypeError(`limits.${name} must be a whole number from 1 to ${MAX_TIMER}, got ${kind(limits[name])}`);
  }
  return { limits: own, gateLimits };
}

function checkStore(store, allowEventual) {
  if (store === undefined || store === null) return;
  if (typeof store.claim !== 'function' && typeof store.then !== 'function' && typeof store.get === 'function') {
    throw new TypeError('store is a client, not a store: wrap it, as in redisStore(client) or kvStore(namespace)');
  }
  for (const name of OPERATIONS) {
    if (typeof store[name] !== 'function')
      throw new TypeError(
        `store.${name} must be a function: a store is memoryStore(), redisStore(client) or one of your own`,
      );
  }
  if (!CONSISTENCIES.includes(store.consistency))
    throw new TypeError(`store.consistency must be one of ${CONSISTENCIES.join(', ')}, got ${kind(store.consistency)}`);
  if (store.consistency === 'eventual' && !allowEventual) {
    throw new TypeError(
      'the store is only eventually consistent: copies of a message that arrive within seconds are each claimed ' +
        'and handled. Use durableObjectStore, redisStore or sqlStore; or set allowEventual: true if handling a ' +
        'message twice does no harm',
    );
  }
}
