import type { LaunchRequest, RunEvent } from '@pwt/core';
import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { killAt } from './mortal.js';
import {
  deferred,
  fileGate,
  outcomes,
  RUN_ID,
  type Work,
  World,
  type WorldOptions,
  writes,
} from './world.js';

/** As the settings have it by default. */
const RETRIES = { 'gate-red': 1, conflict: 1, 'no-change': 1, 'early-crash': 1 } as const;

function world(work: Readonly<Record<string, Work>>, more: Partial<WorldOptions> = {}): World {
  const ids = Object.keys(work);
  return new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    options: { maxInstances: 1, retries: RETRIES },
    work,
    ...more,
  });
}

/** An agent that does this at its first attempt, that at its second, and so on; the last one again and again. */
function attempts(seen: LaunchRequest[], ...works: readonly [Work, ...Work[]]): Work {
  return (files, agent) => {
    seen.push(agent.request);
    const work = works[Math.min(seen.length, works.length) - 1] ?? works[0];
    return work(files, agent);
  };
}

async function endings(of: World): Promise<readonly string[]> {
  const log = await of.journals.read(RUN_ID);
  return log.flatMap((event) => (event.type === 'task-continued' ? [event.ending.failure?.kind ?? ''] : []));
}

describe('an attempt that was not enough', () => {
  it('continues in the same workspace, told what the gate has said', async () => {
    const seen: LaunchRequest[] = [];
    const mends: Work = (files, { request }) => {
      if (request.continues?.feedback.includes('expected 4') && files.get('1.txt') === '5\n')
        files.set('1.txt', '4\n');
    };
    const gate = fileGate((files) =>
      files.get('1.txt') === '5\n' ? 'running …\nexpected 4, got 5\n' : undefined,
    );
    const run = world({ '1': attempts(seen, writes('1.txt', '5\n'), mends) }, { gate });
    expect(outcomes(await run.start())).toEqual({ '1': 'landed' });
    expect(run.landed()).toMatchObject({ '1.txt': '4\n' });
    expect(seen).toHaveLength(2);
    expect(seen[1]?.attempt).toMatchObject({ number: 2, workspace: { id: seen[0]?.attempt.workspace.id } });
    expect(seen[1]?.attempt.stateDir).not.toBe(seen[0]?.attempt.stateDir);
    expect(seen[1]?.continues?.feedback).toMatch(/is red \(exit code 1\)[\s\S]*`1\.txt` \(added\)/);
  });

  it('ends the task once its kind of failure has had its number of further attempts', async () => {
    const seen: LaunchRequest[] = [];
    const run = world(
      { '1': attempts(seen, writes('1.txt', '5\n')) },
      { gate: fileGate((files) => (files.has('1.txt') ? 'red' : undefined)) },
    );
    const summary = await run.start();
    expect(summary.tasks[0]).toMatchObject({ status: 'failed', failure: { kind: 'gate-red' } });
    expect(seen).toHaveLength(2);
    expect((await run.provider.list()).map(({ taskId }) => taskId)).toEqual(['1']);
  });

  it('counts each kind of failure for itself', async () => {
    const seen: LaunchRequest[] = [];
    const nothing: Work = () => 0;
    const run = world(
      { '1': attempts(seen, nothing, writes('1.txt', 'bad\n'), writes('1.txt', 'good\n')) },
      { gate: fileGate((files) => (files.get('1.txt') === 'bad\n' ? 'bad' : undefined)) },
    );
    expect(outcomes(await run.start())).toEqual({ '1': 'landed' });
    expect(await endings(run)).toEqual(['no-change', 'gate-red']);
  });

  it('is the last one without a policy, as in runs of earlier versions', async () => {
    const seen: LaunchRequest[] = [];
    const run = world({ '1': attempts(seen, () => 0) }, { options: {} });
    expect(outcomes(await run.start())).toEqual({ '1': 'unchanged' });
    expect(seen).toHaveLength(1);
  });

  it('is told nothing after a crash within seconds, and tried once more', async () => {
    const seen: LaunchRequest[] = [];
    const run = world({ '1': attempts(seen, () => 1, writes('1.txt')), '2': () => 1 });
    expect(outcomes(await run.start())).toEqual({ '1': 'landed', '2': 'failed' });
    for (const { continues } of seen) expect(continues?.feedback ?? '').not.toContain('last turn');
    expect([...run.launcher.started].sort()).toEqual(['1', '1', '2', '2']);
  });

  it('goes before tasks that have not begun, and needs no other one to be skipped', async () => {
    const continued = deferred();
    const third: Work = async (files) => {
      await continued.promise;
      files.set('3.txt', 'new\n');
    };
    const seeing = {
      name: 'test',
      onEvent: async ({ type }: RunEvent) => void (type === 'task-continued' && continued.resolve()),
    };
    const run = world(
      { '1': attempts([], () => 0, writes('1.txt')), '2': writes('2.txt'), '3': third, '4': () => 1 },
      {
        tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] }), makeTask('3'), makeTask('4')],
        sinks: [seeing],
      },
    );
    expect(outcomes(await run.start())).toMatchObject({ '1': 'landed', '2': 'landed', '3': 'landed' });
    // The slot was filled with the next task before it was known what the first attempt had left.
    expect(run.launcher.started.slice(0, 3)).toEqual(['1', '3', '1']);
  });

  it('resumes the session of the same agent, with what it has used', async () => {
    const seen: LaunchRequest[] = [];
    const says: Work = (_files, { say }) => {
      const total = { inputTokens: 30, outputTokens: 2 };
      say({ kind: 'message', text: 'session started', sessionId: 'ses-1', total });
      return 0;
    };
    const run = world({ '1': attempts(seen, says, writes('1.txt')) });
    await run.start();
    const usedBefore = { inputTokens: 30, outputTokens: 2 };
    expect(seen[1]?.continues).toMatchObject({ sessionId: 'ses-1', usedBefore });
  });
});

