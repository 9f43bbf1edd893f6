import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Where git may look for a repository by itself: where pwt is opened, in a worktree that was made a moment ago and to
 * read its git directory, in a demonstration, and in the worktree of the agent that calls pwt: with its own rights, and where
 * a sandbox lets nothing else be opened.
 */
const MAY_LOOK = [
  'cli/src/demo/prepare-demo.ts',
  'default/src/doctor/diagnose.ts',
  'default/src/operations/done/own-attempt.ts',
  'default/src/project/project.ts',
  'git/src/door/finish-worktree.ts',
  'git/src/git.ts',
];

it('no other place lets git look for a repository, least of all in a worktree', () => {
  const found = readdirSync(packages, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        /^[^/]+\/src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts') && !path.startsWith('testkit/'),
    )
    .filter((path) => /\bgit\.at\(|\bnew Git\(/.test(readFileSync(join(packages, path), 'utf8')));
  expect(found.filter((path) => !MAY_LOOK.includes(path)).sort()).toEqual([]);
});
