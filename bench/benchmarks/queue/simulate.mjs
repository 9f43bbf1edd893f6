/**
 * A way to test and land tasks. It is told what happens and says what to test next.
 *
 * @typedef {object} Test
 * @property {readonly string[]} sequence What is tested: everything that is joined to the base, in this order.
 * @property {boolean} [again] It is a confirmation: a known verdict does not do.
 *
 * @typedef {object} Policy
 * @property {(task: string, expected: number) => void} add The task has finished; so many are still being worked on.
 * @property {() => Test | undefined} next What to test next, if anything.
 * @property {(test: Test, red: boolean) => void} judged
 * @property {() => readonly Test[]} obsolete Running tests to stop.
 * @property {(test: Test) => void} stopped
 * @property {readonly string[]} landed
 * @property {ReadonlySet<string>} rejected
 *
 * @typedef {object} Outcome
 * @property {number} time Until the last task is decided, in units of a gate's time.
 * @property {number} runs Gates that ran, those included that were stopped.
 * @property {number} wait How long a task waited for its decision, on average.
 * @property {number} innocent Rejected tasks that would have been green with all that landed.
 * @property {boolean} broken What landed is red.
 */

/**
 * A gate takes one unit of time. Verdicts are kept by what was tested: the same tasks are the same tree.
 *
 * @param {Policy} policy
 * @param {import('./world.mjs').World} world
 * @param {number} slots
 * @returns {Outcome}
 */
export function simulate(policy, world, slots) {
  /** @type {{test: Test, endsAt: number}[]} */
  const running = [];
  const known = new Map();
  const arrivals = [...world.tasks];
  const decidedAt = new Map();
  let now = 0;
  let runs = 0;

  const note = () => {
    for (const task of [...policy.landed, ...policy.rejected]) {
      if (!decidedAt.has(task)) decidedAt.set(task, now);
    }
  };
  const judge = (/** @type {Test} */ test, /** @type {boolean} */ red) => {
    const key = [...test.sequence].sort().join();
    known.set(key, red && known.get(key) !== false);
    policy.judged(test, red);
    note();
  };
  const stopObsolete = () => {
    for (const test of policy.obsolete()) {
      running.splice(
        running.findIndex((run) => run.test === test),
        1,
      );
      policy.stopped(test);
      note();
    }
  };
  const startAll = () => {
    stopObsolete();
    while (running.length < slots) {
      const test = policy.next();
      if (!test) return;
      const verdict = test.again ? undefined : known.get([...test.sequence].sort().join());
      if (verdict !== undefined) {
        judge(test, verdict);
        stopObsolete();
        continue;
      }
      runs += 1;
      running.push({ test, endsAt: now + 1 });
    }
  };

  for (;;) {
    const nextArrival = arrivals[0] && (world.finishedAt.get(arrivals[0]) ?? 0);
    const nextEnd = running[0]?.endsAt;
    if (nextArrival === undefined && nextEnd === undefined) break;
    if (nextArrival !== undefined && nextArrival !== '' && nextArrival <= (nextEnd ?? Infinity)) {
      now = nextArrival;
      while (arrivals[0] && (world.finishedAt.get(arrivals[0]) ?? 0) <= now) {
        policy.add(/** @type {string} */ (arrivals.shift()), arrivals.length);
      }
    } else {
      now = nextEnd ?? now;
      const ended = running.filter(({ endsAt }) => endsAt <= now + 1e-9);
      running.splice(0, ended.length);
      for (const { test } of ended) judge(test, world.isRed(test.sequence) || world.flakes());
    }
    startAll();
    note();
  }
  const undecided = world.tasks.filter((task) => !decidedAt.has(task));
  if (undecided.length > 0) throw new Error(`Never decided: ${undecided.join(', ')}`);
  const waits = world.tasks.map((task) => decidedAt.get(task) - (world.finishedAt.get(task) ?? 0));
  return {
    time: Math.max(...decidedAt.values()),
    runs,
    wait: waits.reduce((sum, wait) => sum + wait, 0) / waits.length,
    innocent: [...policy.rejected].filter((task) => !world.isRed([...policy.landed, task])).length,
    broken: world.isRed(policy.landed),
  };
}
