import { existsSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ManualClock } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { attempt, fileOf, isAlive, RunsStage, runId, tools, until } from '../../../test/runs-stage.js';
import { refs } from '../../exchange/refs.js';
import type { RunProgress, RunRequest } from '../../protocol/operations.js';
import { RunNotes } from './records.js';

const ref = refs.attempt(attempt);
const ended = { kind: 'exited', exitCode: 0 } as const;

/** An agent that has started, and ends when its gate is opened. */
async function started() {
  const stage = await RunsStage.create();
  const worker = await stage.process();
  const workspace = await stage.place(worker);
  const gate = stage.gate('gate');
  const script = `echo one >one.txt; echo $$ >>started; read _ <${gate.path}; echo two >two.txt`;
  const request = stage.request(workspace, script);
  const told: RunProgress[] = [];
  const report = worker.runs.run(request, tools(told));
  report.catch(() => undefined);
  await fileOf(join(workspace.path, 'started'));
  // The worker knows it a moment later than the agent.
  await until(() => told.length > 0);
  return { stage, worker, workspace, gate, request, report };
}

describe('a run', () => {
  it('ends with its work on the exchange, and answers the same again', async () => {
    const stage = await RunsStage.create();
    const worker = await stage.process();
    const workspace = await stage.place(worker);
    const request = stage.request(workspace, 'echo out; echo err >&2; echo b >b.txt; echo x >>starts');
    const report = await worker.runs.run(request, tools());
    expect(report).toMatchObject({
      ...{ exit: ended, stdout: { kind: 'inline', text: 'out\n' }, stderr: { text: 'err\n' } },
    });
    expect(JSON.parse(report.record)).toMatchObject({ agent: 'sh' });
    expect((await stage.code.remoteRefs())[ref]).toBe(report.result);
    await stage.exchange.take({ ref, commit: report.result ?? '', into: `refs/pwt/${runId}/t1` });
    expect(await stage.exchange.exitOf(attempt, report.result ?? '')).toEqual(report.exit);
    const second = await stage.process();
    // Nothing is asked of the exchange for it.
    stage.cut();
    expect(await worker.runs.run(request, tools())).toEqual(report);
    expect(await second.runs.run(request, tools())).toEqual(report);
    expect(await fileOf(join(workspace.path, 'starts'))).toBe('x\n');
    expect(worker.runs.underWay).toEqual([]);
  });

  it('is shared by two deliveries of its job', async () => {
    const { worker, workspace, gate, request, report } = await started();
    const again = worker.runs.run(request, tools());
    await gate.open();
    expect(await again).toEqual(await report);
    expect((await fileOf(join(workspace.path, 'started'))).split('\n')).toHaveLength(2);
  });

  it('goes on when nobody waits for it', async () => {
    const { stage, worker, workspace, gate, request } = await started();
    const abort = new AbortController();
    const waiting = worker.runs.run(request, tools([], abort.signal));
    abort.abort(new Error('not wanted'));
    await expect(waiting).rejects.toThrow('not wanted');
    expect(isAlive((await fileOf(join(workspace.path, 'started'))).trim())).toBe(true);
    await gate.open();
    await stage.hasSaid(/is pushed/);
    expect((await stage.code.remoteRefs())[ref]).toBeDefined();
  });

  it('ends its agent when the time is over by its own clock', async () => {
    const stage = await RunsStage.create();
    const clock = new ManualClock();
    const worker = await stage.process({ clock });
    const workspace = await stage.place(worker);
    const request = stage.request(workspace, 'echo $$ >started; exec sleep 1000', { timeoutMs: 60_000 });
    const report = worker.runs.run(request, tools());
    await fileOf(join(workspace.path, 'started'));
    await stage.hasSaid(/runs/);
    clock.advance(60_000);
    expect((await report).exit).toMatchObject({ kind: 'timed-out' });
  });

  it('waits for a slot, and does not start if it is stopped before', async () => {
    const stage = await RunsStage.create();
    const worker = await stage.process({ slots: 1 });
    const leave = await worker.context.slots.enter('another');
    const workspace = await stage.place(worker);
    const report = worker.runs.run(stage.request(workspace, 'touch ran'), tools());
    report.catch(() => undefined);
    await until(() => worker.runs.underWay.length === 1);
    await worker.runs.stop(attempt);
    await expect(report).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    leave();
    expect(existsSync(join(workspace.path, 'ran'))).toBe(false);
  });

  it('stops the whole tree, also of a job that nobody has delivered again', async () => {
    const stage = await RunsStage.create();
    const first = await stage.process();
    const workspace = await stage.place(first);
    const script = `trap '' TERM; sh -c 'trap "" TERM; echo $$ >child; sleep 1000; sleep 1000' & echo $$ >started; wait; sleep 1000`;
    void first.runs.run(stage.request(workspace, script), tools()).catch(() => undefined);
    const pids = [await fileOf(join(workspace.path, 'child')), await fileOf(join(workspace.path, 'started'))];
    const second = await stage.process();
    await second.runs.reconcile();
    const begun = performance.now();
    await second.runs.stop(attempt);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(pids.map(isAlive)).toEqual([false, false]);
    await until(() => second.runs.underWay.length === 0);
    const report = await second.runs.run(stage.request(workspace, script), tools());
    expect(report.exit.kind).toBe('stopped');
  });
});

