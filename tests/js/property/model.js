// What a contract says of a message, by another implementation: the findings of replay, route and schema. The schemas
// are judged by Ajv.

import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';

import { below, get } from './json.js';
import { isSchema, parts } from './load.js';
import { kebab } from './violate.js';

/**
 * A function from a message, { value: the document, place(name) }, and the time, to findings (`severity code at`) and
 * what judges.
 */
export function model(shipped) {
  const { contract } = shipped;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  const all = parts(shipped);
  for (const [, root] of all[0]?.source.root.others ?? []) ajv.addSchema(root.document);
  const judges = new Map();
  for (const {
    owner,
    at,
    source: { schema },
  } of all)
    judges.set(owner, { at, judge: ajv.compile(withoutId(schema)) });
  const routeOf = router(contract, ajv);

  return ({ value, place }, now) => {
    const read = (name) => {
      const found = name === '' || name.startsWith('/') ? get(value, name) : place(name);
      return found === null || found === '' ? undefined : found;
    };
    const { findings, owners } = routeOf(read, value, now);
    const schemas = owners.filter((owner) => judges.has(owner)).flatMap((owner) => errors(judges.get(owner), value));
    return { findings: [...remembered(contract, read), ...findings, ...schemas], owners };
  };
}

// The same document may be compiled for several events.
const withoutId = ({ $id, ...schema }) => schema;

function errors({ at, judge }, document) {
  const value = at === '' ? document : get(document, at);
  if (value === undefined || judge(value)) return [];
  // Beside what `then` asks for, Ajv says that `if` is not met.
  return judge.errors
    .filter(({ keyword, schemaPath }) => keyword !== 'if' && !/\/anyOf\/\d/.test(schemaPath))
    .map(({ keyword, instancePath, params }) => {
      const own = `${at}${instancePath}`;
      const place = keyword === 'additionalProperties' ? below(own, params.additionalProperty) : own;
      return `error schema-${kebab(keyword)} ${place}${keyword === 'required' ? ` ${params.missingProperty}` : ''}`;
    });
}

function remembered({ replay }, read) {
  if (!replay || replay.onMissing === 'skip') return [];
  const missing = replay.key.find((place) => place.startsWith('/') && text(read(place)) === undefined);
  const severity = replay.onMissing === 'warn' ? 'warning' : 'error';
  return missing === undefined ? [] : [`${severity} replay-key-missing ${missing}`];
}

const text = (value) => (typeof value === 'string' || Number.isInteger(value) ? String(value) : undefined);

/** A function to the findings of the route, and what holds the schemas that judge. */
function router(contract, ajv) {
  const { versions = [], type = [] } = contract.route ?? {};
  const tests = new Map();
  for (const condition of versions.flatMap(({ when = {} }) => Object.values(when)))
    tests.set(condition, holds(condition, ajv));
  const isOf = ({ when = {} }, read) =>
    Object.entries(when).every(([place, condition]) => tests.get(condition)(read(place)));

  return (read, value, now) => {
    const owners = [contract];
    const findings = [];
    const done = () => ({ findings, owners });
    if (versions.length === 0) return done();
    const version = versions.find((one) => isOf(one, read));
    if (!version) {
      const [place] = Object.keys(versions[0].when).filter((one) => versions.every(({ when }) => one in when));
      findings.push(`error version-unknown ${place.startsWith('path:') ? 'path' : place}`);
      return done();
    }
    owners.push(version);
    if (version.deprecated) findings.push(`${retired(version.deprecated, now)} version-deprecated -`);
    if (!version.events) return done();
    const places = [type].flat();
    const name = text(places.map(read).find((found) => found !== undefined));
    const listed = name !== undefined && Object.hasOwn(version.events, name) ? version.events[name] : undefined;
    const event = listed ?? (name === undefined ? undefined : version.otherwise);
    if (!listed) findings.push(`${event ? 'warning' : 'error'} event-unknown ${places[0]}`);
    if (!event) return done();
    owners.push(event);
    if (event.deprecated) findings.push(`${retired(event.deprecated, now)} version-deprecated ${places[0]}`);
    if (!event.payload) return done();
    const alternative = event.payload.find(({ at }) => get(value, at) !== undefined);
    const found = alternative && get(value, alternative.at);
    if (!alternative) findings.push(`error payload-missing ${event.payload[0].at}`);
    else if (
      !alternative.mayBeEmpty &&
      (found === null || found === '' || (typeof found === 'object' && Object.keys(found).length === 0))
    )
      findings.push(`error payload-empty ${alternative.at}`);
    else {
      owners.push(alternative);
      if (alternative.deprecated)
        findings.push(`${retired(alternative.deprecated, now)} version-deprecated ${alternative.at}`);
    }
    return done();
  };
}

/** A function that says whether what stands at a place meets the condition. */
function holds(condition, ajv) {
  if (typeof condition === 'boolean') return (found) => (found !== undefined) === condition;
  if (isSchema(condition)) {
    const judge = ajv.compile(condition);
    return (found) => found !== undefined && judge(found);
  }
  return (found) => text(found) !== undefined && [condition].flat().some((one) => String(one) === text(found));
}

const retired = ({ until }, now) => (until !== undefined && now >= Date.parse(until) / 1000 ? 'error' : 'warning');
