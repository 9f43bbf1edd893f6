/** What an agent's processes did in a span of time. */
export interface Span {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly asleep: boolean;
  /** A process ended, and what it wrote at the end is not known. */
  readonly lost: boolean;
  /** Bytes that were written, but for those that went to the agent's own logs. */
  readonly written: number;
}

/** A write that was noticed. */
export interface Write {
  /** When: by the file, and by the clock when it was told. */
  readonly from: number;
  readonly to: number;
  /** The size of the file now; `undefined` if it is no content that was written: a file was deleted, renamed or made empty. */
  readonly size: number | undefined;
  /** It was not there before: all of its content was written. */
  readonly isNew: boolean;
  /** The size of everything that was noticed beside it at the time. */
  readonly others: number;
}

/** An agent that may have done it. */
export interface Suspect {
  readonly taskId: string;
  /** Its work up to now, oldest first; it covers the time of the write. */
  readonly spans: readonly Span[];
  /** The size of what was written in its own workspace at the time. */
  readonly own: number;
  /** It alone claims the path: it is more likely than another agent, though not than somebody who is no agent. */
  readonly claims: boolean;
  /** Its processes or its output were there: how much more likely that makes it; 1 if nothing is known. */
  readonly weight: number;
}

/** Who wrote it, by what processes did at the time. */
export interface Verdict {
  /** The agents that may have, most likely first; those that slept are not among them. */
  readonly taskIds: readonly string[];
  /** The first one is so much more likely than all others, and than somebody who is no agent, that it is taken to be it. */
  readonly isCertain: boolean;
}

/** A file's time is that of the last tick of the kernel's clock, which ticks 100 to 1000 times a second. */
const TICK_MS = 12;

/** The first must have this share of the likelihood. */
const CERTAIN = 0.8;

/** To have been awake makes nobody more likely than this, however long it slept before: others wake as well. */
const AWAKE = 5;

/** So many bytes may be no content. */
const SIGNALS = 48;

/** Of a claim, among agents. */
const CLAIM = 8;

/**
 * Weighs agents by how unusual it is for them to do what the writer must have done at that moment. One that was seen to write
 * exactly as many bytes as the file has is it, unless it does that all the time; one that has only been awake may be it; one
 * that has slept is not. Pure.
 *
 * @param somebody how likely it is that it was no agent, against an agent of which nothing is known
 */
export function weigh(write: Write, suspects: readonly Suspect[], somebody: number): Verdict {
  const found = suspects
    .map((suspect) => ({ ...suspect, likelihood: likelihood(write, suspect) }))
    .filter(({ likelihood }) => likelihood > 0);
  const total = found.reduce((sum, { likelihood }) => sum + likelihood, 0);
  const claimed = found.map((suspect) => suspect.likelihood * (suspect.claims ? CLAIM : 1));
  const scale = total / claimed.reduce((sum, part) => sum + part, 0);
  const ranked = found
    .map(({ taskId }, index) => ({ taskId, share: ((claimed[index] ?? 0) * scale) / (total + somebody) }))
    .sort((a, b) => b.share - a.share);
  return {
    taskIds: ranked.map(({ taskId }) => taskId),
    isCertain: (ranked[0]?.share ?? 0) >= CERTAIN,
  };
}

/** 0: impossible. Otherwise the inverse of how often the agent shows the same signs when nothing is noticed. */
function likelihood(write: Write, { spans, weight, own }: Suspect): number {
  const at = spans.filter(({ from, to }) => to >= write.from - TICK_MS && from <= write.to);
  if (at.length === 0) return weight;
  const now = joined(at);
  if (now.asleep) return 0;
  const before = spans.filter((span) => !at.includes(span));
  const often = (shows: (span: Span) => boolean, unusual: number) =>
    (before.filter(shows).length + unusual) / (before.length + 1);
  const { size } = write;
  if (size === undefined || size === 0)
    return weight * Math.min(AWAKE, 1 / often(({ asleep }) => !asleep, 0.2));
  const sums = [size, size + write.others].flatMap((sum) => [sum, sum + own]);
  if (sums.includes(now.written))
    return weight / often(({ written }) => sums.includes(written), size >= 16 ? 0.01 : 0.03);
  // Threads wake one another by bytes that they write.
  const isNearly = (written: number) => sums.some((sum) => written > sum && written <= sum + SIGNALS);
  if (size >= 16 && isNearly(now.written)) return weight / often(({ written }) => isNearly(written), 0.05);
  if (now.written < (write.isNew ? size : 1) && !now.lost) return 0;
  const shows = now.lost ? (span: Span) => span.lost : (span: Span) => span.written > 0;
  return weight * Math.min(AWAKE, 1 / often(shows, 0.2));
}

function joined(spans: readonly Span[]): Omit<Span, 'from' | 'to'> {
  return {
    asleep: spans.every(({ asleep }) => asleep),
    lost: spans.some(({ lost }) => lost),
    written: spans.reduce((sum, { written }) => sum + written, 0),
  };
}
