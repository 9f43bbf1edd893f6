import { PwtError, summarise, type TaskFailure } from '@pwt/core';
import { MemoryWorkspaceProvider, makeClaims, makeTask, ScriptedGate } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { outcomes, type Work, World, type WorldOptions, writes } from './world.js';

/** Runs tasks; what failed of each, by id. */
async function failuresOf(ids: readonly string[], more: Partial<WorldOptions>) {
  const world = new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: Object.fromEntries(ids.map((id) => [id, writes(`${id}.txt`)])),
    ...more,
  });
  const coordinator = world.coordinator();
  const summary = await world.start(coordinator);
  // What is on record says the same as what is returned.
  expect(summarise(coordinator.state).tasks).toEqual(summary.tasks);
  const failures = summary.tasks.map(({ taskId, failure }) => [taskId, failure] as const);
  return { summary, failures: Object.fromEntries(failures) as Record<string, TaskFailure | undefined> };
}

describe('why a task came to no good end', () => {
  it('is said for programs: by its agent, its changes, its gate, and what it needs', async () => {
    const { summary, failures } = await failuresOf(['1', '2', '3', '4', '5', '6', '7'], {
      tasks: ['1', '2', '3', '4', '5', '6', '7'].map((id) =>
        makeTask(id, id === '2' ? { dependsOn: ['1'] } : {}),
      ),
      work: {
        '1': () => 7,
        '3': () => 0,
        '4': writes('4.txt'),
        '5': writes('5.txt'),
        '6': writes('6.txt'),
        '7': writes('7.txt'),
      },
      gate: ({ repository }) =>
        new ScriptedGate(({ commit }) => {
          const { files } = repository.read(commit);
          if (files.has('4.txt'))
            return { status: 'red', exitCode: 1, durationMs: 1, summary: 'a\n2 tests failed\n' };
          if (files.has('5.txt')) return { status: 'timed-out', durationMs: 1000, summary: 'still running' };
          if (files.has('6.txt')) return { status: 'broken', durationMs: 1, message: 'npm is not installed' };
          return { status: 'green', durationMs: 1 };
        }),
    });
    expect(outcomes(summary)).toMatchObject({ '1': 'failed', '2': 'skipped', '6': 'held', '7': 'landed' });
    const logFile = expect.stringMatching(/^\/runs\/run-1\/gate\/.*\.log$/);
    expect(failures).toEqual({
      '1': { kind: 'exit-code', message: 'exit code 7' },
      '2': { kind: 'dependency', message: 'needs task 1, which failed' },
      '3': { kind: 'no-change', message: expect.stringContaining('changed no file') },
      '4': { kind: 'gate-red', message: '2 tests failed', logFile },
      '5': { kind: 'gate-timed-out', message: 'still running', logFile },
      '6': { kind: 'gate-broken', message: 'npm is not installed', logFile },
      '7': undefined,
    });
  });

  it('names the files in conflict', async () => {
    const { failures } = await failuresOf(['1', '2'], {
      work: { '1': writes('same.txt', 'one\n'), '2': writes('same.txt', 'two\n') },
      files: { 'same.txt': 'old\n' },
    });
    const kinds = Object.values(failures).map((failure) => failure?.kind);
    expect(kinds.sort()).toEqual(['conflict', undefined]);
  });

  it('is none where an agent marks the files that its task is specified in', async () => {
    const work: Work = (files) => {
      for (const path of ['1.txt', 'specs/SPEC-1-task.md', 'specs/SPEC-1-tests.md'])
        files.set(path, 'done\n');
      return 0;
    };
    const task = makeTask('1');
    const specs = [...task.specs, { path: 'specs/SPEC-1-tests.md', text: '', hash: '1' }];
    const more = { tasks: [{ ...task, specs }], options: { audit: 'strict' as const } };
    const { summary } = await failuresOf(['1'], { work: { '1': work }, ...more });
    expect(outcomes(summary)).toEqual({ '1': 'landed' });
    // The spec of another task is not its own.
    const other = await failuresOf(['1', '2'], {
      work: { '1': writes('specs/SPEC-2-task.md') },
      options: { audit: 'strict' },
    });
    expect(other.failures['1']?.message).toBe('changed paths outside its claims: specs/SPEC-2-task.md');
  });

  it('is an audit that holds the work, or an error with its code', async () => {
    const strict = await failuresOf(['1'], { work: { '1': writes('x.txt') }, options: { audit: 'strict' } });
    expect(strict.failures['1']).toEqual({
      kind: 'outside-claims',
      message: 'changed paths outside its claims: x.txt',
    });
    class Full extends MemoryWorkspaceProvider {
      override async collect(): Promise<never> {
        throw new PwtError('PWT_DISK_FULL', 'The disk is full.', { hint: 'Free some.' });
      }
    }
    const { summary, failures } = await failuresOf(['1'], { provider: (repository) => new Full(repository) });
    expect(outcomes(summary)).toEqual({ '1': 'held' });
    expect(failures['1']).toEqual({ kind: 'error', code: 'PWT_DISK_FULL', message: 'The disk is full.' });
  });
});
