import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spec, type Workbench } from '../../support/pwt.js';
import { type BringAbout, expectLast, expectSome, fileExists, run } from './stage.js';

/** Three tasks; the agents of the first two wait. */
const WAITING = {
  ...spec(1, 'one.txt', '@signal ../begun-1', '@wait ../go-1', '@claims', '@commit one'),
  ...spec(2, 'two.txt', '@signal ../begun-2', '@wait ../go-2', '@claims'),
  ...spec(3, 'three.txt', '@claims'),
};

function attemptOf(bench: Workbench, runId: string, id: number): string {
  return join(bench.repository.path, '.git/pwt/runs', runId, 'tasks', `${id}`, '1');
}

/** Runs whose pwt has gone, or has stopped, before they were over. */
export const interrupted: Readonly<Record<string, BringAbout>> = {
  'agents-gone': async (bench) => {
    const { parent } = bench.repository;
    let runId = '';
    await run(bench, WAITING, ['--max-instances', '2'], async (line, child) => {
      if (line.type === 'run-started') runId = (line as unknown as { runId: string }).runId;
      if (line.type !== 'agent-launched' || line.taskId !== '2') return;
      await Promise.all([1, 2].map((id) => fileExists(join(parent, `begun-${id}`))));
      child.kill('SIGKILL');
    });
    // The first ends as it should meanwhile; the second is ended together with what would record how.
    await writeFile(join(parent, 'go-1'), '');
    await fileExists(join(attemptOf(bench, runId, 1), 'exit'));
    const pids = ['lease', 'command'].map((name) => pidIn(join(attemptOf(bench, runId, 2), name)));
    execFileSync('kill', ['-KILL', ...(await Promise.all(pids))]);
  },

  stopped: async (bench) => {
    await run(bench, WAITING, ['--max-instances', '2'], async (line, child) => {
      if (line.type !== 'agent-launched' || line.taskId !== '2') return;
      await Promise.all([1, 2].map((id) => fileExists(join(bench.repository.parent, `begun-${id}`))));
      child.kill('SIGINT');
      child.kill('SIGTERM');
    });
    await expectLast(bench, 'run-interrupted');
    await expectSome(bench, 'agent-exited');
  },
};

async function pidIn(file: string): Promise<string> {
  return String((JSON.parse(await readFile(file, 'utf8')) as { pid: number }).pid);
}
