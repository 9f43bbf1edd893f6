import { Coordinator } from '@pwt/coordinator';
import {
  applyEvent,
  type Clock,
  emptyRunState,
  type RunEvent,
  type RunState,
  type RunSummary,
  type TaskState,
} from '@pwt/core';
import {
  FixedResourceMonitor,
  MemoryJournalStore,
  MemoryRepository,
  makeClaims,
  makeRunOptions,
  makeTask,
} from '@pwt/testkit';
import { Mortal } from './mortal.js';
import { WaitingLauncher, WaitingMerger, WaitingProvider } from './parts.js';
import type { Observed, Phase } from './trace.js';
import { Turns } from './turns.js';

export const RUN_ID = 'run-1';
export const TASKS: readonly string[] = ['1', '2'];

/** Where a wait is a courtesy it is over at once, and nothing is measured twice. */
const hastyClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    if (ms >= 1000) return () => undefined;
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  },
};

/** The real coordinator, over parts that wait for the trace. What outlives its processes is here. */
export class Stage {
  readonly #repository = new MemoryRepository();
  readonly #provider = new WaitingProvider(this.#repository);
  readonly #merger = new WaitingMerger(this.#repository);
  readonly #journals = new MemoryJournalStore();
  /** What the journal says, and which attempt of each task it has granted last. */
  #state: RunState = emptyRunState(RUN_ID);
  readonly #granted = new Map<string, number>();
  readonly #base = this.#repository.commit({ 'README.md': 'hello\n' });
  #process: { readonly mortal: Mortal; readonly turns: Turns } | undefined;
  #summary: RunSummary | undefined;
  #failure: unknown;

  constructor() {
    this.#repository.refs.set('refs/heads/main', this.#base);
  }

  /** What the parts of the running process wait for. */
  get turns(): Turns {
    if (this.#process === undefined) throw new Error('the coordinator is dead');
    return this.#process.turns;
  }

  /** How the run has ended, if it has. */
  get summary(): RunSummary | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#summary;
  }

  start(): void {
    this.#begin((coordinator) =>
      coordinator.start({
        runId: RUN_ID,
        tasks: TASKS.map((id) => makeTask(id)),
        claims: TASKS.map((id) => makeClaims(id, `${id}/**`)),
        order: TASKS,
        target: 'main',
        base: this.#base,
        options: makeRunOptions({ maxInstances: TASKS.length }),
      }),
    );
  }

  resume(): void {
    this.#begin((coordinator) => coordinator.resume({ runId: RUN_ID }));
  }

  crash(): void {
    this.#process?.mortal.die();
    this.#process = undefined;
  }

  observe(): Pick<Observed, 'isUp' | 'journal' | 'integrated'> {
    const integrated = this.#integrated();
    const entryOf = (id: string): readonly [Phase, number] => {
      const isMoved = integrated.some((work) => work.startsWith(`${id}/`));
      return [phaseOf(this.#state.tasks.get(id), isMoved), this.#granted.get(id) ?? 0];
    };
    const journal = Object.fromEntries(TASKS.map((id) => [id, entryOf(id)]));
    return { isUp: this.#process !== undefined, journal, integrated };
  }

  /** Whose work has been integrated: that of each attempt of each worker is a file of its own. */
  #integrated(): readonly string[] {
    const { refs } = this.#repository;
    const tip = refs.get(`refs/pwt/${RUN_ID}/integration`) ?? refs.get('refs/heads/main') ?? this.#base;
    return [...this.#repository.read(tip).files.keys()].filter((path) => path !== 'README.md').sort();
  }

  #written(event: RunEvent): void {
    this.#state = applyEvent(this.#state, event);
    if (event.type === 'agent-launching') this.#granted.set(event.taskId, event.attempt);
  }

  #begin(how: (coordinator: Coordinator) => Promise<RunSummary>): void {
    const mortal = new Mortal();
    const turns = new Turns();
    this.#process = { mortal, turns };
    this.#provider.turns = turns;
    this.#merger.turns = turns;
    const isLaunching = (taskId: string) => this.#state.tasks.get(taskId)?.phase === 'launching';
    const launcher = new WaitingLauncher(turns, this.#provider, isLaunching);
    const coordinator = new Coordinator({
      provider: mortal.wrap(this.#provider),
      launcher: mortal.wrap(launcher),
      merger: mortal.wrap(this.#merger),
      resources: mortal.wrap(new FixedResourceMonitor()),
      journals: mortal.wrapJournals(this.#journals, (event) => this.#written(event)),
      runsDir: '/runs',
      clock: hastyClock,
    });
    how(coordinator).then(
      (summary) => {
        this.#summary = summary;
      },
      (error: unknown) => {
        this.#failure = error;
      },
    );
  }
}

function phaseOf(task: TaskState | undefined, isMoved: boolean): Phase {
  switch (task?.phase) {
    case undefined:
    case 'waiting':
    case 'dispatched':
    case 'prepared':
      return 'Waiting';
    case 'launching':
      return 'Launching';
    case 'running':
      return 'Running';
    case 'exited':
    case 'collected':
    case 'audited':
      return isMoved ? 'Moved' : 'Taken';
    case 'integrated':
      return 'Integrated';
    default:
      throw new Error(`The task has ended as ${task?.outcome}: ${JSON.stringify(task)}`);
  }
}
