// Reads JSON text with only one meaning. A number beyond a double is rounded, as in every JavaScript reader. Text that
// two readers could read differently is refused.

import { JsonText } from '../places/json-text.js';
import { Unevaluated } from './unevaluated.js';

/**
 * The value of a JSON text.
 * @param {string} text
 * @param {Uint8Array} bytes of the text
 * @param {any[]} problems what the engine's strict reader says about those bytes
 * @param {string} file
 * @returns {unknown}
 */
export function strictJson(text, bytes, problems, file) {
  const problem = problems.find(({ severity }) => severity === 'error');
  if (problem === undefined) return JSON.parse(text);
  const place = new JsonText(text).placeOf(problem, bytes);
  throw new Unevaluated(problem.message, { file, ...place, code: problem.code, text }, problem.help);
}
