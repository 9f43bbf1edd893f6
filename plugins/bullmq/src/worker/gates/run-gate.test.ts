import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { fileOf, isAlive, RunsStage, runId, type TestProcess, tools } from '../../../test/runs-stage.js';
import { refs } from '../../exchange/refs.js';
import type { GateRunRequest } from '../../protocol/operations.js';
import type { RemoteGate } from '../../protocol/requirement.js';
import { gateHandler } from './run-gate.js';

async function scratch(stage: RunsStage, { repository }: TestProcess): Promise<Workspace> {
  const commit = await stage.code.head();
  await stage.exchange.offer(runId, commit);
  await repository.mirror.fetch(refs.base(commit), commit);
  return repository.provider.scratch({ runId, commit });
}

function asked(workspace: Workspace, gate: RemoteGate): GateRunRequest {
  const subject = { kind: 'target' } as const;
  return {
    ...{ v: 1, repository: 'app', workspace, runId, subject, gate },
    commit: workspace.base,
  } as unknown as GateRunRequest;
}

async function staged() {
  const stage = await RunsStage.create();
  const worker = await stage.process();
  return { stage, worker, workspace: await scratch(stage, worker), run: gateHandler(worker.context) };
}

describe('a gate', () => {
  it('judges, and its logs come with the verdict', async () => {
    const { worker, workspace, run } = await staged();
    const green = await run(asked(workspace, { command: 'echo fine; cat a.txt' }), tools());
    expect(green).toMatchObject({ verdict: { status: 'green' }, logs: { '': { text: 'fine\na\n' } } });
    const gate = { command: { a: 'echo A', b: 'echo B; exit 3' } };
    const red = await run(asked(workspace, gate), tools());
    expect(red).toMatchObject({
      verdict: { status: 'red' },
      logs: { a: { text: 'A\n' }, b: { text: 'B\n' } },
    });
    expect(readdirSync(join(worker.repository.stateDir, 'gates'))).toEqual([]);
    expect(worker.context.gateSlots.working).toBe(0);
  });

  it('judges nothing but the commit that it is asked about', async () => {
    const { stage, workspace, run } = await staged();
    const commit = await stage.code.commit({ 'b.txt': 'b\n' });
    const request = { ...asked(workspace, { command: 'touch ran' }), commit };
    await expect(run(request, tools())).rejects.toMatchObject({ code: 'PWT_WORKSPACE_UNKNOWN' });
    expect(existsSync(join(workspace.path, 'ran'))).toBe(false);
  });

  it('ends with its whole tree when it is not wanted any more', async () => {
    const { worker, workspace, run } = await staged();
    const abort = new AbortController();
    const command = 'sh -c "echo \\$\\$ >child; sleep 1000; true" & echo $$ >parent; wait';
    const verdict = run(asked(workspace, { command }), tools([], abort.signal));
    verdict.catch(() => undefined);
    const pids = [await fileOf(join(workspace.path, 'child')), await fileOf(join(workspace.path, 'parent'))];
    abort.abort();
    await expect(verdict).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(worker.context.gateSlots.working).toBe(0);
  });

  it('waits with a long log until the exchange has it', async () => {
    const { stage, workspace, run } = await staged();
    const gate = stage.gate('gate');
    const command = `echo go >started; read _ <${gate.path}; seq 20000`;
    const report = run(asked(workspace, { command }), tools());
    await fileOf(join(workspace.path, 'started'));
    const back = stage.cut();
    await gate.open();
    await stage.hasSaid(/its log is not pushed yet/);
    back();
    const { verdict, logs } = await report;
    expect(verdict.status).toBe('green');
    const log = logs[''];
    if (log?.kind !== 'commit') throw new Error('it was not pushed');
    expect(await stage.exchange.open(log)).toMatch(/^1\n2\n(\d+\n)+20000\n$/);
  });

  it('does not run beside one that a killed worker has left in the checkout', async () => {
    const { stage, workspace, run } = await staged();
    const left = run(asked(workspace, { command: 'echo $$ >left; sleep 1000; true' }), tools());
    const pid = await fileOf(join(workspace.path, 'left'));
    const again = gateHandler((await stage.process()).context);
    expect((await again(asked(workspace, { command: 'true' }), tools())).verdict.status).toBe('green');
    expect(isAlive(pid)).toBe(false);
    expect((await left).verdict.status).toBe('broken');
  });
});
