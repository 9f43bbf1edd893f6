import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Decision, Probe } from '../src/queue/joint-state.js';
import { LandingQueue } from '../src/queue/landing-queue.js';

const numRuns = process.env.PWT_PROVE === '1' ? 10_000 : 120;

const timeout = 30 * 60_000;

/** More than any schedule needs. */
const MANY = 600;

/** What is true of the tasks, and in which order things happen. */
interface Schedule {
  readonly count: number;
  readonly slots: number;
  readonly faulty: readonly number[];
  /** Red only together. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Red without the other one. */
  readonly needs: readonly (readonly [number, number])[];
  /** Can't be merged into one tree. */
  readonly clashes: readonly (readonly [number, number])[];
  readonly baseRed: boolean;
  readonly baseKnown: boolean;
  /** What happens next, of all that can; used over and over again. */
  readonly choices: readonly number[];
  readonly moves: number;
  readonly withdrawals: number;
  /** One in so many gates is red that should be green; 0: none. */
  readonly flaky: number;
}

const anyTask = fc.nat({ max: 15 });
const anyTwo = fc.tuple(anyTask, anyTask).filter(([one, other]) => one !== other);

const schedules: fc.Arbitrary<Schedule> = fc.record({
  count: fc.integer({ min: 1, max: 16 }),
  slots: fc.integer({ min: 1, max: 8 }),
  faulty: fc.uniqueArray(anyTask, { maxLength: 5 }),
  pairs: fc.array(anyTwo, { maxLength: 2 }),
  needs: fc.array(anyTwo, { maxLength: 2 }),
  clashes: fc.array(anyTwo, { maxLength: 2 }),
  baseRed: fc.boolean(),
  baseKnown: fc.boolean(),
  choices: fc.array(fc.nat({ max: 1_000_000 }), { minLength: 40, maxLength: 80 }),
  moves: fc.nat({ max: 2 }),
  withdrawals: fc.nat({ max: 2 }),
  flaky: fc.constantFrom(0, 0, 5, 20),
});

