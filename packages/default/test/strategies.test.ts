import { TemporaryRepository } from '@pwt/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCoordinator } from '../src/create-coordinator.js';
import type { PwtCoordinator } from '../src/pwt-coordinator.js';

let repository: TemporaryRepository;
let coordinator: PwtCoordinator | undefined;
beforeEach(async () => {
  repository = await TemporaryRepository.create({
    'specs/SPEC-20-one.md': '# SPEC-20: One\n\n**File**: `one.txt`\n',
    'specs/SPEC-21-two.md': '# SPEC-21: Two\n\n**File**: `two.txt`\n',
  });
});
afterEach(async () => {
  await coordinator?.dispose();
  await repository.dispose();
});

/** Commits twice, under a name of its own. */
const agent = `
  const { execFileSync } = require('node:child_process');
  const { appendFileSync } = require('node:fs');
  const file = process.env.PWT_TASK_ID === '20' ? 'one.txt' : 'two.txt';
  for (const word of ['first', 'second']) {
    appendFileSync(file, word);
    execFileSync('git', ['add', file]);
    execFileSync('git', ['commit', '--author=Agent <agent@example.com>', '-qm', word + ' of ' + file]);
  }`;

it.each(['squash', 'rebase'] as const)(
  '%s: lands one commit a task, and tidies up behind it',
  async (strategy) => {
    coordinator = await createCoordinator({
      cwd: repository.path,
      env: repository.env,
      agent: { command: [process.execPath, '-e', agent] },
      ...{ strategy, gate: 'exit 0', maxInstances: 2, maxCpuPercent: 100, maxMemoryPercent: 100, minDisk: 0 },
    });
    const result = await coordinator.run();
    expect(result).toMatchObject({ success: true, totals: { landed: 2 } });
    // One line: no merge, and nothing of the branches behind it.
    expect(await repository.git('rev-list', '--count', 'main')).toBe('3');
    expect(await repository.git('rev-list', '--min-parents=2', 'main')).toBe('');
    const words = await repository.git('log', '--format=%an: %s%n%b', '--grep=Pwt-Task: 20', 'main');
    const wanted =
      strategy === 'squash'
        ? /: One\n\* first of one.txt\n\* second of one.txt\n\nCo-authored-by: Agent <agent@example.com>\n/
        : /^Agent: first of one.txt\nsecond of one.txt\n\n/;
    expect(words).toMatch(wanted);
    expect(words).toMatch(/Pwt-Task: 20\nPwt-Spec: specs\/SPEC-20-one.md\nPwt-Gate: [0-9a-f]{12}$/m);
    // Worktrees and branches are gone, though git finds none of their commits on the target.
    expect(await repository.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect(await coordinator.clean()).toEqual({ workspaces: [], kept: [] });
  },
);
