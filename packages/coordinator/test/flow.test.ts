import { type EventSink, type LandOutcome, subjectName } from '@pwt/core';
import {
  MemoryMerger,
  MemoryWorkspaceProvider,
  makeClaims,
  makeTask,
  RecordingSink,
  ScriptedGate,
} from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { deferred, outcomes, RUN_ID, World, writes } from './world.js';

const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

function world(count: number, more: Partial<ConstructorParameters<typeof World>[0]> = {}): World {
  return new World({
    tasks: ids(count).map((id) => makeTask(id)),
    claims: ids(count).map((id) => makeClaims(id, `${id}.txt`)),
    work: Object.fromEntries(ids(count).map((id) => [id, writes(`${id}.txt`)])),
    ...more,
  });
}

describe('a slot', () => {
  it('is free when the agent has exited, whatever the gate still does', async () => {
    const second = deferred();
    const run = world(2, {
      options: { maxInstances: 1 },
      work: {
        '1': writes('1.txt'),
        '2': (files) => {
          files.set('2.txt', 'x');
          second.resolve();
          return 0;
        },
      },
      gate: new ScriptedGate(async ({ subject }) => {
        if (subjectName(subject) === '1') await second.promise;
        return { status: 'green', durationMs: 1 };
      }),
    });
    expect(outcomes(await run.start())).toEqual({ '1': 'landed', '2': 'landed' });
  });
});

describe('claims', () => {
  it('are free when the work is integrated, before it has landed', async () => {
    const second = deferred();
    class SlowLanding extends MemoryMerger {
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        await second.promise;
        return super.land(request);
      }
    }
    const run = world(2, {
      tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
      work: {
        '1': writes('1.txt'),
        '2': (files) => {
          files.set('2.txt', 'x');
          second.resolve();
          return 0;
        },
      },
    });
    const merger = new SlowLanding(run.repository);
    expect(outcomes(await run.start(run.coordinator({ merger })))).toEqual({ '1': 'landed', '2': 'landed' });
  });
});

