import { type CollectOutcome, type CollectRequest, PwtError, subjectName } from '@pwt/core';
import {
  MemoryJournalStore,
  MemoryMerger,
  MemoryWorkspaceProvider,
  makeClaims,
  makeRunOptions,
  makeTask,
  ScriptedGate,
} from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { killAt } from './mortal.js';
import { deferred, outcomes, RUN_ID, World, type WorldOptions, writes } from './world.js';

/** Tasks that each write a file of their own. */
function world(ids: readonly string[], more: Partial<WorldOptions> = {}): World {
  return new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: Object.fromEntries(ids.map((id) => [id, writes(`${id}.txt`)])),
    ...more,
  });
}

const resume = (run: World, more: { retry?: string[] } = {}) =>
  run.coordinator().resume({ runId: RUN_ID, ...more });

describe('resume', () => {
  it('has nothing to go on with before the plan is complete', async () => {
    const run = world(['1', '2', '3']);
    await killAt(run, (event) => event.taskId === '2', 'before');
    await expect(resume(run)).rejects.toMatchObject({ code: 'PWT_RUN_UNKNOWN' });
    expect(run.launcher.started).toEqual([]);
  });

  it('goes by what the program says where the log of an older version says nothing', async () => {
    const run = world(['1']);
    await killAt(run, (event) => event.type === 'run-planned', 'after');
    const journals = new MemoryJournalStore();
    const journal = await journals.open(RUN_ID);
    for (const event of await run.journals.read(RUN_ID)) {
      if (event.type === 'run-started') delete (event.options as { audit?: string }).audit;
      await journal.append(event);
    }
    const fallbackOptions = makeRunOptions({ audit: 'strict', maxInstances: 9 });
    const coordinator = run.coordinator({ journals, fallbackOptions });
    await coordinator.resume({ runId: RUN_ID });
    expect(coordinator.state.options).toEqual(makeRunOptions({ audit: 'strict' }));
  });

  it('joins first what was being joined, and never holds it because another one came before it', async () => {
    const first = deferred();
    const gated = deferred();
    const run = world(['1', '2'], {
      work: {
        '1': async (files) => {
          await first.promise;
          files.set('1.txt', 'x');
          return 0;
        },
        '2': writes('2.txt'),
      },
      gate: new ScriptedGate(async ({ subject }) => {
        if (subjectName(subject) === '2' && !gateSeen) {
          gateSeen = true;
          first.resolve();
          await gated.promise;
        }
        return { status: 'green', durationMs: 1 };
      }),
    });
    let gateSeen = false;
    await killAt(run, (event) => event.type === 'work-collected' && event.taskId === '1', 'after');
    gated.resolve();
    expect(outcomes(await resume(run))).toEqual({ '1': 'landed', '2': 'landed' });
    const merged = (await run.journals.read(RUN_ID)).filter((event) => event.type === 'integrated');
    expect(merged.map((event) => event.taskId)).toEqual(['2', '1']);
  });

  it('starts tasks over that were stopped just before the process died', async () => {
    const started = deferred();
    let tries = 0;
    const run = world(['1', '2'], {
      tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
      work: {
        '1': async (files) => {
          tries += 1;
          files.set('1.txt', 'x');
          if (tries > 1) return 0;
          started.resolve();
          await new Promise(() => undefined);
          return 0;
        },
        '2': writes('2.txt'),
      },
    });
    await killAt(
      run,
      (event) => event.type === 'agent-exited',
      'before',
      async (coordinator) => {
        void started.promise.then(() => coordinator.stop('now'));
        await run.start(coordinator);
      },
    );
    expect(outcomes(await resume(run))).toEqual({ '1': 'landed', '2': 'landed' });
    expect(tries).toBe(2);
  });

  it('reports a stopped task as held when its workspace can not be cleared', async () => {
    const started = deferred();
    class Sticky extends MemoryWorkspaceProvider {
      stuck = true;
      override async remove(request: Parameters<MemoryWorkspaceProvider['remove']>[0]) {
        if (!this.stuck || request.workspace.taskId !== '1') return super.remove(request);
        return { status: 'kept', reason: 'in-use', message: 'A shell is in it.' } as const;
      }
    }
    let sticky: Sticky | undefined;
    let tries = 0;
    const run = world(['1', '2'], {
      work: {
        '1': async (files) => {
          tries += 1;
          files.set('1.txt', 'x');
          if (tries > 1) return 0;
          started.resolve();
          await new Promise(() => undefined);
        },
        '2': writes('2.txt'),
      },
      provider: (repository) => {
        sticky = new Sticky(repository);
        return sticky;
      },
      options: { maxInstances: 1 },
    });
    const first = run.coordinator();
    const stopped = run.start(first);
    await started.promise;
    await first.stop('now');
    await stopped;
    expect(outcomes(await resume(run))).toEqual({ '1': 'held', '2': 'landed' });
    if (sticky) sticky.stuck = false;
    expect(outcomes(await resume(run))).toEqual({ '1': 'landed', '2': 'landed' });
  });

  it('holds work that must not land as it is, and looks at it again when the run is resumed', async () => {
    let isRight = false;
    class Guarded extends MemoryWorkspaceProvider {
      override async collect(request: CollectRequest): Promise<CollectOutcome> {
        const result = await super.collect(request);
        const finding = {
          kind: 'gitlink',
          severity: 'error',
          taskIds: ['1'],
          message: 'M.',
          hint: 'H',
        } as const;
        return isRight ? result : { status: 'held', findings: [finding] };
      }
    }
    const run = world(['1'], { provider: (repository) => new Guarded(repository) });
    const held = await run.start();
    expect(held.tasks).toMatchObject([{ status: 'held', reason: 'M. H' }]);
    expect(outcomes(await resume(run))).toEqual({ '1': 'held' });
    isRight = true;
    expect(outcomes(await resume(run))).toEqual({ '1': 'landed' });
  });

  it('lets the dependents of a held task run, wherever it was killed while reopening', async () => {
    let busy = true;
    class Busy extends MemoryWorkspaceProvider {
      override async collect(request: Parameters<MemoryWorkspaceProvider['collect']>[0]) {
        if (busy && request.workspace.taskId === '1') throw new PwtError('PWT_WORKTREE_BUSY', 'A rebase.');
        return super.collect(request);
      }
    }
    for (let at = 1; ; at += 1) {
      busy = true;
      const run = world(['1', '2', '3'], {
        tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] }), makeTask('3', { dependsOn: ['2'] })],
        provider: (repository) => new Busy(repository),
      });
      expect(outcomes(await run.start())).toEqual({ '1': 'held', '2': 'skipped', '3': 'skipped' });
      busy = false;
      const killed = await killAt(run, at, 'after', (coordinator) => coordinator.resume({ runId: RUN_ID }));
      if (!killed) break;
      expect(outcomes(await resume(run)), `killed after append ${at}`).toEqual({
        '1': 'landed',
        '2': 'landed',
        '3': 'landed',
      });
    }
  });

  it('goes on holding what strict auditing holds, and takes it under another policy', async () => {
    const run = world(['1'], { work: { '1': writes('other.txt') }, options: { audit: 'strict' } });
    expect(outcomes(await run.start())).toEqual({ '1': 'held' });
    expect(outcomes(await resume(run))).toEqual({ '1': 'held' });
    expect(outcomes(await resume(run, { retry: ['1'] }))).toEqual({ '1': 'held' });
    const accepted = await run.coordinator().resume({ runId: RUN_ID, options: { audit: 'warn' } });
    expect(outcomes(accepted)).toEqual({ '1': 'landed' });
  });

  it('looks again at work that could not be joined because the environment failed', async () => {
    class Full extends MemoryMerger {
      full = true;
      override async integrate(request: Parameters<MemoryMerger['integrate']>[0]) {
        if (this.full) throw new Error('ENOSPC: no space left on device');
        return super.integrate(request);
      }
    }
    const run = world(['1']);
    const merger = new Full(run.repository);
    const summary = await run.start(run.coordinator({ merger }));
    expect(outcomes(summary)).toEqual({ '1': 'held' });
    expect(summary.tasks[0]?.reason).toContain('ENOSPC');
    merger.full = false;
    const later = await run.coordinator({ merger }).resume({ runId: RUN_ID });
    expect(outcomes(later)).toEqual({ '1': 'landed' });
    expect(run.launcher.started).toEqual(['1']);
  });
});

