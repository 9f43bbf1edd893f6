import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentActivity, type AgentExit, hasCode, type LaunchRequest, PwtError } from '@pwt/core';
import { agentLauncherSuite, ManualClock } from '@pwt/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deferred } from '../../test/deferred.js';
import { presence } from '../../test/doubles/scripted-fleet.js';
import { LauncherStage } from '../../test/launcher-stage.js';
import { requirementId } from '../protocol/names.js';
import { attemptName, type OperationName } from '../protocol/operations.js';

agentLauncherSuite({ describe, test: it }, async () => {
  const stage = await LauncherStage.open();
  const { fleet, clock } = stage;
  const tasks = requirementId({ repository: 'app', kind: 'task', runsOn: {}, agents: ['claude'] });
  fleet.presences = [presence('worker-a', { serves: [tasks] })];
  fleet.onControl = (message) => {
    if (message.kind === 'stop') fleet.end(attemptName(message.attempt), { kind: 'stopped' });
  };
  const launcher = async (behaviour: { exitCode: number } | { waits: true }) => {
    fleet.behave = (agent) => {
      if ('exitCode' in behaviour) fleet.end(agent.attempt, { exitCode: behaviour.exitCode });
    };
    return stage.launcher();
  };
  return {
    launcher,
    reopen: launcher,
    request: () => stage.request(),
    release: async ({ attempt }) => fleet.end(attemptName(attempt)),
    advance: (ms) => clock.advance(ms),
    loseMachine: async () => fleet.lose('worker-a'),
    dispose: () => stage.dispose(),
  };
});

let stage: LauncherStage;
let request: LaunchRequest;

beforeEach(async () => {
  stage = await LauncherStage.open();
  request = await stage.request();
});
afterEach(() => stage.dispose());

const name = 'run/20/1';

describe('what a worker is given', () => {
  it('is all that it needs, under the name of the attempt, and nothing of this machine', async () => {
    const launcher = stage.launcher({ promptTemplate: 'do {{title}}', marksDone: true });
    const continues = { feedback: 'red', sessionId: 's1' };
    const run = await launcher.launch({
      ...request,
      continues,
      attempt: { ...request.attempt, timeoutMs: 9e9 },
    });
    const given = stage.fleet.agents.get(name)?.request;
    expect(given).toMatchObject({
      ...{ v: 1, repository: 'app', agents: ['claude'], agent: 'claude', permission: 'default' },
      ...{ promptTemplate: 'do {{title}}', marksDone: true, continues },
      attempt: { runId: 'run', taskId: '20', number: 1, timeoutMs: 2 ** 31 - 1, idleTimeoutMs: 0 },
      workspace: { id: 'run.20', provider: 'git-worktree', path: '/there/w' },
    });
    expect(JSON.stringify(given)).not.toContain(stage.dir);
    expect(run.details).toEqual({ agent: 'claude', machine: 'worker-a' });
    expect((await stage.placements.read('run.20'))?.launched).toEqual([1]);
  });

  it('has as much of what is finished as fits into a job, the most important first', async () => {
    const finished = [1, 2, 3].map((number) => ({
      ...{ taskId: String(number), title: 'x'.repeat(4000), isNeeded: number === 1 },
      paths: Array.from({ length: 3000 }, () => 'p'.repeat(4000)),
    }));
    await stage.launcher().launch({ ...request, finished });
    const given = stage.fleet.agents.get(name)?.request;
    expect(given?.finished?.map(({ taskId }) => taskId)).toEqual(['1']);
  });

  it('is refused at once without a record of the workspace, and for an agent that the run does not have', async () => {
    const workspace = { ...request.attempt.workspace, id: 'other' };
    const other = { ...request, attempt: { ...request.attempt, workspace } };
    await expect(stage.launcher().launch(other)).rejects.toMatchObject({ code: 'PWT_WORKTREE_BROKEN' });
    await expect(stage.launcher().launch({ ...request, agent: 'codex' })).rejects.toMatchObject({
      code: 'PWT_AGENT_UNKNOWN',
    });
    expect(stage.fleet.agents.size).toBe(0);
  });

  it('throws what the worker throws before the agent has started', async () => {
    stage.fleet.intercept = () => Promise.reject(new PwtError('PWT_PROMPT_TOO_LONG', 'It is too long.'));
    await expect(stage.launcher().launch(request)).rejects.toMatchObject({ code: 'PWT_PROMPT_TOO_LONG' });
  });

  it('finds out that a job was never begun, after a crash between the record and the job', async () => {
    const asked = deferred<OperationName>();
    stage.fleet.intercept = (operation) => {
      asked.resolve(operation);
      return new Promise(() => undefined);
    };
    void stage.launcher().launch(request);
    expect(await asked.promise).toBe('run');
    expect(existsSync(join(request.attempt.stateDir, 'remote-start.json'))).toBe(true);
    stage.fleet.intercept = () => undefined;
    expect(await stage.launcher().attach(request.attempt)).toBeUndefined();
  });
});

