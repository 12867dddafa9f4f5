// What the command line itself says: of waivers and baselines, of tests, of YAML, and of what was not judged.

export const GATE = {
  'baseline-packs': [
    'The baseline was written for other packs than those of this run. Findings of packs that do not run cannot be ' +
      'missed, so none of its entries was looked for in vain.',
    'run the packs that the baseline names, or write one for the packs of this run: ' +
      '`countersign baseline write FILE PATH...`',
  ],
  'baseline-stale': [
    'An entry of the baseline is no longer found: its cause was fixed, its resource has another name, or the entry ' +
      'is there twice. If it stayed, the same fault could come back without being new.',
    'run `countersign baseline prune FILE PATH...`, which drops such entries and adds none',
  ],
  'coverage-low': [
    'The tests reach a smaller part of the lines of the policies than --min asks for. A line that no test reaches ' +
      'may do anything.',
    'write tests for what `countersign test --coverage -v` lists, or ask for less',
  ],
  skipped: [
    'Files were met that no pack checks, by the kind of their documents. They neither passed nor failed.',
    'name a pack for them with --pack, or leave them out with --exclude',
  ],
  'test-error': [
    'A test could not be evaluated, so nothing is known of what it tests.',
    'read the message, which says where the rule or the request stopped',
  ],
  'test-failed': [
    'A test is not true: the rule, or the request of the case, gave something else than the test expects.',
    'look at the place where it stopped, then change the policy, the contract or the test',
  ],
  unevaluated: [
    'Something could not be judged: it cannot be read, is cut off, or its policies do not load. That never counts as ' +
      'a pass: the exit code is 3.',
    'read the message, which says where it is and what is wrong',
  ],
  'waiver-expired': [
    'The last day of a waiver has passed. It waives nothing any more: its findings count again.',
    'fix what it waived and remove it; or let its owner decide anew, and write a later day with the reason',
  ],
  'waiver-malformed': [
    'A comment that begins with `countersign-` is not a waiver that can be read, so it waives nothing. A waiver ' +
      'names its rule, its last day, its reason and its owner, each of them once.',
    'write `# countersign-ignore RULE until=2027-01-31 reason="why" owner="who"`',
  ],
  'waiver-refused': [
    'With --no-inline, comments waive nothing, since whoever proposes a change could waive its findings in it. Their ' +
      'findings count.',
    'remove the comment, and put the waiver into the file that --waivers names, where its owner reviews it',
  ],
  'waiver-too-wide': [
    'A waiver fits more than one case can need: its rule is a pattern, its file pattern names no folder and no file, ' +
      'or its findings are of more than ten resources. It waives nothing.',
    'name the one rule, and the resource, the file or the fingerprint that it is for; to switch a rule off, set its ' +
      'severity to `off` in countersign.yaml',
  ],
  'waiver-unused': [
    'A waiver waives nothing: its finding was fixed, or it names a rule, a place or a resource that no finding has. ' +
      'If it stayed, it could waive a fault that nobody has looked at.',
    'remove it; or compare its rule and its match with the finding in the report of `-f json`',
  ],
  'yaml-two-meanings': [
    'A text without quotes that readers of YAML take in different ways. `on`, `no` and `y` are booleans in YAML 1.1, ' +
      'which kubectl and conftest read, and texts in YAML 1.2, which GitHub reads; so are the keys of a map, such as ' +
      '`on` of a workflow, which rules find as `input["true"]`. `010` is 8 or 10, `1_000` a number or a text, and ' +
      '`22:22` a text or a number in sixties. Rules see what kubectl sees.',
    'put it in quotes if it is a text; write a boolean as true or false, and a number as JSON does',
  ],
};
