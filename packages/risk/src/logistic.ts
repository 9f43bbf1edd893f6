/** The probability of a logit; within (0, 1) for every finite one up to ±36. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The logit of a probability. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
