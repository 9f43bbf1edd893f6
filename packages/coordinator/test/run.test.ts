import { setImmediate } from 'node:timers/promises';
import { type CreateWorkspaceRequest, PwtError, throwIfAborted } from '@pwt/core';
import { MemoryWorkspaceProvider, makeClaims, makeTask, RecordingSink, ScriptedGate } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { deferred, fileGate, outcomes, RUN_ID, World, writes } from './world.js';

describe('a run', () => {
  it('lands every task and removes what it made', async () => {
    const world = new World({
      tasks: [makeTask('1'), makeTask('2'), makeTask('3')],
      claims: [makeClaims('1', 'a.txt'), makeClaims('2', 'b.txt'), makeClaims('3', 'a.txt')],
      work: { '1': writes('a.txt', 'one\n'), '2': writes('b.txt'), '3': writes('c.txt') },
    });
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    expect(summary.success).toBe(true);
    expect(world.landed()).toEqual({
      'README.md': 'hello\n',
      'a.txt': 'one\n',
      'b.txt': 'new\n',
      'c.txt': 'new\n',
    });
    expect(await world.provider.list()).toEqual([]);
    expect([...world.repository.refs.keys()]).toEqual(['refs/heads/main']);
  });

  it('lands several tasks that end together in one go', async () => {
    const ids = ['1', '2', '3', '4', '5', '6'];
    const all = deferred();
    let collected = 0;
    const world = new World({
      tasks: ids.map((id) => makeTask(id)),
      claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
      work: Object.fromEntries(ids.map((id) => [id, writes(`${id}.txt`)])),
      options: { maxInstances: 6 },
      gate: new ScriptedGate(async () => {
        await all.promise;
        return { status: 'green', durationMs: 1 };
      }),
      sinks: [
        {
          name: 'test',
          onEvent(event) {
            if (event.type === 'work-collected') collected += 1;
            if (collected === ids.length) all.resolve();
          },
        },
      ],
    });
    expect((await world.start()).totals.landed).toBe(6);
    const landings = (await world.journals.read(RUN_ID)).filter((event) => event.type === 'landed');
    expect(landings.flatMap((event) => event.taskIds).sort()).toEqual(ids);
    expect(landings.length).toBeLessThanOrEqual(3);
  });

  it('tells four kinds of bad endings apart, keeps their worktrees and lands the rest', async () => {
    const world = new World({
      files: { 'shared.txt': 'old\n' },
      tasks: ['1', '2', '3', '4', '5', '6'].map((id) => makeTask(id)),
      claims: ['1', '2', '3', '4', '5', '6'].map((id) => makeClaims(id, `${id}.txt`)),
      work: {
        '1': writes('shared.txt', 'one\n'),
        '2': () => 3,
        '3': () => 'timed-out',
        '4': () => 0,
        '5': writes('shared.txt', 'five\n'),
        '6': writes('6.txt'),
      },
      options: { maxInstances: 6 },
    });
    const summary = await world.start();
    const result = outcomes(summary);
    expect(result).toMatchObject({ '2': 'failed', '3': 'timed-out', '4': 'unchanged', '6': 'landed' });
    expect([result['1'], result['5']].sort()).toEqual(['conflicted', 'landed']);
    expect(summary.success).toBe(false);
    const kept = (await world.provider.list()).map((workspace) => workspace.taskId).sort();
    expect(kept).toHaveLength(4);
    const conflicted = summary.tasks.find((task) => task.status === 'conflicted');
    expect(conflicted?.reason).toMatch(/conflicts in shared\.txt with task [15]/);
    expect(summary.tasks.find((task) => task.taskId === '2')?.reason).toBe('exit code 3');
  });

  it('starts a dependent only on top of what it needs, and skips it if that fails', async () => {
    const seen: string[] = [];
    const world = new World({
      tasks: [
        makeTask('1'),
        makeTask('2', { dependsOn: ['1'] }),
        makeTask('3'),
        makeTask('4', { dependsOn: ['3'] }),
        makeTask('5', { dependsOn: ['4'] }),
      ],
      claims: ['1', '2', '3', '4', '5'].map((id) => makeClaims(id, `${id}.txt`)),
      work: {
        '1': writes('1.txt'),
        '2': (files) => {
          seen.push(...files.keys());
          files.set('2.txt', 'x');
          return 0;
        },
        '3': () => 1,
      },
      options: { maxInstances: 4, autoMerge: false },
    });
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({
      '1': 'integrated',
      '2': 'integrated',
      '3': 'failed',
      '4': 'skipped',
      '5': 'skipped',
    });
    expect(seen).toContain('1.txt');
    expect(summary.tasks[3]?.reason).toBe('needs task 3, which failed');
    expect(world.landed()).toEqual({ 'README.md': 'hello\n' });
  });

  it('never runs two tasks with conflicting claims at once, and keeps claims until integration', async () => {
    const gates = { '1': deferred(), '2': deferred() };
    let running = 0;
    let most = 0;
    const hold = (id: '1' | '2') => async (files: Map<string, string>) => {
      running += 1;
      most = Math.max(most, running);
      await gates[id].promise;
      files.set('a.txt', id);
      running -= 1;
      return 0;
    };
    const world = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', 'a.*'), makeClaims('2', '*.txt')],
      work: { '1': hold('1'), '2': hold('2') },
    });
    const run = world.start();
    gates['1'].resolve();
    gates['2'].resolve();
    expect(outcomes(await run)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(most).toBe(1);
  });

  it('holds a task that left its claims under the strict policy', async () => {
    const world = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', 'a.txt')],
      work: { '1': writes('b.txt') },
      options: { audit: 'strict' },
    });
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'held' });
    expect(summary.tasks[0]?.reason).toContain('b.txt');
  });

  it('integrates only what the gate has seen green', async () => {
    const world = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', 'a.txt'), makeClaims('2', 'b.txt')],
      work: { '1': writes('a.txt'), '2': writes('b.txt') },
      gate: fileGate((files) => (files.has('a.txt') ? 'first\n1 test failed\n' : undefined)),
    });
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'failed', '2': 'landed' });
    expect(summary.tasks[0]?.reason).toMatch(
      /^the gate is red \(exit code 1\): 1 test failed; log: .*\/gate\/1.*\.log$/,
    );
    const tested = (await world.journals.read(RUN_ID)).findLast(
      (event) =>
        event.type === 'gate-finished' && event.verdict.status === 'green' && event.taskIds.includes('2'),
    );
    expect(world.repository.refs.get('refs/heads/main')).toBe((tested as { commit?: string }).commit);
    expect((await world.provider.list()).map((workspace) => workspace.kind)).toEqual(['task']);
  });

  it('joins what others put on the target meanwhile, through the gate', async () => {
    const gate = new ScriptedGate();
    const world: World = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', 'a.txt')],
      gate,
      work: {
        '1': (files) => {
          const theirs = world.repository.commit({ 'README.md': 'edited\n' }, [world.base]);
          world.repository.refs.set('refs/heads/main', theirs);
          files.set('a.txt', 'x');
          return 0;
        },
      },
    });
    expect(outcomes(await world.start())).toEqual({ '1': 'landed' });
    expect(world.landed()).toEqual({ 'README.md': 'edited\n', 'a.txt': 'x' });
    expect(gate.seen.at(-1)?.commit).toBe(world.repository.refs.get('refs/heads/main'));
  });

  it('does not stall when the target can not be moved, and lands later with land()', async () => {
    const world = new World({
      tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
      claims: [makeClaims('1', 'a.txt'), makeClaims('2', 'b.txt')],
      work: { '1': writes('a.txt'), '2': writes('b.txt') },
    });
    const refused = {
      status: 'refused',
      reason: 'dirty',
      paths: ['a.txt'],
      message: 'a.txt is modified',
    } as const;
    world.merger.refusals.push(refused, refused, refused);
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'integrated', '2': 'integrated' });
    expect(summary.success).toBe(false);
    const later = await world.coordinator().land({ runId: RUN_ID });
    expect(outcomes(later)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(Object.keys(world.landed()).sort()).toEqual(['README.md', 'a.txt', 'b.txt']);
    expect(await world.provider.list()).toEqual([]);
  });

  it('retries what failed, together with what was skipped because of it', async () => {
    let broken = true;
    const world = new World({
      tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] }), makeTask('3')],
      claims: [makeClaims('1', 'a.txt'), makeClaims('2', 'b.txt'), makeClaims('3', 'c.txt')],
      work: {
        '1': (files) => {
          files.set('a.txt', 'x');
          return broken ? 1 : 0;
        },
        '2': writes('b.txt'),
        '3': writes('c.txt'),
      },
    });
    expect(outcomes(await world.start())).toEqual({ '1': 'failed', '2': 'skipped', '3': 'landed' });
    broken = false;
    const summary = await world.coordinator().resume({ runId: RUN_ID, retry: ['1'] });
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    await expect(world.coordinator().resume({ runId: RUN_ID, retry: ['3'] })).rejects.toMatchObject({
      code: 'PWT_TASK_NOT_RETRYABLE',
    });
  });

  it('holds a task whose workspace needs a human, and goes on from there on resume', async () => {
    let busy = true;
    class Busy extends MemoryWorkspaceProvider {
      override async collect(request: Parameters<MemoryWorkspaceProvider['collect']>[0]) {
        if (busy) throw new PwtError('PWT_WORKTREE_BUSY', 'It is in the middle of a rebase.');
        return super.collect(request);
      }
    }
    const world: World = new World({
      tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
      claims: [makeClaims('1', 'a.txt'), makeClaims('2', 'b.txt')],
      work: { '1': writes('a.txt'), '2': writes('b.txt') },
      provider: (repository) => new Busy(repository),
    });
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'held', '2': 'skipped' });
    expect(summary.tasks[0]?.reason).toContain('rebase');
    busy = false;
    expect(outcomes(await world.coordinator().resume({ runId: RUN_ID }))).toEqual({
      '1': 'landed',
      '2': 'landed',
    });
    expect(world.launcher.started).toEqual(['1', '2']);
  });

  it('ends tasks that wait for each other in a circle, instead of waiting for ever', async () => {
    const world = new World({
      tasks: [makeTask('1', { dependsOn: ['2'] }), makeTask('2', { dependsOn: ['1'] }), makeTask('3')],
      claims: ['1', '2', '3'].map((id) => makeClaims(id, id)),
      work: { '3': writes('3') },
    });
    expect(outcomes(await world.start())).toEqual({ '1': 'skipped', '2': 'skipped', '3': 'landed' });
  });

  it('stops at once, and starts the stopped tasks over on resume', async () => {
    const started = deferred();
    let tries = 0;
    const world = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', 'a.txt'), makeClaims('2', 'a.txt')],
      work: {
        '1': async (files) => {
          tries += 1;
          files.set('a.txt', `try ${tries}`);
          if (tries > 1) return 0;
          started.resolve();
          await new Promise(() => undefined);
          return 0;
        },
        '2': writes('a.txt', 'two'),
      },
    });
    const first = world.coordinator();
    const run = world.start(first);
    await started.promise;
    await first.stop('now');
    expect(outcomes(await run)).toEqual({ '1': 'cancelled', '2': 'cancelled' });
    expect(first.state.status).toBe('interrupted');
    const summary = await world.coordinator().resume({ runId: RUN_ID });
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(world.landed()['a.txt']).toBe('two');
  });

  it('stops a set-up with the run, and makes the workspace on resume', async () => {
    const started = deferred();
    let calls = 0;
    class SlowProvider extends MemoryWorkspaceProvider {
      override async create(request: CreateWorkspaceRequest) {
        calls += 1;
        if (calls > 1) return super.create(request);
        started.resolve();
        await new Promise((resolve) => request.abortSignal?.addEventListener('abort', resolve));
        throwIfAborted(request.abortSignal);
        return super.create(request);
      }
    }
    const world = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', 'a.txt')],
      work: { '1': writes('a.txt') },
      provider: (repository) => new SlowProvider(repository),
    });
    const first = world.coordinator();
    const run = world.start(first);
    await started.promise;
    await first.stop('now');
    expect(outcomes(await run)).toEqual({ '1': 'cancelled' });
    expect(await world.provider.list()).toEqual([]);
    expect(outcomes(await world.coordinator().resume({ runId: RUN_ID }))).toEqual({ '1': 'landed' });
    expect(calls).toBe(2);
  });

  it('stops a gate with the run, and runs it again on resume', async () => {
    const started = deferred();
    let isStopped = false;
    const gate = new ScriptedGate(async ({ subject, abortSignal }) => {
      if (subject.kind === 'target' || isStopped) return { status: 'green', durationMs: 1 };
      isStopped = true;
      started.resolve();
      await new Promise((resolve) => abortSignal?.addEventListener('abort', resolve));
      return { status: 'broken', durationMs: 1, message: 'aborted' };
    });
    const world = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', 'a.txt')],
      work: { '1': writes('a.txt') },
      gate,
    });
    const first = world.coordinator();
    const run = world.start(first);
    await started.promise;
    await first.stop('now');
    expect(outcomes(await run)).toEqual({ '1': 'cancelled' });
    expect(outcomes(await world.coordinator().resume({ runId: RUN_ID }))).toEqual({ '1': 'landed' });
    const ofTask = gate.seen.filter(({ subject }) => subject.kind === 'tasks');
    expect(ofTask).toHaveLength(2);
  });

  it('stops the gate on what has come to the target with the run, and says nothing of it', async () => {
    const started = deferred();
    let isStopped = false;
    const gate = new ScriptedGate(async ({ subject, abortSignal }) => {
      if (subject.kind === 'tasks') {
        const theirs = world.repository.commit({ 'README.md': 'hello\n', 'theirs.txt': 'x\n' }, [world.base]);
        world.repository.refs.set('refs/heads/main', theirs);
      } else if (world.repository.refs.get('refs/heads/main') !== world.base && !isStopped) {
        isStopped = true;
        started.resolve();
        await new Promise((resolve) => abortSignal?.addEventListener('abort', resolve));
        throwIfAborted(abortSignal);
      }
      return { status: 'green', durationMs: 1 };
    });
    const world = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', 'a.txt')],
      work: { '1': writes('a.txt') },
      gate,
    });
    const first = world.coordinator();
    const run = world.start(first);
    await started.promise;
    await first.stop('now');
    expect(outcomes(await run)).toEqual({ '1': 'integrated' });
    const log = await world.journals.read(RUN_ID);
    expect(log.filter(({ type }) => type === 'warning')).toEqual([]);
    await world.coordinator().land({ runId: RUN_ID });
    expect(world.landed()['theirs.txt']).toBe('x\n');
  });

  it('shows sinks what is in the log, in order, and survives a sink that fails', async () => {
    const sink = new RecordingSink();
    const broken = {
      name: 'broken',
      onEvent() {
        throw new Error('no');
      },
    };
    const world = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', 'a.txt')],
      work: { '1': writes('a.txt') },
      sinks: [broken, sink],
    });
    expect((await world.start()).success).toBe(true);
    const log = await world.journals.read(RUN_ID);
    expect(sink.events).toEqual(log.slice(0, sink.events.length));
    expect(log.filter((event) => event.type === 'warning')).toHaveLength(1);
    expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
  });

  it('has its provider close before the merger deletes refs of the run: they may say what is elsewhere', async () => {
    let isOpen = false;
    class Slow extends MemoryWorkspaceProvider {
      override async close(request: { readonly runId: string; readonly landed?: string }): Promise<void> {
        isOpen = true;
        await setImmediate();
        await super.close(request);
        isOpen = false;
      }
    }
    const world = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', 'a.txt')],
      work: { '1': writes('a.txt') },
      provider: (repository) => new Slow(repository),
    });
    const { merger } = world;
    const closed: boolean[] = [];
    const closing = merger.close.bind(merger);
    merger.close = async (request) => {
      closed.push(!isOpen);
      await closing(request);
    };
    expect((await world.start()).success).toBe(true);
    expect(closed).toEqual([true]);
  });

  it('blames a plugin by name for what it must not return', async () => {
    const world = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', 'a')],
      work: {},
    });
    class Careless extends MemoryWorkspaceProvider {
      override readonly name = 'acme-clone';
      override async collect() {
        return { status: 'collected', commit: 'HEAD', changes: [], committedLeftovers: false } as const;
      }
    }
    const provider = new Careless(world.repository);
    const summary = await world.start(world.coordinator({ provider }));
    expect(summary.tasks[0]?.status).toBe('held');
    expect(summary.tasks[0]?.reason).toContain(
      'acme-clone broke its contract: collect must return a full commit id',
    );
  });
});
