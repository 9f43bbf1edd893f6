import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { fileOf, isAlive, RunsStage, runId, type TestProcess, tools } from '../../../test/runs-stage.js';
import { refs } from '../../exchange/refs.js';
import { workspaceHandlers } from './operations.js';

const common = { v: 1, repository: 'app' } as const;
const force = ['dirty', 'unmerged'] as const;

async function placed(stage: RunsStage, { placing }: TestProcess): Promise<Workspace> {
  const base = await stage.code.head();
  await stage.exchange.offer(runId, base);
  const request = { ...common, runId, taskId: 't1', title: 'A task', base };
  return (await placing.place(request, tools())).workspace;
}

/** A worker on which an attempt has ended. */
async function ended() {
  const stage = await RunsStage.create();
  const worker = await stage.process();
  const workspace = await placed(stage, worker);
  const request = stage.request(workspace, 'echo $$ >started; head -c 100000 /dev/zero');
  const report = await worker.runs.run(request, tools());
  const dir = worker.repository.attemptDir(request.attempt);
  return { stage, worker, workspace, request, report, dir, operations: workspaceHandlers(worker.context) };
}

describe('the folder of an attempt', () => {
  it('goes with its workspace, starts no agent again, and is forgotten with its run', async () => {
    const { worker, workspace, request, dir, operations, stage } = await ended();
    expect(readdirSync(dir)).toContain('stdout.log');
    const removal = { ...common, workspace, force };
    expect((await operations.remove(removal, tools())).outcome).toMatchObject({ status: 'removed' });
    expect(readdirSync(dir)).toEqual(['worker-over.json']);
    // A job that comes late finds a workspace of the task that is another attempt's.
    const next = await placed(stage, worker);
    for (const { runs } of [worker, await stage.process()]) {
      await expect(runs.run(request, tools())).rejects.toMatchObject({ code: 'PWT_WORKSPACE_UNKNOWN' });
      expect(await runs.attach(request, tools())).toEqual({ status: 'started' });
    }
    expect(existsSync(join(next.path, 'started'))).toBe(false);
    await operations.close({ ...common, runId }, tools());
    expect(readdirSync(dir)).toEqual(['worker-over.json']);
    await operations.remove({ ...common, workspace: next, force }, tools());
    await operations.close({ ...common, runId }, tools());
    expect(existsSync(dir)).toBe(false);
    expect(existsSync(worker.repository.attemptsDir)).toBe(true);
  });

  it('stays as long as the workspace does', async () => {
    const { dir, workspace, operations, report, worker, request } = await ended();
    const removal = { ...common, workspace };
    writeFileSync(join(workspace.path, 'b.txt'), 'b\n');
    expect((await operations.remove(removal, tools())).outcome.status).toBe('kept');
    await operations.close({ ...common, runId }, tools());
    expect(readdirSync(dir)).toContain('stdout.log');
    expect(await worker.runs.run(request, tools())).toEqual(report);
  });

  it('stays until what its agent has done is on the exchange', async () => {
    const stage = await RunsStage.create();
    const worker = await stage.process();
    const workspace = await placed(stage, worker);
    const gate = stage.gate('gate');
    const request = stage.request(workspace, `read _ <${gate.path}`);
    const report = worker.runs.run(request, tools());
    await stage.hasSaid(/runs/);
    const back = stage.cut();
    await gate.open();
    await stage.hasSaid(/is not pushed yet/);
    const dir = worker.repository.attemptDir(request.attempt);
    const removal = { ...common, workspace, containedIn: workspace.base };
    const { outcome } = await workspaceHandlers(worker.context).remove(removal, tools());
    expect(outcome).toEqual({ status: 'removed' });
    expect(readdirSync(dir)).toContain('stdout.log');
    back();
    const { result } = await report;
    expect((await stage.code.remoteRefs())[refs.attempt(request.attempt)]).toBe(result);
  });
});

describe('a task that is placed again where its agent, which was given up, is still at work', () => {
  it('has the workspace once the agent has ended and its work is on the exchange', async () => {
    const stage = await RunsStage.create();
    const worker = await stage.process();
    const workspace = await placed(stage, worker);
    const request = stage.request(workspace, 'echo mine >b.txt; echo $$ >started; exec sleep 1000');
    const report = worker.runs.run(request, tools());
    const pid = await fileOf(join(workspace.path, 'started'));
    await stage.hasSaid(/runs/);
    await stage.exchange.giveUp(request.attempt);
    const base = await stage.code.commit({ 'c.txt': 'c\n' });
    await stage.exchange.offer(runId, base);
    const again = { ...common, runId, taskId: 't1', title: 'A task', base };
    const { workspace: next } = await worker.placing.place(again, tools());
    expect(isAlive(pid)).toBe(false);
    expect((await report).late?.ref).toBe(refs.late(request.attempt, 'w1'));
    expect(worker.abandoned).toEqual([workspace.id]);
    await worker.repository.inTurn({ runId, taskId: 't1' }, async () => undefined);
    expect(readdirSync(next.path)).toContain('c.txt');
    expect(readdirSync(next.path)).not.toContain('b.txt');
  });
});
