// Metrics of guards and clients for the caller's OpenTelemetry meter. Nothing is imported.

import { kind } from '../core/request.js';
import { hooksOf } from './hooks.js';
import { attributeNames } from './instruments.js';

export function openTelemetryMetrics(meter, options) {
  if (typeof meter?.createCounter !== 'function' || typeof meter.createHistogram !== 'function') {
    throw new TypeError(
      `meter must be a Meter, such as metrics.getMeter('webhooks') from @opentelemetry/api, got ${kind(meter)}`,
    );
  }
  return hooksOf(options, (instrument) => instrumentOf(meter, instrument));
}

function instrumentOf(meter, instrument) {
  const { name, help: description, unit, buckets } = instrument;
  const names = attributeNames(instrument);
  const attributesOf = (values) => Object.fromEntries(names.map((attribute, index) => [attribute, values[index]]));
  if (instrument.kind === 'counter') {
    const counter = meter.createCounter(name, { description, unit });
    return (values) => {
      const attributes = attributesOf(values);
      return (value) => counter.add(value, attributes);
    };
  }
  const histogram = meter.createHistogram(name, {
    description,
    unit,
    advice: { explicitBucketBoundaries: [...buckets] },
  });
  return (values) => {
    const attributes = attributesOf(values);
    return (value) => histogram.record(value, attributes);
  };
}
