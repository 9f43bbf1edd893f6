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
}

/** What a machine has, whatever it is busy with. */
export type ResourceCapacity = Omit<ResourceSample, 'cpuPercent' | 'memoryPercent'>;

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
