// Drawing anew without taking anything away from who reads: focus, and what was opened, stay where they were.

/** Replaces what is in `host`. Elements are known again by `data-key`: the focused one, and each opened `<details>`. */
export function redraw(host: Element, ...nodes: Node[]): void {
  const focused = host.contains(document.activeElement) ? keyOf(document.activeElement) : undefined;
  const opened = new Set([...host.querySelectorAll('details[open][data-key]')].map(keyOf));
  host.replaceChildren(...nodes);
  for (const details of host.querySelectorAll<HTMLDetailsElement>('details[data-key]'))
    if (opened.has(keyOf(details))) details.open = true;
  if (focused === undefined) return;
  const keyed = [...host.querySelectorAll<HTMLElement>('[data-key]')];
  // What had the focus may be gone with its cause: then the place in the page is kept at least.
  const again = keyed.find((element) => keyOf(element) === focused) ?? keyed.find((element) => element.tabIndex === 0);
  again?.focus({ preventScroll: true });
}

function keyOf(element: Element | null): string | undefined {
  return element?.getAttribute('data-key') ?? undefined;
}
