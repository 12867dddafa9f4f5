// The registry that sender and receiver share.

const contract = {
  contract: 'bug',
  version: 1,
  signature: {
    engine: 'segments',
    key: { algorithm: 'hmac-sha256' },
    from: { header: 'x-webhook-sign' },
    shape: { kind: 'plain' },
    encoding: 'hex',
    signed: [{ body: 'raw' }],
  },
};

/** The arguments of loadRegistry, for a hook at this address. */
export const hooksAt = (uri) => [
  { version: 1, hooks: [{ id: 'li', uri, enabled: true, contract: './bug.json' }] },
  { contracts: { './bug.json': { contract } }, keys: { li: [{ secret: 'replace-with-real-secret' }] } },
];
