import type { RadarRequest } from '@pwt/core';
import { type Git, type MergedPair, mergeMany, type Quarantine } from '@pwt/git';

/** How many merges one round tries at most, and at least where there is a limit of time; others are for the next one. */
const MOST_MERGES = 5000;
const LEAST_MERGES = 16;

export interface MergeQuestion {
  /** Whose commits these are: what was last known of the same counts until it is asked again. */
  readonly about: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface MergeAnswers {
  /** In the order of the questions: what is left for the next round is as it was before, `undefined` where that is not known. */
  readonly answers: readonly (MergedPair | undefined)[];
  /** False if something is left for the next round. */
  readonly isComplete: boolean;
  /** How many were tried now. */
  readonly tried: number;
}

/** Merges of commits, and what came of them as long as it is asked for: two commits always merge in the same way. */
export class KnownMerges {
  readonly #git: Git;
  readonly #limitMs: number;
  #known = new Map<string, MergedPair>();
  /** The last answers, by what they are about. */
  #last = new Map<string, MergedPair>();
  /** What one merge took the last time. */
  #mergeMs = 1;

  /** @param limitMs how long the merges of a round may take */
  constructor(git: Git, limitMs: number = Number.POSITIVE_INFINITY) {
    this.#git = git;
    this.#limitMs = limitMs;
  }

  /** @param attributesOf the commit whose attributes count */
  async ask(
    questions: readonly MergeQuestion[],
    attributesOf: string,
    quarantine: Quarantine,
    { lists = [], abortSignal }: Pick<RadarRequest, 'lists' | 'abortSignal'>,
  ): Promise<MergeAnswers> {
    const by = `${attributesOf} ${lists.join('\0')}`;
    const keyOf = ({ ours, theirs }: MergeQuestion) => `${by} ${ours} ${theirs}`;
    const fresh = questions.filter((question) => !this.#known.has(keyOf(question))).slice(0, this.#most);
    const startedAt = performance.now();
    const merged = await mergeMany(this.#git, {
      pairs: fresh,
      attributesOf,
      quarantine,
      lists,
      ...(abortSignal && { abortSignal }),
    });
    if (fresh.length > 0) this.#mergeMs = (performance.now() - startedAt) / fresh.length;
    const known = new Map<string, MergedPair>();
    for (const [at, question] of fresh.entries()) known.set(keyOf(question), merged[at] as MergedPair);
    const last = new Map<string, MergedPair>();
    let isComplete = true;
    const answers = questions.map((question) => {
      const answer = known.get(keyOf(question)) ?? this.#known.get(keyOf(question));
      // What nobody asks for any more is forgotten.
      if (answer !== undefined) known.set(keyOf(question), answer);
      else isComplete = false;
      const best = answer ?? this.#last.get(question.about);
      if (best !== undefined) last.set(question.about, best);
      return best;
    });
    this.#known = known;
    this.#last = last;
    return { answers, tried: fresh.length, isComplete };
  }

  get #most(): number {
    return Math.min(MOST_MERGES, Math.max(LEAST_MERGES, Math.floor(this.#limitMs / this.#mergeMs)));
  }
}