describe('a worker that is lost', () => {
  it('is named, and its attempt is given up for good', async () => {
    const run = await stage.launcher().launch(request);
    stage.clock.advance(5000);
    stage.fleet.lose('worker-a');
    expect(await run.exited).toEqual({ kind: 'lost', lostWith: 'worker-a', durationMs: 5000 });
    expect(await stage.placements.read('run.20')).toMatchObject({
      lost: true,
      givenUp: [{ number: 1, worker: 'worker-a' }],
    });
    // What it brings later does not count.
    expect(stage.exchange.finish(request.attempt, { kind: 'exited', durationMs: 1 })).toEqual({});
    expect((await eventsOf(run.events)).at(-1)?.text).toContain('worker-a');
  });

  it('has finished, if its result had come', async () => {
    const run = await stage.launcher().launch(request);
    const exit: AgentExit = { kind: 'exited', exitCode: 3, durationMs: 1234, lastMessage: 'done' };
    stage.exchange.finish(request.attempt, exit);
    stage.fleet.lose('worker-a');
    expect(await run.exited).toEqual(exit);
    expect((await stage.placements.read('run.20'))?.givenUp).toEqual([]);
    expect(stage.exchange.taken).toHaveLength(1);
    const found = await stage.launcher().attach(request.attempt);
    expect(await found?.exited).toEqual(exit);
  });

  it('has lost its agents too where it comes back with an empty disk', async () => {
    const run = await stage.launcher().launch(request);
    stage.fleet.agents.get(name)?.fail(new PwtError('PWT_WORKSPACE_UNKNOWN', 'There is none.'));
    expect(await run.exited).toMatchObject({ kind: 'lost', lostWith: 'worker-a' });
    expect((await stage.placements.read('run.20'))?.lost).toBe(true);
  });

  it('is lost before the agent has started', async () => {
    stage.fleet.lose('worker-a');
    const run = await stage.launcher().launch(request);
    expect(await run.exited).toMatchObject({ kind: 'lost', lostWith: 'worker-a' });
  });

  it('is decided about once the exchange can be reached', async () => {
    const run = await stage.launcher().launch(request);
    stage.exchange.isReachable = false;
    stage.fleet.lose('worker-a');
    await vi.waitFor(() => expect(stage.warnings).toHaveLength(1));
    let isOver = false;
    void run.exited.then(() => {
      isOver = true;
    });
    for (const ms of [1000, 2000, 4000]) {
      const asked = new Promise<void>((resolve) => {
        stage.exchange.onAsked = resolve;
      });
      await vi.waitFor(() => expect(stage.clock.pending).toContain(ms));
      stage.clock.advance(ms);
      await asked;
    }
    expect(isOver).toBe(false);
    stage.exchange.isReachable = true;
    await vi.waitFor(() => expect(stage.clock.pending).toContain(8000));
    stage.clock.advance(8000);
    expect(await run.exited).toMatchObject({ kind: 'lost', lostWith: 'worker-a' });
    expect(stage.warnings).toHaveLength(1);
  });

  it('brings its work too late, and that is named', async () => {
    const run = await stage.launcher().launch(request);
    await stage.exchange.giveUp(request.attempt);
    const late = { ref: 'refs/pwt/late/run/20/1/worker-a', commit: 'b'.repeat(40) };
    stage.fleet.end(name, {}, { late });
    expect(await run.exited).toMatchObject({ kind: 'lost', lostWith: 'worker-a' });
    expect(stage.warnings).toEqual([expect.stringContaining(late.ref)]);
  });

  it('counts, whatever its worker says, if its result is on the exchange', async () => {
    const run = await stage.launcher().launch(request);
    const exit: AgentExit = { kind: 'exited', exitCode: 3, durationMs: 1234 };
    stage.exchange.finish(request.attempt, exit);
    const late = { ref: 'refs/pwt/late/run/20/1/worker-a', commit: 'b'.repeat(40) };
    stage.fleet.end(name, {}, { result: undefined, late } as never);
    expect(await run.exited).toEqual(exit);
  });

  it('goes on elsewhere where its worker has no room on its disk to start it', async () => {
    const full = new PwtError('PWT_WORKER_DISK_FULL', 'The worker worker-a can not write.');
    stage.fleet.intercept = (operation) => (operation === 'run' ? Promise.reject(full) : undefined);
    const run = await stage.launcher().launch(request);
    expect(await run.exited).toMatchObject({ kind: 'lost', lostWith: 'worker-a' });
    expect(await stage.exchange.giveUp(request.attempt)).toEqual({ status: 'given-up' });
    expect(await stage.placements.read('run.20')).toMatchObject({ lost: true });
    expect(stage.warnings).toEqual([full.message]);
  });

  it('is told to stop, and its result does not count, where it fails in the middle', async () => {
    const run = await stage.launcher().launch(request);
    stage.fleet.agents.get(name)?.fail(new PwtError('PWT_JOB_NOT_ALLOWED', 'Claude is not allowed.'));
    expect(await run.exited).toMatchObject({
      kind: 'exited',
      failure: { kind: 'crash', message: expect.stringContaining('Claude is not allowed.') },
    });
    expect(stage.fleet.stopped).toEqual([name]);
    expect(stage.exchange.finish(request.attempt, { kind: 'exited', durationMs: 1 })).toEqual({});
  });
});

