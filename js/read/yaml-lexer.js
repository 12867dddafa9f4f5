// The library's parser with a lexer that ends quoted texts where go-yaml does.

import { Composer, Lexer, Parser } from 'yaml';

/** A text in quotes may go on in a line that is indented less than its map, or not at all. */
class QuotesLexer extends Lexer {
  *parseQuotedScalar() {
    const { indentNext } = this;
    this.indentNext = 0;
    const next = yield* super.parseQuotedScalar();
    this.indentNext = indentNext;
    return next;
  }
}

/** The documents of a stream, as the library's `parseAllDocuments` makes them, one after the other. */
export function parseAll(text, options) {
  return new Composer(options).compose(tokens(text));
}

function* tokens(text) {
  const parser = new Parser();
  for (const lexeme of new QuotesLexer().lex(text)) yield* parser.next(lexeme);
  yield* parser.end();
}

/** What the lexer puts between texts: that a document begins, that brackets end in error, that a scalar comes. */
const MARKS = ['\x02', '\x18', '\x1f'];

/** The texts of a stream that are no scalars, each with its offset: comments, indicators, spaces. */
export function* lexemes(text) {
  let [offset, mark] = [0, ''];
  for (const source of new QuotesLexer().lex(text)) {
    const isScalar = mark === '\x1f';
    mark = !isScalar && MARKS.includes(source) ? source : '';
    if (mark !== '') continue;
    if (!isScalar) yield { source, offset };
    offset += source.length;
  }
}
