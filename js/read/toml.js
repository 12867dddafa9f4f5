// TOML by a library, which gives no positions: those are found when a finding asks for one. Dates and times are texts.

import { STRING, TomlPlaces } from '../places/toml.js';
import { aboutLines } from './comments.js';
import { Unevaluated } from './unevaluated.js';

const MAX_DEPTH = 200;
/** A text may contain `#`. */
const TEXT_OR_COMMENT = new RegExp(`${STRING.source}|#[^\\r\\n]*`, 'g');

/** @param {string} text @param {string} file @param {typeof import('smol-toml')} library loaded for TOML alone */
export function tomlDocument(text, file, library) {
  let places;
  const value = asJson(read(text, file, library), file, library);
  const locate = (pointer) => {
    places ??= new TomlPlaces(text);
    return places.locate(pointer);
  };
  return { value, file, text, line: 1, locate, comments: () => aboutLines(text, commentsIn(text)) };
}

/** The comments of a text that is valid TOML. */
function commentsIn(text) {
  return [...text.matchAll(TEXT_OR_COMMENT)]
    .filter(([found]) => found.startsWith('#'))
    .map(({ 0: found, index }) => ({ text: found, offset: index }));
}

function read(text, file, { parse, TomlError }) {
  try {
    return parse(text, { integersAsBigInt: 'asNeeded', maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new Unevaluated(`not TOML: ${message}`, { file, line: error.line, column: error.column, text });
  }
}

/** @returns {unknown} */
function asJson(value, file, library) {
  if (value instanceof library.TomlDate) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => asJson(item, file, library));
  if (value !== null && typeof value === 'object') {
    const map = Object.create(null); // so that a key named __proto__ is an ordinary key
    for (const [name, member] of Object.entries(value)) map[name] = asJson(member, file, library);
    return map;
  }
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Unevaluated('a number that JSON has no word for', { file }, 'put it in quotes, or write a plain number');
  return value;
}
