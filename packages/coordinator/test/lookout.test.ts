import type { Finding, RepositoryState } from '@pwt/core';
import { MemoryMerger, makeClaims, makeTask, RecordingSink } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { killAt } from './mortal.js';
import { deferred, outcomes, RUN_ID, type Work, World, writes } from './world.js';

/** Two tasks; the agent of the first does something to the repository before its work. */
function worldIn(act: (world: World) => unknown, more: Partial<ConstructorParameters<typeof World>[0]> = {}) {
  const sink = new RecordingSink();
  const first: Work = (files) => {
    act(world);
    files.set('1.txt', 'x');
    return 0;
  };
  const world: World = new World({
    tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
    claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
    work: { '1': first, '2': writes('2.txt') },
    sinks: [sink],
    ...more,
  });
  const findings = (): readonly Finding[] =>
    sink.events.flatMap((event) => (event.type === 'finding' ? [event.finding] : []));
  return { world, sink, findings };
}

describe('what others change while agents run', () => {
  it('is on record once, with the task whose agent was running', async () => {
    const { world, findings } = worldIn(({ observer }) => {
      observer.config.set('user.name', 'Eve');
      observer.files.set('mine.txt', { staged: '', edited: 'M' });
    });
    expect(outcomes(await world.start())).toEqual({ '1': 'landed', '2': 'landed' });
    expect(findings()).toMatchObject([
      { kind: 'config', severity: 'info', taskIds: ['1'], message: expect.stringContaining('task 1') },
      { kind: 'files', severity: 'info', taskIds: ['1'], subjects: ['mine.txt'] },
    ]);
  });

  it('is nothing where only pwt has moved something', async () => {
    const { world, findings } = worldIn(() => undefined);
    await world.start();
    expect(findings()).toEqual([]);
  });

  it('is told of files at once the first time, and of all others together at the end', async () => {
    const ids = ['1', '2', '3', '4', '5', '6'];
    const sink = new RecordingSink();
    let now = 0;
    const clock = { now: () => now, after: () => () => undefined };
    const edit = (id: string) => (files: Map<string, string>) => {
      now += 60_000;
      world.observer.files.set(`user-${id}`, { staged: '', edited: 'M' });
      files.set(`${id}.txt`, 'x');
      return 0;
    };
    const world: World = new World({
      tasks: ids.map((id, index) => makeTask(id, index === 0 ? {} : { dependsOn: [ids[index - 1] ?? ''] })),
      claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
      work: Object.fromEntries(ids.map((id) => [id, edit(id)])),
      sinks: [sink],
    });
    await world.start(world.coordinator({ clock }));
    const told = sink.events.flatMap((event) => (event.type === 'finding' ? [event.finding] : []));
    expect(told.map(({ subjects }) => subjects)).toEqual([
      ['user-1'],
      ['user-2', 'user-3', 'user-4', 'user-5', 'user-6'],
    ]);
  });

  it('is observed once for agents that end while that is done', async () => {
    const [looking, ended] = [deferred(), deferred()];
    let now = 0;
    const first: Work = (files) => {
      now += 60_000;
      return writes('1.txt')(files);
    };
    const second: Work = async (files) => {
      await looking.promise;
      return writes('2.txt')(files);
    };
    const world: World = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
      work: { '1': first, '2': second },
      options: { maxInstances: 2 },
      sinks: [
        {
          name: 'end of task 2',
          onEvent: async (event) => {
            if (event.type === 'agent-exited' && event.taskId === '2') ended.resolve();
          },
        },
      ],
    });
    let observed = 0;
    const observe = world.observer.observe.bind(world.observer);
    world.observer.observe = async (request) => {
      observed += 1;
      if (observed === 2) {
        looking.resolve();
        await ended.promise;
      }
      return observe(request);
    };
    const clock = { now: () => now, after: () => () => undefined };
    const summary = await world.start(world.coordinator({ clock }));
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    // At the start, for both agents, before they land, and at the end.
    expect(observed).toBe(4);
  });

  it('is found at the resume of a run whose process was dead meanwhile', async () => {
    const { world, findings } = worldIn(() => undefined);
    const launched = { type: 'agent-launched', taskId: '1' };
    await killAt(world, (event) => event.type === launched.type && event.taskId === launched.taskId, 'after');
    world.observer.config.set('alias.x', 'y');
    world.observer.commands.add('alias.x');
    expect(outcomes(await world.coordinator().resume({ runId: RUN_ID }))).toEqual({
      '1': 'landed',
      '2': 'landed',
    });
    expect(findings()).toMatchObject([{ kind: 'config', severity: 'warning', taskIds: ['1'] }]);
  });

  it('that can not be looked at is said, and the run goes on', async () => {
    const { world, findings } = worldIn(() => undefined);
    world.observer.observe = async (): Promise<RepositoryState> => {
      throw new Error('no');
    };
    expect(outcomes(await world.start())).toEqual({ '1': 'landed', '2': 'landed' });
    expect(findings()).toMatchObject([{ severity: 'warning', message: expect.stringContaining('no') }]);
  });

  it('is not compared in the middle of a landing', async () => {
    const [landing, collected] = [deferred(), deferred()];
    let now = 0;
    const sink = new RecordingSink();
    const world: World = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
      work: {
        '1': writes('1.txt'),
        // Ends, and has the repository looked at, while the work of task 1 lands.
        '2': async (files) => {
          await landing.promise;
          now += 60_000;
          files.set('2.txt', 'x');
          return 0;
        },
      },
      sinks: [
        sink,
        {
          name: 'test',
          onEvent: ({ type, taskId }) =>
            void (type === 'work-collected' && taskId === '2' && collected.resolve()),
        },
      ],
    });
    class SlowLanding extends MemoryMerger {
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        world.observer.files.set('on-its-way', { staged: '', edited: 'M' });
        landing.resolve();
        await collected.promise;
        world.observer.files.delete('on-its-way');
        return super.land(request);
      }
    }
    const merger = new SlowLanding(world.repository);
    const clock = { now: () => now, after: () => () => undefined };
    await world.start(world.coordinator({ merger, clock }));
    expect(sink.events.filter(({ type }) => type === 'finding')).toEqual([]);
  });
});

