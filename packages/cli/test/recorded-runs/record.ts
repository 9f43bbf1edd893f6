import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Workbench } from '../support/pwt.js';
import { pack } from './pack.js';
import { withPlaceholders } from './placeholders.js';
import { situations } from './situations/index.js';
import { unpack } from './unpack.js';

/**
 * Brings each situation about with a built pwt, and keeps what is there then, and what the program says of it.
 *
 * @param program `packages/cli/bundle/pwt.mjs` of a checkout that is built
 * @param names of the situations; none means all
 */
export async function record(program: string, folder: string, names: readonly string[]): Promise<void> {
  const wanted = Object.entries(situations).filter(([name]) => names.length === 0 || names.includes(name));
  for (const [name, bringAbout] of wanted) {
    const bench = await Workbench.create(resolve(program));
    try {
      // What git's own templates bring is not part of the recording.
      for (const name of ['hooks', 'info', 'description'])
        await rm(join(bench.repository.path, '.git', name), { recursive: true, force: true });
      await bringAbout(bench, resolve(program, '../../../..'));
      const kept = join(resolve(folder), name);
      const { stdout } = await bench.pwt(['status', '--json']);
      await pack(bench.repository.parent, kept);
      await writeFile(join(kept, 'status.txt'), withPlaceholders(stdout, bench.repository.parent));
      await check(kept);
      console.log(`recorded ${name}`);
    } finally {
      await bench.dispose();
    }
  }
}

/** What can't be put back is of no use. */
async function check(kept: string): Promise<void> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'pwt-recorded-')));
  try {
    await unpack(kept, root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
