// Valid messages of one contract: of every version, event and payload that it lists, with the time that a message says
// and the time of its check.

import fc from 'fast-check';

import { ad, valid } from './generate.js';
import { kinds, parts, reserved } from './load.js';

const FROM = 1_650_000_000; // half of it before the forms of 2024 ended
const TO = 1_800_000_000;

/** A valid message of any kind, with the time that it says and the time of the check. */
export function messages(
  shipped,
  { headers = [], shapes = () => [], settle = (value) => value, status = () => 200, never = () => false },
) {
  const { contract } = shipped;
  const { pastSeconds, futureSeconds } = contract.freshness ?? { pastSeconds: 300, futureSeconds: 300 };
  const names = reserved(shipped);
  const query =
    contract.payload?.format === 'query' ? [{ type: 'object', additionalProperties: { type: 'string' } }] : [];
  const of = (kind) => {
    const judges = parts(shipped).filter(({ owner }) => kind.owners.includes(owner));
    const payloads = judges.filter(({ at }) => at !== '').map(({ at, source }) => ({ at, source }));
    const whole = [
      ...judges.filter(({ at }) => at === '').map(({ source }) => source),
      ...[...kind.shapes, ...shapes(kind), ...query].map(ad),
    ];
    const inner = payloads.map(({ at, source }) => placed(at, source));
    return fc.record({
      kind: fc.constant({ ...kind, [fc.toStringMethod]: () => kind.name }),
      value: valid([...whole, ...inner], names),
      time: fc.integer({ min: FROM, max: TO }),
      skew: fc.oneof(
        fc.constantFrom(pastSeconds, -futureSeconds),
        fc.integer({ min: -futureSeconds, max: pastSeconds }),
      ),
      method: fc.constantFrom(...(contract.request?.methods ?? ['POST'])),
      path: paths(contract, kind),
      space: fc.constantFrom(undefined, 2),
      turn: fc.nat(999), // which of several changes of one sort is tried
    });
  };
  const possible = kinds(shipped).filter((kind) => !never(kind));
  return fc.oneof(...possible.map(of)).map(({ value, time, skew, ...rest }) => {
    const settled = JSON.parse(JSON.stringify(settle(value, time))); // no object stands in it twice
    const conditions = Object.entries(rest.kind.version.when ?? {}).filter(([place]) => place.startsWith('header:'));
    const more = conditions.map(([place, wanted]) => [place.slice(7), String(wanted)]);
    return {
      ...rest,
      value: settled,
      time,
      now: time + skew,
      headers: [...headers, ...more],
      status: status(settled),
      contract: contract.contract,
    };
  });
}

/** A source of the whole document for a schema of one of its members. */
function placed(at, source) {
  const wrapped = (inner, token) => ({ type: 'object', required: [token], properties: { [token]: inner } });
  return { ...source, schema: at.split('/').slice(1).reduceRight(wrapped, source.schema) };
}

const segment = fc.stringMatching(/^[A-Za-z0-9_~-]{1,8}$/);

function paths({ request }, { version }) {
  const parts = (request?.path ?? '/hooks')
    .split('/')
    .slice(1)
    .map((part) => {
      const name = /^\{(.+?)(\?)?\}$/.exec(part);
      if (!name) return fc.constant(`/${part}`);
      const wanted = version.when?.[`path:${name[1]}`];
      const one = (wanted === undefined ? segment : fc.constantFrom(...[wanted].flat())).map((text) => `/${text}`);
      return name[2] ? fc.oneof(fc.constant(''), one) : one;
    });
  return fc.tuple(...parts).map((all) => all.join(''));
}
