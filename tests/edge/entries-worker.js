// What an entry does where there are no files, told as JSON: for workerd and for a page.

import * as countersign from 'countersign';
import stripe from 'countersign/contracts/stripe';

const KEYS = { keys: [{ secret: 'whsec_0123456789abcdef0123456789' }] };

const told = { early: thrown(() => countersign.backoff(0, { seed: 1 })) };
// Where a Worker makes its gates: while it starts, when it may neither draw random bytes nor know the time.
const gate = await countersign.compile(stripe, KEYS);

export default {
  async fetch() {
    told.names = Object.keys(countersign).sort();
    told.shipped = await rejected(countersign.compile('standard-webhooks', KEYS));
    told.path = await rejected(countersign.compile('./contract.json', KEYS));
    told.pack = await rejected(countersign.loadPack('kubernetes'));
    told.hook = await rejected(
      countersign.loadRegistry({
        version: 1,
        hooks: [{ id: 'a', uri: 'https://a.example/', enabled: true, contract: 'github', key: { env: 'A' } }],
      }),
    );
    const signed = gate.sign(
      {
        method: 'POST',
        url: '/',
        headers: [['content-type', 'application/json']],
        body: new TextEncoder().encode('{"id":"evt_1","object":"event","type":"a"}'),
      },
      { now: 1 },
    );
    told.stages = gate
      .check(signed, { now: 1 })
      .stages.filter(({ stage }) => stage === 'signature' || stage === 'freshness')
      .map(({ result }) => result);
    await countersign.init();
    told.late = thrown(() => countersign.backoff(0, { seed: 1 }));
    return Response.json(told);
  },
};

function thrown(work) {
  try {
    work();
    return null;
  } catch ({ name, message }) {
    return { name, message };
  }
}

async function rejected(promise) {
  try {
    await promise;
    return null;
  } catch ({ name, code, message, at, help }) {
    return { name, code, message, at, help };
  }
}
