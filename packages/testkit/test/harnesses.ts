import {
  type AgentLauncher,
  type LiveWork,
  type Radar,
  type ResourceSample,
  type Separator,
  type Task,
  type TaskSource,
  throwIfAborted,
  unknownScopeClaim,
  type Workspace,
} from '@pwt/core';
import {
  type AgentBehaviour,
  type AgentLauncherHarness,
  type AgentScript,
  FixedResourceMonitor,
  type GateHarness,
  ManualClock,
  MemoryMachines,
  MemoryMerger,
  MemoryRadar,
  MemoryRepository,
  MemoryRepositoryObserver,
  MemoryWorkspaceProvider,
  type MergerHarness,
  makeClaim,
  makeTask,
  type RadarHarness,
  type RepositoryObserverHarness,
  type ResourceMonitorHarness,
  type ScriptedAgent,
  ScriptedGate,
  ScriptedLauncher,
  type SeparatorHarness,
  type TaskSourceHarness,
  type WorkspaceProviderHarness,
} from '../src/index.js';

const nothing = async () => undefined;

export function providerHarness(
  make = (repository: MemoryRepository) => new MemoryWorkspaceProvider(repository),
) {
  return async (): Promise<WorkspaceProviderHarness> => {
    const repository = new MemoryRepository();
    const provider = make(repository);
    return {
      provider,
      base: repository.commit({ 'README.md': 'hello\n', 'src/a.txt': 'a\n' }),
      reopen: async () => provider,
      write: async (workspace, path, text) => void provider.files(workspace).set(path, text),
      delete: async (workspace, path) => void provider.files(workspace).delete(path),
      read: async (workspace, path) => provider.files(workspace).get(path),
      commit: async (workspace) => provider.commit(workspace),
      reset: async (workspace, commit) => provider.reset(workspace, commit),
      filesOf: async (commit) => Object.fromEntries(repository.read(commit).files),
      dispose: nothing,
    };
  };
}

/** As {@link providerHarness}, on machines that can be lost. */
export function machinesHarness(
  make = (...given: ConstructorParameters<typeof MemoryMachines>) => new MemoryMachines(...given),
) {
  return async (): Promise<WorkspaceProviderHarness> => {
    let machines: MemoryMachines | undefined;
    const harness = await providerHarness((repository) => {
      machines = make(repository, { one: {}, two: {} });
      return machines;
    })();
    const loseMachine = async ({ host = '' }: Workspace) => machines?.lose(host);
    return { ...harness, loseMachine };
  };
}

export function mergerHarness(make = (repository: MemoryRepository) => new MemoryMerger(repository)) {
  return async (): Promise<MergerHarness> => {
    const repository = new MemoryRepository();
    const base = repository.commit({ 'README.md': 'hello\n' });
    repository.refs.set('refs/heads/main', base);
    return {
      merger: make(repository),
      base,
      commit: async (files, parents) => repository.commit(files, parents),
      filesOf: async (commit) => Object.fromEntries(repository.read(commit).files),
      parentsOf: async (commit) => repository.read(commit).parents,
      setBranch: async (name, commit) => {
        if (commit === undefined) repository.refs.delete(`refs/heads/${name}`);
        else repository.refs.set(`refs/heads/${name}`, commit);
      },
      dispose: nothing,
    };
  };
}

export async function gateHarness(): Promise<GateHarness> {
  const workspace = {
    id: 's',
    provider: 'memory',
    kind: 'scratch',
    runId: 'r',
    path: '/s',
    base: '0',
  } as const;
  return {
    green: new ScriptedGate(),
    red: new ScriptedGate(() => ({ status: 'red', exitCode: 1, durationMs: 1, summary: 'no' })),
    endless: new ScriptedGate(() => ({ status: 'timed-out', durationMs: 1, summary: '' })),
    broken: new ScriptedGate(() => ({ status: 'broken', durationMs: 1, message: 'no such command' })),
    request: {
      runId: 'r',
      subject: { kind: 'tasks', taskIds: ['1'] },
      commit: '0',
      workspace,
      logFile: '/log',
    },
    dispose: nothing,
  };
}

/** `change` may break the launcher that the suite gets to see; it can look at the clock of the real one. */
export function launcherHarness(
  change: (launcher: AgentLauncher, clock: ManualClock) => AgentLauncher = (launcher) => launcher,
) {
  return async (): Promise<AgentLauncherHarness> => {
    const clock = new ManualClock();
    const released = new Map<number, (end: Awaited<ReturnType<AgentScript>>) => void>();
    const behave =
      (behaviour: AgentBehaviour) =>
      async ({ request }: ScriptedAgent) => {
        if ('exitCode' in behaviour) return behaviour.exitCode;
        return new Promise<Awaited<ReturnType<AgentScript>>>((resolve) =>
          released.set(request.attempt.number, resolve),
        );
      };
    let launcher: AgentLauncher | undefined;
    const open = async (behaviour: AgentBehaviour) => {
      launcher ??= change(new ScriptedLauncher(behave(behaviour), { clock }), clock);
      return launcher;
    };
    let attempts = 0;
    return {
      launcher: open,
      reopen: open,
      async request() {
        attempts += 1;
        const workspace = {
          id: '1',
          provider: 'memory',
          kind: 'task',
          runId: 'r',
          path: '/w',
          base: '0',
          host: 'one',
        } as const;
        const attempt = {
          ...{ runId: 'r', taskId: '1', number: attempts, workspace, stateDir: `/state/${attempts}` },
          ...{ timeoutMs: 0, idleTimeoutMs: 0 },
        };
        return { attempt, task: makeTask('1'), claims: [makeClaim('a')], permission: 'default' };
      },
      release: async (request) => released.get(request.attempt.number)?.(0),
      loseMachine: async ({ attempt: { number, workspace } }) =>
        released.get(number)?.({ kind: 'lost', lostWith: workspace.host ?? '' }),
      advance: (ms) => clock.advance(ms),
      patienceMs: 50,
      dispose: nothing,
    };
  };
}