describe('a stop', () => {
  it('is said again until the worker has heard it', async () => {
    const run = await stage.launcher().launch(request);
    let heard = 0;
    stage.fleet.onControl = () => {
      heard += 1;
      if (heard === 3) stage.fleet.end(name, { kind: 'stopped' });
    };
    const stopped = run.stop();
    for (let beat = 0; beat < 2; beat += 1) {
      await vi.waitFor(() => expect(stage.clock.pending).toContain(1000));
      stage.clock.advance(1000);
    }
    await stopped;
    expect((await run.exited).kind).toBe('stopped');
    expect(stage.fleet.stopped).toContain(name);
    expect(stage.fleet.said).toHaveLength(3);
  });

  it('does not wait for a worker that is silent: its attempt is given up', async () => {
    const run = await stage.launcher().launch(request);
    stage.fleet.presences = [];
    const stopped = run.stop();
    for (let second = 0; second < 15; second += 1) {
      await vi.waitFor(() => expect(stage.clock.pending).toContain(1000));
      stage.clock.advance(1000);
    }
    await stopped;
    expect(await run.exited).toMatchObject({ kind: 'lost', lostWith: 'worker-a' });
    expect((await stage.placements.read('run.20'))?.givenUp).toHaveLength(1);
  });

  it('waits for a worker that is there, however long it takes to bring its work', async () => {
    const run = await stage.launcher().launch(request);
    const stopped = run.stop();
    for (let second = 0; second < 40; second += 1) {
      await vi.waitFor(() => expect(stage.clock.pending).toContain(1000));
      stage.clock.advance(1000);
    }
    stage.fleet.end(name, { kind: 'stopped' });
    await stopped;
    expect((await run.exited).kind).toBe('stopped');
  });

  it('reaches an agent whose start is waited for', async () => {
    const abort = new AbortController();
    stage.fleet.intercept = (operation) => {
      if (operation !== 'run') return undefined;
      return new Promise((_, reject) => {
        stage.fleet.onControl = () => reject(new PwtError('PWT_WORKER_LOST', 'It is gone.'));
      });
    };
    const launching = stage.launcher().launch({ ...request, abortSignal: abort.signal });
    await vi.waitFor(async () => expect((await stage.placements.read('run.20'))?.launched).toEqual([1]));
    abort.abort();
    await expect(launching).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    expect(stage.fleet.stopped).toEqual([name]);
  });
});