describe('an agent that a reboot has taken', () => {
  it('is followed by another one, which does not count', async () => {
    const gone = deferred();
    const seen: LaunchRequest[] = [];
    const lost: Work = async () => {
      await gone.promise;
      return 'lost' as const;
    };
    const run = world({ '1': attempts(seen, lost, () => 0, writes('1.txt')) });
    await killAt(run, ({ type }) => type === 'agent-launched', 'after');
    gone.resolve();
    expect(outcomes(await run.coordinator().resume({ runId: RUN_ID }))).toEqual({ '1': 'landed' });
    expect(await endings(run)).toEqual(['lost', 'no-change']);
  });
});

describe('a task that the user retries', () => {
  it('goes on with what it has, told what the user says, and counts from anew', async () => {
    const seen: LaunchRequest[] = [];
    const nothing: Work = () => 0;
    const run = world({ '1': attempts(seen, nothing, nothing, nothing, writes('1.txt')) });
    expect(outcomes(await run.start())).toEqual({ '1': 'unchanged' });
    const again = { runId: RUN_ID, retry: ['1'], message: 'use the existing helper' };
    expect(outcomes(await run.coordinator().resume(again))).toEqual({ '1': 'landed' });
    expect(seen[2]?.continues?.feedback).toContain('use the existing helper');
    expect(seen).toHaveLength(4);
  });

  it('starts over where its workspace is gone', async () => {
    const seen: LaunchRequest[] = [];
    const run = world({ '1': attempts(seen, () => 0, writes('1.txt')) }, { options: {} });
    await run.start();
    const [workspace] = await run.provider.list();
    if (workspace) await run.provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    const retried = await run.coordinator().resume({ runId: RUN_ID, retry: ['1'] });
    expect(outcomes(retried)).toEqual({ '1': 'landed' });
    expect(seen[1]?.continues).toBeUndefined();
  });
});
