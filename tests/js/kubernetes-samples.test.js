// The samples of checkov and of trivy-checks: what their own tests expect of a check is what our rule for it finds.
// kubernetes-samples.json names the rule for each check, or why there is none. EXPLAINED says why the two differ.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';

import { loadPack } from '../../pkg/node.js';
import { yamlDocuments } from '../../pkg/read/yaml-documents.js';
import { ROOT } from './setup.js';

const DATA = join(process.env.COUNTERSIGN_DATA ?? join(ROOT, '../shared/data'), 'k8s');
const isHere = existsSync(DATA);
const skip = isHere ? false : 'no data (k8s); set COUNTERSIGN_DATA to the folder that holds it';
if (!isHere) console.error(`*** skipped: ${skip} ***`);

const SUITES = JSON.parse(readFileSync(join(import.meta.dirname, 'kubernetes-samples.json'), 'utf8'));
const { entries } = isHere ? JSON.parse(readFileSync(join(DATA, 'index.json'), 'utf8')) : { entries: [] };

/** Why a check has no rule. */
const REASONS = {
  ciphers: "the defaults of today's versions are strong, and a list of ciphers ages",
  'cpu-limit': 'a CPU limit slows a container down even on an idle node',
  default: 'what is asked for is the default',
  env: 'where an application reads its secret from is its own choice',
  'kube-system': 'add-ons belong there; exemptNamespaces says which',
  liveness: 'a liveness probe restarts what may only be slow',
  manual: 'the CIS Benchmark leaves it to the administrator',
  product: 'it is about one product that is no longer made, or may be wanted',
  psp: 'PodSecurityPolicy was removed in Kubernetes 1.25: policy-kubernetes-api-removed',
  pull: 'the default depends on the tag, and is right for one that has a version',
  'read-only': 'no level of the Pod Security Standards asks for it, and many images write',
  selector: 'a NetworkPolicy for all pods is what default deny is',
  token: 'policy-kubernetes-service-account-token judges the pod that gets the token, not the account',
  uid: 'any user but 0 is enough for the Pod Security Standards',
};

/** Files where we differ, and why we are right. */
const EXPLAINED = {
  'AllowPrivilegeEscalation oc-deploymentConfig-FAILED.yml': "OpenShift's own kind",
  'ApiServerServiceAccountKeyFile ApiServerServiceAccountKeyFile-FAILED.yaml':
    "the ending of a key's file says nothing",
  'ApiServerServiceAccountLookup ApiServer-FAILED-2.yaml': 'the flag is on by default',
  'ContainerSecurityContext pod-container-both-PASSED.yaml': 'it does not drop ALL, which the level asks for',
  'DefaultNamespace nginx-statefulset-FAILED.yaml': 'a document that names no namespace goes where it is applied',
  'DropCapabilities pod-drop-NET_RAW-capabilities-PASSED.yaml': 'the level asks for ALL, not for NET_RAW',
  'DropCapabilities pod-drop-all-capabilities-PASSED2.yaml': 'it drops `all`: the API server knows only `ALL`',
  'KSV-0003 good0.yaml': 'it drops `all`: the API server knows only `ALL`',
  'KSV-0022 bad0.yaml': 'the level allows NET_BIND_SERVICE',
  'KSV-0036 good0.yaml': 'it says nothing of the token, and the default mounts it',
  'KubeletAuthorizationModeNotAlwaysAllow KubeletAuthorizationModeNotAlwaysAllow-PASSED.yaml':
    'the kubelet knows AlwaysAllow and Webhook alone',
  'MinimizeCapabilities pod-drop-NET_RAW-capabilities-PASSED.yaml': 'the level asks for ALL, not for NET_RAW',
  'MinimizeCapabilities pod-drop-all-capabilities-PASSED2.yaml': 'it drops `all`: the API server knows only `ALL`',
  'PodSecurityContext pod-container-both-PASSED.yaml': 'it does not say runAsNonRoot, which the level asks for',
  'RbacApproveCertificateSigningRequests clusterrole-failed-2.yaml': 'wildcards: policy-kubernetes-rbac-wildcard',
  'RbacBindRoleBindings role-failed-2.yaml': 'wildcards: policy-kubernetes-rbac-wildcard',
  'RbacEscalateRoles role-failed-2.yaml': 'wildcards: policy-kubernetes-rbac-wildcard',
  'RootContainers rootContainersPASSED.yaml': 'it does not say runAsNonRoot, which the level asks for',
  'WildcardRoles role-failed-3.yaml': 'all groups of one kind of resource are no more than that resource',
};

/** Files that are no pod: policy-kubernetes-pod-shape says so. */
const SHAPELESS = /malformed_spec|malformed-spec|^pod-FAILED2/;

let pack;
before(async () => {
  pack = await loadPack('kubernetes');
});
after(() => pack.free());

for (const [suite, checks] of Object.entries(SUITES)) {
  test(`the samples of ${suite} get what its tests expect`, { skip }, () => {
    const differences = new Set();
    let judged = 0;
    for (const { policy, files, file, perFile, expect } of entries.filter((one) => one.suite === suite)) {
      const ours = checks[policy];
      assert.ok(ours?.code ?? ours?.says ?? REASONS[ours?.not], policy);
      if (ours.not) continue;
      for (const one of files ?? [file]) {
        const wanted = perFile?.[one] ?? expect;
        if (wanted === undefined) continue;
        judged += 1;
        const found = codesOf(one, ours);
        if (SHAPELESS.test(basename(one))) assert.ok(found.all.has('policy-kubernetes-pod-shape'), one);
        else if (found.isMet !== (wanted === 'deny')) differences.add(`${policy} ${basename(one)}`);
      }
    }
    assert.deepEqual(
      [...differences].filter((one) => !Object.hasOwn(EXPLAINED, one)),
      [],
    );
    const policies = new Set(Object.keys(checks));
    for (const one of Object.keys(EXPLAINED))
      if (policies.has(one.split(' ')[0])) assert.ok(differences.has(one), `no longer differs: ${one}`);
    assert.ok(judged > 50, `${judged}`);
  });
}

function codesOf(file, { code, says, level = 'restricted' }) {
  const documents = yamlDocuments(readFileSync(join(DATA, file), 'utf8'), file).map(({ value }) => value);
  const params = { require: 'none', kubernetes: { level, digests: true } };
  const { findings } = pack.check(documents, { params, now: 1795219200 });
  const isOurs = (finding) => (code ? finding.code === code : /^policy-kubernetes-control-plane-/.test(finding.code));
  return {
    all: new Set(findings.map((finding) => finding.code)),
    isMet: findings.some((finding) => isOurs(finding) && (says === undefined || finding.message.includes(says))),
  };
}
