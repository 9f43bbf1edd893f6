/**
 * Who decides what starts.
 *
 * @typedef {object} Dispatcher
 * @property {() => string | undefined} next The task to start now, if any may. Asked only while an instance is free.
 * @property {(id: string) => void} started
 * @property {(id: string) => void} integrated
 * @property {(id: string) => void} redo The work collided: the task waits again.
 *
 * @typedef {object} Outcome
 * @property {number} makespanMs
 * @property {number} redos
 * @property {number} workMs What all agents worked together, redone work included.
 */

/**
 * Plays a run. A task whose files were changed by another one that was integrated while it ran has to be done
 * again, from the start and for as long: of two that collide, the one that ends later pays.
 *
 * Ends for every dispatcher that starts something when nothing runs: each redo needs an integration of its own.
 *
 * @param {object} run
 * @param {Dispatcher} run.dispatcher
 * @param {number} run.instances
 * @param {ReadonlyMap<string, number>} run.durationsMs
 * @param {ReadonlyMap<string, ReadonlySet<string>>} run.changed
 * @returns {Outcome}
 */
export function play({ dispatcher, instances, durationsMs, changed }) {
  /** @type {{id: string, startMs: number, endMs: number}[]} */
  const running = [];
  /** @type {{id: string, atMs: number}[]} */
  const integrated = [];
  let nowMs = 0;
  let redos = 0;
  let workMs = 0;
  for (;;) {
    while (running.length < instances) {
      const id = dispatcher.next();
      if (id === undefined) break;
      dispatcher.started(id);
      running.push({ id, startMs: nowMs, endMs: nowMs + (durationsMs.get(id) ?? 0) });
    }
    const [ended] = running.sort((a, b) => a.endMs - b.endMs || a.startMs - b.startMs);
    if (!ended) break;
    running.shift();
    nowMs = ended.endMs;
    workMs += ended.endMs - ended.startMs;
    const since = integrated.filter(({ atMs }) => atMs > ended.startMs);
    if (since.some(({ id }) => overlap(changed.get(id), changed.get(ended.id)))) {
      redos += 1;
      dispatcher.redo(ended.id);
    } else {
      integrated.push({ id: ended.id, atMs: nowMs });
      dispatcher.integrated(ended.id);
    }
  }
  if (integrated.length < durationsMs.size) throw new Error('the dispatcher left tasks undone');
  return { makespanMs: nowMs, redos, workMs };
}

/**
 * @param {ReadonlySet<string> | undefined} a
 * @param {ReadonlySet<string> | undefined} b
 */
export function overlap(a, b) {
  return a !== undefined && b !== undefined && [...a].some((path) => b.has(path));
}
