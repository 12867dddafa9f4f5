// The languages of the editor: three at once, YAML when it is asked for.

import { indentUnit } from '@codemirror/language';
import type { Extension } from '@codemirror/state';

import { httpLanguage } from './http';
import { jsonLanguage } from './json';
import { regoLanguage } from './rego';

export type EditorLanguage = 'http' | 'json' | 'yaml' | 'rego' | 'text';

let yaml: Extension | undefined;

export async function loadYaml(): Promise<void> {
  yaml ??= (await import('./yaml')).yamlLanguage;
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
