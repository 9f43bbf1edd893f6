import type * as z from 'zod';

/** The most that is read of what somebody has written about himself. */
const MAX_CHARS = 256 * 1024;

/** What is in a key or a message of the plugin; `undefined` if it is no such thing: others may write to Redis, too. */
export function parseOwn<T = unknown>(text: string | null | undefined, schema?: z.ZodType<T>): T | undefined {
  if (typeof text !== 'string' || text.length > MAX_CHARS) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return schema === undefined ? (value as T) : schema.safeParse(value).data;
  } catch {
    return undefined;
  }
}
