import { oneLine } from './text.js';

/** `a`, `a and b`, `a, b and c`; beyond so many `a, b and 7 more`. */
export function enumerate(items: readonly string[], most: number = Number.POSITIVE_INFINITY): string {
  if (items.length > most) {
    const shown = items.slice(0, Math.max(1, most - 1));
    return `${shown.join(', ')} and ${items.length - shown.length} more`;
  }
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `file:line`, as editors and CI systems read it, on one line; the first line where none is known. */
export function formatPlace(
  place: { readonly path: string; readonly line?: number } | undefined,
): string | undefined {
  return place && `${oneLine(place.path)}:${place.line ?? 1}`;
}
