/** What came out of JSON or YAML, before it is known what it is. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or a number as one; `undefined` for an empty text and for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The texts of a list; a single text is a list of one. */
export function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => textOf(one) ?? []);
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

const priorities: ReadonlyMap<string, number> = new Map([
  ...['critical', 'urgent', 'highest'].map((word) => [word, 2] as const),
  ['high', 1],
  ['medium', 0],
  ['low', -1],
  ['lowest', -2],
]);

/** The priority that a word stands for; `undefined` if it stands for none. */
export function priorityOf(value: unknown): number | undefined {
  return priorities.get(textOf(value)?.toLowerCase() ?? '');
}
