// The names of what is shipped. Compiled, never run.

import { createGuard } from '../../pkg/edge.js';
import { compile, type Gate, loadPack, type ShippedContract, type ShippedPack } from '../../pkg/index.js';

declare const name: string;
declare const either: 'stripe' | 'github';

export const gates: Promise<Gate>[] = [compile('stripe'), compile(name), compile(either), compile('github', {})];
export const packs = [loadPack('kubernetes'), loadPack(name), loadPack({ 'a.rego': 'package a' })];
export const guards = [createGuard({ contracts: { a: 'stripe', b: name } })];

// @ts-expect-error no such contract
compile('strip');
// @ts-expect-error a pack is no contract
compile('kubernetes');
// @ts-expect-error no such contract, whatever the message is
compile<{ id: string }>('strip');
// @ts-expect-error no such pack
loadPack('kubernets');
// @ts-expect-error a contract is no pack
loadPack('stripe');
// @ts-expect-error a contract needs its `signature`
compile({ contract: 'a', version: 1 });
// @ts-expect-error no such engine
compile({ contract: 'a', version: 1, signature: { engine: 'segment' } });

// Both together: a name that is a variable is said to be one.
export const both: Promise<Gate<{ id: string }>>[] = [
  compile<{ id: string }>('sub2api'),
  compile<{ id: string }, string>(name),
  compile<{ id: string }>({ contract: 'a', version: 1, signature: null }),
];

export const contract: ShippedContract = 'sub2api';
export const pack: ShippedPack = 'coze-migration';