describe('a landing', () => {
  it('is refused while git takes the repository for something else, until that is put back', async () => {
    const { world, findings } = worldIn(({ observer }) => observer.config.set('core.bare', 'true'));
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'integrated', '2': 'integrated' });
    expect(summary.success).toBe(false);
    expect(findings()).toMatchObject([{ kind: 'config', severity: 'error', taskIds: ['1'] }]);
    expect(world.repository.refs.get('refs/heads/main')).toBe(world.base);
    // Neither another process nor the user's command goes by what it finds there now.
    expect(outcomes(await world.coordinator().land({ runId: RUN_ID }))).toMatchObject({ '1': 'integrated' });
    world.observer.config.delete('core.bare');
    const later = world.coordinator();
    expect(outcomes(await later.land({ runId: RUN_ID }))).toEqual({ '1': 'landed', '2': 'landed' });
    // It has happened, and asks for nothing more.
    expect(later.state.findings).toMatchObject([{ kind: 'config', severity: 'error', resolved: true }]);
  });

  it('is refused on a target that is gone, and the branch that bears another name now is named', async () => {
    const { world, findings } = worldIn(({ repository, base }) => {
      repository.refs.delete('refs/heads/main');
      repository.refs.set('refs/heads/trunk', base);
    });
    expect(outcomes(await world.start())).toEqual({ '1': 'integrated', '2': 'integrated' });
    expect(findings().filter(({ severity }) => severity === 'error')).toMatchObject([
      { kind: 'target', taskIds: ['1'], hint: expect.stringContaining('git branch -m trunk main') },
    ]);
  });

  it('is refused where git does not take the repository for one any more', async () => {
    const { world, findings } = worldIn(({ observer }) => {
      observer.unreadable = 'bad config';
    });
    await world.start();
    expect(findings()).toMatchObject([{ severity: 'error', message: expect.stringContaining('bad config') }]);
  });

  it('that has left the checkout behind is no success, until the checkout was brought along', async () => {
    const { world } = worldIn(() => undefined);
    const wrong: Finding = {
      kind: 'index',
      severity: 'error',
      taskIds: [],
      message: 'x',
      subjects: ['1.txt'],
    };
    class LeavesBehind extends MemoryMerger {
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        const outcome = await super.land(request);
        world.observer.files.set('1.txt', { staged: 'D', edited: '' });
        return outcome.status === 'landed' ? { ...outcome, findings: [wrong] } : outcome;
      }
    }
    const summary = await world.start(world.coordinator({ merger: new LeavesBehind(world.repository) }));
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(summary.success).toBe(false);
    world.observer.files.clear();
    const later = world.coordinator();
    expect((await later.resume({ runId: RUN_ID })).success).toBe(true);
    expect(later.state.findings).toContainEqual({ ...wrong, resolved: true });
  });
});

