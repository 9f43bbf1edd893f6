import type { NewRunEvent, RunEvent, Task } from '@pwt/core';
import { cpuMs, makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { assessPair } from './assess-pair.js';
import { EvidenceTree } from './evidence-tree.js';
import { fitIntercept, type PairObservation } from './fit-intercept.js';
import { observeRuns } from './observe-runs.js';
import { createRiskLookup } from './risk-lookup.js';
import { taskEvidence } from './task-evidence.js';

const tree = new EvidenceTree(['src/a.ts', 'src/b.ts', 'src/c.ts']);
const evidence = (id: string, ...claims: readonly string[]) =>
  taskEvidence(makeTask(id), makeClaims(id, ...claims), tree);

function observed(count: number, overlapped: (at: number) => boolean): readonly PairObservation[] {
  return Array.from({ length: count }, (_, at) => ({
    a: evidence(`${at}a`, 'src/a.ts'),
    b: evidence(`${at}b`, 'src/b.ts'),
    overlapped: overlapped(at),
  }));
}

describe('fitIntercept', () => {
  it('is 0 without observations, small after a few, and bounded after many that agree', () => {
    expect(fitIntercept([])).toBe(0);
    expect(Math.abs(fitIntercept(observed(1, () => true)))).toBeLessThan(1);
    expect(fitIntercept(observed(1000, () => true))).toBeLessThan(9);
    expect(fitIntercept(observed(1000, () => false))).toBeGreaterThan(-9);
  });

  it('makes the probabilities as frequent as what happened', () => {
    const repositoryIntercept = fitIntercept(observed(1000, (at) => at % 4 === 0));
    const { probability } = assessPair(evidence('1', 'src/a.ts'), evidence('2', 'src/b.ts'), {
      repositoryIntercept,
    });
    expect(probability).toBeCloseTo(0.25, 1);
  });

  it('counts many pairs of few tasks as few', () => {
    const tasks = Array.from({ length: 6 }, (_, at) => evidence(String(at), 'src/a.ts'));
    const pairs = tasks.flatMap((a, at) => tasks.slice(at + 1).map((b) => ({ a, b, overlapped: false })));
    const separate = pairs.map(({ a, b, overlapped }) => ({ a: { ...a }, b: { ...b }, overlapped }));
    expect(fitIntercept(pairs)).toBeGreaterThan(fitIntercept(separate));
  });
});

describe('observeRuns', () => {
  let seq = 0;
  const event = (runId: string, body: NewRunEvent): RunEvent => {
    seq += 1;
    return { v: 3, seq, at: seq, runId, ...body } as RunEvent;
  };
  const planned = (runId: string, task: Task) =>
    event(runId, { type: 'task-planned', taskId: task.id, task, claims: makeClaims(task.id, 'src/a.ts') });
  const collected = (runId: string, taskId: string, ...changed: readonly (string | [string, string])[]) =>
    event(runId, {
      type: 'work-collected',
      taskId,
      commit: 'c0ffee',
      committedLeftovers: false,
      changes: changed.map((entry) =>
        typeof entry === 'string'
          ? { path: entry, kind: 'modified' as const }
          : { path: entry[1], from: entry[0], kind: 'renamed' as const },
      ),
    });
  const pairs = (events: readonly RunEvent[], maxTasks?: number) =>
    observeRuns(events, { tree, ...(maxTasks === undefined ? {} : { maxTasks }) }).map(
      ({ a, b, overlapped }) => `${a.taskId}${b.taskId}${overlapped ? '!' : ''}`,
    );
  const plan = (runId: string, ids: string) => [...ids].map((id) => planned(runId, makeTask(id)));

  it('pairs the tasks of one run that delivered, and sees what both touched', () => {
    const events = [
      ...plan('r1', '1234'),
      collected('r1', '1', 'src/a.ts'),
      collected('r1', '2', 'src/b.ts'),
      collected('r1', '3', ['src/a.ts', 'src/z.ts']),
      ...plan('r2', '5'),
      collected('r2', '5', 'src/a.ts'),
    ];
    expect(pairs(events)).toEqual(['12', '13!', '23']);
    expect(pairs(events, 2)).toEqual(['23']);
  });

  it('takes the last attempt, and leaves out what can be joined and who was never planned', () => {
    const events = [
      ...plan('r1', '12'),
      collected('r1', '1', 'src/a.ts'),
      collected('r1', '2', 'src/a.ts', 'CHANGELOG.md'),
      collected('r1', '1', 'src/c.ts', 'CHANGELOG.md'),
      collected('r1', '9', 'src/c.ts'),
    ];
    expect(pairs(events)).toEqual(['21']);
  });
});

describe('the lookup', () => {
  it('takes strangers for tasks that say nothing', () => {
    const risk = createRiskLookup([
      evidence('1', 'src/a.ts'),
      evidence('2', 'src/a.ts'),
      evidence('3', 'src/b.ts'),
    ]);
    expect(risk('1', '2')).toBeGreaterThan(risk('1', '3'));
    expect(risk('1', 'stranger')).toBe(risk('1', '3'));
  });

  it('answers for hundreds of tasks on one file at once', () => {
    const tasks = Array.from({ length: 400 }, (_, at) => evidence(String(at), 'src/a.ts', `new/${at}.ts`));
    const risk = createRiskLookup(tasks);
    const startedMs = cpuMs();
    for (const { taskId } of tasks) for (const other of ['0', '1', '2', '3']) risk(taskId, other);
    expect(cpuMs() - startedMs).toBeLessThan(5000);
  });
});
