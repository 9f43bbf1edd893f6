import type { Git } from './git.js';

/** Where git reads; elsewhere than in the repository, for objects that are not in it. */
export interface ReadFrom {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The contents of blobs, in the order of the ids; `null` for what is not there. With one git process, and all in
 * memory at once.
 */
export async function readBlobs(
  git: Git,
  ids: readonly string[],
  from?: ReadFrom,
): Promise<(Buffer | null)[]> {
  if (ids.length === 0) return [];
  const input = ids.map((id) => `${id}\n`).join('');
  // An answer is a line `<id> <type> <size>`, the content and a newline; or a line `<id> missing`.
  let { stdout: rest } = await git.runBytes(['cat-file', '--batch'], { input, ...from });
  return ids.map(() => {
    const end = rest.indexOf('\n');
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(rest.toString('latin1', 0, end))?.[1];
    const start = end + 1;
    const stop = size === undefined ? start : start + Number(size);
    const content = size === undefined ? null : rest.subarray(start, stop);
    rest = rest.subarray(size === undefined ? stop : stop + 1);
    return content;
  });
}
