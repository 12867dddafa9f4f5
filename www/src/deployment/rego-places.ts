// Where the engine's places in Rego stand in the text of its files.

import type { Finding, PackFinding } from '../../../pkg/index.js';
import { Lines } from '../../../pkg/report/lines.js';

interface RegoPlace { file: string; line: number; from: number; to: number }

/** The range of `file.rego:12:5`, to the end of that line; of `file.rego`, its first line. */
export function fileAt(at: string | undefined, files: Record<string, string>): RegoPlace | undefined {
  const file = Object.keys(files).filter((path) => at === path || at?.startsWith(`${path}:`)).sort((left, right) => right.length - left.length)[0];
  if (file === undefined || at === undefined) return undefined;
  const [, row = '1', column] = /^:(\d+)(?::(\d+))?/.exec(at.slice(file.length)) ?? [];
  return lineOf(file, files[file]!, Number(row), column === undefined ? undefined : Number(column));
}

function lineOf(file: string, text: string, row: number, column?: number): RegoPlace {
  const lines = new Lines(text);
  const line = Math.min(row, lines.count);
  const content = lines.line(line);
  const start = lines.start(line);
  // A text that ends too early is wrong after its last character.
  const end = content.trim() === '' ? text.slice(0, start).trimEnd().length : start + content.trimEnd().length;
  // Columns of the engine count characters or bytes: where these differ, the line is marked.
  const indent = content.length - content.trimStart().length;
  const from = start + (column && /^[\x20-\x7e\t]*$/.test(content) ? column - 1 : indent);
  return { file, line, from: Math.max(0, Math.min(from, end - 1)), to: end };
}

/** The rule that a finding is of: where it failed, else the text that gives its code, its METADATA, or its head. */
export function placeOfRule(finding: Pick<PackFinding, 'code' | 'rule' | 'message'> | Finding, files: Record<string, string>): RegoPlace | undefined {
  const { code, message } = finding;
  const rule = typeof finding.rule === 'string' ? finding.rule : '';
  const [, failed] = /^the rule `[^`]*` failed at (.*?:\d+)(?::|$)/s.exec(message) ?? [];
  const place = fileAt(failed, files);
  if (place) return place;
  const id = code.startsWith('policy-') ? code.slice('policy-'.length) : undefined;
  const quoted = (line: string) => [...line.matchAll(/"(?:id|code)"\s*:\s*"([^"]+)"/g)].some(([, text]) => kebab(text!) === id);
  const annotated = (line: string) => /^\s*#\s*(?:id|short_id)\s*:/.test(line) && line.replace(/^[^:]*:\s*/, '').trim().replace(/^["']|["']$/g, '') === rule;
  const [, packageName, name] = /^(.*)\.([^.]+)$/.exec(rule) ?? [];
  const head = (line: string, text: string) => name !== undefined && packageOf(text) === packageName && new RegExp(`^\\s*(?:default\\s+)?${name}\\b`).test(line);
  for (const matches of [quoted, annotated, head]) {
    for (const [file, text] of Object.entries(files)) {
      if (!file.endsWith('.rego')) continue;
      const index = text.split('\n').findIndex((line) => matches(line, text));
      if (index >= 0) return lineOf(file, text, index + 1);
    }
  }
  return undefined;
}

function packageOf(text: string): string | undefined {
  return /^\s*package\s+([\w.]+)/m.exec(text)?.[1];
}

/** As the engine makes a code of an id. */
function kebab(id: string): string {
  return id.replace(/^policy-/, '').replace(/[^A-Za-z0-9]/g, '-').toLowerCase();
}
