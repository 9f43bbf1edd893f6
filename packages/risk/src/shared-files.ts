import type { RiskCoefficients } from './coefficients.js';
import { fileProbability } from './file-probability.js';
import type { FileEvidence, TaskEvidence } from './task-evidence.js';

/** A file with evidence in the texts of both tasks. */
export interface SharedFile {
  readonly path: string;
  /** The chance that both change it, as if the tasks were independent. */
  readonly probability: number;
  readonly a: FileEvidence;
  readonly b: FileEvidence;
}

/** The files with evidence in both texts, the likeliest collision first. O(files of the smaller task), then sorting. */
export function sharedFiles(
  a: TaskEvidence,
  b: TaskEvidence,
  coefficients: RiskCoefficients,
): readonly SharedFile[] {
  const shared: SharedFile[] = [];
  const smaller = a.files.size <= b.files.size ? a : b;
  for (const path of smaller.files.keys()) {
    const [mine, theirs] = [a.files.get(path), b.files.get(path)];
    if (!mine || !theirs) continue;
    const probability = fileProbability(mine, coefficients) * fileProbability(theirs, coefficients);
    shared.push({ path, probability, a: mine, b: theirs });
  }
  return shared.sort((x, y) => y.probability - x.probability || (x.path < y.path ? -1 : 1));
}
