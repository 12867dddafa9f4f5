// A guard's metrics as text for Prometheus (exposition format 0.0.4). No timestamps: the time is that of the scrape.

import { hooksOf } from './hooks.js';
import { prometheusName } from './instruments.js';

export function prometheusMetrics(options) {
  const families = [];
  const hooks = hooksOf(options, (instrument) => {
    const family = instrument.kind === 'counter' ? counter(instrument) : histogram(instrument);
    families.push(family);
    return family.take;
  });
  return { hooks, text: () => families.map((family) => family.text()).join(''), contentType: 'text/plain; version=0.0.4; charset=utf-8' };
}

function counter(instrument) {
  const series = seriesOf(instrument, () => ({ total: 0 }));
  const name = prometheusName(instrument);
  return {
    take(value, labels) {
      series.at(labels).total += value;
    },
    text: () => heading(name, instrument) + series.sorted(({ labels, total }) => sample(name, labels, total)),
  };
}

function histogram(instrument) {
  const bounds = [...instrument.buckets];
  const series = seriesOf(instrument, () => ({ counts: new Array(bounds.length + 1).fill(0), sum: 0 }));
  const name = prometheusName(instrument);
  const lines = ({ labels, counts, sum }) => {
    let below = 0; // buckets are cumulative
    const buckets = counts.map((count, index) => sample(`${name}_bucket`, [...labels, ['le', bounds[index] ?? '+Inf']], (below += count)));
    return buckets.join('') + sample(`${name}_sum`, labels, sum) + sample(`${name}_count`, labels, below);
  };
  return {
    take(value, labels) {
      const one = series.at(labels);
      const index = bounds.findIndex((bound) => value <= bound);
      one.counts[index === -1 ? bounds.length : index] += 1;
      one.sum += value;
    },
    text: () => heading(name, instrument) + series.sorted(lines),
  };
}

/** What is kept for each set of labels, read in the order of the labels' values. */
function seriesOf(instrument, make) {
  const names = Object.keys(instrument.labels);
  const all = new Map();
  return {
    at(values) {
      const key = JSON.stringify(values);
      if (!all.has(key)) all.set(key, { labels: names.map((name, index) => [name, values[index]]), ...make() });
      return all.get(key);
    },
    sorted: (text) => [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => text(one)).join(''),
  };
}

function heading(name, { help, kind }) {
  return `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} ${kind}\n`;
}

function sample(name, labels, value) {
  return `${name}{${labels.map(([label, text]) => `${label}="${String(text).replace(/[\\\n"]/g, escaped)}"`).join(',')}} ${value}\n`;
}

function escaped(character) {
  return character === '\n' ? '\\n' : `\\${character}`;
}
