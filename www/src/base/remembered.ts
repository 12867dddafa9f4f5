// What the browser keeps between visits, such as the theme. If storage is forbidden, nothing is kept and nothing fails.

export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Chosen anew the next time.
  }
}
