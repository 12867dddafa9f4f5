// Prometheus text as another's parser reads it.

import assert from 'node:assert/strict';

import parse from 'parse-prometheus-text-format';

/** Each sample of a text. The parser merges histograms that differ by labels alone, so it is told of none. */
function each(text) {
  return parse(text.replace(/ histogram$/gm, ' untyped')).flatMap(({ name, metrics }) =>
    metrics.map(({ labels = {}, value }) => ({ name, labels, value: Number(value) })),
  );
}

/** The samples by name and labels, these in the alphabet's order. */
export function samplesOf(text) {
  const samples = {};
  for (const { name, labels, value } of each(text)) {
    const key = `${name}{${Object.entries(labels)
      .sort()
      .map(([label, one]) => `${label}=${one}`)
      .join(',')}}`;
    assert.ok(!(key in samples), `${key} stands there twice`);
    samples[key] = value;
  }
  return samples;
}

/** The samples of one name that are not 0: the values of the labels as they stand there, and the sample's own. */
export function valuesOf(text, name) {
  return each(text)
    .filter((one) => one.name === name && one.value !== 0)
    .map(({ labels, value }) => [...Object.values(labels), value].join(' '));
}
