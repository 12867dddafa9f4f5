// Which class a token gets; editor.css has the colours.

import { syntaxHighlighting } from '@codemirror/language';
import { tagHighlighter, tags } from '@lezer/highlight';

export const highlighting = syntaxHighlighting(
  tagHighlighter([
    { tag: [tags.keyword, tags.typeName, tags.bool, tags.null], class: 'editor-keyword' },
    { tag: [tags.string, tags.special(tags.string), tags.url], class: 'editor-string' },
    { tag: [tags.escape, tags.labelName], class: 'editor-escape' },
    { tag: [tags.number, tags.meta], class: 'editor-number' },
    {
      tag: [tags.propertyName, tags.definition(tags.variableName), tags.namespace, tags.special(tags.variableName)],
      class: 'editor-name',
    },
    { tag: [tags.function(tags.variableName), tags.standard(tags.variableName)], class: 'editor-function' },
    { tag: tags.comment, class: 'editor-comment' },
    { tag: tags.invalid, class: 'editor-invalid' },
  ]),
);
