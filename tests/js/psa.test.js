// The pack of policies for Kubernetes decides the official fixtures of Pod Security Admission as the API server does,
// and names the check: by parameters at every level and version, and by the labels of a namespace; as pods, in the
// templates of workloads and in lists. checks.json says which checks there are, and which takes the place of another.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { loadPack } from '../../pkg/node.js';
import { yamlDocuments } from '../../pkg/read/yaml-documents.js';
import { ROOT } from './setup.js';

const DATA = join(process.env.COUNTERSIGN_DATA ?? join(ROOT, '../shared/data'), 'k8s/psa');
const isHere = existsSync(DATA);
const skip = isHere ? false : 'no data (k8s/psa); set COUNTERSIGN_DATA to the folder that holds it';
if (!isHere) console.error(`*** skipped: ${skip} ***`);

const read = (name) => JSON.parse(readFileSync(join(DATA, name), 'utf8'));
const CHECKS = isHere ? read('checks.json') : [];
const FIXTURES = isHere ? read('index.json').map((one) => ({ ...one, pod: podOf(one.file) })) : [];
const NOW = 1795219200;

function podOf(file) {
  const [{ value }] = yamlDocuments(readFileSync(join(DATA, file), 'utf8'), file);
  return value;
}

/** The fixtures by level and version. */
const SETS = new Map();
for (const one of FIXTURES) {
  const key = `${one.level} ${one.version}`;
  SETS.set(key, [...(SETS.get(key) ?? []), one]);
}

const minor = (version) => Number(/^v1\.(\d+)$/.exec(version)[1]);
const codeOf = (check) => `policy-pss-${check.replace(/[A-Z]/g, '-$&').replaceAll('_', '-').toLowerCase()}`;

/** The code that a fixture must get: that of its check, or of the check that overrides it there. */
function expected({ check, expect, level, version }) {
  if (expect === 'allow') return undefined;
  const isMade = (one) => one.level === level && minor(version) >= minor(one.minimumVersions[0]);
  return codeOf(CHECKS.find((one) => one.overrides.includes(check) && isMade(one))?.id ?? check);
}

/** Two checks that some fixtures of one break as well: what they need is forbidden, too. */
const BESIDES = {
  'policy-pss-allow-privilege-escalation': ['policy-pss-capabilities-restricted'],
  'policy-pss-privileged': ['policy-pss-allow-privilege-escalation'],
  'policy-pss-windows-host-process': ['policy-pss-host-namespaces'],
};

/** What is wrong with the findings for one fixture, in words; undefined if nothing is. */
function mistake(fixture, findings) {
  const code = expected(fixture);
  const codes = new Set(findings.map((finding) => finding.code));
  const strange = [...codes].filter((one) => one !== code && !BESIDES[code]?.includes(one));
  if (code !== undefined && !codes.has(code)) return `${fixture.file}: no ${code}, but ${[...codes].join(' ')}`;
  if (strange.length > 0) return `${fixture.file}: ${strange.join(' ')}`;
  return undefined;
}

function resolve(document, pointer) {
  const steps = pointer.split('/').slice(1);
  return steps.reduce((value, step) => value?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

let pack;
before(async () => {
  pack = await loadPack('kubernetes');
});
after(() => pack.free());

/** Judges fixtures, each wrapped as a document; gives the mistakes. */
function mistakes(fixtures, { wrap = (pod) => pod, params, besides = [] }) {
  const documents = fixtures.map(({ pod, ...one }) => wrap(pod, one));
  const { verdict, findings } = pack.check([...documents, ...besides], { params, now: NOW });
  assert.notEqual(verdict, 'error');
  const ours = findings.filter(({ code }) => code.startsWith('policy-pss-'));
  for (const { code, facts } of ours) assert.equal(codeOf(facts.check), code);
  for (const { at, document, code } of ours)
    assert.notEqual(resolve(documents[document], at), undefined, `${fixtures[document].file}: ${code} at ${at}`);
  const of = (index) => ours.filter(({ document }) => document === index);
  return fixtures.map((fixture, index) => mistake(fixture, of(index))).filter((one) => one !== undefined);
}

test('every fixture is decided as it says, at its level and version', { skip }, () => {
  const found = [...SETS].flatMap(([key, fixtures]) => {
    const [level, version] = key.split(' ');
    return mistakes(fixtures, { params: { kubernetes: { level, version } } });
  });
  assert.ok(FIXTURES.length > 3000);
  assert.deepEqual(found, []);
});

test('every check is named for a fixture', { skip }, () => {
  const named = new Set(FIXTURES.map(expected));
  for (const { id } of CHECKS) assert.ok(named.has(codeOf(id)), id);
});

const template = ({ metadata, spec }) => ({ metadata, spec });
const apps = (kind) => (pod) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: pod.metadata,
  spec: { template: template(pod) },
});
const WRAPS = {
  Deployment: apps('Deployment'),
  StatefulSet: apps('StatefulSet'),
  DaemonSet: apps('DaemonSet'),
  ReplicaSet: apps('ReplicaSet'),
  ReplicationController: (pod) => ({ ...apps('ReplicationController')(pod), apiVersion: 'v1' }),
  Job: (pod) => ({ ...apps('Job')(pod), apiVersion: 'batch/v1' }),
  CronJob: (pod) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    spec: { jobTemplate: { spec: { template: template(pod) } } },
  }),
  PodTemplate: (pod) => ({ apiVersion: 'v1', kind: 'PodTemplate', template: template(pod) }),
  List: (pod) => ({ apiVersion: 'v1', kind: 'List', items: [pod] }),
  PodList: (pod) => ({ apiVersion: 'v1', kind: 'PodList', items: [template(pod)] }),
};
const SOME = [...SETS.keys()].filter((key) => /v1\.(?:18|24|37)$/.test(key));

for (const [kind, wrap] of Object.entries(WRAPS))
  test(`a fixture in a ${kind} is decided as a pod is`, { skip }, () => {
    for (const key of SOME) {
      const [level, version] = key.split(' ');
      const params = { 'kubernetes.level': level, 'kubernetes.version': version };
      assert.deepEqual(mistakes(SETS.get(key), { wrap, params }), []);
    }
  });

test('a fixture is decided by the labels of its namespace', { skip }, () => {
  const name = ({ level, version }) => `${level}-${version.replace('.', '-')}`;
  const besides = SOME.map((key) => {
    const [level, version] = key.split(' ');
    const labels = {
      'pod-security.kubernetes.io/enforce': level,
      'pod-security.kubernetes.io/enforce-version': version,
    };
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: name({ level, version }), labels } };
  });
  const wrap = (pod, one) => ({ ...pod, metadata: { ...pod.metadata, namespace: name(one) } });
  const fixtures = SOME.flatMap((key) => SETS.get(key));
  assert.deepEqual(mistakes(fixtures, { wrap, besides }), []);
});

test('a fixture of ephemeral containers is decided as any other', { skip }, () => {
  const wrap = (pod) => {
    const { containers, initContainers = [], ...spec } = pod.spec;
    return { ...pod, spec: { ...spec, ephemeralContainers: [...initContainers, ...containers] } };
  };
  const params = { kubernetes: { level: 'restricted', version: 'v1.37' } };
  assert.deepEqual(mistakes(SETS.get('restricted v1.37'), { wrap, params }), []);
});
