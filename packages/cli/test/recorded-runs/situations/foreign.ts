import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spec, type Workbench } from '../../support/pwt.js';
import { type BringAbout, expectSome, fileExists, run } from './stage.js';

/** Changes the repository while the agent of task 1 is at work, and lets it go on then. */
async function changedMeanwhile(bench: Workbench, change: () => Promise<unknown>): Promise<void> {
  const { parent } = bench.repository;
  const directives = ['@signal ../begun', '@wait ../go', '@write one.txt task'];
  await run(bench, spec(1, 'one.txt', ...directives), ['--gate', 'test -e one.txt'], async (line) => {
    if (line.type !== 'agent-launched') return;
    await fileExists(join(parent, 'begun'));
    await change();
    await writeFile(join(parent, 'go'), '');
  });
}

async function commitOnMain(bench: Workbench, file: string): Promise<void> {
  await bench.repository.write({ [file]: 'user\n' });
  await bench.repository.commitAll(`user changes ${file}`);
}

/** An agent that does its task, and has git take the user's checkout for none any more. */
const MEDDLER = ['sh', '-c', 'echo done >one.txt; git config core.bare true'];

/** Nothing has landed, and what was wrong has been put right since. */
const meddledWith: BringAbout = async (bench) => {
  await run(bench, spec(1, 'one.txt'), ['--gate', 'test -e one.txt'], undefined, MEDDLER);
  await expectSome(bench, 'finding', 'land-refused');
  await bench.repository.git('config', 'core.bare', 'false');
};

const rewritten: BringAbout = async (bench) => {
  await changedMeanwhile(bench, () => bench.repository.git('commit', '--quiet', '--amend', '-m', 'amended'));
  await expectSome(bench, 'land-refused', 'finding');
};

/** Runs beside which others changed the repository. */
export const foreign: Readonly<Record<string, BringAbout>> = {
  'target-joined': async (bench) => {
    await changedMeanwhile(bench, () => commitOnMain(bench, 'other.txt'));
    await expectSome(bench, 'target-moved', 'target-integrated', 'landed');
  },

  'target-conflicted': async (bench) => {
    await changedMeanwhile(bench, () => commitOnMain(bench, 'one.txt'));
    await expectSome(bench, 'target-moved', 'target-conflicted', 'warning');
  },

  'target-rewritten': rewritten,

  'target-replaced': async (bench) => {
    await rewritten(bench, '');
    await bench.pwt(['land', '--onto-rewritten']);
    await expectSome(bench, 'target-replaced', 'landed');
  },

  'config-changed': meddledWith,

  'config-put-right': async (bench) => {
    await meddledWith(bench, '');
    await bench.pwt(['land']);
    await expectSome(bench, 'finding-resolved', 'landed');
  },
};
