import type { SandboxNetwork } from './sandbox-options.js';

export interface SeatbeltRequest {
  /** Files and folders that may be written. Absolute, links resolved. */
  readonly writable: readonly string[];
  /** Inside of them, and not writable. */
  readonly readOnly: readonly string[];
  readonly network: SandboxNetwork;
}

/**
 * The arguments of macOS's `sandbox-exec` that confine a command: everything may be read, only `writable` be written.
 *
 * The profile is constant but for the numbers of its parameters; paths are their values, so none is read as part of it.
 * Of two rules the later one counts.
 */
export function seatbeltArguments({ writable, readOnly, network }: SeatbeltRequest): string[] {
  const names = (list: readonly string[], prefix: string) =>
    list.map((_, index) => `(subpath (param "${prefix}${index}"))`).join(' ');
  const values = (list: readonly string[], prefix: string) =>
    list.flatMap((path, index) => ['-D', `${prefix}${index}=${path}`]);
  const profile = [
    '(version 1)',
    '(allow default)',
    '(deny file-write*)',
    '(allow file-write* (subpath "/dev"))',
    ...(writable.length === 0 ? [] : [`(allow file-write* ${names(writable, 'W')})`]),
    ...(readOnly.length === 0 ? [] : [`(deny file-write* ${names(readOnly, 'R')})`]),
    ...(network === 'off' ? ['(deny network*)'] : []),
    '(deny signal)',
    '(allow signal (target same-sandbox))',
  ].join('\n');
  return ['-p', profile, ...values(writable, 'W'), ...values(readOnly, 'R')];
}