describe('a worker that was killed', () => {
  it('finds its agent again', async () => {
    const { stage, workspace, gate, request, report } = await started();
    const second = await stage.process();
    await second.runs.reconcile();
    expect(second.runs.underWay).toEqual([attempt]);
    const again = second.runs.run(request, tools());
    await gate.open();
    // The first process is dead in earnest elsewhere; here, both push the same or say that it is there.
    const [one, two] = await Promise.all([report, again]);
    expect([one.exit, two.exit]).toMatchObject([ended, ended]);
    expect((await fileOf(join(workspace.path, 'started'))).split('\n')).toHaveLength(2);
  });

  it('starts what had not been started, when its job comes again', async () => {
    const stage = await RunsStage.create();
    const first = await stage.process({ slots: 1 });
    await first.context.slots.enter('another');
    const workspace = await stage.place(first);
    const request = stage.request(workspace, 'echo b >b.txt');
    void first.runs.run(request, tools()).catch(() => undefined);
    await until(() => first.runs.underWay.length === 1);
    const second = await stage.process();
    await second.runs.reconcile();
    expect((await second.runs.run(request, tools())).exit).toMatchObject(ended);
  });

  it.each(['commit', 'push'] as const)('after the %s answers the same, with one result', async (step) => {
    const { stage, workspace, gate, request, worker } = await started();
    // The dead process gets no further than this.
    const notes = worker.repository.attemptDir(attempt);
    const name = step === 'commit' ? 'worker-result' : 'worker-report';
    const back = step === 'commit' ? stage.cut() : () => unlinkSync(join(notes, `${name}.json.new`));
    if (step === 'push') symlinkSync('/dev/full', join(notes, `${name}.json.new`));
    await gate.open();
    await stage.hasSaid(/is not pushed yet/);
    const before = await new RunNotes(notes).read('result');
    expect(before).toBeDefined();
    await worker.runs.stopAll();
    back();
    const second = await stage.process();
    await second.runs.reconcile();
    const report = await second.runs.run(request, tools());
    expect(report).toMatchObject({ exit: before?.exit, result: before?.commit });
    const pushed = await stage.code.remoteRefs();
    expect(pushed[ref]).toBe(before?.commit);
    expect(Object.keys(pushed).filter((one) => one.startsWith('refs/pwt/late/'))).toEqual([]);
    expect(existsSync(workspace.path)).toBe(true);
  });

  it('stops what was given up meanwhile, and keeps its work as late', async () => {
    const { stage, workspace, worker } = await started();
    expect(await stage.exchange.giveUp(attempt)).toEqual({ status: 'given-up' });
    const second = await stage.process();
    await second.runs.reconcile();
    expect(isAlive((await fileOf(join(workspace.path, 'started'))).trim())).toBe(false);
    await until(() => second.runs.underWay.length + worker.runs.underWay.length === 0);
    expect(Object.keys(await stage.code.remoteRefs())).toContain(refs.late(attempt, 'w1'));
    expect(second.abandoned).toEqual([workspace.id]);
    expect(await stage.exchange.lateOf(runId)).toMatchObject([{ attempt, worker: 'w1' }]);
  });
});

