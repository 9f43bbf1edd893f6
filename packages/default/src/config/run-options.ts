import type { RunOptions } from '@pwt/core';
import type { ConfigValues } from './config-values.js';

/** How a run under a configuration behaves, in the coordinator's words. */
export function runOptions(config: ConfigValues): RunOptions {
  const { maxInstances, autoMerge, permission, separation, audit, alwaysAllowed } = config;
  return {
    ...{ maxInstances, autoMerge, permission, separation, audit, alwaysAllowed },
    timeoutMs: config.timeout,
    idleTimeoutMs: config.idleTimeout,
    maxCpuPercent: config.maxCpuPercent,
    maxMemoryPercent: config.maxMemoryPercent,
    minDiskBytes: config.minDisk,
  };
}
