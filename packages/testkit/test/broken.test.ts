import {
  type AgentExit,
  type AgentLauncher,
  type AgentRun,
  type CreatedWorkspace,
  type CreateWorkspaceRequest,
  type Gate,
  type MovedOnto,
  type MoveOntoRequest,
  type RadarPicture,
  type RadarRequest,
  type RemoveOutcome,
  type Task,
  throwIfAborted,
} from '@pwt/core';
import { describe, expect, it } from 'vitest';
import {
  agentLauncherSuite,
  gateSuite,
  type ManualClock,
  MemoryMachines,
  MemoryMerger,
  MemoryRadar,
  MemoryRepositoryObserver,
  MemoryWorkspaceProvider,
  makeClaim,
  mergerSuite,
  radarSuite,
  repositoryObserverSuite,
  resourceMonitorSuite,
  ScriptedGate,
  separatorSuite,
  type TestRunner,
  taskSourceSuite,
  workspaceProviderSuite,
} from '../src/index.js';
import {
  gateHarness,
  launcherHarness,
  listSource,
  machinesHarness,
  mergerHarness,
  monitorHarness,
  observerHarness,
  providerHarness,
  radarHarness,
  separatorHarness,
  sourceHarness,
  wordSeparator,
} from './harnesses.js';

/** Runs a suite by itself and returns the names of the tests that fail. */
async function failuresOf(suite: (runner: TestRunner) => void): Promise<string[]> {
  const tests: { name: string; body: () => Promise<void> }[] = [];
  suite({ describe: (_name, body) => body(), test: (name, body) => void tests.push({ name, body }) });
  const failed: string[] = [];
  for (const { name, body } of tests) {
    try {
      await body();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

type Provider = MemoryWorkspaceProvider;
const provider = (Broken: typeof MemoryWorkspaceProvider) => () =>
  failuresOf((runner) =>
    workspaceProviderSuite(
      runner,
      providerHarness((repository) => new Broken(repository)),
    ),
  );
const machines = (Broken: typeof MemoryMachines) => () =>
  failuresOf((runner) =>
    workspaceProviderSuite(
      runner,
      machinesHarness((...given) => new Broken(...given)),
    ),
  );
const merger = (Broken: typeof MemoryMerger) => () =>
  failuresOf((runner) =>
    mergerSuite(
      runner,
      mergerHarness((repository) => new Broken(repository)),
    ),
  );
const observer = (Broken: typeof MemoryRepositoryObserver) => () =>
  failuresOf((runner) =>
    repositoryObserverSuite(
      runner,
      observerHarness((repository) => new Broken(repository)),
    ),
  );
const radar = (change: (picture: RadarPicture, request: RadarRequest) => RadarPicture) => () =>
  failuresOf((runner) =>
    radarSuite(
      runner,
      radarHarness((...given) => {
        const real = new MemoryRadar(...given);
        const look = async (request: RadarRequest) => change(await real.look(request), request);
        return { name: real.name, look, close: () => real.close() };
      }),
    ),
  );
const launcher = (change: (real: AgentLauncher, clock: ManualClock) => Partial<AgentLauncher>) => () =>
  failuresOf((runner) =>
    agentLauncherSuite(
      runner,
      launcherHarness((real, clock) => ({
        name: real.name,
        check: () => real.check(),
        launch: (request) => real.launch(request),
        attach: (attempt) => real.attach(attempt),
        ...change(real, clock),
      })),
    ),
  );

/** A run whose end, or start, is told differently. */
const retold = (
  run: AgentRun,
  {
    exit = (told) => told,
    startedAt = run.startedAt,
  }: { exit?: (told: AgentExit) => AgentExit; startedAt?: number },
): AgentRun => ({ startedAt, events: run.events, exited: run.exited.then(exit), stop: () => run.stop() });

/** A source whose first task is different. */
const changedSource = (extra: Partial<Task>) =>
  sourceHarness({
    name: 'test',
    async load(request) {
      const { tasks, diagnostics } = await listSource.load(request);
      return { tasks: tasks.map((task) => (task.id === '1' ? { ...task, ...extra } : task)), diagnostics };
    },
  });

/** Each breaks one promise of a contract; the suite must notice. */
const broken: Readonly<Record<string, () => Promise<string[]>>> = {
  'a provider that removes what it can not reach': machines(
    class extends MemoryMachines {
      override async remove(): Promise<RemoveOutcome> {
        return { status: 'gone' };
      }
    },
  ),
  'a provider that forgets where a workspace has gone': machines(
    class extends MemoryMachines {
      override async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
        const { workspace } = await super.create(request);
        return { workspace: { ...workspace, host: 'one' } };
      }
    },
  ),
  'a provider that makes another workspace in place of a lost one': machines(
    class extends MemoryMachines {
      override async moveOnto(request: MoveOntoRequest): Promise<MovedOnto> {
        const { workspace, outcome } = await super.moveOnto(request);
        return { workspace: { ...workspace, id: `${workspace.id}-${workspace.host}` }, outcome };
      }
    },
  ),
  'a launcher that does not say what an agent was lost with': launcher((real) => ({
    launch: async (request) =>
      retold(await real.launch(request), { exit: ({ lostWith: _lostWith, ...exit }) => exit }),
  })),
  'a radar that sees nothing': radar((picture, { works }) => ({
    ...picture,
    sightings: works.map(({ id }) => ({ id, changes: [], colliding: [] })),
  })),
  'a radar that tells only one of two that they collide': radar((picture) => ({
    ...picture,
    sightings: picture.sightings.map((sighting, at) =>
      at === 0 ? sighting : { ...sighting, colliding: [] },
    ),
  })),
  'a radar that does not look at the tip': radar((picture) => ({
    ...picture,
    sightings: picture.sightings.map(({ stale: _stale, ...sighting }) => sighting),
  })),
  'a radar that leaves out what it does not see': radar((picture) => ({
    ...picture,
    sightings: picture.sightings.filter(({ unseen }) => unseen === undefined),
  })),
  'an observer that takes what pwt moves for what others move': observer(
    class extends MemoryRepositoryObserver {
      override observe(request: Parameters<MemoryRepositoryObserver['observe']>[0]) {
        return super.observe({ ...request, ownBranches: [] });
      }
    },
  ),
  'an observer that does not look at the configuration': observer(
    class extends MemoryRepositoryObserver {
      override async observe(request: Parameters<MemoryRepositoryObserver['observe']>[0]) {
        return { ...(await super.observe(request)), config: [] };
      }
    },
  ),
  'an observer that sees that a file is edited, but not that it is edited again': observer(
    class extends MemoryRepositoryObserver {
      override async observe(request: Parameters<MemoryRepositoryObserver['observe']>[0]) {
        const state = await super.observe(request);
        const files = Object.keys(state.files ?? {}).map((path) => [path, { staged: '', edited: 'M' }]);
        return { ...state, files: Object.fromEntries(files) };
      }
    },
  ),
  'an observer with one record for all runs': observer(
    class extends MemoryRepositoryObserver {
      override recall() {
        return super.recall('run-1');
      }
    },
  ),
  'a provider that makes workspaces for aborted requests': provider(
    class extends MemoryWorkspaceProvider {
      override create({ abortSignal: _, ...request }: Parameters<Provider['create']>[0]) {
        return super.create(request);
      }
    },
  ),
  'a provider that makes a workspace before it looks at the signal': provider(
    class extends MemoryWorkspaceProvider {
      override async create({ abortSignal, ...request }: Parameters<Provider['create']>[0]) {
        const created = await super.create(request);
        throwIfAborted(abortSignal);
        return created;
      }
    },
  ),
  'a provider that makes scratch checkouts for aborted requests': provider(
    class extends MemoryWorkspaceProvider {
      override scratch({ abortSignal: _, ...request }: Parameters<Provider['scratch']>[0]) {
        return super.scratch(request);
      }
    },
  ),
  'a provider that commits work before it looks at the signal': provider(
    class extends MemoryWorkspaceProvider {
      override async collect({ abortSignal, ...request }: Parameters<Provider['collect']>[0]) {
        const collected = await super.collect(request);
        throwIfAborted(abortSignal);
        return collected;
      }
    },
  ),
  'a provider that says that it has set up what was there already': provider(
    class extends MemoryWorkspaceProvider {
      override async create(request: Parameters<Provider['create']>[0]): Promise<CreatedWorkspace> {
        return { ...(await super.create(request)), setup: { durationMs: 1, logFile: '/log' } };
      }
    },
  ),
  'a provider whose log of the set-up is somewhere': provider(
    class extends MemoryWorkspaceProvider {
      override async create(request: Parameters<Provider['create']>[0]): Promise<CreatedWorkspace> {
        const isThere = (await this.list()).length > 0;
        const created = await super.create(request);
        return isThere ? created : { ...created, setup: { durationMs: 1, logFile: 'setup.log' } };
      }
    },
  ),
  'an observer that looks for aborted requests': observer(
    class extends MemoryRepositoryObserver {
      override observe({ abortSignal: _, ...request }: Parameters<MemoryRepositoryObserver['observe']>[0]) {
        return super.observe(request);
      }
    },
  ),
  'a merger that joins for aborted requests': merger(
    class extends MemoryMerger {
      override integrate({ abortSignal: _, ...request }: Parameters<MemoryMerger['integrate']>[0]) {
        return super.integrate(request);
      }
    },
  ),
  'a merger that replays for aborted requests': merger(
    class extends MemoryMerger {
      override replay({ abortSignal: _, ...request }: Parameters<MemoryMerger['replay']>[0]) {
        return super.replay(request);
      }
    },
  ),
  'a merger that makes no further changes': merger(
    class extends MemoryMerger {
      override integrate({ edit: _, ...request }: Parameters<MemoryMerger['integrate']>[0]) {
        return super.integrate(request);
      }
    },
  ),
  'a merger that replays without the further changes': merger(
    class extends MemoryMerger {
      override replay({ edit: _, ...request }: Parameters<MemoryMerger['replay']>[0]) {
        return super.replay(request);
      }
    },
  ),
  'a merger that knows no lists': merger(
    class extends MemoryMerger {
      override integrate({ lists: _, ...request }: Parameters<MemoryMerger['integrate']>[0]) {
        return super.integrate(request);
      }
    },
  ),
  'a gate that judges aborted requests': () =>
    failuresOf((runner) =>
      gateSuite(runner, async () => {
        const green = new ScriptedGate();
        const run: Gate['run'] = ({ abortSignal: _, ...request }) => green.run(request);
        return { ...(await gateHarness()), green: { name: 'test', run } };
      }),
    ),
  'a gate that skips parts of a complete verdict': () =>
    failuresOf((runner) =>
      gateSuite(runner, async () => {
        const red = { name: 'lint', status: 'red', durationMs: 1, logFile: '/log.lint' } as const;
        const skipped = { name: 'test', status: 'skipped', durationMs: 0, logFile: '/log.test' } as const;
        const verdict = { status: 'red', exitCode: 1, durationMs: 1, summary: 'no' } as const;
        const mixed = new ScriptedGate(() => ({ ...verdict, parts: [red, skipped] }));
        return { ...(await gateHarness()), mixed };
      }),
    ),
  'a gate whose fingerprint changes': () =>
    failuresOf((runner) =>
      gateSuite(runner, async () => {
        let asked = 0;
        const green: Gate = {
          name: 'test',
          run: (request) => new ScriptedGate().run(request),
          get fingerprint() {
            asked += 1;
            return `${asked}`;
          },
        };
        return { ...(await gateHarness()), green };
      }),
    ),
  'a separator that reads for aborted requests': () =>
    failuresOf((runner) =>
      separatorSuite(
        runner,
        separatorHarness({
          name: 'test',
          separate: ({ abortSignal: _, ...request }) => wordSeparator.separate(request),
        }),
      ),
    ),
  'a source that loads for aborted requests': () =>
    failuresOf((runner) =>
      taskSourceSuite(
        runner,
        sourceHarness({ name: 'test', load: ({ abortSignal: _, ...request }) => listSource.load(request) }),
      ),
    ),
  'a separator without a name': () =>
    failuresOf((runner) => separatorSuite(runner, separatorHarness({ ...wordSeparator, name: '' }))),
  'a separator that keeps to itself which task has no scope': () =>
    failuresOf((runner) =>
      separatorSuite(
        runner,
        separatorHarness({
          name: 'test',
          async separate(request) {
            return { ...(await wordSeparator.separate(request)), diagnostics: [] };
          },
        }),
      ),
    ),
  'a provider that removes uncommitted work': provider(
    class extends MemoryWorkspaceProvider {
      override remove(request: Parameters<Provider['remove']>[0]): Promise<RemoveOutcome> {
        return super.remove({ ...request, force: [...(request.force ?? []), 'dirty'] });
      }
    },
  ),
  'a provider that removes unmerged commits': provider(
    class extends MemoryWorkspaceProvider {
      override remove(request: Parameters<Provider['remove']>[0]): Promise<RemoveOutcome> {
        return super.remove({ ...request, force: [...(request.force ?? []), 'unmerged'] });
      }
    },
  ),
  'a provider that forgets what is uncommitted': provider(
    class extends MemoryWorkspaceProvider {
      override async collect({ workspace }: Parameters<Provider['collect']>[0]) {
        return {
          status: 'collected',
          commit: workspace.base,
          changes: [],
          committedLeftovers: false,
        } as const;
      }
    },
  ),
  'a provider that compares with the base and not with the merge base': () =>
    failuresOf((runner) =>
      workspaceProviderSuite(
        runner,
        providerHarness((repository) => {
          repository.mergeBase = (base) => base;
          return new MemoryWorkspaceProvider(repository);
        }),
      ),
    ),
  'a provider that takes over the workspace of another run': provider(
    class extends MemoryWorkspaceProvider {
      override async create(request: Parameters<Provider['create']>[0]): Promise<CreatedWorkspace> {
        for (const found of await this.list())
          await this.remove({ workspace: found, force: ['dirty', 'unmerged'] });
        return super.create(request);
      }
    },
  ),
  'a provider that lists everything': provider(
    class extends MemoryWorkspaceProvider {
      override list() {
        return super.list();
      }
    },
  ),
  'a provider that lists what is ready as a task’s workspace': provider(
    class extends MemoryWorkspaceProvider {
      override async prepare(request: Parameters<MemoryWorkspaceProvider['prepare']>[0]) {
        return (await this.create(request)).workspace;
      }
    },
  ),
  'a provider that hands over what is ready at whatever base': provider(
    class extends MemoryWorkspaceProvider {
      readonly #bases = new Map<string, string>();
      override async prepare(request: Parameters<MemoryWorkspaceProvider['prepare']>[0]) {
        this.#bases.set(request.taskId, request.base);
        return super.prepare(request);
      }
      override create(request: Parameters<MemoryWorkspaceProvider['create']>[0]) {
        return super.create({ ...request, base: this.#bases.get(request.taskId) ?? request.base });
      }
    },
  ),
  'a provider that leaves what no task got': provider(
    class extends MemoryWorkspaceProvider {
      override close() {
        return Promise.resolve();
      }
    },
  ),
  'a provider whose scratch checkouts start from the base': provider(
    class extends MemoryWorkspaceProvider {
      #base = '';
      override create(request: Parameters<Provider['create']>[0]) {
        this.#base = request.base;
        return super.create(request);
      }
      override scratch(request: Parameters<Provider['scratch']>[0]) {
        return super.scratch({ ...request, commit: this.#base });
      }
    },
  ),
  'a merger that resolves conflicts silently': merger(
    class extends MemoryMerger {
      override async integrate(request: Parameters<MemoryMerger['integrate']>[0]) {
        const outcome = await super.integrate(request);
        return outcome.status === 'conflicted'
          ? { status: 'merged' as const, commit: request.commit }
          : outcome;
      }
    },
  ),
  'a merger that fast-forwards': merger(
    class extends MemoryMerger {
      override async integrate(request: Parameters<MemoryMerger['integrate']>[0]) {
        const { onto, commit } = request;
        if (onto !== commit && (await this.contains({ ancestor: onto, descendant: commit }))) {
          return { status: 'merged' as const, commit };
        }
        return super.integrate(request);
      }
    },
  ),
  'a merger that moves the target without looking': merger(
    class extends MemoryMerger {
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        const from = await this.tip(request.target);
        return from === undefined ? { status: 'landed' as const } : super.land({ ...request, from });
      }
    },
  ),
  'a merger that advances while it integrates': merger(
    class extends MemoryMerger {
      override async integrate(request: Parameters<MemoryMerger['integrate']>[0]) {
        const outcome = await super.integrate(request);
        if (outcome.status === 'merged')
          await this.advance({ ...request, from: request.onto, to: outcome.commit });
        return outcome;
      }
    },
  ),
  'a merger that closes what has not landed': merger(
    class extends MemoryMerger {
      override async close(request: Parameters<MemoryMerger['close']>[0]) {
        const { tip } = await this.open({ runId: request.runId, target: 'main', start: request.landed });
        return super.close({ ...request, landed: tip });
      }
    },
  ),
  'a gate that is always green': () =>
    failuresOf((runner) =>
      gateSuite(runner, async () => ({ ...(await gateHarness()), red: new ScriptedGate() })),
    ),
  'a gate that throws when it is red': () =>
    failuresOf((runner) =>
      gateSuite(runner, async () => {
        const red = new ScriptedGate(() => {
          throw new Error('red');
        });
        return { ...(await gateHarness()), red };
      }),
    ),
  'a gate that judges although it is stopped meanwhile': () =>
    failuresOf((runner) =>
      gateSuite(runner, async () => {
        const run: Gate['run'] = async ({ abortSignal }) => {
          throwIfAborted(abortSignal);
          await Promise.resolve();
          return { status: 'timed-out', durationMs: 1, summary: '' };
        };
        return { ...(await gateHarness()), endless: { name: 'test', run } };
      }),
    ),
  'a monitor whose percentages are beyond 100': () =>
    failuresOf((runner) => resourceMonitorSuite(runner, monitorHarness({ memoryPercent: 120 }))),
  'a monitor that has more to give than there is': () =>
    failuresOf((runner) => resourceMonitorSuite(runner, monitorHarness({ diskTotalBytes: 1 }))),
  'a monitor that knows no cores': () =>
    failuresOf((runner) => resourceMonitorSuite(runner, monitorHarness({ cpuCount: 0 }))),
  'a monitor whose machine has no memory': () =>
    failuresOf((runner) =>
      resourceMonitorSuite(runner, async () => {
        const { monitor, dispose } = await monitorHarness()();
        const capacity = async () => ({ ...(await monitor.sample()), memoryTotalBytes: 0 });
        const broken = { name: monitor.name, sample: () => monitor.sample(), capacity };
        return { monitor: broken, dispose };
      }),
    ),
  'a launcher that says nothing of a missing agent': () =>
    failuresOf((runner) =>
      agentLauncherSuite(runner, async () => {
        const harness = await launcherHarness()();
        return { ...harness, missing: () => harness.launcher({ exitCode: 0 }) };
      }),
    ),
  'a launcher whose activities are several lines': launcher((real) => ({
    launch: async (request) => {
      const run = await real.launch(request);
      const events = (async function* () {
        yield { kind: 'message', text: 'two\nlines' } as const;
      })();
      return { startedAt: run.startedAt, events, exited: run.exited, stop: () => run.stop() };
    },
  })),
  'a launcher that does not fence': launcher((real) => ({
    attach: (attempt) => real.attach({ ...attempt, stateDir: `${attempt.stateDir}-x` }),
  })),
  'a launcher that starts an attempt twice': launcher((real) => {
    let count = 0;
    return {
      launch: async (request) => {
        count += 1;
        const { attempt } = request;
        return real.launch({ ...request, attempt: { ...attempt, stateDir: `${attempt.stateDir}/${count}` } });
      },
    };
  }),
  'a launcher that swallows exit codes': launcher((real) => ({
    launch: async (request) =>
      retold(await real.launch(request), { exit: (exit) => ({ ...exit, exitCode: 0 }) }),
  })),
  'a launcher that starts agents for aborted requests': launcher((real) => ({
    launch: ({ abortSignal: _, ...request }) => real.launch(request),
  })),
  'a launcher without a total time limit': launcher((real) => ({
    launch: ({ attempt, ...request }) => real.launch({ ...request, attempt: { ...attempt, timeoutMs: 0 } }),
  })),
  'a launcher without an idle time limit': launcher((real) => ({
    launch: ({ attempt, ...request }) =>
      real.launch({ ...request, attempt: { ...attempt, idleTimeoutMs: 0 } }),
  })),
  'a launcher for which a limit of 0 is a short one': launcher((real) => ({
    launch: ({ attempt, ...request }) =>
      real.launch({ ...request, attempt: { ...attempt, timeoutMs: attempt.timeoutMs || 1 } }),
  })),
  'a launcher that says of an agent beyond its limit that it was stopped': launcher((real) => ({
    launch: async (request) =>
      retold(await real.launch(request), {
        exit: (exit) => (exit.kind === 'exited' ? exit : { ...exit, kind: 'stopped' }),
      }),
  })),
  'a launcher that enforces no limit of an agent it finds again': launcher((real) => ({
    attach: (attempt) => real.attach({ ...attempt, timeoutMs: 0, idleTimeoutMs: 0 }),
  })),
  'a launcher that uses the limits of the start': launcher((real) => {
    const limits = new Map<string, number>();
    return {
      launch: (request) => {
        limits.set(request.attempt.stateDir, request.attempt.timeoutMs);
        return real.launch(request);
      },
      attach: (attempt) =>
        real.attach({ ...attempt, timeoutMs: limits.get(attempt.stateDir) ?? attempt.timeoutMs }),
    };
  }),
  'a launcher that counts the time of an agent it finds again from then on': launcher((real, clock) => {
    const starts = new Map<string, number>();
    return {
      launch: async (request) => {
        const run = await real.launch(request);
        starts.set(request.attempt.stateDir, run.startedAt);
        return run;
      },
      attach: (attempt) => {
        const gone = clock.now() - (starts.get(attempt.stateDir) ?? clock.now());
        return real.attach({ ...attempt, timeoutMs: attempt.timeoutMs && attempt.timeoutMs + gone });
      },
    };
  }),
  'a launcher that tells when it has found an agent as its start': launcher((real) => ({
    attach: async (attempt) => {
      const run = await real.attach(attempt);
      return run && retold(run, { startedAt: run.startedAt + 1 });
    },
  })),
  'a separator that leaves out tasks': () =>
    failuresOf((runner) =>
      separatorSuite(
        runner,
        separatorHarness({
          name: 'test',
          async separate(request) {
            const result = await wordSeparator.separate(request);
            return { ...result, claims: result.claims.filter((entry) => !entry.unknownScope) };
          },
        }),
      ),
    ),
  'a separator that calls a task without scope harmless': () =>
    failuresOf((runner) =>
      separatorSuite(
        runner,
        separatorHarness({
          name: 'test',
          async separate(request) {
            const { claims } = await wordSeparator.separate(request);
            return {
              claims: claims.map((entry) =>
                entry.unknownScope ? { ...entry, unknownScope: false, claims: [] } : entry,
              ),
              diagnostics: [],
            };
          },
        }),
      ),
    ),
  'a separator that names a line that is not there': () =>
    failuresOf((runner) =>
      separatorSuite(
        runner,
        separatorHarness({
          name: 'test',
          async separate(request) {
            const { claims, diagnostics } = await wordSeparator.separate(request);
            const misplaced = claims.map(({ claims: own, ...entry }) => ({
              ...entry,
              claims: own.map(({ place, ...claim }) =>
                place ? { ...claim, place: { ...place, line: 99 } } : claim,
              ),
            }));
            return { claims: misplaced, diagnostics };
          },
        }),
      ),
    ),
  'a source that declares a claim without evidence': () =>
    failuresOf((runner) => taskSourceSuite(runner, changedSource({ declared: [makeClaim('a.txt')] }))),
  'a source with a task that waits for itself': () =>
    failuresOf((runner) => taskSourceSuite(runner, changedSource({ dependsOn: ['1'] }))),
  'a source that ignores which ids are asked for': () =>
    failuresOf((runner) =>
      taskSourceSuite(runner, sourceHarness({ name: 'test', load: () => listSource.load({}) })),
    ),
  'a source that does not say which task is unknown': () =>
    failuresOf((runner) =>
      taskSourceSuite(
        runner,
        sourceHarness({
          name: 'test',
          async load(request) {
            const { tasks, diagnostics } = await listSource.load(request);
            return { tasks, diagnostics: diagnostics.map(({ taskIds: _, ...said }) => said) };
          },
        }),
      ),
    ),
};

describe('the contract suites', () => {
  it.each(Object.entries(broken))('notice %s', async (_name, run) => {
    expect(await run()).not.toEqual([]);
  });
});
