// The kinds of what is read: by the name of a file, else by what its text begins with; and what a JSON or YAML value
// describes.

const BY_NAME = [
  [/\.ya?ml$/i, 'yaml'],
  [/\.json$/i, 'json'],
  [/\.(?:jsonl|ndjson)$/i, 'jsonl'],
  [/\.har$/i, 'har'],
  [/\.(?:http|rest)$/i, 'http'],
  [/\.toml$/i, 'toml'],
  [/\.ini$/i, 'ini'],
  [/(?:^|[/\\])\.env(?:\.[^/\\]*)?$|\.env$/i, 'env'],
  [
    /(?:^|[/\\])(?:Dockerfile|Containerfile)(?:\.(?!dockerignore$)[^/\\]*)?$|\.(?:dockerfile|containerfile)$/i,
    'dockerfile',
  ],
  [/\.(?:tf|tfvars|hcl)(?:\.json)?$/i, 'hcl'],
];

/** Folders give these to any pack, and the others to packs of the user's own. */
const IN_EVERY_FOLDER = ['yaml', 'json', 'har', 'http'];

/** The kind that a file's name says, or undefined. */
export function kindOfName(name) {
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
}

/** Whether a walk through a folder takes a file of this name. @param {boolean} all for packs of the user's own */
export function isWalked(name, all) {
  const kind = kindOfName(name);
  return kind !== undefined && kind !== 'hcl' && (all || IN_EVERY_FOLDER.includes(kind));
}

const START_LINE = /^\s*(?:[A-Z]+ \S+ HTTP\/\d|HTTP\/\d(?:\.\d)? [1-5]\d\d\b)/;
const INSTRUCTION = /^(?:\s*(?:#[^\n]*)?\r?\n)*\s*(?:FROM|ARG)[ \t]+[^\s:=]+/i;

/** The kind that a text without a telling name has: what can be no YAML is told apart, and the rest is YAML. */
export function kindOfText(text) {
  if (START_LINE.test(text)) return 'http';
  if (/^\s*[[{]/.test(text)) return ofJson(text);
  return INSTRUCTION.test(text) && /^\s*FROM[ \t]+\S/im.test(text) ? 'dockerfile' : 'yaml';
}

function ofJson(text) {
  const value = parsed(text);
  if (value !== undefined) return isHar(value) ? 'har' : 'json';
  const [first, second] = text.trim().split('\n', 2);
  const isLines = second !== undefined && [first, second].every((line) => isObject(parsed(line)));
  return isLines ? 'jsonl' : 'yaml';
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a document describes, by the members that only this has: [name, how it is recognised]. */
const DESCRIBED = [
  [
    'terraform',
    'a Terraform plan',
    (value) =>
      isText(value.format_version) && (Array.isArray(value.resource_changes) || isObject(value.planned_values)),
  ],
  [
    'state',
    "Terraform's state",
    (value) => isText(value.terraform_version) && (isObject(value.values) || Array.isArray(value.resources)),
  ],
  ['cyclonedx', 'a CycloneDX document', (value) => value.bomFormat === 'CycloneDX'],
  [
    'spdx',
    'an SPDX document',
    (value) => /^SPDX-/.test(value.spdxVersion) || /spdx\.org\/rdf\/3/.test(value['@context']),
  ],
  ['har', 'recorded traffic', isHar],
  ['cloudformation', 'a CloudFormation template', isCloudFormation],
  ['openapi', 'an OpenAPI document', (value) => isText(value.openapi) || isText(value.swagger)],
  ['workflow', 'a GitHub workflow', (value) => isObject(value.jobs) && ('on' in value || 'true' in value)],
  ['compose', 'a Compose file', (value) => isObject(value.services) && !isText(value.apiVersion)],
  [
    'chart',
    'the description of a Helm chart',
    (value) => isText(value.apiVersion) && isText(value.name) && isText(value.version),
  ],
];

/** { kind, name } of what a document's value describes, or undefined. */
export function describedBy(value) {
  if (!isObject(value)) return undefined;
  const found = DESCRIBED.find(([, , is]) => is(value));
  return found && { kind: found[0], name: found[1] };
}

function isHar(value) {
  const entries = isObject(value?.log) ? value.log.entries : undefined;
  return Array.isArray(entries) && (entries.length === 0 || isObject(entries[0]?.request));
}

function isCloudFormation(value) {
  if (isText(value.AWSTemplateFormatVersion)) return true;
  return isObject(value.Resources) && Object.values(value.Resources).some((one) => /^\w+::/.test(one?.Type));
}

function isText(value) {
  return typeof value === 'string';
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
