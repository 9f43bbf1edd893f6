import type { Git } from './git.js';

/** Those of some paths, relative to the top of the working tree, that git ignores there. */
export async function onlyIgnored(git: Git, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  // git refuses its own literal pathspecs here; `./` keeps a name like `:!x` from being taken for magic.
  const records = await git.zRecords(['check-ignore', '-z', '--stdin'], {
    input: paths.map((path) => `./${path}\0`).join(''),
    okExitCodes: [0, 1],
    env: { GIT_LITERAL_PATHSPECS: '0' },
  });
  return records.map((path) => path.slice(2));
}
