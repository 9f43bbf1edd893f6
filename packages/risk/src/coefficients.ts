/**
 * The numbers of the model, in logits. All but the intercepts are at least 0, and they rise from `stem` to
 * `declared`, so more evidence never lowers the chance of a collision.
 *
 * A pair's slope and terms are shared by all repositories; a repository has only an intercept of its own
 * (`fitIntercept`), because a slope per repository overfits.
 */
export interface RiskCoefficients {
  /** The chance that a task changes a file, from the best evidence that its text gives for it. */
  readonly file: {
    readonly base: number;
    readonly declared: number;
    readonly inferred: number;
    /** Named anywhere in the text, or only claimed as possible. */
    readonly mentioned: number;
    /** The file's name without extensions is a word of the text. */
    readonly stem: number;
  };
  /** The chance that two tasks change a common file. */
  readonly pair: {
    readonly intercept: number;
    /** Per logit of `1 − Π(1 − pA·pB)`, clipped to {@link evidence}. */
    readonly slope: number;
    /** The claims conflict. */
    readonly conflict: number;
    /** What the combined evidence is clipped to. */
    readonly evidence: readonly [lowest: number, highest: number];
  };
}

/**
 * All but `inferred` come from a logistic model of exactly this form that was fitted on 331 real tasks of three
 * repositories in two languages, whose changed files are known from their commits; it did as well on unseen tasks
 * as anything richer (history, co-change, gradient boosting). It had one class for claims, declared or inferred:
 * `inferred` is its 2.96 scaled by what a refit on 153 of those tasks gives (3.36 to 4.11). A full refit on these
 * orders pairs no better, so the numbers of the larger sample stand. `docs/risk.md` has the scores.
 */
export const defaultRiskCoefficients: RiskCoefficients = {
  file: { base: -2.82, declared: 2.96, inferred: 2.42, mentioned: 0.42, stem: 0.37 },
  pair: { intercept: -0.31, slope: 0.34, conflict: 1.2, evidence: [0.003, 0.997] },
};
