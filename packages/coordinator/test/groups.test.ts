import { makeClaims, makeTask, RecordingSink, ScriptedGate } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import {
  deferred,
  expectLandedIsTested,
  fileGate,
  outcomes,
  RUN_ID,
  World,
  type WorldOptions,
  writes,
} from './world.js';

/** Tasks that each write a file of their own, all at the same time. */
function world(ids: readonly string[], more: Partial<WorldOptions> = {}): World {
  return new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: Object.fromEntries(ids.map((id) => [id, writes(`${id}.txt`)])),
    options: { maxInstances: ids.length, gateSlots: 2 },
    ...more,
  });
}

const eventsOf = async (made: World, type: string) =>
  (await made.journals.read(RUN_ID)).filter((event) => event.type === type);

describe('tasks that wait while a gate runs', () => {
  it('are tested joined, integrated by a commit each, and land together', async () => {
    const all = deferred();
    let collected = 0;
    const ids = ['1', '2', '3', '4', '5', '6'];
    const gate = new ScriptedGate(async ({ subject }) => {
      if (subject.kind === 'tasks') await all.promise;
      return { status: 'green', durationMs: 1 };
    });
    const made = world(ids, {
      gate,
      options: { maxInstances: 6, gateSlots: 1 },
      sinks: [
        {
          name: 'test',
          onEvent({ type }) {
            if (type === 'work-collected') collected += 1;
            if (collected === ids.length) all.resolve();
          },
        },
      ],
    });
    expect((await made.start()).totals.landed).toBe(6);
    const runs = gate.seen.filter(({ subject }) => subject.kind === 'tasks');
    expect(runs.length).toBeLessThanOrEqual(3);
    const tip = made.repository.refs.get('refs/heads/main') ?? '';
    expect(runs.map(({ commit }) => commit)).toContain(tip);
    let commit = tip;
    for (const _ of ids) [commit = ''] = made.repository.read(commit).parents;
    expect(commit).toBe(made.base);
    await expectLandedIsTested(made);
  });

  it('land without the one that is at fault, which is told the gate, the last line and the log', async () => {
    const made = world(['1', '2', '3', '4', '5', '6'], {
      gate: fileGate((files) => (files.has('3.txt') ? 'setting up\n1 test failed\n' : undefined)),
    });
    const summary = await made.start();
    expect(outcomes(summary)).toEqual({
      1: 'landed',
      2: 'landed',
      3: 'failed',
      4: 'landed',
      5: 'landed',
      6: 'landed',
    });
    const [, , third] = summary.tasks;
    expect(third?.reason).toMatch(
      /^the gate is red \(exit code 1\): 1 test failed; log: \/runs\/run-1\/gate\/.*\.log$/,
    );
    expect(third?.failure).toMatchObject({ kind: 'gate-red', message: '1 test failed' });
    expect(third?.failure?.withTaskId).toBeUndefined();
    await expectLandedIsTested(made);
  });

  it('land without one of two that are only red together, and both are named with their specs', async () => {
    const made = world(['1', '2', '3', '4'], {
      tasks: ['1', '2', '3', '4'].map((id) =>
        makeTask(id, { specs: [{ path: `specs/${id}.md`, text: '', hash: id }] }),
      ),
      gate: fileGate((files) => (files.has('2.txt') && files.has('4.txt') ? 'defined twice' : undefined)),
    });
    const summary = await made.start();
    const rejected = summary.tasks.filter(({ status }) => status === 'failed');
    expect(rejected).toHaveLength(1);
    expect(summary.totals.landed).toBe(3);
    const [{ taskId, reason, failure }] = rejected as [(typeof rejected)[0]];
    const other = taskId === '2' ? '4' : '2';
    expect(failure).toMatchObject({ kind: 'gate-red', message: 'defined twice', withTaskId: other });
    expect(reason).toContain(`only together with task ${other}: specs/${taskId}.md and specs/${other}.md`);
    await expectLandedIsTested(made);
  });

  it('are tested by what is on the integration tip where two can not be merged', async () => {
    const made = world(['1', '2', '3'], {
      files: { 'shared.txt': 'old\n' },
      work: { 1: writes('shared.txt', 'one\n'), 2: writes('shared.txt', 'two\n'), 3: writes('3.txt') },
      gate: fileGate(() => undefined),
    });
    const statuses = Object.values(outcomes(await made.start())).sort();
    expect(statuses).toEqual(['conflicted', 'landed', 'landed']);
    await expectLandedIsTested(made);
  });

  it('are joined to the one that is not rejected, where two can not be merged', async () => {
    const made = world(['1', '2', '3'], {
      files: { 'shared.txt': 'old\n' },
      work: { 1: writes('shared.txt', 'bad\n'), 2: writes('shared.txt', 'two\n'), 3: writes('3.txt') },
      gate: fileGate((files) => (files.get('shared.txt') === 'bad\n' ? 'no' : undefined)),
    });
    expect(outcomes(await made.start())).toEqual({ 1: 'failed', 2: 'landed', 3: 'landed' });
    expect(made.landed()).toEqual({ 'shared.txt': 'two\n', '3.txt': 'new\n' });
  });
});

