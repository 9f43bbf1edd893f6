import { printable } from './printable.js';

const raw = new WeakMap<object, NodeJS.WritableStream>();

/**
 * A stream of which every text comes out {@link printable}: whatever a command prints, no text can steer the terminal.
 */
export function guarded<T extends NodeJS.WritableStream>(stream: T): T {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean =>
    (stream.write as (...args: unknown[]) => boolean)(
      printable(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')),
      ...rest,
    );
  const guard = new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  raw.set(guard, stream);
  return guard;
}

/** The stream itself: for what draws on a terminal, and for `pwt logs --raw`. */
export function unguarded<T extends NodeJS.WritableStream>(stream: T): T {
  return (raw.get(stream) as T | undefined) ?? stream;
}
