// Metrics of guards and clients as text for Prometheus (exposition format 0.0.4). Without timestamps: the time of the
// scrape is used.

import { hooksOf } from './hooks.js';
import { prometheusName } from './instruments.js';

export function prometheusMetrics(options) {
  const families = [];
  const { hooks, clientHooks } = hooksOf(options, (instrument) => {
    const family = instrument.kind === 'counter' ? counter(instrument) : histogram(instrument);
    families.push(family);
    return family.series;
  });
  return {
    hooks,
    clientHooks,
    text: () => families.map((family) => family.text()).join(''),
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  };
}

function counter(instrument) {
  const name = prometheusName(instrument);
  const lines = ({ labels, total }) => sample(name, labels, total);
  return familyOf(
    instrument,
    () => ({ total: 0 }),
    (one, value) => (one.total += value),
    lines,
  );
}

function histogram(instrument) {
  const name = prometheusName(instrument);
  const bounds = [...instrument.buckets];
  const take = (one, value) => {
    const index = bounds.findIndex((bound) => value <= bound);
    one.counts[index === -1 ? bounds.length : index] += 1;
    one.sum += value;
  };
  const lines = ({ labels, counts, sum }) => {
    let below = 0; // buckets are cumulative
    const buckets = counts.map((count, index) =>
      sample(`${name}_bucket`, `${labels},le="${bounds[index] ?? '+Inf'}"`, (below += count)),
    );
    return buckets.join('') + sample(`${name}_sum`, labels, sum) + sample(`${name}_count`, labels, below);
  };
  return familyOf(instrument, () => ({ counts: new Array(bounds.length + 1).fill(0), sum: 0 }), take, lines);
}

/** Every series of one name, in the order of their labels. */
function familyOf(instrument, make, take, lines) {
  const names = Object.keys(instrument.labels);
  const all = [];
  return {
    series(values) {
      const one = {
        labels: names.map((name, index) => `${name}="${values[index].replace(/[\\\n"]/g, escaped)}"`).join(','),
        ...make(),
      };
      all.push(one);
      return (value) => take(one, value);
    },
    text: () =>
      heading(instrument) +
      all
        .sort((a, b) => (a.labels < b.labels ? -1 : 1))
        .map(lines)
        .join(''),
  };
}

function heading(instrument) {
  const name = prometheusName(instrument);
  return `# HELP ${name} ${instrument.help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} ${instrument.kind}\n`;
}

function sample(name, labels, value) {
  return `${name}{${labels}} ${value}\n`;
}

function escaped(character) {
  return character === '\n' ? '\\n' : `\\${character}`;
}
