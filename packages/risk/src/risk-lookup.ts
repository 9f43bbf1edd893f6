import { relateClaimsTo, type TaskRelation } from '@pwt/claims';
import { pairProbability, type RiskOptions } from './assess-pair.js';
import { defaultRiskCoefficients } from './coefficients.js';
import { sharedFiles } from './shared-files.js';
import type { TaskEvidence } from './task-evidence.js';

/** The chance that two tasks change a common file, by their ids. Symmetric. */
export type RiskLookup = (taskId: string, otherId: string) => number;

/**
 * The probability of `assessPair` for any two of these tasks, computed on the first question and kept. A task
 * that is not among them counts as one without claims and without text.
 *
 * O(tasks) to make; a first question costs the files of the smaller task and one comparison of claims. Nothing is
 * computed for pairs that are never asked about.
 */
export function createRiskLookup(evidence: Iterable<TaskEvidence>, options: RiskOptions = {}): RiskLookup {
  const { coefficients = defaultRiskCoefficients } = options;
  const byTask = new Map([...evidence].map((entry) => [entry.taskId, entry]));
  const known = new Map<string, Map<string, number>>();
  const relateTo = new Map<TaskEvidence, ReturnType<typeof relateClaimsTo>>();
  const relationOf = (a: TaskEvidence, b: TaskEvidence): TaskRelation => {
    const relate = relateTo.get(a) ?? relateClaimsTo(a.claims);
    relateTo.set(a, relate);
    return relate(b.claims).relation;
  };
  const compute = (a: TaskEvidence, b: TaskEvidence): number =>
    pairProbability(relationOf(a, b), sharedFiles(a, b, coefficients), options);
  return (taskId, otherId) => {
    const [first, second] = taskId < otherId ? [taskId, otherId] : [otherId, taskId];
    let row = known.get(first);
    if (!row) {
      row = new Map();
      known.set(first, row);
    }
    let probability = row.get(second);
    if (probability === undefined) {
      probability = compute(byTask.get(first) ?? silent(first), byTask.get(second) ?? silent(second));
      row.set(second, probability);
    }
    return probability;
  };
}

function silent(taskId: string): TaskEvidence {
  return { taskId, claims: [], unknownScope: false, files: new Map() };
}
