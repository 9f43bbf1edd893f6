import { inquire, sequenceOf, suspicions } from './blame.js';
import { integrable, redOnBase } from './decisions.js';
import { Estimate, type QueuePrior } from './estimate.js';
import { Evidence } from './evidence.js';
import type { Decision, Probe } from './joint-state.js';
import { Line } from './line.js';
import { isNeedless, worthGivingUp } from './obsolete.js';
import { lastResort, plan } from './plan.js';
import { TaskBits } from './task-set.js';
import type { Candidate, OpenTask, Run, View } from './view.js';

export interface LandingQueueOptions {
  /** The commit that the first tasks are joined to. */
  readonly tip: string;
  /** What is integrated on top of that by now, in order: after a crash. */
  readonly integrated?: readonly { readonly tip: string; readonly taskIds: readonly string[] }[];
  /** How many gates run at once. */
  readonly slots: number;
  /** What earlier runs tell. */
  readonly prior?: QueuePrior;
}

export interface FinishedTask {
  readonly taskId: string;
  /** Tasks whose claims or changes meet its own. */
  readonly meets?: Iterable<string>;
  /** The tip that its work started from, and so contains. @default the first tip */
  readonly base?: string;
}

/**
 * Decides which joint states the gate tests, and what follows from the verdicts. It does nothing itself: no git, no clock,
 * no promise. The same calls lead to the same answers.
 *
 * The driver calls {@link next} until there is nothing to start, runs gates, and reports what happened. Every report is
 * answered with decisions, which the driver carries out in their order; it then asks for {@link obsolete} and {@link next}
 * again. After a crash a new queue is filled in the same order; verdicts that are known are reported at once.
 */
export class LandingQueue {
  /** How many gates run at once. */
  slots: number;
  /** How many tasks are still being worked on. Without any, nothing is gained by waiting. */
  expected = 0;

  readonly #bits = new TaskBits();
  readonly #open = new Map<string, OpenTask>();
  /** Tasks that are or were open. */
  readonly #seen = new Set<string>();
  /** Tasks that can't be merged, and with which open tasks. */
  readonly #unmergeable = new Map<string, ReadonlySet<string>>();
  /** States that can't be made, though no task in them is still to be decided. */
  readonly #refused = new Set<string>();
  readonly #running = new Map<number, Run>();
  /** Running probes on a line that is no more. */
  readonly #outdated = new Set<number>();
  /** Probes that are to be integrated, not yet reported as such. */
  readonly #integrating = new Map<number, { readonly length: number; readonly tasks: readonly OpenTask[] }>();
  readonly #estimate: Estimate;
  #isBaseSilent = false;
  #evidence = new Evidence();
  #line: Line;
  /** What goes into the free slots next; made anew after each report. */
  #plan: Candidate[] | undefined;
  #lastId = 0;

  constructor({ tip, integrated = [], slots, prior }: LandingQueueOptions) {
    this.#line = new Line(tip);
    for (const step of integrated) {
      this.#line.extendTo([...this.#line.integrated, ...step.taskIds]);
      this.#line.report(step.tip, this.#line.integrated.length);
    }
    this.slots = slots;
    this.#estimate = new Estimate(prior);
  }