describe('an agent that was lost with its machine', () => {
  it('goes on elsewhere, with all that it had', async () => {
    const { stage, worker, workspace, request } = await started();
    const back = stage.cut();
    const notes = worker.repository.attemptDir(attempt);
    const agent = Number(await fileOf(join(workspace.path, 'started')));
    for (const pid of [JSON.parse(readFileSync(join(notes, 'lease'), 'utf8')).pid, agent])
      process.kill(pid, 'SIGKILL');
    await stage.hasSaid(/is not pushed yet/);
    // The first process is gone as well: it has told nobody.
    await worker.runs.stopAll();
    unlinkSync(join(notes, 'worker-result.json'));
    back();
    const second = await stage.process();
    await second.runs.reconcile();
    const lost = { code: 'PWT_WORKER_LOST', message: expect.stringContaining('started again') };
    await until(() => second.runs.underWay.length === 0);
    await expect(second.runs.run(request, tools())).rejects.toMatchObject(lost);
    const pushed = await stage.code.remoteRefs();
    expect(pushed[ref]).toBeUndefined();
    const had = await stage.code
      .plain(stage.code.remote)
      .lines(['ls-tree', '--name-only', `${pushed[refs.unfinished(attempt)]}`]);
    expect(had).toContain('one.txt');
  });
});

describe('an attempt that has begun before the folder was set back', () => {
  it('is not begun again: what it has pushed goes on elsewhere', async () => {
    const stage = await RunsStage.create();
    const worker = await stage.process();
    const workspace = await stage.place(worker);
    const request = stage.request(workspace, 'echo b >b.txt');
    const pushed = `${workspace.base}:${refs.unfinished(attempt)}`;
    await worker.repository.mirror.git.run(['push', '--quiet', stage.code.remote, pushed]);
    const earlier = { code: 'PWT_WORKSPACE_UNKNOWN', message: expect.stringContaining('set back') };
    await expect(worker.runs.run(request, tools())).rejects.toMatchObject(earlier);
    await expect(worker.runs.attach(request, tools())).rejects.toMatchObject(earlier);
    // In one that was just made, none has begun.
    worker.runs.placed(workspace);
    expect((await worker.runs.run(request, tools())).exit).toMatchObject(ended);
  });
});

describe('the exchange is away when an agent ends', () => {
  it('keeps the result, says so, and pushes it when it is back', async () => {
    const stage = await RunsStage.create();
    const worker = await stage.process();
    const workspace = await stage.place(worker);
    const gate = stage.gate('gate');
    const told: RunProgress[] = [];
    const script = `echo $$ >started; read _ <${gate.path}`;
    const report = worker.runs.run(stage.request(workspace, script), tools(told));
    await fileOf(join(workspace.path, 'started'));
    const back = stage.cut();
    await gate.open();
    await until(() => told.some(({ activities }) => /not pushed yet/.test(JSON.stringify(activities))));
    expect(worker.runs.underWay).toEqual([attempt]);
    back();
    expect((await report).result).toBe((await stage.code.remoteRefs())[ref]);
  });
});

describe('a disk that takes nothing', () => {
  it('is said, and nothing is started', async () => {
    const stage = await RunsStage.create();
    const worker = await stage.process();
    const workspace = await stage.place(worker);
    const dir = worker.repository.attemptDir(attempt);
    await mkdir(dir, { recursive: true });
    symlinkSync('/dev/full', join(dir, 'worker-run.json.new'));
    const request = stage.request(workspace, 'echo b >b.txt');
    await expect(worker.runs.run(request, tools())).rejects.toMatchObject({
      code: 'PWT_WORKER_DISK_FULL',
      message: expect.stringContaining('ENOSPC'),
    });
    expect(worker.runs.underWay).toEqual([]);
    unlinkSync(join(dir, 'worker-run.json.new'));
    expect((await worker.runs.run(request, tools())).exit).toMatchObject(ended);
  });

  it('delays a result, and loses none', async () => {
    const { stage, worker, gate, report } = await started();
    const draft = join(worker.repository.attemptDir(attempt), 'worker-result.json.new');
    symlinkSync('/dev/full', draft);
    await gate.open();
    await stage.hasSaid(/not pushed yet.*no space/);
    expect((await stage.code.remoteRefs())[ref]).toBeUndefined();
    unlinkSync(draft);
    const { result } = await report;
    expect((await stage.code.remoteRefs())[ref]).toBe(result);
  });
});

describe('attach', () => {
  it('fences what was never started', async () => {
    const stage = await RunsStage.create();
    const worker = await stage.process();
    const workspace = await stage.place(worker);
    const request = stage.request(workspace, 'touch ran');
    expect(await worker.runs.attach(request, tools())).toEqual({ status: 'never-started' });
    await expect(worker.runs.run(request, tools())).rejects.toMatchObject({ code: 'PWT_ATTEMPT_TAKEN' });
    expect(existsSync(join(workspace.path, 'ran'))).toBe(false);
  });

  it('finds what runs, what has ended, and what its operator has stopped', async () => {
    const { stage, worker, request, report } = await started();
    expect(await worker.runs.attach(request, tools())).toMatchObject({
      status: 'started',
      elapsedMs: expect.any(Number),
    });
    await worker.runs.stopAll();
    await expect(report).rejects.toMatchObject({ code: 'PWT_WORKER_LOST' });
    const second = await stage.process();
    expect(await second.runs.attach(request, tools())).toEqual({ status: 'started' });
    await expect(second.runs.run(request, tools())).rejects.toMatchObject({ code: 'PWT_WORKER_LOST' });
  });
});

