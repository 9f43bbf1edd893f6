import type { Claim, Place, SpecFile, Task, TaskClaims } from '@pwt/core';
import { expand, literalPath } from '@pwt/scope';
import { namedFiles } from '@pwt/separator';
import { type EvidenceTree, stemOf } from './evidence-tree.js';
import { wordPlaces } from './text-evidence.js';

/** How strong the evidence for a file is, the strongest first. `none`: only its name occurs as a word. */
export type EvidenceGrade = 'declared' | 'inferred' | 'mentioned' | 'none';

/** The evidence of one task for one file. */
export interface FileEvidence {
  readonly grade: EvidenceGrade;
  /** True if the file's name without extensions is a word of the text. */
  readonly stem: boolean;
  /** The line that says so. */
  readonly place?: Place;
}

/** The evidence in the text of one task for the files that it will change. */
export interface TaskEvidence {
  readonly taskId: string;
  readonly claims: readonly Claim[];
  readonly unknownScope: boolean;
  /** By path: files of the tree, and new ones that the text names. */
  readonly files: ReadonlyMap<string, FileEvidence>;
}

/** A pattern that matches more files than this is no evidence for any of them. */
const WIDEST_PATTERN = 200;

/**
 * Collects the evidence of a task's claims and text for single files. Pure; linear in the text and in the files that its
 * patterns match.
 */
export function taskEvidence(task: Task, claims: TaskClaims, tree: EvidenceTree): TaskEvidence {
  const files = new Map<string, FileEvidence>();
  const note = (path: string, grade: EvidenceGrade, place: Place | undefined) => {
    const known = files.get(path);
    if (known && gradeRank[known.grade] >= gradeRank[grade]) return;
    files.set(path, { grade, stem: false, ...(place ? { place } : {}) });
  };
  for (const { claim, paths } of claimedFiles(claims.claims, tree)) {
    for (const path of paths) note(path, gradeOf(claim), claim.place);
  }
  const own = new Set(task.specs.map((spec) => spec.path));
  for (const spec of task.specs) {
    for (const { path, place } of namedFiles(spec, tree)) if (!own.has(path)) note(path, 'mentioned', place);
  }
  noteStems(task.specs, files, tree, own);
  return { taskId: task.id, claims: claims.claims, unknownScope: claims.unknownScope, files };
}

const gradeRank: Readonly<Record<EvidenceGrade, number>> = {
  none: 0,
  mentioned: 1,
  inferred: 2,
  declared: 3,
};

/** Claims that only read, or are only possible, count as a mention. */
function gradeOf({ mode, confidence }: Claim): EvidenceGrade {
  return mode === 'read' || confidence === 'possible' ? 'mentioned' : confidence;
}

function claimedFiles(
  claims: readonly Claim[],
  tree: EvidenceTree,
): readonly { readonly claim: Claim; readonly paths: readonly string[] }[] {
  const excluded = claims.map(({ pattern }) => pattern).filter((pattern) => pattern.startsWith('!'));
  return claims.flatMap((claim) => {
    if (claim.pattern.startsWith('!') || claim.rule === 'unknown-scope') return [];
    const literal = literalPath(claim.pattern);
    if (literal !== undefined) return [{ claim, paths: [literal] }];
    const paths = expand([claim.pattern, ...excluded], tree);
    return paths.length > WIDEST_PATTERN ? [] : [{ claim, paths }];
  });
}

/** Marks the files whose names are words of the text, and adds those without other evidence. */
function noteStems(
  specs: readonly SpecFile[],
  files: Map<string, FileEvidence>,
  tree: EvidenceTree,
  own: ReadonlySet<string>,
): void {
  const stems = new Set(Array.from(files.keys(), stemOf));
  const words = wordPlaces(specs, (word) => stems.has(word) || tree.namedBy(word).length > 0);
  for (const [path, evidence] of files) {
    if (words.has(stemOf(path))) files.set(path, { ...evidence, stem: true });
  }
  for (const [word, place] of words) {
    for (const path of tree.namedBy(word)) {
      if (!files.has(path) && !own.has(path)) files.set(path, { grade: 'none', stem: true, place });
    }
  }
}
