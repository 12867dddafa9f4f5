// What a case of tests/cases gives, on whichever runtime: `api` is all that `countersign` exports there. What a case is
// made of comes as one JSON value (`prepared`, tests/js/replay.js), so that nothing here reads a file.

const CALLS = {
  retryDelay: (api, { headers, options }) => api.retryDelay(headers, options),
  backoff: (api, { attempt, options }) => api.backoff(attempt, options),
  breaker: (api, { state, answer, options }) => api.breaker(state, answer, options),
  limiter: (api, { state, options }) => api.limiter(state, options),
  negotiation: (api, { response }) => api.negotiation(response),
};

const KINDS = { call, contract, pack, registry };

/** [the file that holds it, its text] of each. */
export async function replayAll(api, cases) {
  await api.init();
  const given = [];
  for (const one of cases)
    given.push(await replay(api, one).catch((error) => ['thrown', String(error?.stack ?? error)]));
  return given;
}

export async function replay(api, { kind, refused, ...prepared }) {
  if (refused) return ['error.json', refused];
  try {
    return await KINDS[kind](api, prepared);
  } catch (error) {
    if (!(error instanceof api.ContractError)) throw error;
    const { code, at, message, help } = error;
    return ['error.json', JSON.stringify({ code, at, message, help })];
  }
}

const HOLDS = ['breaker', 'limiter']; // functions with a state

/** A line for each input. A state that an input does not give is the result before. */
async function call(api, { name, inputs }) {
  let held;
  const lines = inputs.map((input) => {
    try {
      return JSON.stringify((held = CALLS[name](api, HOLDS.includes(name) ? { state: held, ...input } : input)));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return JSON.stringify({ misuse: error.message });
    }
  });
  return ['result.json', `[\n${lines.join(',\n')}\n]`];
}

async function contract(api, { contract, compile, request, check, shape }) {
  const keys = compile.keys.map(({ secretBytes, ...key }) =>
    secretBytes ? { ...key, secret: Uint8Array.from(secretBytes) } : key,
  );
  const gate = await api.compile(contract, { ...compile, keys });
  try {
    if (shape) return ['shaped.json', gate.shapeText(raw(request), shape).shaped];
    if (request) return ['verdict.json', judged(gate, raw(request), check)];
    return ['lint.json', JSON.stringify(gate.lint)];
  } finally {
    gate.free();
  }
}

async function pack(api, { files, documents, options }) {
  const pack = await api.loadPack(files);
  const report = pack.check(documents, options);
  pack.free();
  return ['report.json', JSON.stringify(report)];
}

async function registry(api, { document, load, request, check, settle }) {
  const registry = await api.loadRegistry(document, load);
  if (settle) return ['result.json', settlements(registry, settle)];
  const text = registry.checkText(raw(request), check);
  registry.free();
  return ['outcome.json', text];
}

/** A line for each answer. `failures` that it does not give are those of the hook's settlement before. */
function settlements(registry, inputs) {
  const failures = {};
  const lines = inputs.map(({ hook, answer, body, options }) => {
    try {
      const text = registry.settleText(hook, { ...answer, body }, { failures: failures[hook], ...options });
      failures[hook] = JSON.parse(text).disable.failures;
      return text;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return JSON.stringify({ misuse: error.message });
    }
  });
  registry.free();
  return `[\n${lines.join(',\n')}\n]`;
}

function raw({ base64, ...head }) {
  return { ...head, body: Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)) };
}

/** The verdict's text, if the object and the decision say the same. */
function judged(gate, request, check) {
  const text = gate.checkText(request, check);
  const reported = JSON.parse(text);
  const object = JSON.stringify(gate.check(request, check));
  if (object !== JSON.stringify(reported)) return `check gives another verdict: ${object}`;
  const { verdict, status, answer, event, message, replay } = reported;
  const decided = JSON.stringify(gate.decide(request, check));
  if (decided !== JSON.stringify({ verdict, status, answer, event, message, replay })) return `decide gives ${decided}`;
  return text;
}
