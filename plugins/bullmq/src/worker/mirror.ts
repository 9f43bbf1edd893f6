import type { CommitId } from '@pwt/core';
import type { Git } from '@pwt/git';
import type { Shipment } from '../protocol/operations.js';

/** A worker's bare clone of one repository, the only one for all of its tasks. Branches of the remote are not fetched. */
export interface Mirror {
  readonly git: Git;
  /** The bare repository. Absolute. */
  readonly commonDir: string;
  /**
   * Gets a commit, unless it is here, and keeps it under that ref.
   *
   * @throws PwtError `PWT_EXCHANGE_MISSING` with `data.commit` if the remote does not have it: the coordinator offers it again
   */
  fetch(ref: string, commit: CommitId): Promise<void>;
  /**
   * `create`: only if the ref is not there; the same commit at the ref counts as published.
   *
   * @throws PwtError `PWT_EXCHANGE_UNREACHABLE`: try again later. `PWT_EXCHANGE_REFUSED`
   */
  publish(ref: string, commit: CommitId, how: 'create' | 'replace'): Promise<'published' | 'taken'>;
  /** A file for the coordinator: inside of the message if it is short, and else as a commit at that ref. A missing one is empty. */
  ship(file: string, ref: string): Promise<Shipment>;
  /** What a ref on the exchange is at: `given-up` if the coordinator has given up the attempt that it is of. */
  look(ref: string): Promise<CommitId | 'given-up' | undefined>;
  /** Forgets the refs of a run here, and the bases that others contain. Nothing on the exchange is changed. */
  forget(runId: string): Promise<void>;
}
