import type { Severity } from './diagnostic.js';
import type { IntrudedFile } from './repository-watch.js';

/**
 * What a finding is about. The repository, while agents ran: `config`, `hooks`, `target`, `head`, `index`, `files`,
 * `stash`, `refs`, `checkouts`. The work of one task: `submodule`, `gitlink`, `nested-repository`,
 * `link-outside`, `left-out`, `hidden` (committed, though git was told not to look), `merge` (it is not finished). pwt's own
 * state: `recovered`,
 * `damaged`. The environment of child processes: `environment`.
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
  | 'merge'
  | 'recovered'
  | 'damaged'
  | 'environment';

/** A report to the user: others changed the repository, a commit leaves something out, or pwt has put something right. */
export interface Finding {
  readonly kind: FindingKind;
  /** `error`: what it is about does not land before it is put right. */
  readonly severity: Severity;
  /** The tasks whose agents were running, or whose work it is about. May be empty. */
  readonly taskIds: readonly string[];
  /** One sentence with everything that is needed to understand it. */
  readonly message: string;
  /** What to do next: a sentence or a command that works in this situation. */
  readonly hint?: string;
  /** Files, refs or configuration keys that it is about. */
  readonly subjects?: readonly string[];
  /**
   * Set if the agents of {@link taskIds} have worked in the workspace of another task, with what they left there: that is not
   * part of its work.
   */
  readonly intrusion?: {
    /** The task whose workspace it is. */
    readonly victim: string;
    readonly files: readonly IntrudedFile[];
    /** The git of that agent told so: it is certain. */
    readonly byGit?: true;
  };
  /** What it is about was put right, or decided on: it has happened, and asks for nothing more. */
  readonly resolved?: true;
}

/** True for an error that has not been put right: a run with such a finding has not succeeded. */
export function isOpenError({ severity, resolved }: Finding): boolean {
  return severity === 'error' && resolved !== true;
}

/** True if both are the same finding, which is recorded once. */
export function isSameFinding(a: Finding, b: Finding): boolean {
  return a.kind === b.kind && a.message === b.message && a.hint === b.hint;
}
