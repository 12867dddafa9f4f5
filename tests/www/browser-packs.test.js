// A policy of one's own: what a finding rests on, what its METADATA says, and all that keeps it from loading.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { loadPack } from '../../pkg/api/node.js';
import { becomes, editor, playground, real, retype, said, until } from './page.js';

const POLICY = 'Your own policy, in Rego';
const DOCUMENTS = 'Documents: YAML or JSON';

const OWNER = `package team

# METADATA
# title: Each namespace has an owner
# description: Somebody must answer for it.
deny contains "no owner" if {
  input.kind == "Namespace"
  input.metadata.name != "kube-system"
  not input.metadata.labels.owner
}
`;

const PLACES = {
  '/kind': 'line 2:7 /kind',
  '/metadata/name': 'line 4:9 /metadata/name',
  '/metadata/labels': 'line 4:3 /metadata/labels (nothing there)',
};

let play;
before(async () => {
  if (!real.skip) play = await playground();
});
after(() => play?.stop());

/** A page where this policy alone judges this document. */
async function judging(policy, document) {
  const page = await play.open('#example=kubernetes/privileged');
  await page.getByRole('checkbox', { name: 'kubernetes' }).uncheck();
  await page.getByRole('button', { name: 'Add a Rego file' }).click();
  await until(() => editor(page, POLICY).count(), 'the editor of the policy');
  await retype(page, DOCUMENTS, document);
  await retype(page, POLICY, policy);
  return page;
}

/** The editor that has the focus, and its line. */
function cursor(page) {
  return page.evaluate(() => {
    const content = document.activeElement;
    const line = content?.closest('.cm-editor')?.querySelector('.cm-lineNumbers .cm-activeLineGutter')?.textContent;
    return [content?.getAttribute('aria-label'), Number(line)];
  });
}

test('a finding leads to what it also read, and says what its METADATA says', real, async () => {
  const page = await judging(OWNER, 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n');
  const row = page.locator('.result-row', { hasText: 'no owner' });
  await row.waitFor();
  const also = row.locator('.result-also button');
  // Which of the places comes first is the engine's choice.
  const [finding] = (await loadPack({ 'team.rego': OWNER })).check(
    [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }],
    { now: 0 },
  ).findings;
  const others = finding.reads.slice(1).map(({ at }) => PLACES[at]);
  assert.equal(others.length, 2);
  await becomes(() => also.allInnerTexts(), others, 'the places that it also read');
  await also.nth(1).click();
  const [, line] = /^line (\d+)/.exec(others[1]);
  await becomes(() => cursor(page), [DOCUMENTS, Number(line)], 'the place in the documents');
  assert.equal(await row.locator('[aria-current=true]').count(), 1);
  await row.locator('summary').click();
  assert.match(
    await row.locator('details').innerText(),
    /Each namespace has an owner\s+Somebody must answer for it\.$/,
  );
});

test('a place that is read and not there is said to be empty', real, async () => {
  const page = await judging(
    'package team\n\ndeny contains "no owner" if {\n  not input.metadata.labels.owner\n' +
      '  not input.metadata.labels.team\n}\n',
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {}\n',
  );
  const also = page.locator('.result-row', { hasText: 'no owner' }).locator('.result-also button').first();
  await also.waitFor();
  assert.match(await also.innerText(), /^line 5:11 \/metadata\/labels\/(owner|team) \(nothing there\)$/);
});

test('every mistake of a policy is listed, marked, and one key away', real, async () => {
  const page = await judging(
    'package team\n\ndeny contains "x" if {\n  foo(input)\n}\n\nwarn contains "y" if baz(3)\n',
    '{"kind": "Namespace"}',
  );
  await until(
    async () => /undefined function foo \(and 1 more\)/.test(await said(page)),
    'the first mistake in the live region',
  );
  await becomes(
    () => page.locator('.result-ended button').allInnerTexts(),
    ['Go to policy.rego line 4:3', 'Go to policy.rego line 7:22'],
    'a way to each mistake',
  );
  assert.equal(await page.locator('.result-ended h3').count(), 1);
  await page.locator('.result-ended button').nth(1).click();
  const marked = page.locator('.pane-rules .editor-finding-error:visible');
  await becomes(() => marked.allInnerTexts(), ['foo(input)', 'baz(3)'], 'a mark at each');
  await page.keyboard.press('F8');
  await becomes(() => cursor(page), [POLICY, 4], 'the first mistake again');
  await page.keyboard.press('F8');
  await becomes(() => cursor(page), [POLICY, 7], 'the second');
});
