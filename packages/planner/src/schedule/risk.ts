/** The chance that two tasks change a common file, by their ids; from 0 to 1, symmetric. */
export type RiskEstimate = (taskId: string, otherId: string) => number;

/** Another task and the chance that both change a common file. */
export interface LikelyConflict {
  readonly taskId: string;
  readonly probability: number;
}

/** The one of several tasks with which this one is likeliest to change a common file. */
export function likeliestConflict(
  risk: RiskEstimate,
  id: string,
  others: Iterable<string>,
): LikelyConflict | undefined {
  let worst: LikelyConflict | undefined;
  for (const taskId of others) {
    const probability = risk(id, taskId);
    if (!worst || probability > worst.probability) worst = { taskId, probability };
  }
  return worst;
}

/** The chance to change a common file with at least one of several, as if the pairs were independent. */
export function chanceBeside(risk: RiskEstimate, id: string, others: Iterable<string>): number {
  let none = 1;
  for (const other of others) none *= 1 - risk(id, other);
  return 1 - none;
}
