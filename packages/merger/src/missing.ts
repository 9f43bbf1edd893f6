import type { CommitNote } from '@pwt/core';
import type { Git } from '@pwt/git';

/** The commits of `known` that `tip` does not contain, newest first. */
export async function missing(
  git: Git,
  { known, tip, limit }: { readonly known: string; readonly tip: string; readonly limit: number },
): Promise<{ readonly commits: readonly CommitNote[]; readonly total: number }> {
  const range = ['--end-of-options', known, `^${tip}`, '--'];
  const [records, total] = await Promise.all([
    git.lines(['log', `--max-count=${limit}`, '--format=%H %s', '--no-show-signature', ...range]),
    git.text(['rev-list', '--count', ...range]),
  ]);
  return {
    commits: records.map((record) => {
      const space = record.indexOf(' ');
      return { id: record.slice(0, space), subject: record.slice(space + 1) };
    }),
    total: Number(total),
  };
}
