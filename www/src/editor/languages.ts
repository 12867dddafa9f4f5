// The languages of the editor: three at once, YAML when it is asked for.

import { indentUnit } from '@codemirror/language';
import type { Extension } from '@codemirror/state';

import { httpLanguage } from './http.js';
import { jsonLanguage } from './json.js';
import { regoLanguage } from './rego.js';

export type EditorLanguage = 'http' | 'json' | 'yaml' | 'rego' | 'text';

let yaml: Extension | undefined;

export async function loadYaml(): Promise<void> {
  yaml ??= (await import('./yaml.js')).yamlLanguage;
}

/** A promise where the language has to be loaded first. */
export function languageExtension(name: EditorLanguage): Extension | Promise<Extension> {
  if (name === 'http') return httpLanguage;
  if (name === 'json') return jsonLanguage;
  // As `opa fmt` writes it.
  if (name === 'rego') return [regoLanguage, indentUnit.of('\t')];
  if (name === 'yaml') return yaml ?? loadYaml().then(() => yaml ?? []);
  return [];
}
