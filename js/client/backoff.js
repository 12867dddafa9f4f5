// The client's own wait, where the receiver names none.

/** The wait after each attempt, in milliseconds. It keeps to the quota of the context, as a wait that is named does. */
export function backoffOf(backoff, { waits, backoff: { baseMilliseconds, maxMilliseconds } }, context) {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]; // calls that failed together come back one by one
  const most = Math.max(1, Math.min(maxMilliseconds, quotaOf(waits.quotas, context) * 1000));
  return (attempt) => backoff(attempt, { seed, baseMilliseconds, maxMilliseconds: most }).milliseconds;
}

/** The longest wait of the bot, else of the tenant, in seconds. */
function quotaOf({ bots, tenants }, { bot_id: bot, tenant_id: tenant }) {
  const of = (table, id) => (id !== undefined && Object.hasOwn(table ?? {}, id) ? table[id].maxSeconds : undefined);
  return of(bots, bot) ?? of(tenants, tenant) ?? Infinity;
}
