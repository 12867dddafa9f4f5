// The comments of a YAML text, as its lexer sees them: `#` in quotes or in a block text is no comment.

import { aboutLines } from './comments.js';
import { lexemes } from './yaml-lexer.js';

/** @param {string} text */
export function yamlComments(text) {
  const [found, starts] = [[], []];
  for (const { source, offset } of lexemes(text)) {
    if (source.startsWith('#')) found.push({ text: source, offset });
    else if (source === '---') starts.push(offset);
  }
  return aboutLines(text, found, { starts });
}
