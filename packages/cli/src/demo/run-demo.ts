import { join } from 'node:path';
import type { RunEvent } from '@pwt/core';
import { createCoordinator, type RunResult } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { sinkFor } from '../view/run-sinks.js';
import type { TimelineBar } from '../view/timeline-text.js';
import { demoAssets } from './prepare-demo.js';

export interface DemoRun {
  readonly result: RunResult;
  /** From the first dispatch to the end of the last task. */
  readonly durationMs: number;
  /** When each task ran, on one scale. */
  readonly bars: readonly TimelineBar[];
}

/** Runs all specs of a demo repository with the scripted agent, through a gate that runs the program's tests. */
export async function runDemo(
  { io, json }: CommandContext,
  { root, maxInstances }: { readonly root: string; readonly maxInstances: number },
): Promise<DemoRun> {
  const events: RunEvent[] = [];
  const recorder = { name: 'recorder', onEvent: (event: RunEvent) => void events.push(event) };
  const coordinator = await createCoordinator({
    cwd: root,
    env: io.env,
    configFile: false,
    sinks: json ? [recorder] : [recorder, await sinkFor(io, false)],
    agent: { command: [process.execPath, join(demoAssets, 'agent.mjs')] },
    gate: `${JSON.stringify(process.execPath)} test/all.js`,
    maxInstances,
    // The agents are small, and the machine is meant to be busy for a few seconds.
    maxCpuPercent: 100,
    maxMemoryPercent: 100,
    minDisk: 0,
  });
  const stopListening = io.onSignal(() => void coordinator.stop('now'));
  try {
    const result = await coordinator.run();
    return { result, ...timesOf(events) };
  } finally {
    stopListening();
    await coordinator.dispose();
  }
}

/** When tasks were dispatched, and when they were in or had ended. Pure. */
export function timesOf(events: readonly RunEvent[]): Pick<DemoRun, 'durationMs' | 'bars'> {
  const starts = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const event of events) {
    if (event.taskId === undefined) continue;
    if (event.type === 'task-dispatched') starts.set(event.taskId, event.at);
    if (event.type === 'integrated' || event.type === 'task-finished') ends.set(event.taskId, event.at);
  }
  const first = Math.min(...starts.values());
  const bars = [...starts].map(([label, at]) => ({
    label,
    startMs: at - first,
    endMs: (ends.get(label) ?? at) - first,
  }));
  return { bars, durationMs: Math.max(0, ...bars.map(({ endMs }) => endMs)) };
}
