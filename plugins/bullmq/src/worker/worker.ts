import { randomBytes } from 'node:crypto';
import { defined, PwtError, type ResourceMonitor, type RunOptions } from '@pwt/core';
import { ownQueue } from '../protocol/names.js';
import type { WorkerPresence } from '../protocol/presence.js';
import { agentText, sealed } from '../protocol/requirement.js';
import { controlSchema } from '../protocol/schemas.js';
import { type ExaminedAgent, examineAgents } from './agents.js';
import type { Handler, Runs, WorkerContext } from './context.js';
import { JobDesk } from './job-desk.js';
import { Joining } from './joining.js';
import type { Served, WorkerLink } from './link.js';
import { type Abilities, unmet } from './meets.js';
import { RefusedJobs } from './refused-jobs.js';
import { Room } from './room.js';
import { workspaceHandlers } from './workspaces/operations.js';
import type { Placing } from './workspaces/place.js';
import { tidy, tidyHalfMade } from './workspaces/tidy.js';

export interface WorkerOptions {
  readonly context: WorkerContext;
  readonly queue: string;
  /** Tells the worker's folder from that of another one which is called the same. */
  readonly folderKey: string;
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly limits: Pick<RunOptions, 'maxCpuPercent' | 'maxMemoryPercent' | 'minDiskBytes'>;
  readonly link: WorkerLink;
  readonly monitor: ResourceMonitor;
  readonly runs: Runs;
  readonly placing: Placing;
  readonly gate: Handler<'gate'>;
  /** Whether its folder is there, and its own. */
  readonly hasFolder: () => Promise<boolean>;
  /** Called when it has ended. */
  readonly onEnd: () => Promise<void>;
}

/** All jobs of its own queue: most wait for git alone, and each agent has one for as long as it works. */
const OWN_JOBS = 500;
/** How often it is looked again whether agents can be started. */
const EXAMINE_MS = 60_000;
/** How often old things are removed, in milliseconds. */
const TIDY_MS = 24 * 3600 * 1000;
/** For how long a worker that drains still answers after its last agent, in heartbeats: work is to be collected. */
const LINGER_BEATS = 3;

/** How long each step of leaving may take, in milliseconds. */
const LEAVE_MS = 3000;

type State = 'new' | 'ready' | 'draining' | 'stopped';

