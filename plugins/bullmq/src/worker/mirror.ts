import type { CommitId } from '@pwt/core';
import type { Git } from '@pwt/git';
import type { Shipment } from '../protocol/operations.js';

/** A worker's bare clone of one repository, the only one for all of its tasks. Branches of the remote are not fetched. */
export interface Mirror {
  readonly git: Git;
  /** The bare repository. Absolute. */
  readonly commonDir: string;
  /**
   * Gets a commit, unless it is here.
   *
   * @throws PwtError `PWT_EXCHANGE_MISSING` with `data.commit` if the remote does not have it: the coordinator offers it again
   */
  fetch(ref: string, commit: CommitId): Promise<void>;
  /** `create`: only if the ref is not there; the same commit at the ref counts as published. */
  publish(ref: string, commit: CommitId, how: 'create' | 'replace'): Promise<'published' | 'taken'>;
  /** A file for the coordinator: inside of the message if it is short, and else as a commit at that ref. */
  ship(file: string, ref: string): Promise<Shipment>;
}
