// `countersign completion`: a script for bash or zsh that completes commands, options, their values and the names of
// what ships. Everything in it is known when it is printed.

import { shipped } from '../api/node.js';
import { CODES, THROWN } from '../codes/codes.js';
import { CHOICES, formatsOf } from './options.js';
import { UsageError } from './outcome.js';

const SHELLS = { bash: bashScript, zsh: zshScript };

/** @param commands the table of commands */
export async function completion({ paths, io }, commands) {
  const [shell, ...more] = paths;
  if (!Object.hasOwn(SHELLS, shell ?? '') || more.length > 0)
    throw new UsageError(
      shell === undefined ? 'no shell is named' : `\`${paths.join(' ')}\` is not known`,
      'write countersign completion bash, or countersign completion zsh',
    );
  io.stdout.write(SHELLS[shell](await known(commands)));
  return {};
}

/** For each command: [{ name, short, takesValue, values }] of its options, and the words that it takes. */
async function known(commands) {
  const [contracts, packs] = [await shipped.names('contract'), await shipped.names('pack')];
  const values = { ...CHOICES, contract: contracts, pack: packs };
  const words = {
    explain: [...Object.keys(CODES), ...Object.keys(THROWN), ...contracts, ...packs],
    lint: contracts,
    bundle: contracts,
    baseline: ['write', 'check', 'prune'],
    completion: Object.keys(SHELLS),
    registry: ['list', 'add', 'set', 'enable', 'disable', 'remove', 'settle'],
  };
  return Object.entries(commands).map(([name, { about, options }]) => ({
    name,
    about,
    words: words[name] ?? [],
    options: Object.entries(options).map(([option, { type, short }]) => ({
      name: option,
      short,
      takesValue: type === 'string',
      values: option === 'format' ? formatsOf(name) : (values[option] ?? []),
    })),
  }));
}

/** Of an option: `--set=`, or `--set` and a word. `--changed` may stand alone. */
const isAlone = ({ name, takesValue }) => !takesValue || name === 'changed';

function bashScript(commands) {
  const cases = commands.map(({ name, options, words }) => {
    const flags = options.flatMap(({ name: option, short }) => [`--${option}`, ...(short ? [`-${short}`] : [])]);
    const values = options
      .filter((option) => !isAlone(option))
      .map(({ name: option, short, values: choices }) => {
        const pattern = [`--${option}`, ...(short ? [`-${short}`] : [])].join('|');
        return `        ${pattern}) _countersign_words ${quoted(choices)}; return ;;`;
      });
    return `    ${name})
      case "$previous" in
${values.join('\n')}
      esac
      case "$word" in
        -*) _countersign_words ${quoted(flags)} ;;
        *) _countersign_words ${quoted(words)} ;;
      esac
      ;;`;
  });
  return `# bash completion for countersign: source <(countersign completion bash)
_countersign_words() {
  local one
  COMPREPLY=()
  while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -W "$1" -- "$word")
  # Files, where no word is known.
  if [ \${#COMPREPLY[@]} -eq 0 ]; then
    while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -f -- "$word")
    compopt -o filenames 2>/dev/null
  fi
}
_countersign() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  # bash takes --fail-on=warning for three words.
  if [ "$word" = '=' ]; then word=''; fi
  if [ "$previous" = '=' ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    _countersign_words ${quoted([...commands.map(({ name }) => name), '--help', '--version'])}
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
}
complete -F _countersign countersign
`;
}

function zshScript(commands) {
  const listed = commands.map(({ name, about }) => `    ${quoted([`${name}:${about.replaceAll(':', '\\:')}`])}`);
  const cases = commands.map(({ name, options, words }) => {
    const specs = options.flatMap((option) => specsOf(option)).map((spec) => `        ${spec}`);
    const rest = words.length > 0 ? `'*:word:{ compadd -- ${words.join(' ')} || _files }'` : "'*:file:_files'";
    return `    ${name})
      _arguments -s -S \\
${specs.join(' \\\n')} \\
        ${rest}
      ;;`;
  });
  return `#compdef countersign
# zsh completion for countersign: source <(countersign completion zsh)
_countersign() {
  local -a commands
  commands=(
${listed.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
compdef _countersign countersign
`;
}

function specsOf({ name, short, takesValue, values }) {
  const action = values.length > 0 ? `(${values.join(' ')})` : '_files';
  const value = takesValue ? `:value:${action}` : '';
  const long = name === 'changed' ? '--changed=-::value:' : `--${name}${takesValue ? '=' : ''}${value}`;
  return [`*${long}`, ...(short ? [`*-${short}${value}`] : [])].map((spec) => quoted([spec]));
}

/** In single quotes for a shell. */
function quoted(words) {
  return `'${words.join(' ').replaceAll("'", "'\\''")}'`;
}
