// Elements without a framework.

type Child = Node | string | number | null | undefined | false;

interface Attributes {
  [name: string]: string | number | boolean | null | undefined | ((event: never) => void);
}

/**
 * An element. Attributes as in HTML; `onclick` and the like take a listener; `true` is an empty attribute; `false`,
 * `null` and `undefined` are left out. Text is never read as HTML.
 */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.replace(/^on/, ''), value as EventListener);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  const shown = children.filter((child) => child !== null && child !== undefined && child !== false);
  element.append(...shown.map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

let count = 0;

/** An id that no other element has, for `aria-controls`, `for` and the like. */
export function freshId(prefix: string): string {
  count += 1;
  return `${prefix}-${count}`;
}
