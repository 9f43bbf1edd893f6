import { expect, it } from 'vitest';
import { chooseTraces } from './choose-traces.mjs';
import { smallTrace } from './itf.mjs';

const big = (/** @type {number} */ value) => ({ '#bigint': String(value) });
const variant = (/** @type {string} */ tag, /** @type {unknown} */ value = { '#tup': [] }) => ({
  tag,
  value,
});

/** @param {string} what @param {string} at @param {number} number */
function state(what, at, number) {
  return {
    'm::lease::isUp': true,
    'm::lease::journal': { '#map': [['1', { phase: variant(at), number: big(number), worker: 'a' }]] },
    'm::lease::refs': {
      '#map': [
        [{ task: '1', number: big(1) }, number === 0 ? variant('Nothing') : variant('WorkOf', 'a')],
        [{ task: '1', number: big(2) }, variant('Tombstone')],
      ],
    },
    'm::lease::late': { '#set': [] },
    'm::lease::integrated': { '#set': [{ attempt: { task: '1', number: big(1) }, worker: 'a' }] },
    'm::lease::last': { what, task: number === 0 ? '' : '1', number: big(number), worker: '' },
  };
}

const itf = (/** @type {readonly any[]} */ ...states) => ({ vars: ['m::lease::isUp'], states });

it("a trace has what changed, in plain values, and is told from quint's notation", () => {
  const trace = smallTrace(itf(state('init', 'Waiting', 0), state('grant', 'Launching', 1)));
  expect(trace).toEqual({
    module: 'm',
    steps: [
      {
        what: 'init',
        after: {
          isUp: true,
          journal: { 1: ['Waiting', 0] },
          refs: { '1/2': 'tombstone' },
          late: [],
          integrated: ['1/1/a'],
        },
      },
      {
        what: 'grant',
        task: '1',
        number: 1,
        after: { journal: { 1: ['Launching', 1] }, refs: { '1/1': 'a', '1/2': 'tombstone' } },
      },
    ],
  });
});

it('those traces are chosen that show what no earlier one has', () => {
  const one = itf(state('init', 'Waiting', 0), state('grant', 'Launching', 1));
  const same = itf(state('init', 'Waiting', 0), state('grant', 'Running', 1));
  const more = itf(
    state('init', 'Waiting', 0),
    state('grant', 'Launching', 1),
    state('crash', 'Launching', 1),
  );
  const chosen = chooseTraces([one, same, more], 2);
  expect(chosen.map(({ steps }) => steps.length)).toEqual([3, 2]);
});
