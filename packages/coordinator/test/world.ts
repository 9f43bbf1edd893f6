import {
  type AgentExit,
  type AgentInfo,
  defined,
  type EventSink,
  type Gate,
  type RunOptions,
  type RunSummary,
  type Task,
  type TaskClaims,
} from '@pwt/core';
import { planSchedule } from '@pwt/planner';
import {
  type AgentScript,
  FixedResourceMonitor,
  type ManualClock,
  MemoryJournalStore,
  MemoryMerger,
  MemoryRepository,
  MemoryRepositoryObserver,
  MemoryWorkspaceProvider,
  makeRunOptions,
  type ScriptedAgent,
  ScriptedGate,
  ScriptedLauncher,
} from '@pwt/testkit';
import { expect } from 'vitest';
import { Coordinator, type CoordinatorOptions, type Inbox } from '../src/index.js';
import type { CoordinatorParts, TaskMarker } from '../src/run/coordinator-parts.js';

export const RUN_ID = 'run-1';

/** What an agent of the test does in its workspace. */
type WorkResult = AgentExit['kind'] | number | undefined | Partial<Omit<AgentExit, 'durationMs'>>;

export type Work = (
  files: Map<string, string>,
  agent: Pick<ScriptedAgent, 'request' | 'say'>,
) => Promise<WorkResult> | WorkResult;

/** Changes nothing, and states why. */
export function needsNoChange(noChange: string): Work {
  return () => ({ noChange });
}

/** Writes one file and exits with 0. */
export function writes(path: string, text = 'new\n'): (files: Map<string, string>) => number {
  return (files) => {
    files.set(path, text);
    return 0;
  };
}

export interface WorldOptions {
  readonly tasks: readonly Task[];
  readonly claims: readonly TaskClaims[];
  readonly work: Readonly<Record<string, Work>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: Partial<RunOptions>;
  /** Or what makes it, for one that looks at what it tests. */
  readonly gate?: Gate | ((world: World) => Gate);
  readonly sinks?: readonly EventSink[];
  /** Agents that the launcher has, instead of one of which nothing is known. */
  readonly agents?: readonly AgentInfo[];
  /** Or the whole agent, for one that says something; it comes before `work`. */
  readonly play?: AgentScript;
  /** @default the machine's */
  readonly clock?: ManualClock;
  /** Where people leave messages for the run. */
  readonly inbox?: Inbox;
  readonly provider?: (repository: MemoryRepository) => MemoryWorkspaceProvider;
  /** Used with the option `markDone`. */
  readonly marker?: TaskMarker;
}

/** A gate that is red where files say so; `undefined`: green. */
export function fileGate(
  redFor: (files: ReadonlyMap<string, string>) => string | undefined,
): (world: World) => ScriptedGate {
  return ({ repository }) =>
    new ScriptedGate(({ commit }) => {
      const summary = redFor(repository.read(commit).files);
      return summary === undefined
        ? { status: 'green', durationMs: 1 }
        : { status: 'red', exitCode: 1, durationMs: 1, summary };
    });
}

/** A repository, its agents and its log: everything that outlives a coordinator. */
export class World {
  readonly repository: MemoryRepository = new MemoryRepository();
  readonly provider: MemoryWorkspaceProvider;
  readonly merger: MemoryMerger = new MemoryMerger(this.repository);
  readonly journals: MemoryJournalStore = new MemoryJournalStore();
  readonly launcher: ScriptedLauncher;
  readonly observer: MemoryRepositoryObserver = new MemoryRepositoryObserver(this.repository);
  readonly base: string;
  readonly gate: Gate | undefined;
  readonly #options: WorldOptions;
  readonly #inbox: Inbox | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { gate, agents, clock, inbox } = options;
    this.#inbox = inbox;
    this.gate = typeof gate === 'function' ? gate(this) : gate;
    this.provider = options.provider?.(this.repository) ?? new MemoryWorkspaceProvider(this.repository);
    this.base = this.repository.commit(options.files ?? { 'README.md': 'hello\n' });
    this.repository.refs.set('refs/heads/main', this.base);
    this.launcher = new ScriptedLauncher(options.play ?? this.#play, defined({ agents, clock }));
  }

  get parts(): CoordinatorParts {
    const { provider, launcher, merger, observer, gate } = this;
    const resources = new FixedResourceMonitor();
    const { marker } = this.#options;
    return { provider, launcher, merger, observer, resources, ...defined({ gate, marker }) };
  }

  /** A fresh coordinator over this world, as a new process would have one. */
  coordinator(replaced: Partial<CoordinatorOptions> = {}): Coordinator {
    return new Coordinator({
      ...this.parts,
      journals: this.journals,
      sinks: this.#options.sinks ?? [],
      runsDir: '/runs',
      ...defined({ clock: this.#options.clock }),
      ...(this.#inbox && { inbox: () => this.#inbox as Inbox }),
      ...replaced,
    });
  }

  start(coordinator: Coordinator = this.coordinator(), runId: string = RUN_ID): Promise<RunSummary> {
    const { tasks, claims } = this.#options;
    const options = makeRunOptions(this.#options.options);
    const { order } = planSchedule({
      tasks,
      claims,
      maxInstances: options.maxInstances,
      separation: 'balanced',
    });
    return coordinator.start({
      runId,
      tasks,
      claims,
      order,
      target: 'main',
      base: this.base,
      options,
    });
  }

  /** The files of the target branch. */
  landed(): Record<string, string> {
    const tip = this.repository.refs.get('refs/heads/main');
    return tip === undefined ? {} : Object.fromEntries(this.repository.read(tip).files);
  }

  #play: AgentScript = async ({ request, say }) => {
    const work = this.#options.work[request.task.id];
    if (!work) return 0;
    const result = (await work(this.provider.files(request.attempt.workspace), { request, say })) ?? 0;
    if (typeof result === 'object') return { kind: 'exited', exitCode: 0, ...result };
    return typeof result === 'number' ? result : { kind: result };
  };
}

/** Every move of the target is to a commit on which the gate was green, or was known to be green by its tree. */
export async function expectLandedIsTested(world: World): Promise<void> {
  const log = await world.journals.read(RUN_ID);
  const green = log.flatMap((event) =>
    event.type === 'gate-finished' && event.verdict.status === 'green' ? [event.commit] : [],
  );
  for (const event of log)
    if (event.type === 'landed' && event.to !== event.from) expect(green).toContain(event.to);
}

/** The outcome of each task, by id. */
export function outcomes(summary: RunSummary): Record<string, string> {
  return Object.fromEntries(summary.tasks.map((task) => [task.taskId, task.status]));
}

/** A promise and the means to settle it. */
export function deferred<T = void>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
