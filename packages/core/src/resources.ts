/** How loaded the machine is, as seen from inside its cgroup. Percentages are 0–100. */
export interface ResourceSample {
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly memoryTotalBytes: number;
  readonly memoryAvailableBytes: number;
  readonly diskTotalBytes: number;
  readonly diskAvailableBytes: number;
  /** Cores that this process may use; fractions come from cgroup quotas. */
  readonly cpuCount: number;
  /** The machines that it is the sum of, where agents work on several. */
  readonly machines?: readonly MachineSample[];
}

/** One of several machines on which agents work. Percentages are 0–100. */
export interface MachineSample {
  /** As {@link Workspace.host} has it. */
  readonly name: string;
  /** `draining`: it takes no further task, and finishes those that it has. */
  readonly state: 'ready' | 'draining' | 'silent';
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly cpuCount: number;
  /** How many agents work there now, of any run, and how many may. */
  readonly agents: number;
  readonly maxAgents: number;
  readonly labels: Readonly<Record<string, string>>;
  /** What it does not take, or was asked for and has refused, and why: a few words for people each. */
  readonly refuses?: readonly string[];
}

/** What a machine has, whatever it is busy with. */
export type ResourceCapacity = Omit<ResourceSample, 'cpuPercent' | 'memoryPercent' | 'machines'>;

export interface ResourceMonitor {
  /** For messages. */
  readonly name: string;
  /** What the machine has, without a measurement of its load, so at once. Without it, callers take a sample. */
  capacity?(): Promise<ResourceCapacity>;
  /** The current load. The first call may take up to a second to measure one interval. */
  sample(request?: {
    /** See {@link throwIfAborted}. */
    readonly abortSignal?: AbortSignal;
  }): Promise<ResourceSample>;
}
