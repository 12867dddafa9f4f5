/**
 * A guard's metrics as text for Prometheus. `countersign/metrics/prometheus`; the names are a contract:
 * docs/metrics.md.
 */

import type { GuardOptions } from '../edge.js';

/**
 * Counts in this process: `createGuard({ …, ...metrics.hooks })`, then answer a scrape with `text()` as `contentType`.
 * @throws {TypeError} on misuse alone: an unknown option, buckets that do not rise
 */
export function prometheusMetrics(options?: MetricsOptions): PrometheusMetrics;

export interface MetricsOptions {
  /** The upper bounds of the histograms' buckets, rising. @default each histogram's own */
  buckets?: MetricsBuckets;
  /**
   * Sets of labels that an instrument tells apart. Of further ones `contract`, `code` and `api_version` are `other`.
   * @default 1000
   */
  maxSeries?: number;
}

export interface MetricsBuckets {
  /** Of the check's duration. @default [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] */
  durationSeconds?: readonly number[];
  /** Of the signed time's distance from the clock. @default [1, 2, 5, 10, 30, 60, 120, 300, 600, 3600, 86400] */
  skewSeconds?: readonly number[];
  /** Of the body. @default [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216] */
  bodyBytes?: readonly number[];
}

export interface PrometheusMetrics {
  /** To spread into `createGuard`; several guards may share them. */
  hooks: MetricsHooks;
  /** All metrics in the text format 0.0.4, in one order always. */
  text(): string;
  /** What to send the text as. */
  contentType: 'text/plain; version=0.0.4; charset=utf-8';
}

export type MetricsHooks = Required<Pick<GuardOptions, 'onVerdict' | 'onSettled' | 'onStoreError'>>;
