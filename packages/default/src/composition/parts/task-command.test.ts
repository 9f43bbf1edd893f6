import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCoordinator } from '../../create-coordinator.js';
import { runTaskCommand } from './task-command.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pwt-task-command-'));
});
afterAll(() => rm(root, { recursive: true }));

const env = { PATH: process.env.PATH };
const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, ...args];
const run = (words: readonly string[]) => runTaskCommand({ root, env }, words);

describe('runTaskCommand', () => {
  it('gives what is printed, however long, and no shell sees the words', async () => {
    const script = 'process.stdout.write(process.argv[1] + "x".repeat(200_000) + process.cwd())';
    expect(await run(node(script, '$(id); `id` && *'))).toBe(
      `$(id); \`id\` && *${'x'.repeat(200_000)}${root}`,
    );
  });

  it('says how one has failed, with what it has printed and how to try it', async () => {
    const words = node('console.error("not logged in"); process.exit(4)', "it's");
    await expect(run(words)).rejects.toMatchObject({
      code: 'PWT_TASK_COMMAND_FAILED',
      message: 'The command that prints the tasks has failed (exit code 4): not logged in',
      hint: expect.stringMatching(/^Try it by hand, in .*'it'\\''s'$/),
    });
    await expect(run(['no-such-program-here'])).rejects.toMatchObject({
      code: 'PWT_TASK_COMMAND_FAILED',
      message: 'The command that prints the tasks is not there: no-such-program-here',
    });
  });

  it('refuses what is too long', async () => {
    const words = node('process.stdout.write("x".repeat(100_000))');
    await expect(runTaskCommand({ root, env }, words, { maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'PWT_TASK_COMMAND_FAILED',
      message: 'The command that prints the tasks has printed more than 0.1 MB.',
    });
  });
});

describe('a command of the repository', () => {
  it('runs once it has been approved, and not before; one of the caller runs at once', async () => {
    const repository = await TemporaryRepository.create({ 'README.md': 'x' });
    const program = join(repository.parent, 'list');
    await writeFile(program, '#!/bin/sh\necho ran >>../ran\necho \'[{"number": 3, "title": "A"}]\'\n');
    await chmod(program, 0o755);
    const formats = [['issues', { command: [program] }]] as const;
    await repository.write({ 'pwt.config.json': JSON.stringify({ formats }) });
    const asked: unknown[] = [];
    const plan = async (answer: boolean, settings: object = {}) => {
      const coordinator = await createCoordinator({
        cwd: repository.path,
        env: repository.env,
        approvals: {
          file: join(repository.parent, 'approvals.json'),
          confirm: async (commands) => {
            asked.push(...commands);
            return answer;
          },
        },
        ...settings,
      });
      try {
        return (await coordinator.plan()).tasks.map(({ id }) => id);
      } finally {
        await coordinator.dispose();
      }
    };
    const ran = async () =>
      (await readFile(join(repository.parent, 'ran'), 'utf8').catch(() => '')).split('\n').length - 1;
    try {
      await expect(plan(false)).rejects.toMatchObject({ code: 'PWT_COMMAND_NOT_APPROVED' });
      expect(asked).toEqual([{ kind: 'tasks', text: JSON.stringify([program]) }]);
      expect(await ran()).toBe(0);
      expect(await plan(false, { formats, configFile: false })).toEqual(['issue-3']);
      expect(await plan(true)).toEqual(['issue-3']);
      expect(await plan(false)).toEqual(['issue-3']);
      expect(asked).toHaveLength(2);
      expect(await ran()).toBe(3);
    } finally {
      await repository.dispose();
    }
  });
});
