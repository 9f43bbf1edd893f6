import { defined, type RunOptions } from '@pwt/core';
import { budgetOf } from './budget.js';
import type { ConfigValues } from './config-values.js';
import { retriesOf } from './retries.js';

/** The options of a run, as the coordinator takes them, from a configuration. */
export function runOptions(config: ConfigValues): RunOptions {
  const {
    maxInstances,
    autoMerge,
    strategy,
    permission,
    separation,
    audit,
    alwaysAllowed,
    review,
    markDone,
  } = config;
  return {
    ...{ maxInstances, autoMerge, strategy, permission, separation, audit, alwaysAllowed, review, markDone },
    timeoutMs: config.timeout,
    idleTimeoutMs: config.idleTimeout,
    onIdle: config.onIdle,
    maxCpuPercent: config.maxCpuPercent,
    maxMemoryPercent: config.maxMemoryPercent,
    minDiskBytes: config.minDisk,
    retries: retriesOf(config.retries),
    agentPauseMs: config.agentPause,
    agentPatienceMs: config.agentPatience,
    ...defined({ gateSlots: config.gateSlots, budget: budgetOf(config) }),
  };
}
