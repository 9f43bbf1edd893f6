import type { Claim, RunOptions, Task, TaskClaims } from '@pwt/core';

/** A task with as little as a test needs. */
export function makeTask(id: string, extra: Partial<Task> = {}): Task {
  const specs = [{ path: `specs/SPEC-${id}-task.md`, text: `# Task ${id}\n`, hash: '00' }];
  return { id, title: `Task ${id}`, specs, dependsOn: [], ...extra };
}

/** A declared, exclusive claim to write. */
export function makeClaim(pattern: string, extra: Partial<Claim> = {}): Claim {
  return { pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test', ...extra };
}

/** What a task claims, by pattern. */
export function makeClaims(taskId: string, ...patterns: readonly (string | Claim)[]): TaskClaims {
  const claims = patterns.map((pattern) => (typeof pattern === 'string' ? makeClaim(pattern) : pattern));
  return { taskId, claims, unknownScope: false };
}

/** Options for the runs of tests: two agents at once, and work lands. */
export function makeRunOptions(extra: Partial<RunOptions> = {}): RunOptions {
  return {
    maxInstances: 2,
    autoMerge: true,
    strategy: 'merge',
    permission: 'default',
    timeoutMs: 2 * 60 * 60 * 1000,
    idleTimeoutMs: 0,
    separation: 'balanced',
    audit: 'warn',
    alwaysAllowed: [],
    maxCpuPercent: 80,
    maxMemoryPercent: 80,
    minDiskBytes: 1024 ** 3,
    ...extra,
  };
}