describe('retry', () => {
  const failing = (broken: Set<string>, ids: readonly string[]) =>
    Object.fromEntries(
      ids.map((id) => [
        id,
        (files: Map<string, string>) => {
          files.set(`${id}.txt`, 'x');
          return broken.has(id) ? 1 : 0;
        },
      ]),
    );

  it('says what a dependent still waits for when only one of two needs is retried', async () => {
    const broken = new Set(['1', '2']);
    const run = world(['1', '2', '3'], {
      tasks: [makeTask('1'), makeTask('2'), makeTask('3', { dependsOn: ['1', '2'] })],
      work: failing(broken, ['1', '2', '3']),
    });
    expect(outcomes(await run.start())).toEqual({ '1': 'failed', '2': 'failed', '3': 'skipped' });
    broken.delete('1');
    const once = await resume(run, { retry: ['1'] });
    expect(outcomes(once)).toEqual({ '1': 'landed', '2': 'failed', '3': 'skipped' });
    expect(once.tasks[2]?.reason).toMatch(/^needs task [12], which failed$/);
    broken.delete('2');
    expect(outcomes(await resume(run, { retry: ['2'] }))).toEqual({
      '1': 'landed',
      '2': 'landed',
      '3': 'landed',
    });
  });

  it('refuses to retry a task alone that needs another one which failed', async () => {
    const run = world(['1', '2'], {
      tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
      work: failing(new Set(['1']), ['1', '2']),
    });
    await run.start();
    await expect(resume(run, { retry: ['2'] })).rejects.toMatchObject({ code: 'PWT_TASK_NOT_RETRYABLE' });
    expect(outcomes(await resume(run, { retry: ['1', '2'] }))).toEqual({ '1': 'failed', '2': 'skipped' });
  });
});
