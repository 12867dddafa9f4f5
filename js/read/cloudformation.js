// CloudFormation's tags: `!Sub x` is short for `{ "Fn::Sub": "x" }`. They mean this in its templates alone.

import { isMap, isScalar } from 'yaml';

const FUNCTIONS =
  'And Base64 Cidr Contains EachMemberEquals EachMemberIn Equals FindInMap GetAtt GetAZs If ImportValue Join Length ' +
  'Not Or RefAll Select Split Sub ToJsonString Transform ValueOf ValueOfAll';
const NAMES = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.split(' ').map((name) => /** @type {[string, string]} */ ([`!${name}`, `Fn::${name}`])),
]);

/** The member that a tag is short for, or undefined. */
export function functionOf(tag) {
  return NAMES.get(tag);
}

/** A value below its function. In text, `!GetAtt` has its resource and attribute in one. */
export function called(name, value) {
  const argument = name === 'Fn::GetAtt' && typeof value === 'string' ? attribute(value) : value;
  return Object.assign(Object.create(null), { [name]: argument });
}

function attribute(text) {
  const dot = text.indexOf('.');
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** Whether a document is a template of CloudFormation or SAM: it says so, or has resources of such a type. */
export function isCloudFormation(root) {
  if (!isMap(root)) return false;
  if (member(root, 'AWSTemplateFormatVersion') !== undefined) return true;
  const resources = member(root, 'Resources');
  return isMap(resources) && resources.items.some(({ value }) => isResource(value));
}

function isResource(node) {
  const type = isMap(node) ? member(node, 'Type') : undefined;
  return isScalar(type) && /^[A-Za-z0-9]+::/.test(String(type.value));
}

function member(map, name) {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)?.value ?? undefined;
}
