import type { ConflictedPath } from './merger.js';
import type { CommitId } from './workspace.js';

/** Work under way in a checkout: what lies there, committed or not, ignored files apart. */
export interface LiveWork {
  /** Unique within a request: in a run, the id of the task. */
  readonly id: string;
  /** The top of the checkout. Absolute. */
  readonly path: string;
}

export interface RadarRequest {
  /** All work that is under way. What is not named again is forgotten. */
  readonly works: readonly LiveWork[];
  /** The tip that the work is for: in a run, that of the integration ref. */
  readonly onto: CommitId;
  /** Files that are joined line by line, as where work is integrated: there, neighbouring lines do not collide. */
  readonly lists?: readonly string[];
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

/** Two works that can't be merged with each other, seen from one of them. */
export interface Collision {
  /** The id of the other work. */
  readonly with: string;
  /** Never empty. */
  readonly paths: readonly ConflictedPath[];
}

/** What has become of the paths of a work on the tip since the work began. */
export interface Staleness {
  /** Where a merge with the tip conflicts. */
  readonly conflicts: readonly ConflictedPath[];
  /** The other paths that both have changed, in different ways; they merge cleanly. Sorted. */
  readonly moved: readonly string[];
}

/** What the radar sees of one work. */
export interface Sighting {
  readonly id: string;
  /** Every path that the work changes, compared with what it shares with the tip. Sorted. */
  readonly changes: readonly string[];
  /** Absent if nothing that the work changes was changed on the tip. */
  readonly stale?: Staleness;
  /** By id of the other work. */
  readonly colliding: readonly Collision[];
  /** Why it could not be looked at, for people; then nothing else is known of it. */
  readonly unseen?: string;
}

/** One round of the radar. */
export interface RadarPicture {
  readonly onto: CommitId;
  /** One for each work of the request, in its order. */
  readonly sightings: readonly Sighting[];
  /** How many works had moved since the round before. */
  readonly moved: number;
  /** How many merges were tried; what is known from an earlier round is not tried again. */
  readonly merges: number;
  /** True if something is left for the next round: this one was long enough. */
  readonly isPartial: boolean;
  readonly durationMs: number;
}

/**
 * Sees where works under way collide, before they are finished: merges them with each other and with the tip, as they lie in
 * their checkouts. Changes nothing in checkouts and repository, takes no lock, and leaves no object and no ref.
 */
export interface Radar {
  /** For messages. */
  readonly name: string;
  /**
   * Called before a run starts: checks that it can work here.
   * @throws PwtError that says what to change
   */
  check?(): Promise<void>;
  /** Looks at what has moved since the call before. One call at a time. */
  look(request: RadarRequest): Promise<RadarPicture>;
  /** Ends what it keeps between two looks, such as watches on folders. It may be used again. */
  close(): Promise<void>;
}
