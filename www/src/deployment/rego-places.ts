// Where the engine's places in Rego stand in the text of its files.

import type { Finding, PackFinding } from '../../../pkg/index.js';
import { Lines } from '../../../pkg/places/lines.js';

interface RegoPlace {
  file: string;
  line: number;
  from: number;
  to: number;
}

/** The range of `file.rego:12:5`, to the end of that line; of `file.rego`, its first line. */
export function fileAt(at: string | undefined, files: Record<string, string>): RegoPlace | undefined {
  const file = Object.keys(files)
    .filter((path) => at === path || at?.startsWith(`${path}:`))
    .sort((left, right) => right.length - left.length)[0];
  if (file === undefined || at === undefined) return undefined;
  const [, row = '1', column] = /^:(\d+)(?::(\d+))?/.exec(at.slice(file.length)) ?? [];
  return lineOf(file, files[file]!, Number(row), column === undefined ? undefined : Number(column));
}

function lineOf(file: string, text: string, row: number, column?: number): RegoPlace {
  const lines = Lines.of(text);
  const line = Math.min(row, lines.count);
  const content = lines.line(line);
  const start = lines.start(line);
  // A text that ends too early is wrong after its last character.
  const end = content.trim() === '' ? text.slice(0, start).trimEnd().length : start + content.trimEnd().length;
  const indent = content.length - content.trimStart().length;
  // Columns of the engine count code points.
  const from = start + (column === undefined ? indent : [...content].slice(0, column - 1).join('').length);
  return { file, line, from: Math.max(0, Math.min(from, end - 1)), to: end };
}

/**
 * The rule that a finding is of: where it failed, else the text that gives its code, its METADATA, or its head; in that
 * order over all files.
 */
export function placeOfRule(
  finding: Pick<PackFinding, 'code' | 'rule' | 'message'> | Finding,
  files: Record<string, string>,
): RegoPlace | undefined {
  const { code, message } = finding;
  const rule = ('rule' in finding && finding.rule) || '';
  const [, failed] = /^the rule `[^`]*` failed at (.*?:\d+)(?::|$)/s.exec(message) ?? [];
  const place = fileAt(failed, files);
  if (place) return place;
  const { quoted, annotated, heads } = rulesOf(files);
  const found =
    (code.startsWith('policy-') && quoted.get(code.slice('policy-'.length))) || annotated.get(rule) || heads.get(rule);
  return found && lineOf(found.file, files[found.file]!, found.row);
}

interface Row {
  file: string;
  row: number;
}

/**
 * The first line of each: that gives an id or code, that annotates one, and that is a rule's head, by the name with its
 * package.
 */
interface Rules {
  quoted: Map<string, Row>;
  annotated: Map<string, Row>;
  heads: Map<string, Row>;
}

// Findings come by the thousand, all about the same files.
let latest: { files: [string, string][]; rules: Rules } | undefined;

function rulesOf(files: Record<string, string>): Rules {
  const entries = Object.entries(files);
  const same =
    latest?.files.length === entries.length &&
    latest.files.every(([file, text], index) => entries[index]![0] === file && entries[index]![1] === text);
  if (!latest || !same) latest = { files: entries, rules: indexed(entries) };
  return latest.rules;
}

function indexed(files: [string, string][]): Rules {
  const rules: Rules = { quoted: new Map(), annotated: new Map(), heads: new Map() };
  for (const [file, text] of files) {
    if (!file.endsWith('.rego')) continue;
    const packageName = packageOf(text);
    for (const [index, line] of text.split('\n').entries()) {
      const first = (found: Map<string, Row>, name: string): void =>
        void (found.has(name) || found.set(name, { file, row: index + 1 }));
      for (const [, id] of line.matchAll(/"(?:id|code)"\s*:\s*"([^"]+)"/g)) first(rules.quoted, kebab(id!));
      if (/^\s*#\s*(?:id|short_id)\s*:/.test(line))
        first(
          rules.annotated,
          line
            .replace(/^[^:]*:\s*/, '')
            .trim()
            .replace(/^["']|["']$/g, ''),
        );
      const [, name] = /^\s*(?:default\s+)?(\w+)/.exec(line) ?? [];
      if (name !== undefined) first(rules.heads, `${packageName}.${name}`);
    }
  }
  return rules;
}

function packageOf(text: string): string | undefined {
  return /^\s*package\s+([\w.]+)/m.exec(text)?.[1];
}

/** As the engine makes a code of an id. */
function kebab(id: string): string {
  return id
    .replace(/^policy-/, '')
    .replace(/[^A-Za-z0-9]/g, '-')
    .toLowerCase();
}
