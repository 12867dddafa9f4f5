// Loaded when a YAML text is opened.

export { yamlLanguage } from '@codemirror/lang-yaml';
