import {
  type AgentActivity,
  type AgentExit,
  type AgentFailure,
  type AgentLauncher,
  type AgentPause,
  type Blocker,
  type Clock,
  defined,
  type NewRunEvent,
  type RunOptions,
  type RunState,
  type TaskState,
} from '@pwt/core';
import { type AgentAdmission, admissionOf, isProbe } from './agent-admission.js';
import { pausedUntil } from './pause-policy.js';

/** What the breaker needs of a run's log. */
interface BreakerLog {
  readonly state: RunState;
  append(event: NewRunEvent): Promise<void>;
  note(event: NewRunEvent): void;
}

export interface BreakerOptions {
  readonly log: BreakerLog;
  readonly clock: Clock;
  readonly launcher: Pick<AgentLauncher, 'agents'>;
  /** The agents that can be started, most preferred first. @default all of the launcher */
  readonly usable?: readonly string[] | undefined;
  readonly options: Pick<RunOptions, 'agentPauseMs' | 'agentPatienceMs'>;
}

/** The name of the only agent of a launcher that names none. */
const UNNAMED = '';
/** Agents that fail together need not each move the end of the pause. */
const NOTABLE_MS = 1000;

/**
 * Keeps tasks from being started with an agent that can't work for anybody: at its quota, or not logged in. What it knows is in
 * the log. Nothing is failed for it: tasks wait, or start with the next agent.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #agents: readonly string[];
  #onFree: () => void = () => undefined;

  constructor(options: BreakerOptions) {
    this.#options = options;
    const { launcher, usable } = options;
    this.#agents = usable ?? launcher.agents?.map(({ name }) => name) ?? [UNNAMED];
  }

  /** The agent that a task starts with now; `undefined` if it has to wait. */
  choose(task: Pick<TaskState, 'continues'>, isActive: (taskId: string) => boolean): string | undefined {
    const free = this.#admissions(isActive).filter(({ may }) => may !== 'wait');
    const before = free.find(({ agent, may }) => may === 'start' && agent === task.continues?.agent);
    return (before ?? free[0])?.agent;
  }

  /** Why no task may start with any agent; `undefined` if one may. */
  blocker(isActive: (taskId: string) => boolean): Extract<Blocker, { kind: 'agent' }> | undefined {
    const admissions = this.#admissions(isActive);
    if (admissions.some(({ may }) => may !== 'wait')) return undefined;
    const until = earliest(admissions.flatMap(({ pause }) => pause?.until ?? []));
    return { kind: 'agent', message: pausesText(admissions), ...defined({ until }) };
  }

  /** False for a task that is about to start with an agent that was paused since it was dispatched. */
  mayLaunch(task: TaskState): boolean {
    const agent = this.#agentOf(task);
    const pause = this.#pauseOf(agent);
    if (pause === undefined) return true;
    if (!isProbe(task, agent, pause)) return false;
    const others = [...this.#options.log.state.tasks.values()].filter((other) => other !== task);
    return !others.some((other) => isStarted(other) && isProbe(other, agent, pause));
  }

  /** When a paused agent may be tried again, as a span from now; `undefined` if none will be by itself. */
  get msToNextTry(): number | undefined {
    const { log, clock } = this.#options;
    const now = clock.now();
    const times = Object.values(log.state.agentPauses).flatMap(({ until }) =>
      until !== undefined && until > now ? [until] : [],
    );
    const next = earliest(times);
    return next === undefined ? undefined : next - now;
  }

  /** Whether a run that has nothing else to do waits for that. */
  isWorthWaiting(until: number | undefined): boolean {
    const { clock, options } = this.#options;
    const { agentPatienceMs: patienceMs = 0 } = options;
    return until !== undefined && (patienceMs === 0 || until - clock.now() <= patienceMs);
  }

  /** Calls back when a paused agent works again: tasks may start while its probe is still at work. */
  onFree(listener: () => void): void {
    this.#onFree = listener;
  }

  /** Sees what an agent does: a paused one that works again is free for all. */
  saw(task: TaskState, activity: AgentActivity): void {
    if (isSignOfWork(activity)) this.#worked(task);
  }

  /** Sees how an agent has ended, before that is on record: nothing may start in between. */
  ended(task: TaskState, exit: AgentExit): void {
    const failure = pausingFailure(exit);
    if (failure !== undefined) this.#pause(task, failure);
    else if (exit.kind === 'exited' && exit.exitCode === 0 && exit.failure === undefined) this.#worked(task);
  }

  /**
   * Ends the pauses that end only when a person has put right what they are for; with `all`, all of them. Each of these agents
   * is then tried with one task.
   */
  async tryAgain({ all }: { readonly all: boolean }): Promise<void> {
    const { log, clock } = this.#options;
    for (const [agent, pause] of Object.entries(log.state.agentPauses)) {
      const { failure, count, by, until } = pause;
      if (!all && until !== undefined) continue;
      await log.append({ type: 'agent-paused', agent, failure, count, by, until: clock.now() });
    }
  }

  #admissions(isActive: (taskId: string) => boolean): readonly AgentAdmission[] {
    const { log, clock } = this.#options;
    return this.#agents.map((agent) => admissionOf(agent, log.state, clock.now(), isActive));
  }

  /** Logs of earlier versions do not say it: their runs had one. */
  #agentOf({ agentName }: TaskState): string {
    return agentName ?? this.#agents[0] ?? UNNAMED;
  }

  #pauseOf(agent: string): AgentPause | undefined {
    return this.#options.log.state.agentPauses[agent];
  }

  #worked(task: TaskState): void {
    const agent = this.#agentOf(task);
    const pause = this.#pauseOf(agent);
    if (pause === undefined || !isProbe(task, agent, pause)) return;
    this.#options.log.note({ type: 'agent-unpaused', agent });
    this.#onFree();
  }

  /** Agents that were started together fail together: only one that was started after a pause makes the next one longer. */
  #pause(task: TaskState, failure: AgentFailure): void {
    const { log, clock, options } = this.#options;
    const agent = this.#agentOf(task);
    const by = { taskId: task.task.id, attempt: task.attempt };
    const before = this.#pauseOf(agent);
    if (before?.by.taskId === by.taskId && before.by.attempt === by.attempt) return;
    const again = before !== undefined && isProbe(task, agent, before);
    const count = (before?.count ?? 0) + (before === undefined || again ? 1 : 0);
    const until = pausedUntil({ failure, count, now: clock.now(), firstMs: options.agentPauseMs });
    if (before !== undefined && !again && !isLater(until, before.until)) return;
    log.note({ type: 'agent-paused', agent, failure, count, by, ...defined({ until }) });
  }
}

/** The failure that pauses an agent; `undefined` for an end that tells nothing about other tasks. */
export function pausingFailure({ kind, failure }: AgentExit): AgentFailure | undefined {
  if (kind === 'stopped' || kind === 'lost') return undefined;
  return failure?.kind === 'quota' || failure?.kind === 'auth' ? failure : undefined;
}

/** True for what only a model that answers makes an agent do. */
function isSignOfWork({ kind, sessionId, total }: AgentActivity): boolean {
  return kind === 'tool' || (kind === 'message' && sessionId === undefined) || (total?.outputTokens ?? 0) > 0;
}

function isStarted({ phase }: TaskState): boolean {
  return phase === 'launching' || phase === 'running';
}

function isLater(until: number | undefined, before: number | undefined): boolean {
  return before !== undefined && (until === undefined || until - before > NOTABLE_MS);
}

function earliest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What the agents are paused for, such as `claude: quota: usage limit reached`. */
function pausesText(admissions: readonly AgentAdmission[]): string {
  return admissions
    .flatMap(({ agent, pause }) => {
      if (pause === undefined) return [];
      const said = `${pause.failure.kind}: ${pause.failure.message}`;
      return [agent === UNNAMED ? said : `${agent}: ${said}`];
    })
    .join('; ');
}
