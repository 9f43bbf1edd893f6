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

export interface ResourceMonitor {
  /** For messages. */
  readonly name: string;
  /** The current load. The first call may take up to a second to measure one interval. */
  sample(request?: {
    /** See {@link throwIfAborted}. */
    readonly abortSignal?: AbortSignal;
  }): Promise<ResourceSample>;
}
