import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '@pwt/core';
import { TemporaryRepository } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { createCoordinator } from './create-coordinator.js';

it('gives agent, setup and gate one environment, and the gate no secrets but those that are passed', async () => {
  const repository = await TemporaryRepository.create({
    'specs/SPEC-20-one.md': '# SPEC-20: One\n\n**File**: `one.txt`\n',
  });
  const out = join(repository.path, '.git/seen');
  await mkdir(out);
  const print = (role: string) => `env -0 > '${out}/${role}'`;
  const events: RunEvent[] = [];
  const coordinator = await createCoordinator({
    cwd: repository.path,
    env: {
      ...repository.env,
      GIT_SSH_COMMAND: 'ssh -i k',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'x.y',
      GIT_CONFIG_VALUE_0: 'z',
      GIT_ALLOW_PROTOCOL: 'file:https',
      GIT_LFS_SKIP_SMUDGE: '1',
      GIT_INDEX_FILE: '/elsewhere/index',
      GIT_TRACE2: '0',
      DEPLOY_TOKEN: 'd',
      NPM_TOKEN: 'n',
    },
    agent: { command: ['sh', '-c', `${print('agent')}; echo x > one.txt`] },
    setup: print('setup'),
    gate: print('gate'),
    childEnv: { gate: { pass: ['NPM_*'], set: { CI: '1' } }, setup: { set: { NODE_ENV: 'test' } } },
    maxCpuPercent: 100,
    maxMemoryPercent: 100,
    minDisk: 0,
    sinks: [{ name: 'test', onEvent: (event) => void events.push(event) }],
  });
  try {
    expect((await coordinator.run()).success).toBe(true);
  } finally {
    await coordinator.dispose();
  }
  const [agent, setup, gate] = await Promise.all(
    ['agent', 'setup', 'gate'].map((role) => seen(join(out, role))),
  );
  // Only the git commands of agents are traced.
  const git = (all: typeof agent) =>
    [...(all ?? [])].filter(([name]) => /^GIT_(?!TRACE2_EVENT)/.test(name)).sort();
  expect([setup, gate].some((one) => one?.has('GIT_TRACE2_EVENT'))).toBe(false);
  expect(git(setup)).toEqual(git(agent));
  expect(git(gate)).toEqual(git(agent));
  expect(agent?.get('GIT_SSH_COMMAND')).toBe('ssh -i k');
  expect(agent?.get('GIT_CONFIG_VALUE_0')).toBe('z');
  for (const name of ['GIT_INDEX_FILE', 'GIT_TRACE2']) expect(agent?.has(name)).toBe(false);
  expect([agent, setup, gate].map((all) => [all?.get('DEPLOY_TOKEN'), all?.get('NPM_TOKEN')])).toEqual([
    ['d', 'n'],
    ['d', 'n'],
    [undefined, 'n'],
  ]);
  expect([gate?.get('CI'), setup?.get('NODE_ENV'), agent?.get('CI')]).toEqual(['1', 'test', undefined]);
  const found = events.flatMap((event) => (event.type === 'finding' ? [event.finding] : []));
  expect(found.filter(({ kind }) => kind === 'environment')).toMatchObject([{ subjects: ['DEPLOY_TOKEN'] }]);
  await repository.dispose();
});

async function seen(file: string): Promise<Map<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\0').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
