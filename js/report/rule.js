// What the METADATA of a rule says, for a terminal.

import { wrapped } from './markdown.js';
import { placeText } from './pretty.js';

/** @param rule { pack, path, file, line, severity, annotations } */
export function ruleText(terminal, { annotations, ...rule }) {
  const all = annotations.length > 0 ? annotations : [{}];
  return all.map((annotation) => one(terminal, rule, annotation)).join('\n');
}

function one(terminal, { pack, path, file, line, severity }, annotation) {
  const { id, title, description, remedy, relatedResources = [] } = annotation;
  const text = (words) => wrapped(terminal.clean(words), terminal.width).join('\n');
  const name = id === undefined ? path : `policy-${id.replace(/^policy-/, '')}`;
  const facts = [
    ['severity', annotation.severity ?? severity],
    ['judges', annotation.subject === 'set' ? 'all documents together' : undefined],
    ['rule', `${path}, of ${pack}`],
    ['stands at', placeText(terminal, { file, line })],
    ...relatedResources.map((address) => ['from', address]),
  ].filter(([, value]) => value !== undefined);
  const parts = [
    terminal.paint('bold', terminal.clean(name)),
    title && text(title),
    description && text(description),
    facts.map(([label, value]) => `${label}: ${terminal.clean(value)}`).join('\n'),
    remedy && text(`help: ${remedy}`).replace('help', terminal.paint('info', 'help')),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
