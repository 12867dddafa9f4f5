// The client: fetch, and the delivery of webhooks, over one sender with its circuits.

import { backoffOf } from './backoff.js';
import { Circuits } from './circuits.js';
import { deliveryOf } from './delivery.js';
import { settingsOf } from './options.js';
import { callOf } from './request.js';
import { Sender } from './sender.js';

/** What may be sent again: the request was not handled, or the receiver was not able to (RFC 9110, section 15). */
const RETRIED = [408, 425, 429, 500, 502, 503, 504];
/** The receiver says that it did not handle the request, so that sending again cannot do it twice. */
const UNHANDLED = [408, 425, 429];

/** Makes createClient with the functions of a runtime's module. */
export function clientOver(api) {
  return function createClient(options = {}) {
    const settings = settingsOf(options);
    const sender = new Sender(settings, new Circuits(api, settings));
    return Object.freeze({
      async fetch(input, init) {
        const call = callOf(input, init ?? {}, settings);
        await api.init();
        const { answer, error, refused } = await sender.send(call, planOf(api, settings, call));
        if (refused !== undefined) throw refused;
        if (error !== undefined) throw error;
        return answer;
      },
      async deliver(registry, id, message, options = {}) {
        await api.init();
        const { call, plan, settlement } = deliveryOf(api, settings, registry, id, message, options);
        return settlement(await sender.send(call, plan));
      },
    });
  };
}

/** When to send again: when the receiver says, else by backoff. */
function planOf({ retryDelay, backoff }, settings, call) {
  const ask = (headers) =>
    retryDelay(headers, { ...settings.waits, context: call.context, now: settings.now(), defaultSeconds: 0 });
  ask([]); // what is wrong with the context or the quotas is thrown before anything is sent
  const own = backoffOf(backoff, settings, call.context);
  return ({ answer, error }, attempt) => {
    if (error === undefined && !RETRIED.includes(answer.status)) return {};
    const asked = ask(answer?.headers ?? []);
    const named = asked.milliseconds > 0 || answer?.status === 429;
    const reason = named || !asked.retry ? asked.reason : 'backoff';
    if (!asked.retry || !call.again || !(call.idempotent || UNHANDLED.includes(answer?.status))) return { reason };
    return { reason, waitMilliseconds: asked.milliseconds || own(attempt) };
  };
}