/** Plays a schedule and checks every answer of the queue. */
class Play {
  readonly #schedule: Schedule;
  readonly #queue: LandingQueue;
  /** Of each tip: what is joined there, since the base was moved last. */
  readonly #tips = new Map<string, readonly string[]>([['tip-0', []]]);
  #tip = 'tip-0';
  readonly #running = new Map<number, Probe>();
  readonly #tested = new Map<
    number,
    { readonly sequence: readonly string[]; readonly failing: readonly string[] }
  >();
  readonly #excused = new Set<string>();
  readonly #toReport: { readonly probe: Probe; readonly tip: string }[] = [];
  readonly #verdicts = new Set<string>();
  #arrived = 0;
  #moved = 0;
  #lastChoice = 0;
  #steps = 0;
  readonly log: string[] = [];
  readonly integrated: string[] = [];
  readonly rejected = new Map<string, string | undefined>();
  readonly withdrawn = new Set<string>();
  readonly conflicted = new Set<string>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#queue = new LandingQueue({ tip: this.#tip, slots: schedule.slots });
    if (schedule.baseKnown) this.#apply(this.#queue.tipJudged(this.#failing([])));
  }

  run(): this {
    const { count } = this.#schedule;
    for (let moves = this.#possible(); moves.length > 0; moves = this.#possible()) {
      this.#steps += 1;
      expect(this.#steps).toBeLessThan(MANY);
      moves[this.#choose(moves.length)]?.();
      this.#stopObsolete();
      this.#start();
    }
    const decided = this.integrated.length + this.rejected.size + this.withdrawn.size + this.conflicted.size;
    expect(decided).toBe(count);
    return this;
  }

  isRed(tasks: readonly string[]): boolean {
    return this.#failing(tasks).includes('test');
  }

  /** Names of the commands that are red with these tasks on the base. */
  #failing(tasks: readonly string[]): string[] {
    const { faulty, pairs, needs, baseRed } = this.#schedule;
    const has = (task: number) => tasks.includes(`${task}`);
    const isRed =
      faulty.some(has) ||
      pairs.some(([one, other]) => has(one) && has(other)) ||
      needs.some(([one, other]) => has(one) && !has(other) && other < this.#schedule.count);
    return [...(baseRed ? ['lint'] : []), ...(isRed ? ['test'] : [])];
  }

  /** Everything that can happen now. */
  #possible(): (() => void)[] {
    const { count, moves, withdrawals } = this.#schedule;
    const possible: (() => void)[] = [...this.#running.values()].map((probe) => () => this.#judge(probe));
    if (this.#toReport.length > 0) possible.push(() => this.#report());
    if (this.#arrived < count) possible.push(() => this.#arrive());
    if (possible.length === 0) return possible;
    if (this.#tips.size < 40 && this.#moved < moves) possible.push(() => this.#move());
    if (this.withdrawn.size < withdrawals && this.#open().length > 0) possible.push(() => this.#withdraw());
    return possible;
  }

  #open(): string[] {
    return Array.from({ length: this.#arrived }, (_, at) => `${at}`).filter(
      (task) =>
        !this.integrated.includes(task) &&
        !this.rejected.has(task) &&
        !this.withdrawn.has(task) &&
        !this.conflicted.has(task),
    );
  }

  #arrive(): void {
    const taskId = `${this.#arrived}`;
    this.#arrived += 1;
    this.#queue.expected = this.#schedule.count - this.#arrived;
    const meets = this.#schedule.pairs.flatMap(([one, other]) => (`${one}` === taskId ? [`${other}`] : []));
    this.#queue.add({ taskId, meets });
  }

  #start(): void {
    for (let probe = this.#queue.next(); probe; probe = this.#queue.next()) {
      const sequence = this.#sequenceOf(probe);
      this.log.push(`${probe.purpose} ${probe.tip}: ${probe.members.join()}`);
      this.#steps += 1;
      expect(this.#steps).toBeLessThan(MANY);
      const clash = sequence.findIndex((task, at) =>
        this.#schedule.clashes.some(([one, other]) => {
          const otherTask = `${one}` === task ? `${other}` : `${other}` === task ? `${one}` : '';
          return sequence.indexOf(otherTask) >= 0 && sequence.indexOf(otherTask) < at;
        }),
      );
      if (clash >= 0) {
        this.#clash(probe, sequence, clash);
        continue;
      }
      expect(new Set(sequence).size).toBe(sequence.length);
      // A flake may have been green in another order: then this order is tested once more, to land it.
      if (this.#schedule.flaky === 0 && probe.purpose !== 'confirm' && probe.purpose !== 'base') {
        expect(this.#verdicts).not.toContain(`${this.#moved} ${sequence.join()}`);
      }
      this.#running.set(probe.id, probe);
      expect(this.#running.size).toBeLessThanOrEqual(this.#schedule.slots);
    }
  }

  /** Rejected, if it can't even be joined to what is integrated. */
  #clash(probe: Probe, sequence: readonly string[], at: number): void {
    const task = sequence[at] ?? '';
    this.#apply(this.#queue.unmergeable(probe, task));
    const isWithTip = this.#schedule.clashes.some(
      ([one, other]) =>
        (`${one}` === task && this.integrated.includes(`${other}`)) ||
        (`${other}` === task && this.integrated.includes(`${one}`)),
    );
    if (!isWithTip || !this.#open().includes(task)) return;
    this.conflicted.add(task);
    this.#apply(this.#queue.withdraw(task));
  }

  #judge(probe: Probe): void {
    this.#running.delete(probe.id);
    const sequence = this.#sequenceOf(probe);
    const isFlake = this.#schedule.flaky > 0 && this.#choose(this.#schedule.flaky) === 0;
    const failing = isFlake ? ['lint', 'test'] : this.#failing(sequence);
    this.#tested.set(probe.id, { sequence, failing });
    if (this.#tips.has(probe.tip)) this.#verdicts.add(`${this.#moved} ${sequence.join()}`);
    this.#apply(this.#queue.judged(probe, failing));
  }

  #stopObsolete(): void {
    for (let gone = this.#queue.obsolete(); gone.length > 0; gone = this.#queue.obsolete()) {
      for (const probe of gone) {
        expect(this.#running.has(probe.id)).toBe(true);
        this.#running.delete(probe.id);
        this.#apply(this.#queue.givenUp(probe));
      }
    }
  }

  #withdraw(): void {
    const open = this.#open();
    const task = open[this.#choose(open.length)] ?? '';
    this.withdrawn.add(task);
    this.#apply(this.#queue.withdraw(task));
  }

  #report(): void {
    const next = this.#toReport.shift();
    if (!next) return;
    this.#tip = next.tip;
    this.#tips.set(next.tip, this.#sequenceOf(next.probe));
    this.#apply(this.#queue.integrated(next.probe, next.tip));
  }

  /** Another commit is on the target; what is integrated stays. What is not reported by then is joined anew. */
  #move(): void {
    this.#moved += 1;
    const again = this.#toReport.splice(0).flatMap(({ probe }) => this.#sequenceOf(probe));
    const reported = this.#tips.get(this.#tip) ?? [];
    for (const task of again) {
      if (!reported.includes(task) && this.integrated.includes(task)) {
        this.integrated.splice(this.integrated.indexOf(task), 1);
      }
    }
    this.#tip = `moved-${this.#moved}`;
    this.#tips.set(this.#tip, reported);
    this.#apply(this.#queue.tipMoved(this.#tip));
  }

  #apply(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      this.log.push(JSON.stringify(decision));
      if (decision.kind === 'integrate') this.#integrate(decision.probe, decision.taskIds);
      if (decision.kind === 'reject') {
        expect(this.#open()).toContain(decision.taskId);
        this.rejected.set(decision.taskId, decision.partner);
        const green = this.#sequenceOf(decision.green);
        const red = this.#sequenceOf(decision.red);
        if (this.#schedule.flaky === 0)
          expect([green, red].map((state) => this.isRed(state))).toEqual([false, true]);
        expect([...green, decision.taskId].sort()).toEqual([...red].sort());
      }
      if (decision.kind === 'base-red') {
        if (this.#schedule.flaky === 0) expect(decision.failing).toEqual(['lint']);
        for (const name of decision.failing) this.#excused.add(name);
      }
    }
  }

  /** Landed is tested, and what was landed before is contained in it. */
  #integrate(probe: Probe, taskIds: readonly string[]): void {
    for (const task of taskIds) expect(this.#open()).toContain(task);
    const before = [...this.integrated];
    this.integrated.push(...taskIds);
    const tested = this.#tested.get(probe.id);
    expect(tested?.sequence).toEqual(this.integrated);
    expect(tested?.sequence.slice(0, before.length)).toEqual(before);
    expect(tested?.failing.filter((name) => !this.#excused.has(name))).toEqual([]);
    for (const running of this.#running.values()) this.#expectNotCutOff(this.#sequenceOf(running), before);
    this.#toReport.push({ probe, tip: `tip-${probe.id}` });
  }

  /** A larger state that runs could be integrated before; it still can, or has all that was integrated in it. */
  #expectNotCutOff(running: readonly string[], before: readonly string[]): void {
    const couldBe = before.every((task, at) => running[at] === task);
    if (!couldBe || running.length <= this.integrated.length) return;
    expect(running).toEqual(expect.arrayContaining(this.integrated));
  }

  #sequenceOf({
    tip,
    members,
  }: {
    readonly tip: string;
    readonly members: readonly string[];
  }): readonly string[] {
    return [...(this.#tips.get(tip) ?? []), ...members];
  }

  #choose(count: number): number {
    const { choices } = this.#schedule;
    this.#lastChoice = (this.#lastChoice + 1) % choices.length;
    return (choices[this.#lastChoice] ?? 0) % count;
  }
}

it('lands what was tested, on top of all that landed before, and decides every task', { timeout }, () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      const play = new Play(schedule).run();
      if (schedule.flaky === 0) expect(play.isRed(play.integrated)).toBe(false);
    }),
    { seed: 19, numRuns },
  );
});

it('rejects only what is red beside all that landed, if no gate is flaky', { timeout }, () => {
  const monotone = schedules.map((schedule) => ({
    ...schedule,
    needs: [],
    moves: 0,
    withdrawals: 0,
    flaky: 0,
  }));
  fc.assert(
    fc.property(monotone, (schedule) => {
      const play = new Play(schedule).run();
      for (const [task, partner] of play.rejected) {
        expect(play.isRed([...play.integrated, task])).toBe(true);
        expect(partner !== undefined).toBe(!play.isRed([task]));
        if (partner !== undefined) expect(play.isRed([partner, task])).toBe(true);
      }
    }),
    { seed: 20, numRuns },
  );
});

it('gives the same answers to the same calls', { timeout }, () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      expect(new Play(schedule).run().log).toEqual(new Play(schedule).run().log);
    }),
    { seed: 21, numRuns: numRuns / 10 },
  );
});
