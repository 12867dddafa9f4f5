// The hooks of a registry as lanes: a request is for the hook at its address. The registry judges it, and says what to
// answer and whether to look at the hook.

import { laneOf, named } from './lanes.js';
import { hostOf, isPlainPath, originOf, targetOf } from './target.js';

/** What nothing is asked of: the registry refuses the request by its head. */
const DISABLED = Object.freeze({ kind: 'request', maxBytes: 0, methods: [], replay: false, deadLetter: false });

export async function hooksOf(settings, loadRegistry) {
  const { registry: document, contracts, keys, gateLimits: limits } = settings;
  const registry = await named('registry', () => loadRegistry(document, { contracts, keys, limits }));
  try {
    const lanes = new Map(
      document.hooks.map((hook) => [hook.id, laneOf(hook.id, gateOf(registry, hook), settings, `hook ${hook.id}`)]),
    );
    const laneFor = (url, incoming, headers) =>
      isPlainPath(incoming.url, url)
        ? lanes.get(registry.pick(calledBy(incoming, headers, settings.origin)))
        : undefined;
    return { laneFor, own: [registry] };
  } catch (error) {
    registry.free();
    throw error;
  }
}

/**
 * The target and the host. Neither tells the scheme, which a proxy in front of the server may have changed: no two
 * hooks differ by it alone.
 */
function calledBy({ method, url }, headers, origin) {
  const host = hostOf(origin ?? url);
  const hosts = host === undefined ? headers.filter(([name]) => name.toLowerCase() === 'host') : [['host', host]];
  return { method, url: targetOf(url, ''), headers: hosts };
}

/** What a lane needs of a gate. It counts the refused signatures in a row, as long as the guard lives. */
function gateOf(registry, { id, uri }) {
  let [failures, due] = [0, false];
  const called = (request) => ({ ...request, url: originOf(uri) + targetOf(request.url, '') });
  return {
    about: registry.about(id) ?? DISABLED,
    measure(request, options) {
      const { outcome, skewSeconds } = registry.measure(called(request), { ...options, failures: { [id]: failures } });
      const { verdict, answer, disable } = outcome;
      // Reported once for each time that it falls due.
      const disabled = disable.decision && !due ? { failures: disable.failures, reason: disable.reason } : undefined;
      [failures, due] = [disable.failures, disable.decision];
      const receipt = answer.body?.received === true && verdict.answer === undefined ? answer.body : undefined;
      return { verdict, skewSeconds, receipt, disabled };
    },
    duplicate(request, { replay }, options) {
      return registry.check(called(request), { ...options, seen: [replay.key] }).verdict;
    },
  };
}