  /** The task is finished and waits to be integrated. One that comes again, after it was decided, has other work. */
  add({ taskId, meets = [], base }: FinishedTask): void {
    if (this.#seen.has(taskId)) this.#forget(taskId);
    this.#seen.add(taskId);
    this.#open.set(taskId, { taskId, meets: new Set(meets), base });
    this.#isBaseSilent = false;
    this.#settle();
  }

  /** The task is decided elsewhere. */
  withdraw(taskId: string): Decision[] {
    this.#open.delete(taskId);
    return this.#decide();
  }

  /** The next state to test, marked as running. Nothing, if no slot is free or nothing is worth testing. */
  next(): Probe | undefined {
    if (this.#running.size >= this.slots) return undefined;
    this.#plan ??= this.#makePlan();
    const found = this.#plan.shift();
    if (!found) return undefined;
    this.#lastId += 1;
    const probe = { id: this.#lastId, purpose: found.purpose, ...this.#line.stateOf(found.sequence) };
    const tasks = this.#bits.setOf(found.sequence);
    this.#running.set(probe.id, { probe, sequence: found.sequence, tasks });
    return probe;
  }

  /**
   * The task can't be joined to those before it in the probe, which does not run then. The task waits until they are
   * decided. If it can't be joined to the tip alone, the driver rejects it and calls {@link withdraw}.
   */
  unmergeable(probe: Probe, taskId: string): Decision[] {
    const run = this.#running.get(probe.id);
    this.#running.delete(probe.id);
    if (this.#outdated.delete(probe.id)) return this.#decide();
    const before = run?.sequence.slice(0, run.sequence.indexOf(taskId)) ?? [];
    const blockers = before.filter(
      (task) => this.#open.has(task) && !this.#unmergeable.get(task)?.has(taskId),
    );
    if (blockers.length > 0) this.#unmergeable.set(taskId, new Set(blockers));
    else if (run) this.#refused.add(this.#keyOf(run.sequence));
    return this.#decide();
  }

  /**
   * The gate has run.
   *
   * @param failing the names of its commands that are not green; none: green
   */
  judged(probe: Probe, failing: readonly string[]): Decision[] {
    const run = this.#running.get(probe.id);
    this.#running.delete(probe.id);
    if (!run || this.#outdated.delete(probe.id)) return this.#decide();
    const known = this.#evidence.of(run.tasks);
    const wasFlaky = known !== undefined && this.#evidence.isFlaky(known);
    const state = this.#evidence.add(run.tasks, { sequence: run.sequence, failing, probe });
    const isFlaky = this.#evidence.isFlaky(state);
    if (this.#evidence.isGreen(state)) this.#estimate.seenGreen(isFlaky);
    const flake: Decision[] = isFlaky && !wasFlaky ? [{ kind: 'flake', probe }] : [];
    return [...flake, ...this.#decide()];
  }

  /** The verdict on the tip is known from elsewhere. */
  tipJudged(failing: readonly string[]): Decision[] {
    this.#evidence.add(this.#bits.setOf(this.#line.reported), { sequence: this.#line.reported, failing });
    return this.#decide();
  }

  /** The probe was stopped without a verdict. The base is not tested again before another task comes. */
  givenUp(probe: Probe): Decision[] {
    if (probe.purpose === 'base' && !this.#outdated.has(probe.id)) this.#isBaseSilent = true;
    this.#running.delete(probe.id);
    this.#outdated.delete(probe.id);
    return this.#decide();
  }

  /** Running probes whose verdicts are not needed any more. The driver stops them and calls {@link givenUp}. */
  obsolete(): readonly Probe[] {
    const outdated = [...this.#outdated].flatMap((id) => this.#running.get(id)?.probe ?? []);
    const view = this.#view();
    const needless = view.running.filter((run) => isNeedless(view, run));
    if (outdated.length + needless.length > 0) return [...outdated, ...needless.map(({ probe }) => probe)];
    const givenUp = this.#running.size < this.slots ? undefined : worthGivingUp(view, this.expected);
    return givenUp ? [givenUp.probe] : [];
  }

  /** The probe of a decision is integrated: `tip` is its commit. */
  integrated(probe: Probe, tip: string): Decision[] {
    const entry = this.#integrating.get(probe.id);
    if (!entry) return [];
    this.#integrating.delete(probe.id);
    this.#line.report(tip, entry.length);
    return this.#decide();
  }

  /** The tip was moved by something else. What was decided and is not integrated waits again. */
  tipMoved(tip: string): Decision[] {
    const again = [...this.#integrating.values()].flatMap(({ tasks }) => tasks);
    const open = [...again, ...this.#open.values()];
    for (const id of this.#running.keys()) this.#outdated.add(id);
    this.#integrating.clear();
    this.#unmergeable.clear();
    this.#refused.clear();
    this.#open.clear();
    for (const task of open) this.#open.set(task.taskId, task);
    this.#line = new Line(tip);
    this.#isBaseSilent = false;
    this.#evidence = new Evidence();
    return this.#decide();
  }

  /** Nothing that is known of the task's earlier work counts. */
  #forget(taskId: string): void {
    const tasks = this.#bits.bitOf(taskId);
    this.#evidence.forget(tasks);
    this.#refused.clear();
    this.#unmergeable.delete(taskId);
    for (const [id, run] of this.#running) if ((run.tasks & tasks) !== 0n) this.#outdated.add(id);
  }

  #makePlan(): Candidate[] {
    const view = this.#view();
    const planned = plan(view);
    return planned.length === 0 && this.#running.size === 0 ? lastResort(view) : planned;
  }

  #current(): Run[] {
    return [...this.#running.values()].filter(({ probe }) => !this.#outdated.has(probe.id));
  }

  #view(): View {
    for (const [task, blockers] of this.#unmergeable) {
      if (![...blockers].some((blocker) => this.#open.has(blocker))) this.#unmergeable.delete(task);
    }
    return {
      bits: this.#bits,
      line: this.#line,
      evidence: this.#evidence,
      estimate: this.#estimate,
      open: [...this.#open.values()].filter(({ taskId }) => !this.#unmergeable.has(taskId)),
      undecided: this.#bits.setOf(this.#open.keys()),
      running: this.#current(),
      slots: this.slots - this.#outdated.size,
      isBaseSilent: this.#isBaseSilent,
      isRefused: (sequence) => this.#refused.size > 0 && this.#refused.has(this.#keyOf(sequence)),
    };
  }

  /** On another tip it is another state. */
  #keyOf(sequence: readonly string[]): string {
    const { tip, members } = this.#line.stateOf(sequence);
    return JSON.stringify([tip, ...members]);
  }

  /** What is open or integrated has changed. */
  #settle(): void {
    this.#plan = undefined;
    this.#evidence.settle(this.#bits.setOf(this.#line.integrated), this.#bits.setOf(this.#open.keys()));
  }

  #decide(): Decision[] {
    this.#settle();
    const decisions: Decision[] = [];
    for (let found = this.#decideNext(); found; found = this.#decideNext()) {
      decisions.push(found);
      this.#settle();
    }
    return decisions;
  }

  #decideNext(): Decision | undefined {
    const view = this.#view();
    return this.#excuseBase(view) ?? this.#integrate(view) ?? this.#reject(view);
  }

  #excuseBase(view: View): Decision | undefined {
    const failing = redOnBase(view);
    if (failing === undefined) return undefined;
    this.#evidence.excuse(failing);
    this.#evidence.add(0n, { sequence: [], failing });
    return { kind: 'base-red', failing };
  }

  #integrate(view: View): Decision | undefined {
    const best = integrable(view);
    if (!best?.probe) return undefined;
    const { sequence, probe, failing } = best;
    const tasks = sequence.slice(this.#line.integrated.length).flatMap((task) => this.#open.get(task) ?? []);
    for (const { taskId } of tasks) {
      this.#open.delete(taskId);
      this.#estimate.decided(false);
    }
    this.#line.extendTo(sequence);
    this.#evidence.excuse([...this.#evidence.excused].filter((name) => failing.includes(name)));
    this.#integrating.set(probe.id, { length: sequence.length, tasks });
    return { kind: 'integrate', probe, taskIds: tasks.map(({ taskId }) => taskId) };
  }

  #reject(view: View): Decision | undefined {
    for (const suspicion of suspicions(view)) {
      const inquiry = inquire(view, suspicion);
      if ('missing' in inquiry) continue;
      const { task, green, red, partner } = inquiry.blame;
      const { taskId } = task;
      const { probe, failing } = this.#evidence.redVerdict(red) ?? {};
      if (!probe || !failing) continue;
      this.#open.delete(taskId);
      this.#estimate.decided(true);
      return {
        kind: 'reject',
        taskId,
        green: this.#line.stateOf(green),
        red: this.#line.stateOf(sequenceOf(red)),
        ...{ probe, failing },
        ...(partner === undefined ? {} : { partner }),
      };
    }
    return undefined;
  }
}
