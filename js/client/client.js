// The client: fetch, and the delivery of webhooks, over one sender with its circuits.

import { Circuits } from './circuits.js';
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
    const ready = readied(api, settings);
    return Object.freeze({
      async fetch(input, init = {}) {
        const call = callOf(input, init, settings);
        await ready();
        const { answer, error } = await sender.send(call, planOf(api, settings, call));
        if (error !== undefined) throw error;
        return answer;
      },
    });
  };
}

/** Loads the module, and checks the quotas before anything is sent: once. */
function readied({ init, retryDelay }, { waits }) {
  let loading;
  return () => {
    loading ??= Promise.resolve(init()).then(() => retryDelay([], { ...waits, now: 0 }));
    return loading;
  };
}

/** When to send again: when the receiver says, else by backoff. */
function planOf({ retryDelay, backoff }, settings, call) {
  const seed = crypto.randomUUID();
  const { maxMilliseconds } = settings.backoff;
  const most = Math.min(maxMilliseconds, quotaOf(settings.waits.quotas, call.context) * 1000);
  return ({ answer, error }, attempt) => {
    if (error === undefined && !RETRIED.includes(answer.status)) return {};
    const told = { ...settings.waits, context: call.context, now: settings.now(), defaultSeconds: 0 };
    const asked = retryDelay(answer?.headers ?? [], told);
    const named = asked.milliseconds > 0 || answer?.status === 429;
    const reason = named || !asked.retry ? asked.reason : 'backoff';
    if (!asked.retry || !call.again || !(call.idempotent || UNHANDLED.includes(answer?.status))) return { reason };
    const own = () => backoff(attempt, { ...settings.backoff, maxMilliseconds: most, seed }).milliseconds;
    return { reason, waitMilliseconds: asked.milliseconds || own() };
  };
}

/** The longest wait of the bot, else of the tenant, in seconds: backoff keeps to it as the server's own waits do. */
function quotaOf({ bots, tenants }, { bot_id: bot, tenant_id: tenant }) {
  const of = (table, id) => (id !== undefined && Object.hasOwn(table ?? {}, id) ? table[id].maxSeconds : undefined);
  return Math.max(0.001, of(bots, bot) ?? of(tenants, tenant) ?? Infinity);
}
