// Finds the place of a JSON Pointer in a text of few levels, such as INI, by the ranges that its reader noted.

import { Lines, pointed } from './lines.js';
import { credentialRanges, isSecretName, isSecretParameter, merged } from './secrets.js';

/** @typedef {[number, number]} Range */

export class FlatPlaces {
  #text;
  #lines;
  #ranges = new Map([['', { value: [0, 0] }]]);

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
  }

  /** @param {string[]} path @param {Range} value @param {Range} [key] */
  note(path, value, key) {
    this.#ranges.set(pointerOf(path), { value, key });
  }

  /** The place of a pointer's value, or of its nearest existing parent. @param {string} pointer */
  locate(pointer) {
    this.#lines ??= new Lines(this.#text);
    let at = pointer;
    while (!this.#ranges.has(at)) at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    const { value, key } = this.#ranges.get(at);
    return { ...pointed(this.#lines, value, key), exact: at === pointer, value };
  }

  /** What an excerpt must not show: values whose name says that they are secret, and credentials by their form. */
  masks() {
    const secret = [...this.#ranges].filter(([pointer]) => isSecret(pointer)).map(([, { value }]) => value);
    return merged([...secret, ...credentialRanges(this.#text)]);
  }
}

function pointerOf(path) {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function isSecret(pointer) {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  return isSecretName(name) || isSecretParameter(name);
}
