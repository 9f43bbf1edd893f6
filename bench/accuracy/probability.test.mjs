import { describe, expect, it } from 'vitest';
import { readTasks } from '../replay/evidence.mjs';
import { syntheticCorpus } from '../replay/synthetic.mjs';
import { estimate, resamples } from './bootstrap.mjs';
import { calibrationOf } from './calibration.mjs';
import { foldsOf, HELD_OUT } from './folds.mjs';
import { judgePairs } from './judge.mjs';
import { knownCorpus, without } from './known.mjs';
import { fitLogistic } from './logistic.mjs';
import { aucOf, brierOf } from './quality.mjs';
import { fitCoefficients } from './refit.mjs';

/** @param {readonly [probability: number, collides: boolean, fit?: number][]} rows Pairs of tasks 0 and 1, 2 and 3, … */
function forecasts(rows) {
  return rows.map(([probability, collides, fit = 0], at) => ({
    a: 2 * at,
    b: 2 * at + 1,
    probability,
    collides,
    fit,
  }));
}

const once = Array.from({ length: 20 }, () => 1);

describe('aucOf', () => {
  it('is the share of pairs of pairs in the right order, ties by half', () => {
    const rows = forecasts([
      [0.1, false],
      [0.2, true],
      [0.2, false],
      [0.9, true],
    ]);
    expect(aucOf(rows)(once)).toBe(3.5 / 4);
    expect(aucOf(forecasts([[0.5, true]]))(once)).toBeNaN();
  });

  it('ranks only what one fit has judged', () => {
    const rows = forecasts([
      [0.1, false, 1],
      [0.2, true, 1],
      [0.8, false, 2],
      [0.9, true, 2],
    ]);
    expect(aucOf(rows)(once)).toBe(1);
  });

  it('counts a pair as often as both its tasks were drawn', () => {
    const rows = forecasts([
      [0.1, false],
      [0.2, true],
      [0.3, false],
    ]);
    expect(aucOf(rows)([3, 1, 1, 1, 1, 1])).toBe(3 / 4);
    expect(aucOf(rows)([0, 1, 1, 1, 1, 1])).toBe(0);
  });
});

it('takes the mean of the squared errors', () => {
  const rows = forecasts([
    [0.5, true],
    [0.1, false],
  ]);
  expect(brierOf(rows)(once)).toBeCloseTo((0.25 + 0.01) / 2);
  expect(brierOf(rows)([1, 1, 1, 3])).toBeCloseTo((0.25 + 0.03) / 4);
});

it('sorts predictions into bins, 1 into the last', () => {
  const bins = calibrationOf([
    { probability: 0.05, collides: true },
    { probability: 0.06, collides: false },
    { probability: 1, collides: true },
  ]);
  expect(bins[1]).toEqual({ from: 0.05, to: 0.1, pairs: 2, predicted: 0.055, happened: 0.5 });
  expect(bins.at(-1)).toMatchObject({ pairs: 1, predicted: 1, happened: 1 });
  expect(bins[0]?.pairs).toBe(0);
});

describe('bootstrap', () => {
  it('draws as many tasks as there are, the same in every run', () => {
    const samples = resamples(7, 20);
    expect(resamples(7, 20)).toEqual(samples);
    for (const times of samples.drawn) expect(times.reduce((a, b) => a + b)).toBe(7);
  });

  it('gives the value of all tasks and leaves out samples without one', () => {
    const drawn = [[0], [1], [2], [3], [4]];
    const count = (/** @type {readonly number[]} */ [times = 0]) => (times === 0 ? Number.NaN : times);
    expect(estimate(count, { asIs: [1], drawn })).toEqual({ value: 1, interval: [1.075, 3.925] });
  });
});

describe('fitLogistic', () => {
  const times = (
    /** @type {number} */ count,
    /** @type {number} */ feature,
    /** @type {boolean} */ outcome,
  ) => Array.from({ length: count }, () => ({ features: [feature], outcome }));

  it('finds the log odds of a table', () => {
    const table = [...times(300, 0, false), ...times(100, 0, true), ...times(200, 1, false)];
    const [base, slope] = fitLogistic([...table, ...times(400, 1, true)]);
    expect(base).toBeCloseTo(Math.log(1 / 3), 3);
    expect(slope).toBeCloseTo(Math.log(6), 3);
  });

  it('stays finite where a feature tells everything', () => {
    const fitted = fitLogistic([...times(10, 0, false), ...times(10, 1, true)]);
    for (const value of fitted) expect(Math.abs(value)).toBeLessThan(30);
  });
});

describe('folds', () => {
  it('deals tasks out evenly and holds out any two folds, or one', () => {
    const sizes = [0, 1, 2, 3, 4].map((fold) => foldsOf(52, 5).filter((own) => own === fold).length);
    expect(sizes).toEqual([11, 11, 10, 10, 10]);
    expect(HELD_OUT).toHaveLength(15);
  });
});

describe('judgePairs', () => {
  const corpus = syntheticCorpus({ tasks: 30 });
  const known = knownCorpus(corpus, readTasks(corpus), 5);

  it('judges each pair once', () => {
    const [judged = []] = judgePairs([known]);
    expect(new Set(judged.map(({ a, b }) => `${a} ${b}`)).size).toBe(435);
    expect(judged).toHaveLength(435);
    for (const { claims, model, modelHere, refit } of judged) {
      for (const chance of [claims, model, modelHere, refit]) {
        expect(chance).toBeGreaterThan(0);
        expect(chance).toBeLessThan(1);
      }
    }
  });

  it('learns nothing from the tasks of the pair', () => {
    const folds = foldsOf(30, 5);
    const [judged = []] = judgePairs([known]);
    const isOwn = (/** @type {number} */ at) => folds[at] === 0 || folds[at] === 1;
    // The outcome of what lies within two folds is turned round: those who judge these pairs must not notice.
    const pairs = known.pairs.map((entry) =>
      isOwn(entry.pair.a) || isOwn(entry.pair.b)
        ? { ...entry, pair: { ...entry.pair, collides: !entry.pair.collides } }
        : entry,
    );
    const tasks = known.tasks.map((entry, at) => (isOwn(at) ? { ...entry, changed: new Set() } : entry));
    const changed = { tasks, pairs: pairs.map((entry) => ({ ...entry, ...tasksOf(tasks, entry.pair) })) };
    const [again = []] = judgePairs([changed]);
    const across = (/** @type {typeof judged} */ list) =>
      list
        .filter(({ a, b }) => isOwn(a) && isOwn(b) && folds[a] !== folds[b])
        .map(({ claims, modelHere, refit }) => ({ claims, modelHere, refit }));
    expect(across(judged).length).toBeGreaterThan(0);
    expect(across(again)).toEqual(across(judged));
    expect(again.map(({ refit }) => refit)).not.toEqual(judged.map(({ refit }) => refit));
  });

  it('fits numbers in which better evidence makes a change likelier', () => {
    const { file, pair } = fitCoefficients([known]);
    expect(file.declared).toBeGreaterThan(file.mentioned);
    expect(pair.slope).toBeGreaterThan(0);
    expect(without(known, [0, 1]).tasks).toHaveLength(18);
  });
});

/**
 * @param {readonly import('./known.mjs').KnownTask[]} tasks
 * @param {import('./pairs.mjs').Pair} pair
 */
function tasksOf(tasks, pair) {
  const [a, b] = [tasks[pair.a], tasks[pair.b]];
  if (!a || !b) throw new Error('no such task');
  return { a, b };
}
