// The engine's room: a worker made from a blob, so that the page's policy binds it, that has nothing but the module it
// is given.

import { createApi } from '../../../pkg/api/api.js';
import * as fileless from '../../../pkg/api/fileless.js';
import * as bindings from '../../../pkg/core.js';
import type { compile, Diagnosis, Gate, loadPack } from '../../../pkg/index.js';
import type { Answered, Answers, Asked, Compiled, Job, Thrown } from './protocol.js';

interface Api {
  compile: typeof compile;
  loadPack: typeof loadPack;
  jsonProblems(bytes: Uint8Array): Answers['json'];
}

let api: Api;
let latest: { text: string; gate: Gate } | undefined; // what is typed is mostly the message, not the contract

addEventListener('message', async ({ data }: MessageEvent<WebAssembly.Module | Asked>) => {
  if (data instanceof WebAssembly.Module) {
    api = createApi(bindings, () => data, fileless) as unknown as Api;
    return;
  }
  const { id, job } = data;
  let answered: Answered;
  try {
    answered = { id, answer: await KINDS[job.kind](job as never) };
  } catch (error) {
    answered = { id, thrown: thrown(error) };
  }
  postMessage(answered);
});

type Of<Kind extends Job['kind']> = Extract<Job, { kind: Kind }>;

const KINDS: { [Kind in Job['kind']]: (job: Of<Kind>) => Promise<Answers[Kind]> } = {
  async check({ compiled, message, options }) {
    const gate = await gateOf(compiled);
    const begun = performance.now();
    const text = gate.checkText(message as never, options);
    const milliseconds = performance.now() - begun;
    const { skewSeconds } = gate.measure(message as never, options);
    return { text, milliseconds, skewSeconds, lint: [...gate.lint], signed: gate.signedBytes(message as never) };
  },

  async explain({ compiled, message, now, otherKeys }) {
    return (await gateOf(compiled)).explain(message as never, { now, otherKeys, signed: true }) as Diagnosis;
  },

  async sign({ compiled, message, now, nonce }) {
    return (await gateOf(compiled)).sign(message as never, { now, nonce });
  },

  async shape({ compiled, message, now }) {
    const { shaped, message: text } = (await gateOf(compiled)).shapeText(message as never, { now });
    return { text: shaped, shaped: JSON.parse(shaped), message: text };
  },

  async pack({ files, documents, options, limits }) {
    const pack = await api.loadPack(files, { limits });
    try {
      const begun = performance.now();
      const report = pack.check(documents, options);
      const milliseconds = performance.now() - begun;
      return { report, rules: pack.rules(), milliseconds };
    } finally {
      pack.free();
    }
  },

  async json({ bytes }) {
    return api.jsonProblems(bytes);
  },
};

async function gateOf(compiled: Compiled): Promise<Gate> {
  const text = JSON.stringify(compiled, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value));
  if (latest?.text === text) return latest.gate;
  const { contract, ...options } = compiled;
  const gate = await api.compile(contract as never, options);
  latest?.gate.free();
  latest = { text, gate };
  return gate;
}

function thrown(error: unknown): Thrown {
  const { name, message, code, at, help, also } = error as Thrown;
  return { name: String(name), message: String(message), code, at, help, also: also?.map(thrown) };
}
