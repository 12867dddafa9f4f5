// Every YAML stream that we read has the value that go-yaml gives it, which reads for kubectl: by itself, and cut into
// documents as kubectl cuts it. What only one of the two reads is listed in yaml/differences.js. YAML_ROUNDS=100000
// YAML_SEED=7 tries other streams and more of them; UPDATE_YAML_ANSWERS=1 writes what go-yaml says of the first of
// them.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { Unevaluated } from '../../pkg/read/unevaluated.js';
import { yamlDocuments } from '../../pkg/read/yaml-documents.js';
import { AS_KUBECTL, REFUSED_HERE, REFUSED_THERE } from './yaml/differences.js';
import { stream } from './yaml/generate.js';
import { answers, build } from './yaml/peer.js';
import { TEXTS } from './yaml/texts.js';

const SEED = Number(process.env.YAML_SEED ?? 1);
const ROUNDS = Number(process.env.YAML_ROUNDS ?? 5000);
const AT_A_TIME = 10_000;
const KEPT = new URL('yaml/answers.jsonl', import.meta.url);
const KEPT_ROUNDS = 600;

const { program, missing } = build();

/**
 * What our reader makes of a text: { documents } or { refused }. Every caller refuses a document that is a
 * single value,
 * and that of contracts all but one document.
 */
function read(text, asJson) {
  try {
    const documents = yamlDocuments(text, 'f.yaml', { asJson }).map(({ value }) => value);
    const usable = documents.every((value) => typeof value === 'object') && (!asJson || documents.length === 1);
    return usable ? { documents } : {};
  } catch (error) {
    assert.ok(error instanceof Unevaluated, `${JSON.stringify(text)}\n${error.stack}`);
    assert.ok(error.place.line >= 1 && error.place.column >= 1, JSON.stringify(text));
    return { refused: error.message };
  }
}

/** The difference of the two, in words; undefined where there is none, or one that is listed. */
function difference({ documents, refused }, peer, text) {
  if (documents) {
    if (typeof peer === 'string') {
      return REFUSED_THERE.some((one) => one.error.test(peer) && one.text.test(text))
        ? undefined
        : `go-yaml refuses: ${peer}`;
    }
    const found = peer.filter((value) => value !== null);
    return same(documents, found) ? undefined : `${JSON.stringify(documents)} here, ${JSON.stringify(found)} there`;
  }
  if (refused === undefined || typeof peer === 'string' || REFUSED_HERE.some(({ message }) => message.test(refused)))
    return undefined;
  return `refused here: ${refused}`;
}

function same(left, right) {
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') {
    return left === right || (left === 0 && right === 0);
  }
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
}

function compare(texts, peers) {
  const counts = { read: 0, refused: 0 };
  const differences = [];
  assert.equal(peers.length, texts.length);
  for (const [index, text] of texts.entries()) {
    for (const asJson of [false, true]) {
      const ours = read(text, asJson);
      counts[ours.documents ? 'read' : 'refused'] += 1;
      if (asJson && !ours.documents) continue; // it refuses more
      for (const reader of asJson ? ['stream'] : AS_KUBECTL.test(text) ? ['parts'] : ['stream', 'parts']) {
        const peer = peers[index][reader];
        const found = difference(ours, peer, text);
        if (found) differences.push(`${JSON.stringify(text)}, ${reader}${asJson ? ', as JSON' : ''}: ${found}`);
      }
    }
  }
  assert.deepEqual(differences, []);
  return counts;
}

const generated = (from, to) =>
  Array.from({ length: to - from }, (_, index) => stream(SEED, from + index).toWellFormed());

/** An answer as it is kept: `parts` where they differ from the stream. */
function line(text, { stream: whole, parts }) {
  const kept = JSON.stringify(parts) === JSON.stringify(whole) ? { stream: whole } : { stream: whole, parts };
  return JSON.stringify({ text, ...kept });
}

test("go-yaml's answers of the last time: every value is the same, or refused", () => {
  if (program && process.env.UPDATE_YAML_ANSWERS) {
    const texts = [...TEXTS, ...generated(0, KEPT_ROUNDS)];
    const lines = answers(program, texts).map((peer, index) => line(texts[index], peer));
    writeFileSync(KEPT, `${lines.join('\n')}\n`);
  }
  const kept = readFileSync(KEPT, 'utf8')
    .trimEnd()
    .split('\n')
    .map((kept) => JSON.parse(kept))
    .map(({ text, stream: whole, parts = whole }) => ({ text, stream: whole, parts }));
  const counts = compare(
    kept.map(({ text }) => text),
    kept,
  );
  assert.ok(counts.read > 1000 && counts.refused > 1000, JSON.stringify(counts));
});

test('go-yaml itself', async (t) => {
  if (!program) {
    t.diagnostic(`NOT RUN: ${missing}; \`apt-get install golang-go golang-gopkg-yaml.v2-dev\` brings the peer`);
    t.skip(missing);
    return;
  }
  await t.test('what it says today is what is kept', () => {
    const kept = readFileSync(KEPT, 'utf8').trimEnd().split('\n');
    const texts = kept.map((one) => JSON.parse(one).text);
    assert.deepEqual(
      TEXTS.filter((text) => !texts.includes(text.toWellFormed())),
      [],
    );
    for (const [index, peer] of answers(program, texts).entries()) {
      assert.equal(line(texts[index], peer), kept[index]);
    }
  });
  await t.test(`${ROUNDS} streams of seed ${SEED}: every value is the same, or refused`, () => {
    let compared = 0;
    for (let from = 0; from < ROUNDS; from += AT_A_TIME) {
      const texts = generated(from, Math.min(ROUNDS, from + AT_A_TIME));
      compared += compare(texts, answers(program, texts)).read;
    }
    assert.ok(compared > ROUNDS / 4, `${compared} of ${ROUNDS} were read`);
  });
});
