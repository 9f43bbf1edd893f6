/**
 * One step of a trace: what was done, and what has changed by it.
 *
 * @typedef {object} Step
 * @property {string} what
 * @property {string} [task]
 * @property {number} [number] Of the attempt.
 * @property {string} [worker]
 * @property {Record<string, unknown>} after
 */

/**
 * A trace of quint as the replay reads it: small, and without quint's own notation.
 *
 * @param {any} itf
 * @returns {{module: string, steps: Step[]}}
 */
export function smallTrace(itf) {
  /** @type {string} */
  const prefix = itf.vars[0].replace(/[^:]+$/, '');
  /** @type {Record<string, unknown>} */
  let before = {};
  const steps = itf.states.map((/** @type {any} */ state) => {
    const value = Object.fromEntries(
      Object.entries(state).map(([name, one]) => [name.replace(prefix, ''), plain(one)]),
    );
    const now = project(value);
    const after = Object.fromEntries(
      Object.entries(now).filter(([name, one]) => JSON.stringify(one) !== JSON.stringify(before[name])),
    );
    before = now;
    const { what, task, number, worker } = value.last;
    return {
      what,
      ...(task !== '' && { task }),
      ...(number !== 0 && { number }),
      ...(worker !== '' && { worker }),
      after,
    };
  });
  return { module: prefix.split('::')[0] ?? '', steps };
}

/**
 * What a coordinator and an exchange can be compared with.
 *
 * @param {any} state
 */
function project({ journal, refs, late, integrated, isUp }) {
  const name = (/** @type {any} */ attempt) => `${attempt.task}/${attempt.number}`;
  const named = (/** @type {any[]} */ list) =>
    list.map(({ attempt, worker }) => `${name(attempt)}/${worker}`).sort();
  const taken = refs.filter((/** @type {any} */ [, at]) => at.tag !== 'Nothing');
  return {
    isUp,
    journal: Object.fromEntries(
      journal.map((/** @type {any} */ [task, { phase, number }]) => [task, [phase.tag, number]]),
    ),
    refs: Object.fromEntries(
      taken.map((/** @type {any} */ [attempt, at]) => [
        name(attempt),
        at.tag === 'Tombstone' ? 'tombstone' : at.value,
      ]),
    ),
    late: named(late),
    integrated: named(integrated),
  };
}

/**
 * ITF's numbers, sets and maps as numbers and lists.
 *
 * @param {any} value
 * @returns {any}
 */
function plain(value) {
  if (typeof value !== 'object' || value === null) return value;
  if ('#bigint' in value) return Number(value['#bigint']);
  for (const kind of ['#set', '#map', '#tup']) if (kind in value) return value[kind].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}