describe('what is put right while the run goes on', () => {
  /** One task after the other, with a look and a landing after each; each agent does something to the repository. */
  function worldOf(...acts: readonly ((world: World) => unknown)[]) {
    let now = 0;
    const ids = acts.map((_, index) => `${index + 1}`);
    const { world, sink } = worldIn(() => undefined, {
      tasks: ids.map((id, index) => makeTask(id, index === 0 ? {} : { dependsOn: [`${index}`] })),
      claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
      work: Object.fromEntries(
        acts.map((act, index): [string, Work] => [
          `${index + 1}`,
          async (files) => {
            while (landings() < index) await new Promise(setImmediate);
            now += 60_000;
            act(world);
            files.set(`${index + 1}.txt`, 'x');
            return 0;
          },
        ]),
      ),
    });
    const landings = () =>
      sink.events.filter(({ type }) => type === 'landed' || type === 'land-refused').length;
    const clock = { now: () => now, after: () => () => undefined };
    const told = () =>
      sink.events.flatMap((event) =>
        event.type === 'finding' || event.type === 'finding-resolved'
          ? [[event.type, event.finding.severity, ...event.finding.taskIds]]
          : [],
      );
    return { world, told, start: () => world.start(world.coordinator({ clock })) };
  }

  it('is on record as that, and is told anew if it happens again', async () => {
    const { told, start } = worldOf(
      ({ observer }) => observer.config.set('core.bare', 'true'),
      ({ observer }) => observer.config.delete('core.bare'),
      ({ observer }) => observer.config.set('core.bare', 'true'),
    );
    expect(outcomes(await start())).toEqual({ '1': 'landed', '2': 'landed', '3': 'integrated' });
    expect(told()).toEqual([
      ['finding', 'error', '1'],
      ['finding-resolved', 'error', '1'],
      ['finding', 'error', '3'],
    ]);
  });

  it('is on record for a target that is where the run knew it, or contains that again', async () => {
    for (const isMore of [false, true]) {
      const { told, start, world } = worldOf(
        ({ repository }) => repository.refs.set('refs/heads/main', repository.commit({ 'other.txt': 'x' })),
        ({ repository, base }) => {
          const more = repository.commit({ 'README.md': 'more' }, [base], 'more');
          repository.refs.set('refs/heads/main', isMore ? more : base);
        },
      );
      const summary = await start();
      expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
      expect(summary.success).toBe(true);
      expect(Object.keys(world.landed())).not.toContain('other.txt');
      expect(told().slice(0, 2)).toEqual([
        ['finding', 'error', '1'],
        ['finding-resolved', 'error', '1'],
      ]);
      expect(told().slice(2)).toEqual(isMore ? [['finding', 'info', '2']] : []);
    }
  });
});
