import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examineRedis } from '../src/redis/durability.js';
import { needsRedis } from './redis-server.js';
import { forTasks, WorkerStage } from './worker-stage.js';

const ROOT = join(import.meta.dirname, '../../..');

/** As it stands in the documentation, for the queue `pwt`. */
function documentedRights(): string {
  const text = readFileSync(join(ROOT, 'docs/distributed.md'), 'utf8');
  const rights = /^ACL SETUSER pwt on >\S+ (.+)$/m.exec(text)?.[1];
  if (rights === undefined) throw new Error('docs/distributed.md has no ACL SETUSER');
  return rights;
}

describe('a user with the rights that the documentation gives', () => {
  it('is enough for a coordinator and a worker, and for doctor', async ({ skip }) => {
    needsRedis(skip);
    const rights = documentedRights();
    const stage = await WorkerStage.create({ 'a.txt': 'a\n' }, { user: { name: 'pwt', rights } });
    const checks = await examineRedis(stage.redis.options, 'pwt');
    expect(checks.map(({ name }) => name)).toContain('redis-durability');
    await stage.start();
    const base = await stage.code.head();
    await stage.exchange.offer('run', base);
    const request = { v: 1, repository: 'app', runId: 'run', taskId: '1', title: 'Task', base } as const;
    const placed = await stage.fleet.place('place', forTasks, request);
    const asked = { v: 1, repository: 'app', workspace: placed.workspace } as const;
    expect(await stage.fleet.call(placed.worker, 'changes', asked)).toEqual([]);
    const attempt = { runId: 'run', taskId: '1', number: 1 };
    await stage.fleet.markStopped(attempt);
    await stage.fleet.control(placed.worker, { v: 1, kind: 'stop', attempt });
  });

  it('may do nothing else', async ({ skip }) => {
    needsRedis(skip);
    const user = { name: 'pwt', rights: documentedRights() };
    const stage = await WorkerStage.create({ 'a.txt': 'a\n' }, { user });
    const refused = { code: 'PWT_REDIS_REFUSED' };
    await expect(stage.redis.command('SET', 'other', '1')).rejects.toMatchObject(refused);
    await expect(stage.redis.command('GET', 'pwt:other:workers')).rejects.toMatchObject(refused);
    await expect(stage.redis.command('PUBLISH', 'pwt:other:news', '1')).rejects.toMatchObject(refused);
    for (const command of [
      ['FLUSHALL'],
      ['KEYS', '*'],
      ['CONFIG', 'SET', 'dir', '/tmp'],
      ['ACL', 'LIST'],
      ['SHUTDOWN'],
    ])
      await expect(stage.redis.command(command[0] ?? '', ...command.slice(1))).rejects.toMatchObject(refused);
  });
});
