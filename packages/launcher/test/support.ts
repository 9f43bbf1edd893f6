import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentActivity, AgentRun, Attempt, Clock, LaunchRequest } from '@pwt/core';
import { sweep } from '@pwt/process';
import { makeClaim, makeTask } from '@pwt/testkit';
import { afterEach } from 'vitest';
import { type AgentConfig, ProcessLauncher, resolveAgent } from '../src/index.js';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A directory to run agents in: a worktree, a place for state, and both gone after the test. */
export async function makePlace(): Promise<{ root: string; worktree: string }> {
  const root = await mkdtemp(join(tmpdir(), 'pwt-launcher-'));
  cleanups.push(() => rm(root, { recursive: true, force: true }));
  const worktree = join(root, 'worktree');
  await mkdir(worktree);
  return { root, worktree };
}

export const env: Record<string, string> = { PATH: process.env.PATH ?? '/usr/bin:/bin' };

export function requestIn(
  place: { root: string; worktree: string },
  { task, claims, permission, continues, abortSignal, ...attempt }: Partial<LaunchRequest & Attempt> = {},
): LaunchRequest {
  const runId = `test-${place.root.slice(-6)}`;
  const request: LaunchRequest = {
    attempt: {
      runId,
      taskId: '20',
      number: 1,
      workspace: {
        id: 'w20',
        provider: 'test',
        kind: 'task',
        runId,
        taskId: '20',
        path: place.worktree,
        branch: 'feature/us-020',
        base: 'a'.repeat(40),
      },
      stateDir: join(place.root, 'state'),
      timeoutMs: 0,
      idleTimeoutMs: 0,
      ...attempt,
    },
    task: task ?? makeTask('20', { title: 'Say hello' }),
    claims: claims ?? [makeClaim('src/a.ts')],
    permission: permission ?? 'default',
    ...(continues === undefined ? {} : { continues }),
    ...(abortSignal === undefined ? {} : { abortSignal }),
  };
  const { taskId, number } = request.attempt;
  cleanups.push(() => sweep(`pwt.${request.attempt.runId}.${taskId}.${number}`, { graceMs: 0 }));
  return request;
}

/** A launcher of a shell text, or of any agent. */
export function launcherOf(agent: string | AgentConfig, changes: { clock?: Clock } = {}): ProcessLauncher {
  const config = typeof agent === 'string' ? { command: ['sh', '-c', agent] } : agent;
  return new ProcessLauncher({ agents: [resolveAgent(config)], env, cwd: '/', stopGraceMs: 500, ...changes });
}

export async function allOf(events: AsyncIterable<AgentActivity>): Promise<AgentActivity[]> {
  const all: AgentActivity[] = [];
  for await (const activity of events) all.push(activity);
  return all;
}

export async function finished(run: AgentRun): Promise<{
  exit: Awaited<AgentRun['exited']>;
  events: AgentActivity[];
}> {
  const [exit, events] = await Promise.all([run.exited, allOf(run.events)]);
  return { exit, events };
}

/** Waits for a file that a scripted child writes. */
export async function contentOf(path: string): Promise<string> {
  while (!existsSync(path)) await delay(2);
  for (;;) {
    const text = await readFile(path, 'utf8');
    if (text.endsWith('\n')) return text;
    await delay(2);
  }
}

/** A named pipe: a child that reads it waits until the test {@link openGate | opens} it. */
export function makeFifo(path: string): string {
  execFileSync('mkfifo', [path]);
  return path;
}

export async function openGate(fifo: string): Promise<void> {
  await writeFile(fifo, 'go\n');
}
