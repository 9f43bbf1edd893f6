import { defined } from './defined.js';
/** A place in a file of the user's. Lines and columns count from 1. */
export interface Place {
  /** As in `SpecFile.path` for a spec: relative to the repository root. Absolute for files outside of the tree. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

/** A stable error code. Every code has a heading in `docs/errors.md`. */
export type PwtErrorCode = `PWT_${string}`;

export interface PwtErrorOptions {
  /** What to do next, as one sentence or one command. */
  readonly hint?: string;
  readonly place?: Place;
  /** Serialisable facts for programs. The message is complete without them. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('@pwt/core/error');

/**
 * The only error that pwt throws on purpose: a broken contract, bad input or a failing environment.
 * Ordinary outcomes (a conflict, a red gate, a failed agent) are values in return types.
 *
 * Recognise it with {@link isPwtError}, never with `instanceof`: two copies of this package may be loaded.
 */
export class PwtError extends Error {
  override readonly name = 'PwtError';
  readonly code: PwtErrorCode;
  readonly hint: string | undefined;
  readonly place: Place | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: PwtErrorCode, message: string, options: PwtErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.place = options.place;
    this.data = options.data;
    Object.defineProperty(this, BRAND, { value: true });
  }

  toJSON(): { code: PwtErrorCode; message: string; hint?: string; place?: Place; data?: unknown } {
    return {
      code: this.code,
      message: this.message,
      ...defined({ hint: this.hint, place: this.place, data: this.data }),
    };
  }
}

/** True for a {@link PwtError} of this or any other copy of `@pwt/core`. */
export function isPwtError(value: unknown): value is PwtError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** True for a {@link PwtError} with this code. */
export function hasCode(value: unknown, code: PwtErrorCode): value is PwtError {
  return isPwtError(value) && value.code === code;
}
