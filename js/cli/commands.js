// The commands: for each a line about it, its usage, its options, and the function that runs it, which is loaded only
// when needed.

const many = { type: 'string', multiple: true };
const one = { type: 'string' };
const flag = { type: 'boolean' };

const common = {
  help: { ...flag, short: 'h' },
  color: one,
  quiet: { ...flag, short: 'q' },
  verbose: { ...flag, short: 'v' },
};
const config = { config: one, 'no-config': flag };
const aside = { waivers: one, 'no-inline': flag, strict: flag };
const report = { format: { ...many, short: 'f' }, 'fail-on': one, 'no-ci': flag };
const policies = { rego: one, data: many, now: one };
const sets = { pack: many, set: many, namespace: many, as: one, exclude: many, 'allow-empty': flag };
const contract = { contract: many, 'key-env': many, 'key-file': many, now: one, origin: one };

export const COMMANDS = {
  check: {
    about: 'check documents (Kubernetes YAML, JSON, recorded traffic) with packs of policies, as in CI',
    usage: 'countersign check [OPTIONS] PATH|GLOB|REF:PATH|-...',
    options: {
      ...common,
      ...report,
      ...config,
      ...policies,
      ...aside,
      ...sets,
      baseline: one,
      changed: one,
      why: one,
      'files-from': one,
    },
    run: async (options) => (await import('./check.js')).check(options),
  },
  baseline: {
    about: 'write down the findings that are there, so that check fails only for new ones',
    usage: 'countersign baseline write|check|prune FILE [OPTIONS] PATH|GLOB|-...',
    options: {
      ...common,
      ...report,
      ...config,
      ...policies,
      ...aside,
      ...sets,
    },
    run: async (options) => (await import('./baseline.js')).baseline(options),
  },
  test: {
    about: 'run the tests of packs and the cases of contracts, and measure which lines of the policies they reach',
    usage: 'countersign test [OPTIONS] DIR...',
    options: {
      ...common,
      format: report.format,
      'no-ci': flag,
      ...policies,
      filter: one,
      exclude: many,
      coverage: flag,
      min: one,
      update: flag,
      ...config,
    },
    run: async (options) => (await import('./test.js')).test(options),
  },
  verify: {
    about: 'check recorded requests (.http and .har files, case folders) with a contract, or compare two contracts',
    usage: 'countersign verify --contract NAME|FILE --key-env NAME [OPTIONS] PATH...',
    options: {
      ...common,
      ...report,
      ...config,
      ...contract,
      registry: one,
      failures: many,
      set: many,
      seen: one,
      jkt: one,
      nonces: many,
      url: one,
      explain: flag,
      'other-key-env': many,
      exclude: many,
      'allow-empty': flag,
    },
    run: async (options) => {
      if (options.registry !== undefined || options.failures !== undefined)
        return (await import('./registry.js')).verifyHooks(options);
      if (options.contracts.length > 1) return (await import('./compare.js')).compareContracts(options);
      return (await import('./verify.js')).verify(options);
    },
  },
  sign: {
    about: 'print a signed request for a body, to send or to verify',
    usage: 'countersign sign --contract NAME|FILE --key-env NAME [OPTIONS] [BODY|-]',
    options: { ...common, ...contract, nonce: one, method: one, header: many, url: one, curl: flag, http: flag },
    run: async (options) => (await import('./sign.js')).sign(options),
  },
  shape: {
    about: 'convert an event to the one message that a strict receiver accepts, to sign and send',
    usage: 'countersign shape --contract NAME|FILE [OPTIONS] EVENT|-',
    options: {
      ...common,
      ...report,
      ...contract,
      url: one,
      method: one,
      header: many,
      sign: flag,
      nonce: one,
      curl: flag,
      http: flag,
    },
    run: async (options) => (await import('./shape.js')).shape(options),
  },
  registry: {
    about: 'list and edit the hooks of a registry, and say what follows from the answer to a delivery',
    usage: 'countersign registry list|add|set|enable|disable|remove|settle HOOKS.json [OPTIONS] [ANSWER...]',
    options: {
      ...common,
      format: report.format,
      hook: one,
      uri: one,
      note: one,
      contract: many,
      'key-env': one,
      'key-file': one,
      receipt: one,
      data: many,
      receiver: one,
      'disable-after': one,
      reason: one,
      unset: many,
      failures: one,
      'no-answer': flag,
      now: one,
    },
    run: async (options) => (await import('./hooks.js')).registry(options),
  },
  lint: {
    about: 'report weaknesses of contracts',
    usage: 'countersign lint [OPTIONS] CONTRACT...',
    options: { ...common, ...report, ...config },
    run: async (options) => (await import('./lint.js')).lint(options),
  },
  bundle: {
    about: 'write a contract with its schemas and policies as one JSON file, for browsers and the edge',
    usage: 'countersign bundle [OPTIONS] CONTRACT',
    options: { ...common, output: { ...one, short: 'o' } },
    run: async (options) => (await import('./bundle.js')).bundle(options),
  },
  list: {
    about: 'list the contracts and packs that ship, or what has all the words: contracts, packs and pages',
    usage: 'countersign list [OPTIONS] [WORD...]',
    options: { ...common, format: report.format, lang: one },
    run: async (options) => (await import('./list.js')).list(options),
  },
  explain: {
    about: 'explain a code and how to fix its cause; or what a contract, a pack or a rule demands, and its source',
    usage: 'countersign explain [OPTIONS] CODE|CONTRACT|PACK|RULE...',
    options: { ...common, pack: many, lang: one },
    run: async (options) => (await import('./explain.js')).explain(options),
  },
  init: {
    about: 'write countersign.yaml and a workflow for what is in the repository',
    usage: 'countersign init [OPTIONS]',
    options: { ...common, force: flag, 'dry-run': flag },
    run: async (options) => (await import('./init.js')).init(options),
  },
  completion: {
    about: 'print a script that completes commands and options in bash or zsh',
    usage: 'countersign completion bash|zsh',
    options: { ...common },
    run: async (options) => (await import('./completion.js')).completion(options, COMMANDS),
  },
};

/** Announced, but not available yet. */
export const LATER = ['diff'];
