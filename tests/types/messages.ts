// The type of the canonical message flows from `compile`, `loadRegistry` and `createGuard`. Compiled, never run.

import { createGuard, type Guard, type GuardOptions } from '../../pkg/edge.js';
import { type Guarded, guardHono, type HonoContext } from '../../pkg/adapters/hono.js';
import { guardNode } from '../../pkg/adapters/node.js';
import {
  compare,
  compile,
  type Contract,
  type Gate,
  type HookRegistry,
  loadRegistry,
  type RawRequest,
} from '../../pkg/index.js';

// An interface has no index signature of its own, a type alias has.
interface Ticket {
  id: string;
  text: string;
}
type Order = { order: number };

declare const request: RawRequest;
declare const fetched: Request;
declare const contract: Contract;
declare const hooks: HookRegistry;

export async function named(): Promise<string> {
  using gate = await compile<Ticket>('sub2api', { keys: [{ secret: 'a' }] });
  const verdict = gate.check(request);
  const measured = gate.measure(request).verdict;
  // @ts-expect-error no such member
  if (verdict.verdict === 'accept') verdict.message.body;
  // @ts-expect-error perhaps a finding is an error
  gate.shape(request).message.id;
  if (verdict.verdict !== 'accept' || measured.verdict !== 'accept') return '';
  return verdict.message.id + measured.message.text + gate.shape(request).message?.id;
}

export async function unnamed(): Promise<unknown> {
  using gate = await compile(contract);
  const verdict = gate.check(request);
  // @ts-expect-error the contract may have no shape
  if (verdict.verdict === 'accept') verdict.message.id;
  // @ts-expect-error of any type
  verdict.message?.id.trim();
  return verdict.message?.id;
}

export const notObjects = [
  // @ts-expect-error a message is an object
  compile<string>(contract),
  // @ts-expect-error a message is an object
  createGuard<number>({ contracts: { a: contract } }),
];

// Any gate goes where the message does not matter.
declare const ticket: Gate<Ticket>;
declare const order: Gate<Order>;
export const compared = compare(ticket, order, request).agree;
// @ts-expect-error other messages
export const other: Gate<Order> = ticket;

export async function guarded(): Promise<string> {
  const guard = await createGuard({ contracts: { ticket }, store: null, onVerdict: ({ instance }) => void instance });
  guard.wrap(async ({ delivery }) => {
    // @ts-expect-error no such member
    delivery.message.body;
    return new Response(delivery.message.text);
  });
  const judged = await guard.check(fetched);
  if (!judged.ok) return judged.answer.body;
  // What reaches a handler was accepted.
  return judged.verdict.message.id + judged.request.delivery.message.id;
}

export async function several(): Promise<string | number | undefined> {
  const judged = await (await createGuard({ contracts: { ticket, order }, store: null })).check(fetched);
  if (!judged.ok) return undefined;
  // @ts-expect-error either message
  judged.message.order;
  return 'order' in judged.message ? judged.message.order : judged.message.id;
}

export async function mixed(): Promise<unknown> {
  const judged = await (await createGuard({ contracts: { ticket, stripe: 'stripe' }, store: null })).check(fetched);
  if (!judged.ok) return undefined;
  // @ts-expect-error the other contract may have no shape
  judged.message.id;
  return judged.message?.id;
}

export async function namedGuards(options: GuardOptions, name: string): Promise<Guard<Ticket>[]> {
  const byName: Guard = await createGuard({ contracts: { a: name }, store: null });
  byName.free();
  // @ts-expect-error no such option
  createGuard({ contracts: { ticket }, stores: null });
  return [
    await createGuard<Ticket>(options),
    await createGuard<Ticket>({ contracts: { a: contract }, store: null }),
    await createGuard<Ticket>({ registry: hooks, keys: { li: [{ secret: 'a' }] }, store: null }),
  ];
}

export async function registered(): Promise<string | undefined> {
  using registry = await loadRegistry<Ticket>(hooks);
  const { verdict } = registry.check(request);
  // @ts-expect-error no such member
  verdict.message?.body;
  return verdict.verdict === 'accept' ? verdict.message.text : registry.hook('li').gate.about.contract;
}

// Behind an adapter.
declare const tickets: Guard<Ticket>;
declare const context: HonoContext<Ticket>;
export const listener = guardNode(tickets, (req: { delivery: { message: Ticket } }) => req.delivery.message.id);
export const middleware = guardHono(tickets)(context, async () => {});
export const variables = (of: Guarded<Ticket>): string => of.delivery.message.text;