describe('landing', () => {
  it('says once why it is refused, however often it is tried', async () => {
    const sink = new RecordingSink();
    const run = world(5, { sinks: [sink] });
    const refusal: LandOutcome = {
      status: 'refused',
      reason: 'dirty',
      paths: ['x'],
      message: 'x is modified',
    };
    for (let left = 0; left < 50; left += 1) run.merger.refusals.push(refusal);
    await run.start();
    expect(sink.events.filter((event) => event.type === 'warning')).toHaveLength(1);
  });

  it('is not forgotten when the task it was left to does not get in', async () => {
    const collected = deferred();
    const landed = deferred();
    const sink: EventSink = {
      name: 'test',
      onEvent(event) {
        if (event.type === 'work-collected' && event.taskId === '3') collected.resolve();
        if (event.type === 'landed' && event.taskIds.includes('2')) landed.resolve();
      },
    };
    const run = world(4, {
      tasks: [makeTask('1'), ...['2', '3', '4'].map((id) => makeTask(id, { dependsOn: ['1'] }))],
      work: {
        '1': writes('1.txt'),
        '2': writes('shared.txt', 'two'),
        '3': writes('shared.txt', 'three'),
        '4': async (files) => {
          await landed.promise;
          files.set('4.txt', 'x');
          return 0;
        },
      },
      options: { maxInstances: 3 },
      sinks: [sink],
      gate: new ScriptedGate(async ({ subject }) => {
        if (subjectName(subject) === '2') await collected.promise;
        return { status: 'green', durationMs: 1 };
      }),
    });
    expect(outcomes(await run.start())).toEqual({
      '1': 'landed',
      '2': 'landed',
      '3': 'conflicted',
      '4': 'landed',
    });
  });

  it.each([true, false])('is left to work that is being collected, which works out: %s', async (worksOut) => {
    const [begun, integrated, landed] = [deferred(), deferred(), deferred()];
    class Slow extends MemoryWorkspaceProvider {
      override async collect(request: Parameters<MemoryWorkspaceProvider['collect']>[0]) {
        if (request.workspace.taskId === '1') await begun.promise;
        if (request.workspace.taskId !== '2') return super.collect(request);
        begun.resolve();
        await integrated.promise;
        await new Promise(setImmediate);
        if (!worksOut) throw new Error('the disk is gone');
        return super.collect(request);
      }
    }
    const run = world(3, {
      provider: (repository) => new Slow(repository),
      work: {
        ...{ '1': writes('1.txt'), '2': writes('2.txt') },
        '3': async (files) => {
          await landed.promise;
          files.set('3.txt', 'x');
          return 0;
        },
      },
      options: { maxInstances: 3 },
      sinks: [
        {
          name: 'test',
          onEvent({ type }) {
            if (type === 'integrated') integrated.resolve();
            if (type === 'landed') landed.resolve();
          },
        },
      ],
    });
    const second = worksOut ? 'landed' : 'held';
    expect(outcomes(await run.start())).toEqual({ '1': 'landed', '2': second, '3': 'landed' });
    const landings = (await run.journals.read(RUN_ID)).flatMap((event) =>
      event.type === 'landed' ? [event.taskIds] : [],
    );
    expect(landings).toEqual(worksOut ? [['1', '2'], ['3']] : [['1'], ['3']]);
  });

  it('does not hold up the gate of other work', async () => {
    const [begun, tested] = [deferred(), deferred()];
    class Slow extends MemoryMerger {
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        begun.resolve();
        await tested.promise;
        return super.land(request);
      }
    }
    const run = world(2, {
      work: {
        '1': writes('1.txt'),
        '2': async (files) => {
          await begun.promise;
          files.set('2.txt', 'x');
          return 0;
        },
      },
      options: { maxInstances: 2 },
      gate: new ScriptedGate(async ({ subject }) => {
        if (subjectName(subject) === '2') tested.resolve();
        return { status: 'green', durationMs: 1 };
      }),
    });
    const merger = new Slow(run.repository);
    expect(outcomes(await run.start(run.coordinator({ merger })))).toEqual({ '1': 'landed', '2': 'landed' });
  });

  it('that fails is said, and does not keep the run from its end', async () => {
    class Failing extends MemoryMerger {
      broken = true;
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        if (this.broken) throw new Error('index.lock exists');
        return super.land(request);
      }
    }
    const run = world(2);
    const merger = new Failing(run.repository);
    const summary = await run.start(run.coordinator({ merger }));
    expect(outcomes(summary)).toEqual({ '1': 'integrated', '2': 'integrated' });
    const log = await run.journals.read(RUN_ID);
    expect(log.at(-1)?.type).toBe('run-finished');
    expect(JSON.stringify(log)).toContain('index.lock exists');
    await expect(run.coordinator({ merger }).land({ runId: RUN_ID })).rejects.toThrow('index.lock');
    merger.broken = false;
    expect((await run.coordinator({ merger }).resume({ runId: RUN_ID })).success).toBe(true);
  });

  it('gives up, and says so, when the target moves all the time', async () => {
    const run = world(1);
    class Chased extends MemoryMerger {
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        const tip = run.repository.refs.get('refs/heads/main') ?? '';
        const { files } = run.repository.read(tip);
        run.repository.refs.set('refs/heads/main', run.repository.commit(files, [tip]));
        return super.land(request);
      }
    }
    const sink = new RecordingSink();
    const merger = new Chased(run.repository);
    expect(outcomes(await run.start(run.coordinator({ merger, sinks: [sink] })))).toEqual({
      '1': 'integrated',
    });
    expect(JSON.stringify(sink.events.filter((event) => event.type === 'warning'))).toContain('keeps moving');
  });

  it('does not call something joined that others have replaced', async () => {
    const run = world(1);
    class Stolen extends MemoryMerger {
      stolen = '';
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        if (this.stolen !== '') return super.land(request);
        const theirs = run.repository.commit({ 'README.md': 'theirs\n' }, [run.base]);
        run.repository.refs.set('refs/heads/main', theirs);
        this.stolen = run.repository.commit({ 'README.md': 'stolen\n' }, [request.to]);
        run.repository.refs.set(`refs/pwt/${RUN_ID}/integration`, this.stolen);
        return super.land(request);
      }
    }
    const merger = new Stolen(run.repository);
    expect(outcomes(await run.start(run.coordinator({ merger })))).toEqual({ '1': 'integrated' });
    const log = await run.journals.read(RUN_ID);
    expect(log.filter((event) => event.type === 'target-integrated')).toEqual([]);
  });

  it('by hand leaves the run as it was: without landing, and with nothing of its own left', async () => {
    const run = world(2, { options: { autoMerge: false } });
    await run.start();
    const coordinator = run.coordinator();
    expect(outcomes(await coordinator.land({ runId: RUN_ID }))).toEqual({ '1': 'landed', '2': 'landed' });
    expect(coordinator.state.options?.autoMerge).toBe(false);
    expect([...run.repository.refs.keys()]).toEqual(['refs/heads/main']);
  });
});
