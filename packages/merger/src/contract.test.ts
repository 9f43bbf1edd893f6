import { join } from 'node:path';
import type { CommitId } from '@pwt/core';
import { listFiles } from '@pwt/git';
import { type GateHarness, gateSuite, type MergerHarness, mergerSuite } from '@pwt/testkit';
import { describe, it } from 'vitest';
import { repositoryWith, temporaryFolder, testEnvironment } from '../test/repository.js';
import { CommandGate } from './gate/command-gate.js';

const runner = { describe, test: it };
/** Folders go away at the end of each test by themselves. */
const dispose = async (): Promise<void> => undefined;

mergerSuite(runner, async (): Promise<MergerHarness> => {
  const { repository, base } = await repositoryWith({ 'README.md': 'read me\n' });
  const { git, merger } = repository;
  await git.run(['checkout', '--quiet', '--detach']);

  const writeTree = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const env = { GIT_INDEX_FILE: join(repository.path, '../index-of-harness') };
    await git.run(['read-tree', '--empty'], { env });
    for (const [path, content] of Object.entries(files)) {
      const blob = await git.text(['hash-object', '-w', '--stdin'], { input: content });
      await git.run(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { env });
    }
    return git.text(['write-tree'], { env });
  };

  return {
    merger,
    base,
    dispose,
    async commit(files, parents) {
      const tree = await writeTree(files);
      return git.text(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', 'c']);
    },
    async filesOf(commit) {
      const files = await listFiles(git, commit);
      const contents = await Promise.all(files.map(({ path }) => repository.show(commit, path)));
      return Object.fromEntries(files.map(({ path }, index) => [path, contents[index] ?? '']));
    },
    async parentsOf(commit) {
      const ids = await git.text(['rev-list', '--no-walk', '--parents', commit]);
      return ids.split(' ').slice(1);
    },
    async setBranch(name: string, commit: CommitId | undefined) {
      const ref = `refs/heads/${name}`;
      await git.run(commit === undefined ? ['update-ref', '-d', ref] : ['update-ref', ref, commit]);
    },
  };
});

gateSuite(runner, async (): Promise<GateHarness> => {
  const path = temporaryFolder();
  const gate = (command: string, timeoutMs?: number) =>
    new CommandGate({
      command,
      env: testEnvironment,
      graceMs: 100,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  return {
    green: gate('true'),
    red: gate('echo no; exit 3'),
    endless: gate('mkfifo f; read x < f', 100),
    broken: gate('no-such-command-here'),
    request: {
      runId: 'run-1',
      subject: { kind: 'tasks', taskIds: ['1'] },
      commit: '0'.repeat(40),
      workspace: { id: 's', provider: 'test', kind: 'scratch', runId: 'run-1', path, base: '0'.repeat(40) },
      logFile: join(path, 'log/gate.log'),
    },
    dispose,
  };
});
