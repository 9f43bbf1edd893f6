import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PwtError, type Workspace } from '@pwt/core';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Anybody } from '../../test/anybody.js';
import { needsRedis } from '../../test/redis-server.js';
import { forTasks, noAgents, plainParts, WorkerStage } from '../../test/worker-stage.js';
import { ownQueue, sharedQueue } from '../protocol/names.js';
import type { Runs } from './context.js';

beforeEach(({ skip }) => needsRedis(skip));

/** @returns puts a job into a queue, as anybody can who can write to Redis */
async function anybody(stage: WorkerStage, queue: string) {
  const somebody = new Anybody(stage.redis.options);
  onTestFinished(() => somebody.leave());
  return somebody.asks(queue);
}

const id = 'a'.repeat(40);

describe('a job that no coordinator has written', () => {
  it('is refused by name, and nothing is touched', { timeout: 60_000 }, async () => {
    const stage = await WorkerStage.create();
    const { stateDir } = await stage.start('w1', {
      allowed: { agents: ['claude'], gates: ['npm test'], setups: ['npm ci'] },
    });
    const base = await stage.code.head();
    await stage.exchange.offer('r1', base);
    const requirement = { ...forTasks, agents: ['claude'] };
    await stage.fleet.announce(requirement);
    const own = await anybody(stage, ownQueue('pwt', 'w1'));
    const v = { v: 1, repository: 'app' };
    const place = { ...v, runId: 'r1', taskId: 't1', title: 'A task', base };
    const whole = (await own('place', place)) as { value: { workspace: object } };
    const { workspace } = whole.value;
    // It tidies once at its first heartbeat, and writes down what it has looked at.
    await vi.waitFor(
      () => expect(existsSync(join(stateDir, 'repositories/app/state/listed.json'))).toBe(true),
      10_000,
    );
    const before = stage.pictureOf(stateDir);
    const refs = await stage.code.remoteRefs();
    const run = {
      ...{ ...v, workspace, agents: ['claude'], claims: [], permission: 'bypass', marksDone: false },
      attempt: { runId: 'r1', taskId: 't1', number: 1, timeoutMs: 0, idleTimeoutMs: 0 },
      task: { id: 't1', title: 'A task', specs: [], dependsOn: [] },
    };
    const proto = JSON.parse('{"__proto__": {"allowed": true}}') as object;
    const hostile: readonly (readonly [string, unknown])[] = [
      ['constructor', {}],
      ['__proto__', {}],
      ['shell', { ...v, command: 'touch /tmp/x' }],
      ['place', null],
      ['place', 'text'],
      ['place', [place]],
      ['place', { ...place, v: 2 }],
      ['place', { ...place, taskId: '../../../etc' }],
      ['place', { ...place, taskId: 'x.lock' }],
      ['place', { ...place, runId: '-rf' }],
      ['place', { ...place, taskId: 'a/b' }],
      ['place', { ...place, base: 'HEAD' }],
      ['place', { ...place, base: '--upload-pack=touch /tmp/x' }],
      ['place', { ...place, base: base.slice(0, 8) }],
      ['place', { ...place, taskId: 't9', restore: { ref: 'refs/heads/main', commit: base } }],
      [
        'place',
        { ...place, taskId: 't9', restore: { ref: 'refs/pwt/asked/../../heads/main', commit: base } },
      ],
      [
        'place',
        { ...place, taskId: 't9', restore: { ref: 'refs/pwt/attempts/r/t/1:refs/heads/main', commit: base } },
      ],
      ['place', { ...place, worktree: '/etc' }],
      ['place', { ...place, ...proto }],
      ['place', Object.assign(JSON.parse('{"__proto__": 1}'), place)],
      ['place', { ...place, title: 'x'.repeat(5000) }],
      ['place', { ...place, repository: '../other' }],
      ['changes', { ...v, workspace: { ...workspace, id: '../r1.t1' } }],
      ['changes', { ...v, workspace: { ...workspace, runId: 'r2' } }],
      ['changes', { ...v, workspace: { ...workspace, extra: 1 } }],
      ['collect', { ...v, workspace, message: 'x'.repeat(5 * 1024 ** 2) }],
      ['collect', { ...v, workspace, message: 'm', intruded: [{ path: '../../x', digest: null }] }],
      ['collect', { ...v, workspace, message: 'm', intruded: [{ path: '.git/config', digest: null }] }],
      ['move', { ...v, workspace, onto: 'main', message: 'm' }],
      ['remove', { ...v, workspace, force: ['everything'] }],
      ['remove', { ...v, workspace, containedIn: 'refs/heads/main' }],
      ['run', { ...run, attempt: { ...run.attempt, taskId: 't2' } }],
      ['run', { ...run, attempt: { ...run.attempt, number: 1.5 } }],
      ['run', { ...run, attempt: { ...run.attempt, timeoutMs: 1e12 } }],
      ['run', { ...run, continues: { feedback: 'f', sessionId: '--dangerous' } }],
      ['run', { ...run, environment: { SECRET: '1' } }],
      ['run', { ...run, prompt: { toString: 'x' } }],
      [
        'gate',
        {
          ...v,
          workspace,
          runId: 'r1',
          subject: { kind: 'all' },
          commit: base,
          gate: { command: 'npm test' },
        },
      ],
      ['run', { ...run, task: { ...run.task, runsOn: proto } }],
      ['close', { ...v, runId: '..' }],
    ];
    for (const [name, data] of hostile) {
      expect(await own(name, data), `${name} ${JSON.stringify(data)?.slice(0, 200)}`).toMatchObject({
        ok: false,
        error: { code: 'PWT_JOB_INVALID' },
      });
    }
    const forbidden: readonly (readonly [string, unknown])[] = [
      ['place', { ...place, taskId: 't9', repository: 'other' }],
      ['place', { ...place, taskId: 't9', setup: { command: 'npm ci; touch /tmp/x' } }],
      ['run', { ...run, agents: ['codex'] }],
      ['run', { ...run, agents: ['claude', { command: ['sh', '-c', 'touch /tmp/x'] }] }],
      ['run', { ...run, agents: [{ preset: 'claude', command: 'sh' }] }],
      ['run', { ...run, agents: [{ preset: 'claude', args: ['-c', 'x'] }] }],
      ['run', { ...run, agents: [{ preset: 'claude', env: { LD_PRELOAD: '/tmp/x' } }] }],
      [
        'gate',
        { ...v, workspace, runId: 'r1', subject: { kind: 'target' }, commit: base, gate: { command: 'sh' } },
      ],
      [
        'gate',
        {
          ...v,
          workspace,
          runId: 'r1',
          subject: { kind: 'target' },
          commit: base,
          gate: { command: { a: 'npm test', b: 'sh' } },
        },
      ],
    ];
    for (const [name, data] of forbidden) {
      expect(await own(name, data), `${name} ${JSON.stringify(data).slice(0, 200)}`).toMatchObject({
        ok: false,
        error: { code: 'PWT_JOB_NOT_ALLOWED' },
      });
    }
    expect(await own('changes', { ...v, workspace: { ...workspace, id: 'r1.t2', base: id } })).toMatchObject({
      error: { code: 'PWT_WORKSPACE_UNKNOWN' },
    });
    expect(stage.pictureOf(stateDir)).toEqual(before);
    expect(await stage.code.remoteRefs()).toEqual(refs);
    await vi.waitFor(async () => {
      const [presence] = await stage.fleet.workers();
      expect(presence?.refused).toMatchObject({
        count: hostile.length + forbidden.length,
        last: expect.arrayContaining(['the job gate: the gate "sh" is not allowed']),
      });
    });
    expect(stage.said.filter((text) => text.startsWith('refused'))).toHaveLength(
      hostile.length + forbidden.length,
    );
  });

  it('does not make the worker look at a path of its own choice', async () => {
    const stage = await WorkerStage.create();
    const seen: Workspace[] = [];
    const note: Runs['run'] = async ({ workspace }) => {
      seen.push(workspace);
      throw new PwtError('PWT_GIT_FAILED', 'Enough is seen.');
    };
    const parts = { ...plainParts, runs: () => ({ ...noAgents, run: note }) };
    const { stateDir } = await stage.start('w1', {}, parts);
    const base = await stage.code.head();
    await stage.exchange.offer('r1', base);
    const v = { v: 1, repository: 'app' };
    const { workspace } = await stage.fleet.place('place', forTasks, {
      ...{ v: 1, repository: 'app', runId: 'r1', taskId: 't1', title: 'A task', base },
    });
    const own = await anybody(stage, ownQueue('pwt', 'w1'));
    const elsewhere = { ...workspace, path: stage.code.root, branch: 'main' };
    const before = stage.pictureOf(stage.code.root);
    await own('run', {
      ...{ ...v, workspace: elsewhere, agents: forTasks.agents, claims: [], permission: 'bypass' },
      ...{
        marksDone: false,
        attempt: { runId: 'r1', taskId: 't1', number: 1, timeoutMs: 0, idleTimeoutMs: 0 },
      },
      task: { id: 't1', title: 'A task', specs: [], dependsOn: [] },
    });
    expect(seen).toEqual([workspace]);
    expect(await own('changes', { ...v, workspace: elsewhere })).toEqual({ ok: true, value: [] });
    expect(await own('remove', { ...v, workspace: elsewhere, containedIn: base })).toMatchObject({
      value: { outcome: { status: 'removed' } },
    });
    expect(stage.pictureOf(stage.code.root)).toEqual(before);
    expect(stage.pictureOf(stateDir).some((name) => name.startsWith(`worktrees/app/r1/t1`))).toBe(false);
  });

  it('of a queue that asks for what is not allowed, is not even taken', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const requirement = { ...forTasks, agents: [{ command: ['sh', '-c', 'touch /tmp/x'] }] };
    await expect(
      stage.fleet.place('place', requirement, {
        ...{ v: 1, repository: 'app', runId: 'r1', taskId: 't1', title: 'A task', base: id },
      }),
    ).rejects.toMatchObject({ code: 'PWT_WORKER_REFUSES', message: expect.stringContaining('not allowed') });
    const [presence] = await stage.fleet.workers();
    expect(Object.values(presence?.refuses ?? {})).toEqual([expect.stringContaining('"touch /tmp/x"')]);
    expect(sharedQueue('pwt', requirement)).not.toBe(sharedQueue('pwt', forTasks));
  });
});
