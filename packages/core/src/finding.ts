import type { Severity } from './diagnostic.js';

/**
 * What was found. Of the repository, while agents ran: `config`, `hooks`, `target`, `head`, `index`, `files`,
 * `stash`, `refs`, `checkouts`. Of the work of one task: `submodule`, `gitlink`, `nested-repository`,
 * `link-outside`, `left-out`, `hidden` (committed, though git was told not to look). Of pwt's own state: `recovered`,
 * `damaged`. Of what children are given: `environment`.
 */
export type FindingKind =
  | 'config'
  | 'hooks'
  | 'target'
  | 'head'
  | 'index'
  | 'files'
  | 'stash'
  | 'refs'
  | 'checkouts'
  | 'submodule'
  | 'gitlink'
  | 'nested-repository'
  | 'link-outside'
  | 'left-out'
  | 'hidden'
  | 'recovered'
  | 'damaged'
  | 'environment';

/** Something that was done behind pwt's back, left out, or put right, and that the user should know of. */
export interface Finding {
  readonly kind: FindingKind;
  /** `error`: what it touches does not land until it is put right. */
  readonly severity: Severity;
  /** The tasks whose agents were running, or whose work it is about. Empty if none was. */
  readonly taskIds: readonly string[];
  /** One sentence with everything that is needed to understand it. */
  readonly message: string;
  /** What to do next: a sentence or a command that works in this situation. */
  readonly hint?: string;
  /** Files, refs or configuration keys that it is about. */
  readonly subjects?: readonly string[];
  /** What it is about was put right, or decided on: it has happened, and asks for nothing more. */
  readonly resolved?: true;
}

/** True for what is wrong as far as is known: a run with such a finding has not succeeded. */
export function isOpenError({ severity, resolved }: Finding): boolean {
  return severity === 'error' && resolved !== true;
}

/** True if both say the same about the same; a finding is recorded once. */
export function isSameFinding(a: Finding, b: Finding): boolean {
  return a.kind === b.kind && a.message === b.message && a.hint === b.hint;
}
