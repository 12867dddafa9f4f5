/**
 * Metrics of guards and clients for OpenTelemetry: `countersign/metrics/opentelemetry`. The metric names are stable;
 * docs/metrics.md lists them.
 */

import type { ClientMetricsHooks, MetricsHooks, MetricsOptions } from './prometheus.js';

export type { ClientMetricsHooks, MetricsBuckets, MetricsHooks, MetricsOptions } from './prometheus.js';

/**
 * Creates the instruments on your meter: `createGuard({ …, ...openTelemetryMetrics(metrics.getMeter('webhooks')).hooks
 * })`.
 * @throws {TypeError} on misuse: no meter, an unknown option, or buckets that do not ascend
 */
export function openTelemetryMetrics(meter: MeterLike, options?: MetricsOptions): OpenTelemetryMetrics;

export interface OpenTelemetryMetrics {
  /** Spread them into the options of `createGuard`. Several guards can share them. */
  hooks: MetricsHooks;
  /** Spread them into the options of `createClient`. Several clients can share them. */
  clientHooks: ClientMetricsHooks;
}

/** The parts of a `Meter` of `@opentelemetry/api` that are used. */
export interface MeterLike {
  createCounter(
    name: string,
    options?: { description?: string; unit?: string },
  ): {
    add(value: number, attributes?: Record<string, string>): void;
  };
  createHistogram(
    name: string,
    options?: { description?: string; unit?: string; advice?: { explicitBucketBoundaries?: number[] } },
  ): {
    record(value: number, attributes?: Record<string, string>): void;
  };
}
