import { analyseClaims } from '@pwt/claims';
import { planSchedule } from '@pwt/planner';
import { inTurns, median, timeMs } from '../../lib/measure.mjs';
import { claimsOf } from '../../lib/project.mjs';

/** Up to 500 tasks a plan lists pairs, however many. */
const SIZES = [1_000, 2_000, 4_000, 8_000];

/**
 * Many tasks that all claim one file: a resource with many claimants, or millions of pairs?
 *
 * @param {number} rounds
 * @returns {Promise<import('../../lib/table.mjs').Table>}
 */
export async function oneFile(rounds) {
  const inputs = SIZES.map((specs) => ({
    tasks: Array.from({ length: specs }, (_, at) => taskOf(String(at + 1))),
    claims: Array.from({ length: specs }, (_, at) =>
      claimsOf(String(at + 1), ['src/index.ts', `src/part-${at}.ts`]),
    ),
  }));
  const analyse = await bySize((at) => {
    analyseClaims({ claims: inputs[at]?.claims ?? [], tree: { paths: ['src/index.ts'] } });
  }, rounds);
  const schedule = await bySize((at) => {
    const { tasks, claims } = inputs[at] ?? { tasks: [], claims: [] };
    planSchedule({ tasks, claims, maxInstances: 8, separation: 'balanced' });
  }, rounds);
  return {
    title: 'All specs claim one file',
    columns: {
      specs: 'count',
      'files and conflicts': 'ms',
      'beside half as many': 'ratio',
      'order, bound, prediction': 'ms',
      'beside half as many ': 'ratio',
    },
    rows: SIZES.map((specs, at) => ({
      specs,
      'files and conflicts': analyse[at],
      'beside half as many': growth(analyse, at),
      'order, bound, prediction': schedule[at],
      'beside half as many ': growth(schedule, at),
    })),
    note: '2 × is linear, 4 × quadratic.',
  };
}

/**
 * @param {(at: number) => void} work
 * @param {number} rounds
 * @returns {Promise<number[]>} median milliseconds by size
 */
async function bySize(work, rounds) {
  const variants = Object.fromEntries(SIZES.map((size, at) => [`n${size}`, () => timeMs(() => work(at))]));
  const figures = await inTurns(variants, { rounds });
  return SIZES.map((size) => median(figures[`n${size}`] ?? []));
}

/**
 * @param {readonly number[]} times
 * @param {number} at
 */
function growth(times, at) {
  const [half, whole] = [times[at - 1], times[at]];
  return half === undefined || whole === undefined ? undefined : whole / half;
}

/**
 * @param {string} id
 * @returns {import('@pwt/core').Task}
 */
function taskOf(id) {
  return { id, title: `Task ${id}`, specs: [], dependsOn: [] };
}