/**
 * Takes tasks of a queue, as many as its machine allows, until it is told to drain or to stop.
 *
 * Losing Redis ends nothing: agents go on, and their results are told when Redis is back.
 */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #incarnation: string;
  readonly #room: Room;
  readonly #desk: JobDesk;
  readonly #joining: Joining;
  readonly #refused: RefusedJobs;
  #own: Served | undefined;
  #state: State = 'new';
  #agents: readonly ExaminedAgent[] = [];
  #examinedAt = Number.NEGATIVE_INFINITY;
  #tidiedAt = Number.NEGATIVE_INFINITY;
  /** How many heartbeats it has had nothing to do while it drains. */
  #idleBeats = 0;
  #isCut = false;
  #cancelBeat: (() => void) | undefined;
  #end: () => void = () => undefined;
  #failure: PwtError | undefined;
  /** Resolves when the worker has drained, or was stopped. */
  readonly ended: Promise<void>;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { context, folderKey, queue, link, monitor, limits, runs, placing, gate } = options;
    this.#incarnation = `${folderKey}.${randomBytes(6).toString('hex')}`;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const { slots, gateSlots, clock, log } = context;
    this.#room = new Room({
      ...{ slots, gateSlots, monitor, limits, clock, log },
      onChange: () => this.adjust(),
    });
    this.#refused = new RefusedJobs(clock);
    const { run, attach } = runs;
    this.#desk = new JobDesk({
      context,
      placing,
      handlers: { ...workspaceHandlers(context), run, attach, gate },
      onRefused: (what) => this.#refused.add(what),
      onIdle: () => this.adjust(),
      lost: () => this.#folderLost(),
    });
    this.#joining = new Joining({
      ...{ queue, link, log },
      unmet: (requirement) => unmet(requirement, this.#abilities),
      room: (kind) => (this.#state === 'ready' ? this.#room.of(kind) : 0),
      process: (job) => this.#desk.process(job),
      refused: (job, answer) => void this.#desk.refused(job, answer),
    });
  }

  /** What the checks say of the agents that it allows. */
  get agents(): readonly ExaminedAgent[] {
    return this.#agents;
  }

  /** Why it has ended, if nobody has told it to. */
  get failure(): PwtError | undefined {
    return this.#failure;
  }

  /**
   * Takes over what an earlier process has left running, then takes jobs.
   *
   * @throws PwtError `PWT_WORKER_NAME_TAKEN` if another worker is called the same
   */
  async start(): Promise<void> {
    const { context, link, queue, runs, placing } = this.#options;
    await this.#refuseNamesake();
    await this.#examine();
    await tidyHalfMade(context);
    await runs.reconcile();
    await placing.recall();
    this.#state = 'ready';
    await link.listen({
      news: () => void this.#refresh(),
      control: (message) => this.#control(message),
      connection: (state) => this.#connection(state),
    });
    this.#room.start();
    await this.#announce();
    this.#own = link.serve({
      queue: ownQueue(queue, context.id),
      concurrency: OWN_JOBS,
      process: (job) => this.#desk.process(job),
      refused: () => undefined,
    });
    await this.#refresh();
    this.#schedule();
  }

  /** Takes no further task; ends when its agents have ended, and their work had time to be collected. */
  drain(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'draining';
    this.#options.context.log.info('drains: takes no further task');
    void this.#joining
      .close()
      .catch((error: unknown) => this.#failed('leave its queues', error))
      .then(() => this.#leaveIfEmpty())
      .catch((error: unknown) => this.#failed('look for workspaces', error));
    void this.#announce().catch((error: unknown) => this.#failed('say that it drains', error));
    this.#lingerFrom();
    this.#watchEnd();
  }

  /**
   * Ends now: agents are stopped, and what they have done is pushed as unfinished work.
   *
   * @param isForgotten another worker has its name: nobody is told that it leaves
   */
  async stop({ isForgotten = false }: { readonly isForgotten?: boolean } = {}): Promise<void> {
    if (this.#state === 'stopped') return this.ended;
    this.#state = 'stopped';
    const { context, runs } = this.#options;
    context.log.info('stops: ends its agents and pushes what they have done');
    this.#cancelBeat?.();
    void this.#joining
      .close({ now: true })
      .catch((error: unknown) => this.#failed('leave its queues', error));
    try {
      await runs.stopAll();
    } catch (error) {
      this.#failed('push all that its agents have done', error);
    }
    await this.#leave(isForgotten);
  }

  /** There is more room, or less. */
  adjust(): void {
    this.#joining.adjust();
    if (this.#state === 'draining') this.#lingerFrom();
  }

  get #abilities(): Abilities {
    const { context, labels } = this.#options;
    const unusable = this.#agents.filter(({ usable }) => !usable);
    return {
      labels,
      allowed: context.allowed,
      repositories: context.repositories.all.map(({ name }) => name),
      unusable: new Map(unusable.map(({ name, message = 'it can not be started' }) => [name, message])),
    };
  }

  #schedule(): void {
    const { clock, timings } = this.#options.context;
    this.#cancelBeat = clock.after(timings.presenceMs, () => void this.#beat());
  }

  /** Says that it is there, and looks at what may have been missed. While Redis can't be reached, one beat waits for it. */
  async #beat(): Promise<void> {
    try {
      if ((await this.#folderLost()) !== undefined) return;
      if (await this.#hasNamesake()) return await this.#yield();
      await this.#announce();
      await this.#stopStopped();
      await this.#examine();
      await this.#refresh();
      this.#tidy();
    } catch (error) {
      this.#failed('say that it is there', error);
    }
    if (this.#state === 'stopped') return;
    this.#schedule();
  }

  /** Without a workspace there is nothing that somebody could still ask for. */
  async #leaveIfEmpty(): Promise<void> {
    const { repositories } = this.#options.context;
    const held = await Promise.all(repositories.all.map(({ provider }) => provider.list()));
    if (this.#state === 'draining' && this.#isIdle() && held.flat().length === 0) await this.#leave();
  }

  /** Counts by itself, whatever Redis does: a worker that nobody can ask for anything ends, too. */
  #watchEnd(): void {
    const { clock, timings } = this.#options.context;
    clock.after(timings.presenceMs, () => {
      if (this.#state !== 'draining') return;
      this.#idleBeats = this.#isIdle() ? this.#idleBeats + 1 : 0;
      if (this.#idleBeats > LINGER_BEATS) void this.#leave();
      else this.#watchEnd();
    });
  }

  #isIdle(): boolean {
    const { runs, context } = this.#options;
    const { slots, gateSlots } = context;
    return runs.underWay.length === 0 && this.#desk.busy === 0 && slots.isIdle && gateSlots.isIdle;
  }

  #lingerFrom(): void {
    this.#idleBeats = 0;
  }

  async #announce(): Promise<void> {
    const presence = await this.#presence();
    if (presence !== undefined) await this.#options.link.announce(presence);
  }

  async #presence(): Promise<WorkerPresence | undefined> {
    if (this.#state === 'stopped' || this.#state === 'new') return undefined;
    const { context, version, labels, monitor } = this.#options;
    const sample = this.#room.sample ?? (await monitor.sample());
    return {
      v: 1,
      id: context.id,
      incarnation: this.#incarnation,
      state: this.#state,
      ...{ version, labels },
      repositories: context.repositories.all.map(({ name }) => name),
      agents: this.#agents,
      cpuCount: sample.cpuCount,
      memoryTotalBytes: sample.memoryTotalBytes,
      memoryAvailableBytes: sample.memoryAvailableBytes,
      diskTotalBytes: sample.diskTotalBytes,
      diskAvailableBytes: sample.diskAvailableBytes,
      cpuPercent: sample.cpuPercent,
      memoryPercent: sample.memoryPercent,
      working: context.slots.working,
      maxAgents: context.slots.max,
      ...defined({ refused: this.#refused.recent }),
      ...this.#said(),
    };
  }

  /** What it says to requirements. */
  #said(): Pick<WorkerPresence, 'serves' | 'refuses'> {
    const { serves, refuses } = this.#joining;
    return { serves, refuses };
  }

  /** For those that have missed what was said at once. */
  async #stopStopped(): Promise<void> {
    const { link, runs } = this.#options;
    for (const attempt of await link.stopped(runs.underWay)) await runs.stop(attempt);
  }

  async #examine(): Promise<void> {
    const { context } = this.#options;
    const now = context.clock.now();
    const isDue = now - this.#examinedAt >= EXAMINE_MS;
    if (!isDue || (this.#agents.length > 0 && this.#agents.every(({ usable }) => usable))) return;
    this.#examinedAt = now;
    const known = new Map(this.#agents.map((agent) => [agent.name, agent]));
    const left = context.allowed.agents.filter(
      (agent) => known.get(agentText(sealed(agent)))?.usable !== true,
    );
    const examined = await examineAgents(left, { env: context.env, cwd: context.stateDir });
    for (const agent of examined) known.set(agent.name, agent);
    this.#agents = [...known.values()];
  }

  async #refresh(): Promise<void> {
    if (this.#state !== 'ready') return;
    try {
      const before = JSON.stringify(this.#said());
      await this.#joining.refresh();
      // Who waits for a worker is not to wait for the next beat to hear whether it refuses.
      if (JSON.stringify(this.#said()) !== before) await this.#announce();
    } catch (error) {
      this.#failed('look what runs need', error);
    }
  }

  #tidy(): void {
    const { context } = this.#options;
    const now = context.clock.now();
    if (now - this.#tidiedAt < TIDY_MS) return;
    this.#tidiedAt = now;
    tidy(context).catch((error: unknown) => this.#failed('tidy up', error));
  }

  #control(message: unknown): void {
    const { context, runs } = this.#options;
    const { data } = controlSchema.safeParse(message);
    if (data === undefined) {
      const what = 'what was said to it can not be read';
      context.log.warn(`refused: ${what}`);
      this.#refused.add(what);
    } else if (data.kind === 'abort') this.#desk.abort(data.job);
    else void runs.stop(data.attempt).catch((error: unknown) => this.#failed('stop an agent', error));
  }

  #connection(state: 'lost' | 'back'): void {
    const { log } = this.#options.context;
    // It has closed the connection itself.
    if (this.#state === 'stopped') return;
    // Each try that fails says so.
    if (state === 'lost' && this.#isCut) return;
    this.#isCut = state === 'lost';
    if (state === 'back') log.info('reaches Redis again');
    else log.warn("Redis can't be reached: agents go on, and it tries again");
    if (state === 'back') void this.#refresh();
  }

  /** Both would take jobs that only one of them can do. It was silent for long enough to count as lost: what it has is pushed. */
  async #yield(): Promise<void> {
    const { log, id } = this.#options.context;
    log.error(`another worker of this queue is called ${id} by now: this one ends`);
    await this.stop({ isForgotten: true });
  }

  /** Nothing that it does without its folder is worth anything: it ends, so that what it had goes on elsewhere. */
  async #folderLost(): Promise<PwtError | undefined> {
    if (this.#failure !== undefined) return this.#failure;
    const { context, hasFolder } = this.#options;
    try {
      if (await hasFolder()) return undefined;
    } catch (error) {
      this.#failed('look at its folder', error);
      return undefined;
    }
    const { id, stateDir } = context;
    this.#failure ??= new PwtError(
      'PWT_WORKER_LOST',
      `The folder of the worker ${id} was deleted or replaced while it worked: ${stateDir}`,
      { hint: 'What it had pushed is safe, and goes on elsewhere. Start it again.', data: { worker: id } },
    );
    context.log.error(`${this.#failure.message}: it ends`);
    void this.stop();
    return this.#failure;
  }

  async #hasNamesake(): Promise<boolean> {
    const { link, context, folderKey } = this.#options;
    const other = await link.presenceOf(context.id);
    return other !== undefined && !other.incarnation.startsWith(`${folderKey}.`);
  }

  async #refuseNamesake(): Promise<void> {
    const { context } = this.#options;
    if (!(await this.#hasNamesake())) return;
    throw new PwtError('PWT_WORKER_NAME_TAKEN', `Another worker of this queue is called ${context.id}.`, {
      hint: 'Give this one another name with --name, and a folder of its own with --state. If the other one has just ended for good, wait until it is forgotten: a few seconds.',
      data: { worker: context.id },
    });
  }

  async #leave(isForgotten = false): Promise<void> {
    this.#state = 'stopped';
    const { link, context } = this.#options;
    this.#cancelBeat?.();
    this.#room.stop();
    this.#desk.abortAll();
    try {
      // Where Redis can't be reached, the coordinator finds out by itself.
      await this.#soon(this.#own?.close());
      if (!isForgotten) await this.#soon(link.leave(context.id));
    } catch (error) {
      this.#failed('say that it leaves', error);
    } finally {
      await link.dispose();
      await this.#options.onEnd().catch((error: unknown) => this.#failed('release its folder', error));
      this.#end();
    }
  }

  async #soon(action: Promise<void> | undefined): Promise<void> {
    const late = new Promise<void>((resolve) => {
      this.#options.context.clock.after(LEAVE_MS, resolve);
    });
    await Promise.race([action, late]);
  }

  #failed(what: string, error: unknown): void {
    this.#options.context.log.warn(`The worker could not ${what}: ${String(error)}`);
  }
}
