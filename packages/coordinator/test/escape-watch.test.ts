import type { Blame, EventSink, Finding, RepositoryWatch, WatchRequest } from '@pwt/core';
import { makeClaims, makeTask, RecordingSink } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { deferred, outcomes, type Work, World, writes } from './world.js';

/** A watch that says what the test says, in a run of two tasks; the agent of the first acts once it follows both. */
class Watched {
  readonly sink = new RecordingSink();
  readonly followed: (readonly string[])[] = [];
  readonly world: World;
  request: WatchRequest | undefined;
  stopped = 0;
  readonly both = deferred();

  constructor(
    act: (watched: Watched) => unknown,
    blame: (kind: string) => Blame | Promise<Blame>,
    sinks: readonly EventSink[] = [],
  ) {
    const first: Work = async (files) => {
      await this.both.promise;
      act(this);
      files.set('1.txt', 'x');
      return 0;
    };
    const second: Work = async (files) => {
      await this.both.promise;
      return writes('2.txt')(files);
    };
    this.world = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
      work: { '1': first, '2': second },
      options: { maxInstances: 2 },
      sinks: [this.sink, ...sinks],
    });
    const watch: RepositoryWatch = {
      follow: (agents) => {
        this.followed.push(agents.map(({ taskId }) => taskId));
        if (agents.length === 2) this.both.resolve();
      },
      blame: async ({ kind }) => blame(kind),
      settle: async () => undefined,
      stop: async () => {
        this.stopped += 1;
      },
    };
    Object.assign(this.world.observer, {
      watch: async (request: WatchRequest) => {
        this.request = request;
        return watch;
      },
    });
  }

  get findings(): readonly Finding[] {
    return this.sink.events.flatMap((event) => (event.type === 'finding' ? [event.finding] : []));
  }

  get warnings(): { readonly code: string; readonly message: string }[] {
    return this.sink.events.flatMap((event) =>
      event.type === 'warning' ? [{ code: event.diagnostic.code, message: event.diagnostic.message }] : [],
    );
  }
}

const edit = ({ world, request }: Watched) => {
  world.observer.files.set('stray.txt', { staged: '', edited: '?' });
  request?.onNotice({ files: ['stray.txt'], git: false });
};

describe('a watch that tells who did what', () => {
  it('is told which agents run, and stopped with the run', async () => {
    const watched = new Watched(
      () => undefined,
      () => ({ status: 'nobody' }),
    );
    expect(outcomes(await watched.world.start())).toEqual({ '1': 'landed', '2': 'landed' });
    expect(watched.followed.some((ids) => ids.length === 2)).toBe(true);
    expect(watched.followed.at(-1)).toEqual([]);
    expect(watched.stopped).toBe(1);
  });

  it('names the agent in a warning, with what tells that it was it', async () => {
    const watched = new Watched(edit, () => ({
      status: 'known',
      taskIds: ['2'],
      evidence: 'its git told so',
    }));
    await watched.world.start();
    expect(watched.findings).toMatchObject([
      {
        ...{ kind: 'files', severity: 'warning', taskIds: ['2'], subjects: ['stray.txt'] },
        message: expect.stringContaining('The agent of task 2 did it: its git told so.'),
      },
    ]);
  });

  it.each<[Blame, readonly string[], string]>([
    [{ status: 'nobody' }, [], 'No agent did it'],
    [{ status: 'unclear', taskIds: ['1'], atWork: true }, ['1'], 'Nothing tells who did it'],
  ])('says how sure it is: %j', async (blame, taskIds, words) => {
    const watched = new Watched(edit, () => blame);
    await watched.world.start();
    expect(watched.findings).toMatchObject([
      { kind: 'files', severity: 'info', taskIds, message: expect.stringContaining(words) },
    ]);
  });

  it('names all that ran if the watch can’t say', async () => {
    const watched = new Watched(edit, () => Promise.reject(new Error('no idea')));
    await watched.world.start();
    expect(watched.findings).toMatchObject([{ kind: 'files', taskIds: ['1', '2'] }]);
  });

  it('has what was written into another worktree left out of the work of that task', async () => {
    const file = { path: '2.txt', digest: null };
    const watched = new Watched(
      ({ sink, request }) => {
        const [workspace] = sink.events.flatMap((event) =>
          event.type === 'workspace-created' && event.taskId === '1' ? [event.workspace] : [],
        );
        if (workspace === undefined) return expect.unreachable();
        request?.onIntrusion({
          ...{ taskIds: ['2'], victim: '1', workspace, what: 'wrote', files: [file], evidence: 'bytes' },
        });
      },
      () => ({ status: 'nobody' }),
    );
    const { provider } = watched.world;
    const collect = provider.collect.bind(provider);
    const leftOut: Record<string, unknown> = {};
    provider.collect = (request) => {
      leftOut[request.workspace.taskId ?? ''] = request.intruded;
      return collect(request);
    };
    await watched.world.start();
    expect(watched.findings).toMatchObject([
      { kind: 'files', severity: 'warning', taskIds: ['2'], intrusion: { victim: '1', files: [file] } },
    ]);
    expect(leftOut).toEqual({ '1': [file], '2': [] });
  });
});

describe('a watch that does not see everything', () => {
  const nobody = (): Blame => ({ status: 'nobody' });

  it('is a warning if it can’t be opened, and the run goes on', async () => {
    const watched = new Watched(edit, nobody);
    Object.assign(watched.world.observer, {
      watch: () => {
        watched.both.resolve();
        return Promise.reject(new Error('no such folder'));
      },
    });
    expect(outcomes(await watched.world.start())).toEqual({ '1': 'landed', '2': 'landed' });
    expect(watched.warnings).toEqual([
      { code: 'PWT_WATCH_FAILED', message: expect.stringContaining('no such folder') },
    ]);
    expect(watched.findings).toMatchObject([{ kind: 'files', subjects: ['stray.txt'] }]);
  });

  it('is a warning if there are no more watches, or one can’t be made: each once', async () => {
    const watched = new Watched(({ request }) => {
      for (let time = 0; time < 2; time += 1) {
        request?.onBlind?.({ status: 'full', reason: '/repo: no more' });
        request?.onBlind?.({ status: 'failed', reason: '/repo/secret: permission denied' });
      }
    }, nobody);
    await watched.world.start();
    expect(watched.warnings).toEqual([
      { code: 'PWT_WATCH_FULL', message: expect.stringContaining('/repo: no more') },
      { code: 'PWT_WATCH_FAILED', message: expect.stringContaining('/repo/secret: permission denied') },
    ]);
  });
});
