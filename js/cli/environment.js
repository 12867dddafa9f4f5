// Options from the environment: COUNTERSIGN_FAIL_ON is --fail-on. A flag counts before them.

import { nearest } from '../base/nearest.js';
import { UsageError } from './outcome.js';

const PREFIX = 'COUNTERSIGN_';
const VARIABLES = {
  COUNTERSIGN_BASELINE: 'baseline',
  COUNTERSIGN_CONFIG: 'config',
  COUNTERSIGN_FAIL_ON: 'fail-on',
  COUNTERSIGN_FORMAT: 'format',
  COUNTERSIGN_NO_CONFIG: 'no-config',
  COUNTERSIGN_STRICT: 'strict',
  COUNTERSIGN_WAIVERS: 'waivers',
};

/** What the environment gives a command that reads a configuration, as parseArgs would. An empty one says nothing. */
export function optionsOfEnvironment(env, options) {
  if (!Object.hasOwn(options, 'config')) return {};
  const given = {};
  for (const [name, option] of Object.entries(VARIABLES)) {
    const value = env[name];
    if (value === undefined || value === '' || !Object.hasOwn(options, option)) continue;
    if (options[option].type === 'boolean') given[option] = isOn(name, value);
    else given[option] = options[option].multiple ? value.split(',').map((part) => part.trim()) : value;
  }
  return given;
}

/** The variable that gives an option. */
export function variableOf(option) {
  const [name] = Object.entries(VARIABLES).find(([, one]) => one === option) ?? [];
  return name;
}

function isOn(name, value) {
  if (['1', 'true'].includes(value)) return true;
  if (['0', 'false'].includes(value)) return undefined;
  throw new UsageError(`${name} is \`${value}\``, 'set it to 1 or 0');
}

/** Variables that look like one of ours, and are none: [{ name, meant }]. */
export function nearVariables(env) {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !Object.hasOwn(VARIABLES, name))
    .flatMap((name) => {
      const known = Object.keys(VARIABLES).map((one) => one.slice(PREFIX.length).toLowerCase());
      const meant = nearest(name.slice(PREFIX.length), known);
      return meant === undefined ? [] : [{ name, meant: PREFIX + meant.toUpperCase() }];
    });
}
