// Rego v1, token by token.

import { StreamLanguage } from '@codemirror/language';
import type { StringStream } from '@codemirror/language';

/** What is open: a bracket, a string by how it begins, or a `hole`, the `{…}` of a template string. */
type Open = '(' | '[' | '{' | 'hole' | '"' | '`' | '$"' | '$`';

interface RegoState {
  open: Open[];
  /** The keyword before, where it says what comes next. */
  after: 'default' | 'path' | null;
}

const KEYWORDS = new Set('as contains default else every if import in not package some with'.split(' '));
const CONSTANTS: Record<string, string> = { true: 'bool', false: 'bool', null: 'null' };
const DOCUMENTS = new Set(['input', 'data']);
const FAMILIES = new Set(
  (
    'array base64 base64url bits crypto glob graph graphql hex http io json net numbers object opa providers rand ' +
    'regex rego semver strings time units uri urlquery uuid yaml'
  ).split(' '),
);
const BUILTINS = new Set(
  (
    'abs all any ceil concat contains count endswith floor format_int indexof indexof_n intersection is_array ' +
    'is_boolean is_null is_number is_object is_set ' +
    'is_string lower max min print product replace round sort split sprintf startswith substring sum to_number ' +
    'trace trim trim_left trim_prefix trim_right ' +
    'trim_space trim_suffix type_name union upper walk'
  ).split(' '),
);

const WORD = /^[A-Za-z_]\w*/;
const CALL = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?=\()/;
const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\["[^"]*"\])*/;
const NUMBER = /^(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)/;
const OPERATOR = /^(?::=|==|!=|<=|>=|[=<>+\-*/%&|])/;
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/;
const CLOSES: Record<string, Open[]> = { ')': ['('], ']': ['['], '}': ['{', 'hole'] };

function token(stream: StringStream, state: RegoState): string | null {
  // Of the strings, only a raw one goes over lines.
  if (stream.sol() && /^\$?"$/.test(state.open.at(-1) ?? '')) state.open.pop();
  const open = state.open.at(-1);
  if (open && /["`]$/.test(open)) return stringToken(stream, state, open);
  if (stream.match(/^[ \t\r]+/)) return null;
  if (stream.eat('#')) {
    stream.skipToEnd();
    return 'comment';
  }
  const quote = stream.match(/^\$?["`]/) as RegExpMatchArray | null;
  if (quote) {
    state.open.push(quote[0] as Open);
    return 'string';
  }
  if (WORD.test(stream.string.slice(stream.pos, stream.pos + 1))) return word(stream, state);
  return sign(stream, state);
}

function stringToken(stream: StringStream, state: RegoState, open: Open): string {
  const quote = open.at(-1) as string;
  const template = open.startsWith('$');
  if (stream.eat(quote)) {
    state.open.pop();
    return 'string';
  }
  if (template && stream.match('\\{')) return 'escape';
  if (template && stream.eat('{')) {
    state.open.push('hole');
    return 'bracket';
  }
  if (quote === '"' && stream.match(ESCAPE)) return 'escape';
  const wrong = quote === '"' && stream.peek() === '\\';
  stream.next();
  if (wrong) stream.next();
  else
    stream.eatWhile(
      (character: string) =>
        character !== quote && !(quote === '"' && character === '\\') && !(template && /[{\\]/.test(character)),
    );
  return wrong ? 'invalid' : 'string';
}

function word(stream: StringStream, state: RegoState): string {
  const { after } = state;
  state.after = null;
  if (after === 'path' && stream.match(PATH)) return 'namespace';
  const ofLine = stream.sol() && state.open.length === 0;
  const member = stream.string[stream.pos - 1] === '.';
  const call = (stream.match(CALL, false) as RegExpMatchArray | null)?.[0];
  const name = (stream.match(WORD) as RegExpMatchArray)[0];
  if (member) return call === name ? 'variableName.function' : 'propertyName';
  if (name in CONSTANTS) return CONSTANTS[name] as string;
  // `contains` is a built-in function too.
  if (KEYWORDS.has(name) && !(name === 'contains' && call)) {
    if (name === 'default') state.after = 'default';
    if (name === 'package' || name === 'import') state.after = 'path';
    return 'keyword';
  }
  if (ofLine || after === 'default') return 'variableName.definition';
  if (call && (call === name ? BUILTINS.has(name) : FAMILIES.has(name))) {
    stream.match(call.slice(name.length));
    return 'variableName.standard';
  }
  if (call === name) return 'variableName.function';
  return DOCUMENTS.has(name) ? 'variableName.special' : 'variableName';
}

function sign(stream: StringStream, state: RegoState): string {
  if (stream.match(NUMBER)) return 'number';
  if (stream.match(OPERATOR)) return 'operator';
  const character = stream.next() as string;
  if ('([{'.includes(character)) {
    state.open.push(character as Open);
    return 'bracket';
  }
  if (')]}'.includes(character)) {
    if (CLOSES[character]?.includes(state.open.at(-1) as Open)) state.open.pop();
    return 'bracket';
  }
  return ',;.:'.includes(character) ? 'separator' : 'invalid';
}

export const regoLanguage = StreamLanguage.define<RegoState>({
  name: 'rego',
  startState: () => ({ open: [], after: null }),
  token,
  indent(state, textAfter, context) {
    // The lines of a raw string are its own.
    if (state.open.at(-1)?.endsWith('`')) return null;
    return Math.max(0, state.open.length - (/^[)\]}]/.test(textAfter) ? 1 : 0)) * context.unit;
  },
  languageData: { commentTokens: { line: '#' }, indentOnInput: /^\s*[)\]}]$/ },
});
