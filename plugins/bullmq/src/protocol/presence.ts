import * as z from 'zod';

/** Jobs that a worker has refused lately, because they are not sound or because of what its operator allows. */
export interface RefusedJobs {
  readonly count: number;
  /** The last ones: which, and why. */
  readonly last: readonly string[];
}

/** What a worker says of itself, again and again. No path, no secret. */
export interface WorkerPresence {
  readonly v: 1;
  /** Unique in the queue, and the same after a restart: the last part of its own queue's name. */
  readonly id: string;
  /** Changes with each start of the worker. */
  readonly incarnation: string;
  readonly state: 'ready' | 'draining';
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Names of repositories. */
  readonly repositories: readonly string[];
  /** The agents that it allows, and what the checks of `doctor` say of each. */
  readonly agents: readonly { readonly name: string; readonly usable: boolean; readonly message?: string }[];
  readonly cpuCount: number;
  readonly memoryTotalBytes: number;
  readonly memoryAvailableBytes: number;
  readonly diskTotalBytes: number;
  readonly diskAvailableBytes: number;
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  /** Agents that work there now, and how many may. */
  readonly working: number;
  readonly maxAgents: number;
  /** The ids of announced requirements that it meets: it takes their jobs as it has room. */
  readonly serves: readonly string[];
  /** Announced requirements that it does not meet: id → why, in a few words for people. */
  readonly refuses: Readonly<Record<string, string>>;
  readonly refused?: RefusedJobs | undefined;
}

const word = z.string().max(300);
const count = z.number().min(0);

/** Unknown fields are left out: a worker may be newer. */
export const presenceSchema: z.ZodType<WorkerPresence> = z.object({
  v: z.literal(1),
  id: word,
  incarnation: word,
  state: z.enum(['ready', 'draining']),
  version: word,
  labels: z.record(word, word),
  repositories: z.array(word).max(1000),
  agents: z
    .array(
      z
        .object({ name: z.string().max(8192), usable: z.boolean(), message: z.string().max(8192).optional() })
        .transform(({ message, ...agent }) => ({ ...agent, ...(message === undefined ? {} : { message }) })),
    )
    .max(100),
  cpuCount: count,
  memoryTotalBytes: count,
  memoryAvailableBytes: count,
  diskTotalBytes: count,
  diskAvailableBytes: count,
  cpuPercent: count,
  memoryPercent: count,
  working: count,
  maxAgents: count,
  serves: z.array(word).max(10_000),
  refuses: z.record(word, z.string().max(8192)),
  refused: z.object({ count, last: z.array(z.string().max(8192)).max(100) }).optional(),
});
