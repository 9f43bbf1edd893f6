import type { Place } from './error.js';

/** What the task does to the paths it claims. `rename` claims one end; the other end is a claim of its own. */
export type ClaimMode = 'read' | 'write' | 'create' | 'delete' | 'rename';

/**
 * How two writers of one path can be reconciled.
 * `exclusive`: not at all. `append`: joined by a union merge (changelogs, registries).
 * `regenerate`: a configured command rebuilds the file (lockfiles, snapshots).
 */
export type ClaimClass = 'exclusive' | 'append' | 'regenerate';

/** How strong the evidence is: the spec states it, the text implies it, or it is only possible. */
export type Confidence = 'declared' | 'inferred' | 'possible';

/** The paths that a pattern matches, and what a task does to them, with the evidence for it. */
export interface Claim {
  /** A pattern of the `@pwt/scope` dialect, relative to the repository root, `/` as separator. */
  readonly pattern: string;
  readonly mode: ClaimMode;
  readonly class: ClaimClass;
  readonly confidence: Confidence;
  /** Where the spec says so; absent for claims that were added during a run. */
  readonly place?: Place;
  /** The rule that found it, for example `file-label` or `front-matter`. */
  readonly rule: string;
}

/** All claims of one task. */
export interface TaskClaims {
  readonly taskId: string;
  readonly claims: readonly Claim[];
  /** True when nothing could be extracted: the task then conflicts with every other one. */
  readonly unknownScope: boolean;
}

/** How two claims with overlapping patterns relate. `possible` alone blocks nothing: the separation policy decides. */
export type ClaimRelation = 'compatible' | 'possible' | 'conflict';

/**
 * The relation of two claims *whose patterns overlap*. Symmetric.
 *
 * Compatible are two reads, and two writes or creations that are both of class `append` or both of class `regenerate`; a
 * deletion or a rename can't be merged. A read with anything else, and anything with a claim that is only possible, is
 * `possible`. All else is a conflict.
 */
export function claimRelation(
  a: Pick<Claim, 'mode' | 'class' | 'confidence'>,
  b: Pick<Claim, 'mode' | 'class' | 'confidence'>,
): ClaimRelation {
  if (a.mode === 'read' && b.mode === 'read') return 'compatible';
  if (a.mode === 'read' || b.mode === 'read') return 'possible';
  const joinable = (x: typeof a) => x.mode === 'write' || x.mode === 'create';
  if (a.class === b.class && a.class !== 'exclusive' && joinable(a) && joinable(b)) return 'compatible';
  return a.confidence === 'possible' || b.confidence === 'possible' ? 'possible' : 'conflict';
}

/** The one claim of a task of unknown scope: everything, exclusively. */
export function unknownScopeClaim(place?: Place): Claim {
  return {
    pattern: '**',
    mode: 'write',
    class: 'exclusive',
    confidence: 'declared',
    rule: 'unknown-scope',
    ...(place ? { place } : {}),
  };
}
