// What is YAML only after a template engine has filled it in. GitHub's `${{ … }}` is text, and so are braces in quotes.

const BRACES = /^[ \t]*(?:\{\{|\{%)|(?:^|[ \t])(?:[^"'#\s]+:|-)[ \t]+\{\{/m;
const HELM =
  /\{\{[^}]*(?:\.(?:Values|Release|Chart|Capabilities|Files|Template)\b|\b(?:include|define|template|toYaml|nindent|range|with|end|if|else)\b)/;

/** { message, offset, help } if the text has the braces of a template where YAML has none, or undefined. */
export function templateIn(text) {
  const found = BRACES.exec(text);
  if (found === null) return undefined;
  const [message, help] = HELM.test(text)
    ? ['this is a Helm template: render it first', 'helm template CHART | countersign check -']
    : ['this is a template: render it first', 'check what comes out of the tool that fills it in, such as Ansible'];
  return { message, offset: found.index + found[0].search(/\{[{%]/), help };
}