describe('limits that are changed', () => {
  const longer = (request: RunRequest): RunRequest => ({
    ...request,
    attempt: { ...request.attempt, timeoutMs: 120_000 },
  });

  it.each(['at work', 'waiting for a slot'])('count for an agent that is %s', async (state) => {
    const stage = await RunsStage.create();
    const clock = new ManualClock();
    const worker = await stage.process({ clock, slots: 1 });
    const workspace = await stage.place(worker);
    const gate = stage.gate('gate');
    const script = `echo $$ >started; read _ <${gate.path}`;
    const request = stage.request(workspace, script, { timeoutMs: 60_000 });
    const leave = state === 'at work' ? undefined : await worker.context.slots.enter('another');
    const report = worker.runs.run(request, tools());
    if (leave === undefined) await stage.hasSaid(/runs/);
    else await until(() => worker.runs.underWay.length === 1);
    expect(await worker.runs.attach(longer(request), tools())).toMatchObject({ status: 'started' });
    leave?.();
    await fileOf(join(workspace.path, 'started'));
    await stage.hasSaid(/runs/);
    await until(() => clock.pending.includes(120_000));
    expect(clock.pending).not.toContain(60_000);
    clock.advance(60_000);
    await gate.open();
    expect((await report).exit).toMatchObject(ended);
  });
});

describe('unfinished work', () => {
  it('is pushed from time to time if it has changed, and the agent is not disturbed', async () => {
    const stage = await RunsStage.create();
    const clock = new ManualClock();
    const worker = await stage.process({ clock, timings: { snapshotMs: 1000, progressMs: 1e9 } });
    const workspace = await stage.place(worker);
    const gate = stage.gate('gate');
    const script = `echo one >one.txt; git add one.txt; echo $$ >started; read _ <${gate.path}`;
    const report = worker.runs.run(stage.request(workspace, script), tools());
    await fileOf(join(workspace.path, 'started'));
    const unfinished = async () => (await stage.code.remoteRefs())[refs.unfinished(attempt)];
    const round = async () => {
      await until(() => clock.pending.includes(1000));
      clock.advance(1000);
      await until(() => clock.pending.includes(1000));
    };
    await round();
    const first = await unfinished();
    expect(first).toBeDefined();
    await round();
    expect(await unfinished()).toBe(first);
    writeFileSync(join(workspace.path, 'two.txt'), 'two\n');
    await round();
    const last = await unfinished();
    expect(last).not.toBe(first);
    const git = stage.code.plain(workspace.path);
    expect(await git.lines(['status', '--porcelain'])).toEqual(['A  one.txt', '?? started', '?? two.txt']);
    expect(await stage.exchange.unfinished(attempt)).toEqual({ ref: refs.unfinished(attempt), commit: last });
    await gate.open();
    expect((await report).exit).toMatchObject(ended);
  });

  it('is pushed when the operator ends the worker, and no process of the agent is left', async () => {
    const { stage, worker, workspace, report } = await started();
    await worker.runs.stopAll();
    await expect(report).rejects.toMatchObject({ code: 'PWT_WORKER_LOST' });
    expect(isAlive((await fileOf(join(workspace.path, 'started'))).trim())).toBe(false);
    const pushed = await stage.code.remoteRefs();
    expect(pushed[refs.unfinished(attempt)]).toBeDefined();
    expect(pushed[ref]).toBeUndefined();
  });

  it('shows that the attempt was given up: its agent is stopped', async () => {
    const stage = await RunsStage.create();
    const clock = new ManualClock();
    const worker = await stage.process({ clock, timings: { snapshotMs: 1000, progressMs: 1e9 } });
    const workspace = await stage.place(worker);
    const report = worker.runs.run(stage.request(workspace, 'echo $$ >started; exec sleep 1000'), tools());
    await fileOf(join(workspace.path, 'started'));
    await stage.exchange.giveUp(attempt);
    await until(() => clock.pending.includes(1000));
    clock.advance(1000);
    expect(await report).toMatchObject({
      exit: { kind: 'stopped' },
      late: { ref: refs.late(attempt, 'w1') },
    });
    expect(await report).not.toHaveProperty('result');
  });
});
