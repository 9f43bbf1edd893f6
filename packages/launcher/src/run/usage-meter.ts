import type { AgentUsage } from '@pwt/core';
import type { Dialect, Used } from '../dialects/dialect.js';
import { LogFollower } from './log-follower.js';

const FIELDS = ['inputTokens', 'outputTokens', 'costUsd'] as const;

/**
 * What one attempt has used, from the reports in its log. It never goes down: an agent tells of its steps while it works,
 * and of the whole at its end.
 */
export class UsageMeter {
  readonly #before: AgentUsage;
  readonly #steps = new Map<string, AgentUsage>();
  #added: AgentUsage = {};
  #whole: AgentUsage = {};

  /** @param before what the session that this attempt continues had used by then */
  constructor(before: AgentUsage = {}) {
    this.#before = before;
  }

  take(used: Used): void {
    if (used.of === 'attempt') this.#whole = most(this.#whole, used);
    else if (used.of === 'session') this.#whole = most(this.#whole, this.#since(used));
    else if (used.id === undefined) this.#added = combined(this.#added, used, (a, b) => a + b);
    else this.#step(used.id, used);
  }

  /** `undefined` as long as nothing is told. */
  get total(): AgentUsage | undefined {
    const total = most(this.#added, this.#whole);
    return Object.keys(total).length === 0 ? undefined : total;
  }

  #step(id: string, used: AgentUsage): void {
    const known = this.#steps.get(id) ?? {};
    const now = most(known, used);
    this.#steps.set(id, now);
    const more = combined(now, known, (a, b) => a - b);
    this.#added = combined(this.#added, more, (a, b) => a + b);
  }

  /** An agent whose counts start at nothing in each attempt reports less than what was used before. */
  #since(used: AgentUsage): AgentUsage {
    const told = FIELDS.filter((field) => used[field] !== undefined);
    const before = Object.fromEntries(told.map((field) => [field, this.#before[field] ?? 0] as const));
    const isOnward = told.every((field) => (used[field] ?? 0) >= (before[field] ?? 0));
    return isOnward ? combined(used, before, (a, b) => a - b) : used;
  }
}

function most(one: AgentUsage, other: AgentUsage): AgentUsage {
  return combined(one, other, Math.max);
}

/** Of a field that is in one of them only, the other one counts as 0; one that is in neither stays unknown. */
function combined(one: AgentUsage, other: AgentUsage, join: (a: number, b: number) => number): AgentUsage {
  const all: { -readonly [Field in (typeof FIELDS)[number]]?: number } = {};
  for (const field of FIELDS) {
    if (one[field] === undefined && other[field] === undefined) continue;
    all[field] = join(one[field] ?? 0, other[field] ?? 0);
  }
  return all;
}

/** What a whole log tells. */
export async function readUsage(
  log: string,
  dialect: Dialect,
  before: AgentUsage | undefined,
): Promise<AgentUsage | undefined> {
  const follower = new LogFollower(log);
  const meter = new UsageMeter(before);
  const take = (line: string) => {
    const used = dialect(line)?.used;
    if (used) meter.take(used);
  };
  for await (const lines of follower.batches()) lines.forEach(take);
  follower.rest().forEach(take);
  return meter.total;
}
