import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Git } from '@pwt/git';
import { temporaryFolder, testEnvironment } from './repository.js';

/** A git that writes down what it was asked. */
export function countingGit(cwd: string): {
  readonly git: Git;
  /** How many commands the action has run. */
  readonly count: (action: () => Promise<unknown>) => Promise<number>;
} {
  const folder = temporaryFolder();
  const [gitPath, log] = [join(folder, 'git'), join(folder, 'log')];
  writeFileSync(gitPath, `#!/bin/sh\necho "$*" >> '${log}'\nexec git "$@"\n`, { mode: 0o755 });
  const count = async (action: () => Promise<unknown>): Promise<number> => {
    rmSync(log, { force: true });
    await action();
    return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').length : 0;
  };
  return { git: new Git({ cwd, env: testEnvironment, gitPath }), count };
}
