import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, needsRedis, RedisServer, type ServerSettings } from '../../test/redis-server.js';
import type { RedisOptions } from '../options.js';
import { examineRedis, redisChecks } from './durability.js';

let server: RedisServer | undefined;

beforeEach(({ skip }) => needsRedis(skip));
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(settings?: ServerSettings): Promise<RedisServer> {
  server = await RedisServer.start(settings);
  return server;
}

async function said(options: RedisOptions): Promise<Record<string, string>> {
  const checks = await examineRedis(options, 'q');
  return Object.fromEntries(checks.map(({ name, status, message }) => [name, `${status}: ${message}`]));
}

describe('what is said of a Redis', () => {
  it('that writes all to disk', async () => {
    const { options } = await start({ aof: 'everysec' });
    expect(await said(options)).toEqual({
      redis: expect.stringMatching(/^ok: Redis \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+ answers\.$/),
      'redis-eviction': expect.stringMatching(/^ok: /),
      'redis-durability': expect.stringMatching(/^ok: .*appendonly yes, appendfsync everysec/),
      'redis-security': expect.stringMatching(/^ok: /),
    });
  });

  it.each([
    [{ aof: 'off' }, /^note: .*forgets its queues.*\(appendonly no\)\. Work is safe/],
    [{ aof: 'off', further: [['save', '3600 1']] }, /^note: .*\(save 3600 1\)/],
    [{ aof: 'everysec', further: [['appendfsync', 'no']] }, /^note: .*appendfsync no/],
  ] as const)('that loses something: %j', async (settings, text) => {
    const { options } = await start(settings);
    expect((await said(options))['redis-durability']).toMatch(text);
  });

  it('whose user may not look at its configuration', async () => {
    const running = await start({ aof: 'everysec' });
    const rights = ['~pwt:*', '&pwt:*', '+@all', '-@admin', '-@dangerous', '+info'];
    await running.command('ACL', 'SETUSER', 'anna', 'on', '>pw', ...rights);
    const options = { ...running.options, username: 'anna', password: 'pw' };
    expect((await said(options))['redis-durability']).toMatch(/^note: .*can't be looked at/);
  });

  it('that throws keys away', async () => {
    const further = [['maxmemory-policy', 'allkeys-lru']] as const;
    const running = await start({ further });
    expect((await said(running.options))['redis-eviction']).toMatch(/^note: .*allkeys-lru/);
    await running.command('CONFIG', 'SET', 'maxmemory', '100mb');
    await expect(examineRedis(running.options, 'q')).rejects.toMatchObject({
      code: 'PWT_REDIS_UNFIT',
      hint: expect.stringContaining('maxmemory-policy noeviction'),
    });
    expect(await redisChecks(running.options, 'q')).toEqual([
      expect.objectContaining({ name: 'redis', status: 'problem' }),
    ]);
  });

  it('that is not there, or does not let anybody in', async () => {
    const port = await freePort();
    await expect(examineRedis({ url: `redis://127.0.0.1:${port}` }, 'q')).rejects.toMatchObject({
      code: 'PWT_REDIS_UNREACHABLE',
      message: expect.stringContaining(`127.0.0.1:${port} can't be reached: `),
    });
    const { options } = await start();
    const at = `Redis at ${new URL(options.url).host}`;
    for (const [wrong, message, hint] of [
      [
        { url: options.url, passwordEnv: 'OUR_REDIS' },
        `${at} wants a password, and OUR_REDIS is not set.`,
        'Set OUR_REDIS in the environment.',
      ],
      [
        { ...options, password: 'wrong-secret' },
        expect.stringMatching(`^${at} does not take the password in PWT_REDIS_PASSWORD: WRONGPASS `),
        expect.stringContaining('Set PWT_REDIS_PASSWORD'),
      ],
      [
        { ...options, password: 'wrong-secret', passwordPlace: '/run/secret' },
        expect.stringContaining(' does not take the password in /run/secret: '),
        expect.stringContaining('Write its password there'),
      ],
      [
        { ...options, username: 'anna', password: 'wrong-secret' },
        expect.stringContaining(' the password of the user anna in PWT_REDIS_PASSWORD: '),
        expect.stringContaining('--username'),
      ],
    ] as const) {
      const error = await examineRedis(wrong, 'q').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'PWT_REDIS_REFUSED', message, hint });
      expect(JSON.stringify(error)).not.toContain('wrong-secret');
    }
  });

  it('whose user has no right to what queues need', async () => {
    const running = await start();
    for (const rights of [
      ['~other:*', '&*', '+@all'],
      ['~pwt:*', '&other', '+@all'],
      ['~pwt:*', '&*', '+@all', '-eval'],
    ]) {
      await running.command('ACL', 'SETUSER', 'anna', 'reset', 'on', '>pw', ...rights);
      const options = { ...running.options, username: 'anna', password: 'pw' };
      await expect(examineRedis(options, 'q')).rejects.toMatchObject({
        code: 'PWT_REDIS_REFUSED',
        message: expect.stringContaining(' refuses: '),
        hint: expect.stringMatching(/^Give the user rights/),
      });
    }
  });

  it('that is encrypted: with the authority that it is told to trust, and with no other', async ({
    skip,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'pwt-tls-'));
    try {
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      try {
        const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
        const out = ['-keyout', key, '-out', cert, '-days', '1'];
        execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...out, ...subject], {
          stdio: 'ignore',
        });
      } catch {
        skip('openssl is not installed');
      }
      const port = await freePort();
      const running = await start({
        further: [
          ['tls-port', String(port)],
          ['tls-cert-file', cert],
          ['tls-key-file', key],
          ['tls-auth-clients', 'no'],
        ],
      });
      const options = { ...running.options, url: `rediss://localhost:${port}` };
      expect(await said({ ...options, ca: cert })).toMatchObject({ redis: expect.stringMatching(/^ok/) });
      await expect(examineRedis(options, 'q')).rejects.toMatchObject({
        code: 'PWT_REDIS_UNREACHABLE',
        message: expect.stringContaining('certificate'),
      });
      const other = join(folder, 'other.pem');
      writeFileSync(other, 'no certificate');
      await expect(examineRedis({ ...options, ca: other }, 'q')).rejects.toMatchObject({
        code: 'PWT_REDIS_UNREACHABLE',
      });
      await expect(examineRedis({ ...options, ca: join(folder, 'none') }, 'q')).rejects.toMatchObject({
        code: 'PWT_REDIS_UNREACHABLE',
        message: expect.stringContaining("can't be read"),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
