import type { Stage } from './stage.js';

/**
 * Something that has gone wrong, with the hints that lead out of it.
 *
 * `play` brings it about, follows each hint as it was printed, and asserts that it has led out: that the situation
 * is gone, or that the next state is the documented one.
 */
export interface Situation {
  readonly name: string;
  /** The hints that it follows: `file: command`, as the sources spell it; see `Stage.follow`. */
  readonly hints: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly play: (stage: Stage) => Promise<void>;
}
