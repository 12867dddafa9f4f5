/**
 * Metrics of guards and clients as text for Prometheus: `countersign/metrics/prometheus`. The metric names are stable;
 * docs/metrics.md lists them.
 */

import type { ClientOptions } from '../client.js';
import type { GuardOptions } from '../edge.js';

/**
 * Counts in this process. Create the guard with `createGuard({ …, ...metrics.hooks })` and the client with
 * `createClient({ …, ...metrics.clientHooks })`, then answer a scrape with `text()` as `contentType`.
 * @throws {TypeError} on misuse: an unknown option, or buckets that do not ascend
 */
export function prometheusMetrics(options?: MetricsOptions): PrometheusMetrics;

export interface MetricsOptions {
  /** The upper bounds of the histograms' buckets, ascending. @default see each histogram */
  buckets?: MetricsBuckets;
  /**
   * The most label sets per metric. In further ones `contract`, `code`, `api_version` and `receiver` are `other`.
   * @default 1000
   */
  maxSeries?: number;
}

export interface MetricsBuckets {
  /**
   * For the duration of a check, in seconds. @default [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
   * 1, 2.5, 5]
   */
  durationSeconds?: readonly number[];
  /**
   * For the difference between the signed time and the clock, in seconds. @default [1, 2, 5, 10, 30, 60, 120, 300, 600,
   * 3600, 86400]
   */
  skewSeconds?: readonly number[];
  /** For the body size, in bytes. @default [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216] */
  bodyBytes?: readonly number[];
}

export interface PrometheusMetrics {
  /** Spread them into the options of `createGuard`. Several guards can share them. */
  hooks: MetricsHooks;
  /** Spread them into the options of `createClient`. Several clients can share them. */
  clientHooks: ClientMetricsHooks;
  /** All metrics in the text format 0.0.4, always in the same order. */
  text(): string;
  /** The Content-Type to send the text with. */
  contentType: 'text/plain; version=0.0.4; charset=utf-8';
}

export type MetricsHooks = Required<Pick<GuardOptions, 'onVerdict' | 'onSettled' | 'onStoreError'>>;

export type ClientMetricsHooks = Required<Pick<ClientOptions, 'onAttempt'>>;
