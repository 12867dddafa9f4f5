// Where the fields and path parameters of a contract stand in its messages.

import type { Resolve } from './places.js';

interface Source {
  header?: string | string[];
  query?: string;
  pair?: string;
  body?: string;
}
interface Known {
  request?: { path?: unknown };
  signature?: { engine?: string; from?: Source; fields?: Record<string, { from?: Source }> };
}

const ENGINES: Record<string, string> = { dpop: 'header:dpop', rfc9421: 'header:signature-input' };

/** @param contract as parsed, right or not */
export function resolverOf(contract: unknown): Resolve {
  const { request, signature } = (contract ?? {}) as Known;
  return (at) => {
    if (at.startsWith('path:')) return segmentOf(request?.path, at.slice('path:'.length));
    const field = signature?.fields?.[at.slice('field:'.length)]?.from;
    const own = placesOf(field);
    // What is no field of its own is a part of the signature's.
    const rest = placesOf(signature?.from);
    return [...own, ...rest, ...[ENGINES[signature?.engine ?? ''] ?? []].flat()];
  };
}

function placesOf(source: Source | undefined): string[] {
  if (source === null || typeof source !== 'object') return [];
  const headers = [source.header ?? []].flat().map((name) => `header:${name}`);
  return [
    ...headers,
    ...(source.query === undefined ? [] : [`query:${source.query}`]),
    ...(typeof source.body === 'string' ? [source.body] : []),
  ];
}

function segmentOf(path: unknown, name: string): string[] {
  const index =
    typeof path === 'string'
      ? path
          .slice(1)
          .split('/')
          .findIndex((part) => part === `{${name}}` || part === `{${name}?}`)
      : -1;
  return index === -1 ? [] : [`segment:${index}`];
}