describe('a gate that is red without any task', () => {
  it('is said before the second agent starts; no task is blamed, and all land', async () => {
    const sink = new RecordingSink();
    const made = world(['1', '2', '3'], { gate: fileGate(() => 'lint: 1 problem'), sinks: [sink] });
    expect(outcomes(await made.start())).toEqual({ 1: 'landed', 2: 'landed', 3: 'landed' });
    const said = sink.events.filter(
      (event) => event.type === 'warning' && event.diagnostic.code === 'PWT_GATE_BASE_RED',
    );
    expect(said).toHaveLength(1);
    const at = (type: string) => sink.events.filter((event) => event.type === type).map(({ seq }) => seq);
    expect(said[0]?.seq).toBeLessThan(at('agent-launched')[1] ?? 0);
    expect(JSON.stringify(said[0])).toContain('lint: 1 problem');
  });

  it('still finds who is at fault for another command', async () => {
    const part = (name: string, red: boolean) => ({
      name,
      status: red ? ('red' as const) : ('green' as const),
      durationMs: 1,
      logFile: `/log/${name}`,
      ...(red ? { exitCode: 1, summary: `${name} says no` } : {}),
    });
    const made = world(['1', '2', '3'], {
      gate: ({ repository }) =>
        new ScriptedGate(({ commit }) => ({
          ...{ status: 'red', durationMs: 1, exitCode: 1, summary: 'lint says no' },
          parts: [part('lint', true), part('test', repository.read(commit).files.has('2.txt'))],
        })),
    });
    const summary = await made.start();
    expect(outcomes(summary)).toEqual({ 1: 'landed', 2: 'failed', 3: 'landed' });
    expect(summary.tasks[1]?.reason).toBe(
      "the gate's command test is red (exit code 1): test says no; log: /log/test",
    );
  });

  it('holds what is finished where it can not even run', async () => {
    const made = world(['1', '2'], {
      gate: new ScriptedGate(() => ({ status: 'broken', durationMs: 1, message: 'npm: not found' })),
    });
    const summary = await made.start();
    expect(outcomes(summary)).toEqual({ 1: 'held', 2: 'held' });
    expect(summary.tasks[0]?.failure).toMatchObject({ kind: 'gate-broken', message: 'npm: not found' });
    expect(made.landed()).toEqual({ 'README.md': 'hello\n' });
  });
});

describe('a gate that is red and green on the same files', () => {
  it('rejects no task, and is said', async () => {
    const seen = new Set<string>();
    const made = world(['1', '2', '3', '4', '5'], {
      gate: ({ repository }) =>
        new ScriptedGate(({ commit, subject }) => {
          // Red on every state of tasks the first time that it is tested.
          const state = [...repository.read(commit).files.keys()].sort().join();
          const isNew = subject.kind === 'tasks' && !seen.has(state);
          seen.add(state);
          return isNew
            ? { status: 'red', durationMs: 1, exitCode: 1, summary: 'flaky' }
            : { status: 'green', durationMs: 1 };
        }),
    });
    expect((await made.start()).totals).toMatchObject({ landed: 5, failed: 0 });
    const warned = (await eventsOf(made, 'warning')).map((event) => JSON.stringify(event));
    expect(warned.filter((text) => text.includes('PWT_GATE_FLAKE')).length).toBeGreaterThan(0);
    await expectLandedIsTested(made);
  });
});

describe('commits of others on the target', () => {
  it('are joined while gates run, and what runs on the old tip counts for nothing', async () => {
    let isMoved = false;
    const made: World = world(['1', '2', '3', '4'], {
      options: { maxInstances: 2, gateSlots: 2 },
      gate: ({ repository }) =>
        new ScriptedGate(({ subject }) => {
          if (subject.kind === 'tasks' && !isMoved) {
            isMoved = true;
            const tip = repository.refs.get('refs/heads/main') ?? '';
            const files = Object.fromEntries(repository.read(tip).files);
            repository.refs.set('refs/heads/main', repository.commit({ ...files, 'theirs.txt': 'x' }, [tip]));
          }
          return { status: 'green', durationMs: 1 };
        }),
    });
    expect((await made.start()).totals.landed).toBe(4);
    expect(Object.keys(made.landed()).sort()).toEqual([
      '1.txt',
      '2.txt',
      '3.txt',
      '4.txt',
      'README.md',
      'theirs.txt',
    ]);
    await expectLandedIsTested(made);
  });
});
