import type { Estimate } from './estimate.js';

/** Rates of red tasks that are told apart: from one in a thousand to nine in ten. */
const RATES = [
  0.001, 0.003, 0.006, 0.01, 0.02, 0.03, 0.045, 0.065, 0.09, 0.12, 0.16, 0.21, 0.28, 0.36, 0.46, 0.58, 0.72,
  0.9,
];

/**
 * How likely untested tasks are green, from what is known so far: tasks are at fault independently of each other, at a rate
 * that is not known. Every rate is weighed by how well it explains the decided tasks, the green ones, and the red groups.
 */
export class Outlook {
  readonly #weights: readonly { readonly green: number; readonly weight: number }[];

  /**
   * @param green how many open tasks were green with some others
   * @param redGroups how large the groups are of which at least one task is at fault
   */
  constructor(estimate: Estimate, green: number, redGroups: readonly number[]) {
    const { red, of } = estimate.tasks;
    const logs = RATES.map((rate) => {
      const beta = (red - 1) * Math.log(rate) + (of - red - 1 + green) * Math.log(1 - rate);
      // The rates are spaced evenly on a logarithmic scale, more or less.
      const width = Math.log(rate);
      return redGroups.reduce((sum, size) => sum + Math.log(1 - (1 - rate) ** size), beta + width);
    });
    const most = Math.max(...logs);
    const weights = logs.map((log) => Math.exp(log - most));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#weights = RATES.map((rate, at) => ({ green: 1 - rate, weight: (weights[at] ?? 0) / total }));
  }

  /** How likely so many untested tasks are all green. */
  allGreen(count: number): number {
    return this.#average((green) => green ** count);
  }

  /** How likely so many tasks of a red group are all green. */
  partGreen(count: number, group: number): number {
    return this.#average((green) => (green ** count - green ** group) / (1 - green ** group));
  }

  /** How likely exactly one task of a red group is at fault. */
  oneRed(group: number): number {
    return this.#average((green) => (group * (1 - green) * green ** (group - 1)) / (1 - green ** group));
  }

  #average(value: (green: number) => number): number {
    return this.#weights.reduce((sum, { green, weight }) => sum + weight * value(green), 0);
  }
}
