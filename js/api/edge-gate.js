// Gates of the module `edge`, which only checks: what a gate of another module has beside that is refused by name.

import { Gate } from './api.js';

const LACKS = ['explain', 'lint', 'shape', 'shapeText', 'sign', 'signedBytes'];

export class EdgeGate extends Gate {}

for (const name of LACKS) {
  const get = () => {
    throw new TypeError(
      `gate.${name} is not in countersign/edge/slim, which only checks: import compile from countersign/slim`,
    );
  };
  Object.defineProperty(EdgeGate.prototype, name, { get });
}
