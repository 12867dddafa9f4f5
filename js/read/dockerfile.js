// Dockerfiles, as conftest shapes them: a list of instructions, { Cmd, SubCmd, JSON, Flags, Value, Stage }, with
// comments among them. `StartLine` and `Heredocs` are ours.

import { nearest } from '../base/nearest.js';
import { FlatPlaces } from '../places/flat.js';
import { aboutLines } from './comments.js';
import { linesOf } from './lines-of.js';
import { Unevaluated } from './unevaluated.js';

const DIRECTIVE = /^\s*#\s*(\w+)\s*=\s*(\S+)\s*$/;
const HEREDOC = /<<(-?)(["']?)([A-Za-z_]\w*)\2/g;
const HEREDOCS_OF = ['add', 'copy', 'run'];

/** How the arguments of an instruction are taken apart. */
const PARTS = {
  add: jsonOrWords,
  arg: quotedWords,
  cmd: jsonOrText,
  copy: jsonOrWords,
  entrypoint: jsonOrText,
  env: pairs,
  expose: words,
  from: words,
  healthcheck: healthcheck,
  label: pairs,
  maintainer: wholeText,
  onbuild: undefined,
  run: jsonOrText,
  shell: jsonOrText,
  stopsignal: wholeText,
  user: wholeText,
  volume: jsonOrWords,
  workdir: wholeText,
};

/** @param {string} text @param {string} file */
export function dockerfileDocument(text, file) {
  const places = new FlatPlaces(text);
  const value = [];
  let [stage, comments] = [-1, []];
  const notes = [];
  const add = (command, { start, end, number }) => {
    places.note([String(value.length)], [start, end]);
    value.push({ ...command, Stage: Math.max(0, stage), StartLine: number });
  };
  for (const line of instructions(text, file)) {
    if (line.comment !== undefined) {
      const raw = text.slice(line.start, line.end).trimStart();
      notes.push({ text: raw, offset: line.end - raw.length });
      // An empty comment ends those that belong to the next instruction.
      comments = line.comment === '' ? [] : [...comments, line];
      continue;
    }
    const fail = (message, help) => new Unevaluated(message, { file, line: line.number, column: 1, text }, help);
    const command = commandOf(line.text, fail);
    if (command.Cmd === 'from') stage += 1;
    for (const one of comments) add({ Cmd: 'comment', SubCmd: '', JSON: false, Flags: [], Value: [one.comment] }, one);
    comments = [];
    add(line.heredocs.length > 0 ? { ...command, Heredocs: line.heredocs } : command, line);
  }
  if (value.every(({ Cmd }) => Cmd === 'comment'))
    throw new Unevaluated(
      'it has no instruction',
      { file },
      'a Dockerfile begins with FROM; --as KIND says what it is',
    );
  const locate = (pointer) => places.locate(pointer);
  return { value, file, text, line: 1, locate, masks: () => places.masks(), comments: () => aboutLines(text, notes) };
}

/** @returns {{ Cmd: string, SubCmd: string, JSON: boolean, Flags: string[], Value: string[] }} */
function commandOf(line, fail) {
  const [, name, rest] = /^(\S+)\s*([\s\S]*)$/.exec(line.trim());
  const cmd = name.toLowerCase();
  if (!Object.hasOwn(PARTS, cmd)) {
    const close = nearest(cmd, Object.keys(PARTS));
    throw fail(
      `\`${name}\` is no instruction`,
      close ? `did you mean ${close.toUpperCase()}?` : '--as KIND says what the file is',
    );
  }
  const { flags, args } = flagsOf(rest);
  if (args === '')
    throw fail(`${cmd.toUpperCase()} has no argument`, `write ${cmd.toUpperCase()} with what it is about`);
  if (cmd === 'onbuild') {
    const { Cmd, ...own } = commandOf(args, fail);
    return { Cmd: 'onbuild', ...own, SubCmd: Cmd, Flags: flags };
  }
  const found = PARTS[cmd](args);
  if (found === undefined) throw fail(`${cmd.toUpperCase()} needs NAME=value`, 'put = between the name and the value');
  return { Cmd: cmd, SubCmd: '', JSON: found.json ?? false, Flags: flags, Value: found.value };
}

/** The flags in front, such as `--from=build`. */
function flagsOf(rest) {
  const flags = [];
  let args = rest.trim();
  for (let match = /^--\S+/.exec(args); match; match = /^--\S+/.exec(args)) {
    flags.push(match[0]);
    args = args.slice(match[0].length).trimStart();
  }
  return { flags, args };
}

function jsonList(text) {
  if (!text.startsWith('[')) return undefined;
  try {
    const list = JSON.parse(text);
    return list.every((one) => typeof one === 'string') ? { value: list, json: true } : undefined;
  } catch {
    return undefined;
  }
}

function jsonOrText(text) {
  return jsonList(text) ?? wholeText(text);
}

function jsonOrWords(text) {
  return jsonList(text) ?? words(text);
}

function wholeText(text) {
  return { value: [text] };
}

function words(text) {
  return { value: text.split(/\s+/) };
}

/** Words in which quotes and escapes keep blanks together. The quotes stay. */
function quotedWords(text) {
  return { value: text.match(/(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"?|'[^']*'?|[^\s"'\\])+|\\$/g) ?? [] };
}

/** A name, its value and `=` for each pair; the old form, `ENV name value`, has no `=`. */
function pairs(text) {
  const { value: found } = quotedWords(text);
  if (!found[0]?.includes('=')) {
    const [, name, value] = /^(\S+)\s+([\s\S]+)$/.exec(text) ?? [];
    return name === undefined ? undefined : { value: [name, value, ''] };
  }
  if (!found.every((word) => word.includes('='))) return undefined;
  return { value: found.flatMap((word) => [...split(word), '=']) };
}

function split(word) {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

function healthcheck(text) {
  const [, type, rest] = /^(\S+)\s*([\s\S]*)$/.exec(text);
  if (rest === '') return { value: [type.toUpperCase()] };
  const command = jsonOrText(rest);
  return { ...command, value: [type.toUpperCase(), ...command.value] };
}

/** Instructions over their lines, with the texts of their heredocs; and comments. */
function* instructions(text, file) {
  const lines = [...linesOf(text)];
  const sign = escapeOf(lines);
  const continued = new RegExp(`(^|[^\\${sign}])\\${sign}[ \\t]*$`);
  let index = 0;
  while (index < lines.length) {
    const first = lines[index];
    const number = index + 1;
    index += 1;
    if (first.text.trim() === '') continue;
    if (isComment(first)) {
      yield {
        comment: first.text.trim().slice(1).trim(),
        start: first.start,
        end: first.start + first.text.length,
        number,
      };
      continue;
    }
    let [own, last, line] = ['', first, first];
    for (;;) {
      // Among the lines of an instruction, comments and empty ones do not count.
      if (line === first || !(isComment(line) || line.text.trim() === '')) {
        last = line;
        own += line.text.replace(continued, '$1');
        if (!continued.test(line.text)) break;
      }
      if (index >= lines.length) break;
      line = lines[index];
      index += 1;
    }
    const heredocs = [];
    for (const [dash, name] of heredocsIn(own)) {
      const isEnd = ({ text: one }) => (dash ? one.replace(/^\t+/, '') : one) === name;
      const end = lines.findIndex((one, at) => at >= index && isEnd(one));
      if (end === -1) {
        const help = `write ${name} on a line of its own, where the text ends`;
        throw new Unevaluated(`the text that \`<<${name}\` begins has no end`, { file, line: number, text }, help);
      }
      heredocs.push(
        lines
          .slice(index, end)
          .map((one) => `${one.text}\n`)
          .join(''),
      );
      last = lines[end];
      index = end + 1;
    }
    yield { text: own, start: first.start, end: last.start + last.text.length, number, heredocs };
  }
}

/** [dash, name] of each text that is written below an instruction. */
function heredocsIn(own) {
  const [, cmd] = /^\s*(\S*)/.exec(own);
  if (!HEREDOCS_OF.includes(cmd.toLowerCase())) return [];
  return [...own.matchAll(HEREDOC)].map(([, dash, , name]) => [dash, name]);
}

function isComment({ text }) {
  return /^\s*#/.test(text);
}

/** The character that continues a line, which a directive at the top may change. */
function escapeOf(lines) {
  for (const { text } of lines) {
    const [, name, value] = DIRECTIVE.exec(text) ?? [];
    if (name === undefined) return '\\';
    if (name.toLowerCase() === 'escape' && (value === '`' || value === '\\')) return value;
  }
  return '\\';
}
