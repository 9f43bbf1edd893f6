import type { Dialect, Reading } from './dialect.js';
import { oneLine } from './text.js';

/** An event of an agent: an object whose fields may be missing or of another type in the next version. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A dialect of one JSON object per line; what is not JSON is shown as it is. */
export function jsonDialect(read: (event: JsonObject) => Reading | undefined): Dialect {
  return (line) => {
    const text = line.trim();
    if (text === '') return undefined;
    const event = text.startsWith('{') ? parseObject(text) : undefined;
    return event ? read(event) : { activity: { kind: 'output', text: oneLine(text) } };
  };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** The objects of a list; none if it is not a list. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf).filter((one) => one !== undefined) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The value at a path of fields. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, field) => objectOf(inner)?.[field], value);
}
