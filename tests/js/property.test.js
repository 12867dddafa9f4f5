// Every shipped contract that has a schema: valid messages, made from its own schemas, pass; with one thing changed
// they leave the code that names it, there, and nothing that the change does not explain. PROPERTY_SEED and
// PROPERTY_ROUNDS try others; a failure prints its seed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DESCRIPTIONS } from './property/contracts.js';
import { hold } from './property/hold.js';
import { load, withSchema } from './property/load.js';

const seed = Number(process.env.PROPERTY_SEED ?? 20240831);
const rounds = Number(process.env.PROPERTY_ROUNDS ?? 200);

test('every contract with a schema is described', () => {
  const missing = withSchema().filter((name) => !(name in DESCRIPTIONS));
  assert.deepEqual(
    missing,
    [],
    `${missing} has a schema: say in tests/js/property/contracts.js how a valid message of it is made`,
  );
});

for (const [name, description] of Object.entries(DESCRIPTIONS)) {
  test(`${name}: what is valid passes, and one change is named`, () => hold(load(name), description, { seed, rounds }));
}

// A schema of a shipped contract with one rule less.
const inSchema =
  (file, loosen) =>
  ({ files }) => {
    const schema = JSON.parse(files[file]);
    loosen(schema);
    files[file] = JSON.stringify(schema);
  };
const message = (loosen) => ['sub2api', inSchema('message.schema.json', loosen)];

const LOOSE = {
  'a required member': message((schema) => schema.required.pop()),
  'a type': message((schema) => delete schema.properties.user_id.type),
  'a length': message((schema) => delete schema.properties.open_id.minLength),
  'a format': message((schema) => delete schema.properties.timestamp.format),
  'the end of the members': message((schema) => delete schema.additionalProperties),
  'a pattern': ['coze-v2', inSchema('event.schema.json', (schema) => delete schema.properties.event_type.pattern)],
  'a limit of a payload': [
    'coze-v2',
    inSchema('recall.schema.json', (schema) => delete schema.properties.recall_timestamp.minimum),
  ],
  'an enumeration behind a reference': [
    'event-standard',
    inSchema('countries.schema.json', (schema) => delete schema.enum),
  ],
  'an alternative': ['coze-health-answer', ({ contract }) => delete contract.schema.anyOf],
  'the events': ['coze-publish-answer', ({ contract }) => delete contract.route.versions[1].events],
  'what judges other events': ['coze-v2', ({ contract }) => delete contract.route.versions[3].otherwise],
  'what a version is known by': ['coze-v2', ({ contract }) => delete contract.route.versions[0].when['']],
  'the warning of a missing id': ['coze-v2', ({ contract }) => (contract.replay.onMissing = 'skip')],
  'the end of a form': [
    'coze-v2',
    ({ contract }) => delete contract.route.versions[0].events.message_create.deprecated,
  ],
  'a second of the window': ['sub2api', ({ contract }) => contract.freshness.pastSeconds++],
  'the signature of the body': ['sub2api', ({ contract }) => contract.signature.signed.pop()],
  'the media type': ['sub2api', ({ contract }) => delete contract.request.contentTypes],
  'the path': ['coze-kb', ({ contract }) => delete contract.request.path],
  'what happens to a duplicate': ['sub2api', ({ contract }) => (contract.replay.onDuplicate = 'reject')],
  'a policy': ['envelope', ({ contract }) => delete contract.policy],
};

// Rules that no shipped schema has yet.
const MORE = {
  content: { maxLength: 20 },
  content_type: { allOf: [{ enum: ['text', 'image', 'card'] }, { type: 'string', minLength: 5 }] },
  user_id: { type: 'string', format: 'uuid' },
  at: { type: 'number', exclusiveMinimum: 0, maximum: 90.5 },
  floor: { type: 'integer', minimum: -3, exclusiveMaximum: 200 },
  tags: {
    type: 'array',
    minItems: 1,
    maxItems: 4,
    uniqueItems: true,
    items: { type: 'string', pattern: '^[a-z]{2,5}$' },
  },
  labels: { type: 'object', minProperties: 1, maxProperties: 3, additionalProperties: { type: ['string', 'null'] } },
  kind: { const: 'message' },
};

test('a rule that a schema gains is broken too, and one that is not understood is named', async () => {
  const stricter = load('sub2api');
  inSchema('message.schema.json', ({ properties }) => {
    for (const [name, rule] of Object.entries(MORE)) properties[name] = { ...properties[name], ...rule };
  })(stricter);
  await hold(stricter, { ...DESCRIPTIONS.sub2api, slips: [] }, { seed, rounds });
  const unknown = load('sub2api');
  inSchema('message.schema.json', (schema) => (schema.not = { required: ['x'] }))(unknown);
  await assert.rejects(
    hold(unknown, DESCRIPTIONS.sub2api, { seed, rounds }),
    /teach tests\/js\/property the keyword `not`/,
  );
});

test('a contract that has lost a rule is found out', async (t) => {
  for (const [what, [name, loosen]] of Object.entries(LOOSE)) {
    await t.test(what, async () => {
      const judged = load(name);
      loosen(judged);
      await assert.rejects(
        hold(load(name), DESCRIPTIONS[name], { seed, rounds, judged }),
        /^Error: Property failed after/,
      );
    });
  }
});
