/**
 * A guard's metrics for OpenTelemetry. `countersign/metrics/opentelemetry`; the names are a contract: docs/metrics.md.
 */

import type { MetricsHooks, MetricsOptions } from './prometheus.js';

export type { MetricsBuckets, MetricsHooks, MetricsOptions } from './prometheus.js';

/**
 * Makes the instruments on a meter of yours: `createGuard({ …,
 * ...openTelemetryMetrics(metrics.getMeter('webhooks')).hooks })`.
 * @throws {TypeError} on misuse alone: no meter, an unknown option, buckets that do not rise
 */
export function openTelemetryMetrics(meter: MeterLike, options?: MetricsOptions): OpenTelemetryMetrics;

export interface OpenTelemetryMetrics {
  /** To spread into `createGuard`; several guards may share them. */
  hooks: MetricsHooks;
}

/** What is asked of a `Meter` of `@opentelemetry/api`. */
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