describe('the clock of a worker', () => {
  it('may be an hour off: times are by the clock here', async () => {
    const there = new ManualClock();
    there.advance(3_600_000);
    await stage.dispose();
    stage = await LauncherStage.open(there);
    request = await stage.request();
    const before = stage.clock.now();
    const run = await stage.launcher().launch(request);
    expect(run.startedAt).toBe(before);
    there.advance(60_000);
    stage.clock.advance(60_000);
    const record = JSON.stringify({ agent: 'claude', dialect: 'claude', startedAt: there.now() });
    stage.fleet.agents.get(name)?.tell({ quietMs: 20_000, record });
    expect(await run.lastSignAt?.()).toBe(before + 40_000);
    stage.fleet.end(name, {}, { record });
    expect((await run.exited).durationMs).toBe(60_000);
    expect(JSON.parse(await logged('agent.json'))).toEqual({
      ...{ agent: 'claude', dialect: 'claude' },
      startedAt: before,
    });
    const found = await stage.launcher().attach(request.attempt);
    expect(found?.startedAt).toBe(before);
  });
});

describe('the log', () => {
  it('has the tail while the agent works, says what is missing, and is whole at the end', async () => {
    const run = await stage.launcher().launch(request);
    const agent = stage.fleet.agents.get(name);
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index} ää\n`);
    const at = (index: number) => Buffer.byteLength(lines.slice(0, index).join(''));
    const tell = (from: number, to: number) =>
      agent?.tell({ tail: lines.slice(from, to).join(''), offset: at(from), activities: [said(`at ${to}`)] });
    tell(0, 2);
    tell(2, 3);
    tell(2, 3);
    tell(40, 45);
    await vi.waitFor(async () => expect(await logged('stdout.log')).toContain('line 44'));
    const partial = await logged('stdout.log');
    expect(partial.startsWith(lines.slice(0, 3).join(''))).toBe(true);
    expect(partial).toContain(`[${at(40) - at(3)} bytes of output are on worker-a`);
    // Each byte is where it is in the whole: who follows the file misses nothing.
    expect(Buffer.from(partial).subarray(at(40)).toString()).toBe(lines.slice(40, 45).join(''));
    const text = lines.join('');
    stage.fleet.end(
      name,
      {},
      {
        stdout: { kind: 'inline', text },
        stderr: { kind: 'inline', text: 'oops\n' },
        record: '{"dialect":"claude"}',
      },
    );
    await run.exited;
    expect(await logged('stdout.log')).toBe(text);
    expect(await logged('stderr.log')).toBe('oops\n');
    expect(JSON.parse(await logged('agent.json'))).toMatchObject({ agent: 'claude', dialect: 'claude' });
    expect((await eventsOf(run.events)).map((event) => event.text)).toEqual(['at 2', 'at 3', 'at 45']);
  });

  it('fills a gap that is too short for a sentence', async () => {
    await stage.launcher().launch(request);
    stage.fleet.agents.get(name)?.tell({ tail: 'b\n', offset: 4 });
    await vi.waitFor(async () => expect(await logged('stdout.log')).toBe('...\nb\n'));
  });

  it('that does not come is no reason to lose the result', async () => {
    const run = await stage.launcher().launch(request);
    const missing = {
      kind: 'commit',
      ref: 'refs/pwt/logs/run/x',
      commit: 'c'.repeat(40),
      path: 'log',
    } as const;
    stage.fleet.end(name, {}, { stdout: missing });
    expect((await run.exited).kind).toBe('exited');
    expect(stage.warnings).toEqual([expect.stringContaining('The log is not there.')]);
  });
});

describe('the check before a run', () => {
  const settings = { agents: ['claude'], gate: { command: 'npm test' } } as const;
  const task = requirementId({ repository: 'app', kind: 'task', runsOn: {}, agents: ['claude'] });
  const gate = requirementId({
    repository: 'app',
    kind: 'gate',
    runsOn: {},
    agents: [],
    gate: settings.gate,
  });

  it('says which command starts a worker where there is none', async () => {
    stage.fleet.presences = [presence('draining', { state: 'draining' })];
    const { diagnostics, usable } = await stage.launcher({ settings }).check();
    expect(usable).toEqual(['claude']);
    expect(diagnostics).toEqual([
      expect.objectContaining({
        ...{ code: 'PWT_WORKER_NONE', severity: 'warning' },
        hint: expect.stringContaining("pwt worker --allow-agent claude --allow-gate 'npm test'"),
      }),
    ]);
  });

  it('names those that refuse, with what to add, and is content where all take part', async () => {
    const both = [task, gate];
    stage.fleet.presences = [
      presence('a', { serves: both }),
      presence('b', { serves: [gate], refuses: { [task]: 'the agent claude is not allowed' } }),
    ];
    const { diagnostics } = await stage.launcher({ settings }).check();
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: 'PWT_WORKER_REFUSES', severity: 'warning' });
    expect(diagnostics[0]?.message).toContain('b: the agent claude is not allowed');
    expect(diagnostics[0]?.hint).toContain('--allow-agent claude');
    stage.fleet.presences = [presence('a', { serves: both })];
    expect((await stage.launcher({ settings }).check()).diagnostics).toEqual([]);
  });

  it('does not ask for flags where they would not help', async () => {
    const message = 'The agent claude can not be started: The command "claude" was not found.';
    const agents = [{ name: 'claude', usable: false, message }];
    stage.fleet.presences = [
      presence('a', { serves: [task, gate] }),
      presence('b', { serves: [gate], agents, refuses: { [task]: message.slice(0, 50) } }),
    ];
    const { diagnostics } = await stage.launcher({ settings }).check();
    expect(diagnostics[0]?.message).toContain('b: The agent claude can not be started');
    expect(diagnostics[0]?.hint).toMatch(/^Look at those machines/);
  });

  it('ends where all of them refuse the tasks, or the gate', async () => {
    stage.fleet.presences = [
      presence('a', { serves: [task], refuses: { [gate]: 'the gate is not allowed' } }),
    ];
    const error = await stage
      .launcher({ settings })
      .check()
      .catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'PWT_WORKER_REFUSES') && [error.message, error.hint]).toEqual([
      expect.stringContaining('a: the gate is not allowed'),
      expect.stringContaining("--allow-gate 'npm test'"),
    ]);
  });

  it('waits for workers that have not looked yet', async () => {
    stage.fleet.presences = [presence('a')];
    const checking = stage.launcher({ settings }).check();
    await vi.waitFor(() => expect(stage.clock.pending).toContain(50));
    stage.fleet.presences = [presence('a', { serves: [gate], refuses: { [task]: 'no' } })];
    stage.clock.advance(50);
    await expect(checking).rejects.toMatchObject({ code: 'PWT_WORKER_REFUSES' });
  });
});

function said(text: string): AgentActivity {
  return { kind: 'message', text };
}

async function eventsOf(events: AsyncIterable<AgentActivity>): Promise<AgentActivity[]> {
  const all: AgentActivity[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function logged(file: string): Promise<string> {
  return readFile(join(request.attempt.stateDir, file), 'utf8');
}
