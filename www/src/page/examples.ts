// A case of tests/cases as what the page shows: its message, contract, keys and time.

import { parseTime } from '../base/time.js';
import type { Data, Example } from '../data.js';
import { eventText, recordingText } from '../request/recording.js';
import { initialState, type Secrets, type State } from '../state.js';

export function exampleOf(data: Data, path: string): Example | undefined {
  return data.groups.flatMap(({ examples }) => examples).find((example) => example.path === path);
}

/** For documents that nobody chose a pack for. */
export const USUAL_PACK = 'kubernetes';

/** The published test keys of a case come along: they are no secrets. */
export function openedExample(example: Example): { state: State; secrets: Secrets } {
  const state = { ...initialState(), example: example.path, now: timeOf(example.case.now) };
  if (example.case.pack !== undefined)
    return { state: deploymentOf(state, example), secrets: { keys: [], others: [] } };
  const { contract = '', params, origin = '', seen = [], options = {}, limits, shape } = example.case;
  const files = Object.fromEntries(
    Object.entries(example.files)
      .filter(([name]) => !MESSAGES.has(name) && !EXPECTED.has(name))
      .map(([name, base64]) => [name, textOf(base64)]),
  );
  Object.assign(state, {
    action: shape ? 'shape' : 'verify',
    message: messageOf(example),
    contract: contract.includes('/') ? { files } : { shipped: contract, files: {} },
    params: params === undefined ? '' : JSON.stringify(params, null, 2),
    origin,
    // Keys of a case stay known: it does not say when they may be forgotten.
    seen: seen.map((key) => ({ key, until: Number.MAX_SAFE_INTEGER })),
    options: { ...options, ...(limits ? { limits } : {}) },
    publicKeys: publicKeysOf(example),
  } satisfies Partial<State>);
  return { state, secrets: { keys: secretsOf(example), others: [] } };
}

const MESSAGES = new Set(['request.http', 'event.json', 'input.json']);
const EXPECTED = new Set(['verdict.json', 'shaped.json', 'report.json', 'error.json', 'lint.json']);

/** The keys of a case that are secret by kind. */
export function secretsOf({ case: { keys = [] } }: Example): Secrets['keys'] {
  return keys
    .filter(({ publicKey }) => publicKey === undefined)
    .map(({ id, secret, secretBytes }) => ({
      id,
      secret: secretBytes ? Uint8Array.from(secretBytes) : (secret ?? ''),
    }));
}

function publicKeysOf({ case: { keys = [] } }: Example): State['publicKeys'] {
  return keys.flatMap(({ id, publicKey }) =>
    publicKey === undefined
      ? []
      : [
          {
            ...(id === undefined ? {} : { id }),
            text: typeof publicKey === 'string' ? publicKey : JSON.stringify(publicKey),
          },
        ],
  );
}

function messageOf({ case: { url = '' }, files }: Example): State['message'] {
  if (files['request.http'] !== undefined) return recordingText(bytesOf(files['request.http']));
  return eventText(url, bytesOf(files['event.json'] ?? ''));
}

function deploymentOf(state: State, { case: { pack = '', data, params }, files }: Example): State {
  const json = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, null, 2));
  const deployment = {
    documents: pretty(textOf(files['input.json'] ?? '')),
    packs: [pack],
    policy: {},
    data: json(data),
    params: json(params),
  };
  return { ...state, mode: 'deployment', deployment };
}

/** To read; a case's documents are one line. */
function pretty(text: string): string {
  try {
    return text.includes('\n  ') ? text : JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function timeOf(now: number | string | undefined): number | null {
  return typeof now === 'string' ? (parseTime(now) ?? null) : (now ?? null);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function textOf(base64: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(base64));
}
