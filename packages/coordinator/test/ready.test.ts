import type { CreatedWorkspace, CreateWorkspaceRequest, Workspace } from '@pwt/core';
import { type MemoryRepository, MemoryWorkspaceProvider, makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { deferred, outcomes, World, type WorldOptions, writes } from './world.js';

const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

type Prepare = (request: CreateWorkspaceRequest) => Promise<Workspace | undefined>;

/** Writes down what is made ready, and at which base. */
class Watched extends MemoryWorkspaceProvider {
  readonly prepared: CreateWorkspaceRequest[] = [];
  onPrepare: (request: CreateWorkspaceRequest, real: Prepare) => Promise<Workspace | undefined> = (
    request,
    real,
  ) => real(request);

  readonly created: CreateWorkspaceRequest[] = [];

  override async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
    this.created.push(request);
    return super.create(request);
  }

  override async prepare(request: CreateWorkspaceRequest): Promise<Workspace | undefined> {
    this.prepared.push(request);
    return this.onPrepare(request, (asked) => super.prepare(asked));
  }
}

function world(count: number, more: Partial<WorldOptions> = {}): { run: World; provider: Watched } {
  const run = new World({
    tasks: ids(count).map((id) => makeTask(id)),
    claims: ids(count).map((id) => makeClaims(id, `${id}.txt`)),
    work: Object.fromEntries(ids(count).map((id) => [id, writes(`${id}.txt`)])),
    options: { maxInstances: 1 },
    provider: (repository: MemoryRepository) => new Watched(repository),
    ...more,
  });
  return { run, provider: run.provider as Watched };
}

describe('the workspaces of the next tasks', () => {
  it('are made ready while an agent works, and follow the integration ref', async () => {
    const [first, second] = [deferred(), deferred()];
    const { run, provider } = world(3, {
      work: {
        '1': async (files) => {
          await first.promise;
          return writes('1.txt')(files);
        },
        '2': async (files) => {
          await second.promise;
          return writes('2.txt')(files);
        },
        '3': writes('3.txt'),
      },
    });
    provider.onPrepare = async (request, real) => {
      const workspace = await real(request);
      // Task 1 ends once task 2 is ready, task 2 once task 3 is ready where task 1 has been integrated.
      if (request.taskId === '2') first.resolve();
      if (request.taskId === '3' && request.base !== run.base) second.resolve();
      return workspace;
    };
    expect(outcomes(await run.start())).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    expect(provider.prepared[0]?.base).toBe(run.base);
    expect(provider.prepared.map(({ taskId }) => taskId)).toEqual(expect.arrayContaining(['2', '3']));
    const asked = provider.prepared.filter(({ taskId, base }) => taskId === '3' && base !== run.base);
    expect(asked).not.toEqual([]);
    expect(await provider.list()).toEqual([]);
  });

  it('are looked at while the dispatch of their task becomes durable', async () => {
    const first = deferred();
    const { run, provider } = world(2, {
      work: {
        '1': async (files) => {
          await first.promise;
          return writes('1.txt')(files);
        },
        '2': writes('2.txt'),
      },
    });
    provider.onPrepare = async (request, real) => {
      const workspace = await real(request);
      first.resolve();
      return workspace;
    };
    expect(outcomes(await run.start())).toEqual({ '1': 'landed', '2': 'landed' });
    const early = provider.created.filter(({ recorded }) => recorded !== undefined);
    expect(early.map(({ taskId }) => taskId)).toEqual(['2']);
  });

  it('are a convenience: where they can not be made, tasks make their own, and nothing is reported', async () => {
    const { run, provider } = world(3);
    provider.onPrepare = async () => {
      throw new Error('no room');
    };
    expect(outcomes(await run.start())).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    expect(provider.prepared.length).toBeLessThanOrEqual(2);
    const events = await run.journals.read('run-1');
    expect(events.map((event) => event.type)).not.toContain('warning');
  });

  it('go at the end of the run if their task never starts', async () => {
    const ready = deferred();
    const { run, provider } = world(2, {
      tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
      work: {
        '1': async () => {
          await ready.promise;
          return 1;
        },
      },
    });
    provider.onPrepare = async (request, real) => {
      const workspace = await real(request);
      ready.resolve();
      return workspace;
    };
    expect(outcomes(await run.start())).toEqual({ '1': 'failed', '2': 'skipped' });
    expect((await provider.list()).map(({ taskId }) => taskId)).toEqual(['1']);
  });

  it('are given up when the run is stopped, also one that is being made', async () => {
    const [making, working] = [deferred(), deferred()];
    const { run, provider } = world(2, {
      work: {
        '1': async () => {
          await working.promise;
          return 0;
        },
      },
    });
    provider.onPrepare = ({ abortSignal }) =>
      new Promise((_, reject) => {
        abortSignal?.addEventListener('abort', () => reject(abortSignal.reason));
        making.resolve();
      });
    const coordinator = run.coordinator();
    const summary = run.start(coordinator);
    await making.promise;
    await coordinator.stop('drain');
    working.resolve();
    await summary;
    expect((await provider.list()).filter(({ kind }) => kind === 'scratch')).toEqual([]);
  });

  it('are not taken for branches that others have made', async () => {
    const ready = deferred();
    const { run, provider } = world(2, {
      tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
      work: {
        '1': async () => {
          await ready.promise;
          return 1;
        },
      },
    });
    const branches: unknown[] = [];
    provider.onPrepare = async (request, real) => {
      const workspace = await real(request);
      branches.push(workspace?.branch);
      run.repository.refs.set(`refs/heads/${workspace?.branch}`, request.base);
      ready.resolve();
      return workspace;
    };
    await run.start();
    expect(branches).toEqual(['feature/2']);
    const events = await run.journals.read('run-1');
    expect(JSON.stringify(events)).not.toContain('refs/heads/feature/2');
  });
});
