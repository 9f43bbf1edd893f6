import { type ParseArgsConfig, parseArgs } from 'node:util';
import { PwtError } from '@pwt/core';
import { NAME } from '../../protocol/names.js';
import type { Flag, FlagName } from './flags.js';

/** Where a command line is read: what relative paths start from, and the environment. */
export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What flags say, by name. */
export type Values = { readonly [K in FlagName]?: string | boolean | (string | boolean)[] };

/** @throws PwtError `PWT_USAGE` for a flag that is not among these */
export function parseFlags(argv: readonly string[], flags: Readonly<Record<string, Flag>>): Values {
  const options: ParseArgsConfig['options'] = Object.fromEntries(
    Object.entries(flags).map(([name, { value, multiple = false }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values as Values;
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
  }
}

export function one(values: Values, name: FlagName): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function many(values: Values, name: FlagName): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** Bytes, of a text such as `1.5 GB`. */
export function readSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)B?$/i.exec(text.trim()) ?? [];
  if (amount === undefined) throw usage(`--min-disk ${text}: must be a size such as 1GB`);
  return Math.round(Number(amount) * (UNITS[unit.toUpperCase()] ?? 1));
}

export function numberOf(
  values: Values,
  name: FlagName,
  { min, max, whole = false }: { readonly min: number; readonly max: number; readonly whole?: boolean },
): number | undefined {
  const text = one(values, name);
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw usage(`--${name} ${text}: must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
}

/** A name that is fit for keys, refs and folders. */
export function named(text: string | undefined, flag: string): string | undefined {
  if (text === undefined || NAME.test(text)) return text;
  throw usage(`${flag} ${text}: must be letters, digits, - and _`);
}

export function usage(what: string, hint = 'See: pwt-worker --help'): PwtError {
  return new PwtError('PWT_USAGE', `${what.replace(/[.\s]+$/, '')}.`, { hint });
}
