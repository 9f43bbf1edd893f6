import { cp, mkdir, mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commitAll, Git } from '@pwt/git';
import { usageError } from '../options/usage.js';
import { packageRoot } from '../package-root.js';

export interface DemoRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Where to make it, relative to {@link cwd}; must be empty or not exist. @default a temporary directory */
  readonly directory: string | undefined;
}

/** Two equal repositories beside each other. Absolute paths. */
export interface PreparedDemo {
  readonly directory: string;
  readonly parallel: string;
  readonly sequential: string;
}

const AUTHOR = { name: 'pwt demo', email: 'demo@pwt.invalid' };

/** The program that the demo works on; shipped with the CLI. */
export const demoAssets: string = fileURLToPath(new URL('demo/', packageRoot));

/** Makes the repositories of the demo. @throws PwtError `PWT_USAGE` if the directory holds something */
export async function prepareDemo({ env, cwd, directory }: DemoRequest): Promise<PreparedDemo> {
  const place =
    directory === undefined ? await mkdtemp(join(tmpdir(), 'pwt-demo-')) : resolve(cwd, directory);
  await mkdir(place, { recursive: true });
  if ((await readdir(place)).length > 0) {
    throw usageError(`${place} is not empty.`, 'Name a directory that does not exist yet, or none.');
  }
  const real = await realpath(place);
  const [parallel, sequential] = [join(real, 'textkit'), join(real, 'textkit-one-by-one')];
  for (const root of [parallel, sequential]) {
    await cp(join(demoAssets, 'quickstart'), root, { recursive: true });
    const git = new Git({ cwd: root, env });
    await git.run(['init', '--quiet', '--initial-branch=main']);
    await commitAll(git, { message: 'A small program with a backlog\n', author: AUTHOR, committer: AUTHOR });
  }
  return { directory: real, parallel, sequential };
}
