import type { CommitId } from '@pwt/core';

/** A change of a ref of a remote. Without `commit` the ref is deleted; without `expected` it may be anywhere; `''`: nowhere. */
export interface RefChange {
  readonly ref: string;
  readonly commit?: CommitId;
  readonly expected?: string;
}

/** A push of these changes and nothing else, each of which is done or not by itself. */
export function pushArguments(
  address: string,
  changes: readonly RefChange[],
  more: readonly string[] = [],
): string[] {
  return [
    ...['push', '--porcelain', '--no-verify', '--no-follow-tags', '--no-signed', '--no-force-if-includes'],
    ...['--recurse-submodules=no', ...more],
    ...changes.flatMap(({ ref, expected }) =>
      expected === undefined ? [] : [`--force-with-lease=${ref}:${expected}`],
    ),
    ...['--', address],
    // `+` would override the expectation.
    ...changes.map(
      ({ ref, commit = '', expected }) => `${expected === undefined ? '+' : ''}${commit}:${ref}`,
    ),
  ];
}

/** What the remote says of the refs that it has refused, by their names; out of what `--porcelain` prints. */
export function refusals(stdout: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [flag, pair = '', words = ''] = line.split('\t');
    if (flag === '!') found.set(pair.slice(pair.indexOf(':') + 1), words.replace(/^\[[^\]]*\]\s*/, ''));
  }
  return found;
}

/** What a hook over there has said: the last of its lines. */
export function saidThere(stderr: string): readonly string[] {
  const lines = [...stderr.matchAll(/^remote: *(.*?)\s*$/gm)].map(([, line = '']) => line.slice(0, 200));
  return lines.filter((line) => line !== '').slice(-5);
}