/** Claims each word of the title that has a dot in it. */
export const wordSeparator: Separator = {
  name: 'test',
  async separate({ tasks, abortSignal }) {
    throwIfAborted(abortSignal);
    const claims = tasks.map(({ id, title, specs: [spec] }) => {
      const found = title
        .split(' ')
        .filter((word) => word.includes('.'))
        .map((word) => makeClaim(word, spec ? { place: { path: spec.path, line: 1 } } : {}));
      return {
        taskId: id,
        claims: found.length ? found : [unknownScopeClaim()],
        unknownScope: found.length === 0,
      };
    });
    const unknown = claims.filter((entry) => entry.unknownScope);
    return {
      claims,
      diagnostics: unknown.map(({ taskId }) => ({
        code: 'PWT_SCOPE_UNKNOWN',
        severity: 'warning',
        message: 'no scope',
        taskIds: [taskId],
      })),
    };
  },
};

export function separatorHarness(separator: Separator = wordSeparator) {
  return async (): Promise<SeparatorHarness> => ({
    separator,
    scoped: [makeTask('1', { title: 'edit a.txt' }), makeTask('2', { title: 'edit b.txt c.txt' })],
    unscoped: makeTask('3', { title: 'think' }),
    tree: { paths: ['a.txt'] },
    dispose: nothing,
  });
}

export const listSource: TaskSource = {
  name: 'test',
  async load({ ids, abortSignal }) {
    throwIfAborted(abortSignal);
    const all = ['1', '2'].map((id): Task => makeTask(id));
    const unknown = (ids ?? []).filter((id) => !all.some((task) => task.id === id));
    return {
      tasks: all.filter((task) => ids === undefined || ids.includes(task.id)),
      diagnostics: unknown.map((id) => ({
        code: 'PWT_TASK_UNKNOWN',
        severity: 'error',
        message: `no task ${id}`,
        taskIds: [id],
      })),
    };
  },
};

export function sourceHarness(source: TaskSource = listSource) {
  return async (): Promise<TaskSourceHarness> => ({ source, ids: ['1', '2'], dispose: nothing });
}

export function monitorHarness(sample: Partial<ResourceSample> = {}) {
  const monitor = new FixedResourceMonitor(sample);
  return async (): Promise<ResourceMonitorHarness> => ({ monitor, dispose: nothing });
}

export function observerHarness(
  make: (repository: MemoryRepository) => MemoryRepositoryObserver = (repository) =>
    new MemoryRepositoryObserver(repository),
) {
  return async (): Promise<RepositoryObserverHarness> => {
    const repository = new MemoryRepository();
    const tip = repository.commit({ 'README.md': 'hello\n' });
    repository.refs.set('refs/heads/main', tip);
    const observer = make(repository);
    return {
      observer,
      configure: async (key, value) => void observer.config.set(key, value),
      async write(path, text, { stage = false } = {}) {
        observer.files.set(path, stage ? { staged: text, edited: '' } : { staged: '', edited: text });
      },
      setRef: async (ref, exists) =>
        void (exists ? repository.refs.set(ref, tip) : repository.refs.delete(ref)),
      dispose: nothing,
    };
  };
}

export function radarHarness(
  make: (...given: ConstructorParameters<typeof MemoryRadar>) => Radar = (...given) =>
    new MemoryRadar(...given),
) {
  return async (): Promise<RadarHarness> => {
    const repository = new MemoryRepository();
    const provider = new MemoryWorkspaceProvider(repository);
    let tip = repository.commit({ 'shared.txt': 'one\n' });
    const spaces = new Map<string, Workspace>();
    for (const taskId of ['1', '2']) {
      const { workspace } = await provider.create({ runId: 'run-1', taskId, title: taskId, base: tip });
      spaces.set(taskId, workspace);
    }
    const work = (id: string): LiveWork => ({ id, path: spaces.get(id)?.path ?? '' });
    return {
      radar: make(repository, provider),
      works: [work('1'), work('2')],
      tip: () => tip,
      async write({ id }, path, text) {
        const workspace = spaces.get(id);
        if (workspace) provider.files(workspace).set(path, text);
      },
      async commitOnTip(path, text) {
        tip = repository.commit(new Map([...repository.read(tip).files, [path, text]]), [tip]);
      },
      dispose: nothing,
    };
  };
}
