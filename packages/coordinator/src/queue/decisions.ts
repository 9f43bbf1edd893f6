import type { Verdict } from './evidence.js';
import { isWithin } from './task-set.js';
import type { View } from './view.js';

/**
 * So often a command is red on the base before it counts for nothing. No task is evicted for that, so two looks do: it ends
 * as soon as something is integrated on which the command is green.
 */
const BASE_REDS = 2;

/**
 * What is red on the base each time: the fault of no task. Commands that were green once are green, so the verdicts on the
 * base together are like one with the others alone.
 */
export function redOnBase({ evidence, line }: View): readonly string[] | undefined {
  const base = evidence.of(0n);
  if (!base || evidence.isGreen(base) || line.integrated.length > 0) return undefined;
  if (evidence.reds(base) < BASE_REDS) return undefined;
  return base.verdicts
    .map(({ failing }) => failing)
    .reduce((always, names) => always.filter((name) => names.includes(name)));
}

/** The largest green state that the line leads to, unless a larger one is running that it would cut off. */
export function integrable(view: View): Verdict | undefined {
  const { bits, line, evidence, undecided } = view;
  const from = line.integrated.length;
  const best = evidence.green
    .flatMap((state) => evidence.greenVerdict(state) ?? [])
    .filter(({ sequence }) => sequence.length > from && line.leadsTo(sequence))
    .filter(({ sequence }) => isWithin(bits.setOf(sequence.slice(from)), undecided))
    .reduce<Verdict | undefined>(
      (largest, verdict) => (verdict.sequence.length > (largest?.sequence.length ?? 0) ? verdict : largest),
      undefined,
    );
  return best && !cutsOff(view, best.sequence) ? best : undefined;
}

function cutsOff({ bits, line, running }: View, sequence: readonly string[]): boolean {
  const tasks = bits.setOf(sequence);
  return running.some(
    (run) =>
      run.sequence.length > sequence.length && line.leadsTo(run.sequence) && !isWithin(tasks, run.tasks),
  );
}
