import assert from 'node:assert/strict';
import { isAbsolute } from 'node:path';
import {
  type CollectedWork,
  type CommitId,
  type ExpireRequest,
  hasCode,
  isPwtError,
  type Snapshot,
  type Workspace,
  type WorkspaceProvider,
} from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';

/** A repository with a provider over it, and the means to look at both. */
export interface WorkspaceProviderHarness extends Disposable {
  readonly provider: WorkspaceProvider;
  /** A commit whose tree holds at least `README.md`. */
  readonly base: CommitId;
  /** Another provider over the same repository, as a new process would have one. */
  reopen(): Promise<WorkspaceProvider>;
  write(workspace: Workspace, path: string, text: string): Promise<void>;
  delete(workspace: Workspace, path: string): Promise<void>;
  read(workspace: Workspace, path: string): Promise<string | undefined>;
  /** Commits everything, like an agent would. */
  commit(workspace: Workspace): Promise<CommitId>;
  /** Goes to another commit, files and all, like `git reset --hard`. Without it, what needs it is not tested. */
  reset?(workspace: Workspace, commit: CommitId): Promise<void>;
  /** The files of a commit of the project's object store, by path. */
  filesOf(commit: CommitId): Promise<Readonly<Record<string, string>>>;
}

/** Proves that a {@link WorkspaceProvider} keeps its contract. */
export function workspaceProviderSuite(
  runner: TestRunner,
  open: () => Promise<WorkspaceProviderHarness>,
): void {
  const test = (name: string, body: (harness: WorkspaceProviderHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));
  const create = async ({ provider, base }: WorkspaceProviderHarness, taskId = '1', runId = 'run-1') =>
    (await provider.create({ runId, taskId, title: `Task ${taskId}`, base })).workspace;
  const collect = async (provider: WorkspaceProvider, workspace: Workspace) => {
    const outcome = await provider.collect({ workspace, message: 'Left over' });
    assert.equal(
      outcome.status,
      'collected',
      'collect() must answer "collected" where nothing is in the way',
    );
    return outcome as CollectedWork;
  };

  runner.describe('a workspace provider', () => {
    test('has a name for messages and for its workspaces', async ({ provider }) => {
      assert.ok(provider.name, '`name` must be a word or two that messages can show');
    });

    test('makes nothing for an aborted request', async (harness) => {
      const { provider, base } = harness;
      const request = { runId: 'run-1', taskId: '1', title: 'Task 1', base };
      await assertAborted('create()', (abortSignal) => provider.create({ ...request, abortSignal }));
      await assertAborted('scratch()', (abortSignal) =>
        provider.scratch({ runId: 'run-1', commit: base, abortSignal }),
      );
      assert.deepEqual(await provider.list(), [], 'an aborted request must leave no workspace behind');
      const workspace = await create(harness);
      await harness.write(workspace, 'new.txt', 'work\n');
      const changes = await provider.changes(workspace);
      await assertAborted('collect()', (abortSignal) =>
        provider.collect({ workspace, message: 'Left over', abortSignal }),
      );
      assert.deepEqual(
        await provider.changes(workspace),
        changes,
        'an aborted collect() must change nothing',
      );
      const { committedLeftovers } = await collect(provider, workspace);
      assert.equal(committedLeftovers, true, 'an aborted collect() must not have committed anything');
    });

    test('says what its set-up did, if it has one, and only when it did it', async (harness) => {
      const request = { runId: 'run-1', taskId: '1', title: 'Task 1', base: harness.base };
      const { setup } = await harness.provider.create(request);
      if (setup !== undefined) {
        assert.ok(setup.durationMs >= 0, `\`setup.durationMs\` must be 0 or more, not ${setup.durationMs}`);
        assert.ok(isAbsolute(setup.logFile), `\`setup.logFile\` must be absolute, not ${setup.logFile}`);
      }
      assert.equal(
        'setup' in (await harness.provider.create(request)),
        false,
        'a workspace that was there already must come without `setup`: nothing was set up',
      );
    });

    test('makes a workspace with the files of its base, as plain data', async (harness) => {
      const workspace = await create(harness);
      assert.deepEqual(
        JSON.parse(JSON.stringify(workspace)),
        workspace,
        'a workspace must be plain data that survives JSON: it is written to the journal',
      );
      assert.equal(workspace.provider, harness.provider.name, '`provider` must be the name of the provider');
      assert.equal(workspace.kind, 'task');
      assert.equal(workspace.taskId, '1');
      assert.equal(workspace.base, harness.base);
      assert.equal(
        await harness.read(workspace, 'README.md'),
        (await harness.filesOf(harness.base))['README.md'],
      );
    });

    test('says beforehand whether workspaces can be made, and makes none for it', async (harness) => {
      if (harness.provider.check === undefined) return;
      await harness.provider.check();
      await harness.provider.check();
      assert.deepEqual(await harness.provider.list(), []);
    });

    test('finds the workspace of the same run and task again, with the work in it', async (harness) => {
      const first = await create(harness);
      await harness.write(first, 'new.txt', 'work\n');
      const { workspace: again } = await (await harness.reopen()).create({
        runId: 'run-1',
        taskId: '1',
        title: 'Task 1',
        base: harness.base,
      });
      assert.deepEqual(again, first, 'create() must find the workspace of the same run and task again');
      assert.equal(await harness.read(again, 'new.txt'), 'work\n');
    });

    test('refuses to take over the workspace of another run, and leaves it alone', async (harness) => {
      const first = await create(harness);
      await harness.write(first, 'new.txt', 'work\n');
      await assert.rejects(
        create(harness, '1', 'run-2'),
        (error) => hasCode(error, 'PWT_WORKTREE_EXISTS') || hasCode(error, 'PWT_BRANCH_EXISTS'),
        'what another run has made must be refused with PWT_WORKTREE_EXISTS or PWT_BRANCH_EXISTS',
      );
      assert.equal(await harness.read(first, 'new.txt'), 'work\n');
    });

    test('gives tasks separate places', async (harness) => {
      const [a, b] = await Promise.all([create(harness, '1'), create(harness, '2')]);
      await harness.write(a, 'new.txt', 'a\n');
      assert.equal(await harness.read(b, 'new.txt'), undefined);
      assert.notEqual(a.id, b.id, '`id` must be unique within the repository');
    });

    test('collects committed and uncommitted work as one commit that builds on the base', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'committed.txt', 'one\n');
      await harness.commit(workspace);
      await harness.write(workspace, 'left-over.txt', 'two\n');
      await harness.delete(workspace, 'README.md');
      const result = await collect(harness.provider, workspace);
      assert.equal(result.committedLeftovers, true);
      const before = await harness.filesOf(harness.base);
      const { 'README.md': _gone, ...rest } = before;
      assert.deepEqual(await harness.filesOf(result.commit), {
        ...rest,
        'committed.txt': 'one\n',
        'left-over.txt': 'two\n',
      });
      assert.deepEqual([...result.changes].map((change) => `${change.kind} ${change.path}`).sort(), [
        'added committed.txt',
        'added left-over.txt',
        'deleted README.md',
      ]);
    });

    test('collects the same commit when asked twice', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'new.txt', 'x\n');
      const first = await collect(harness.provider, workspace);
      const second = await collect(await harness.reopen(), workspace);
      assert.equal(
        second.commit,
        first.commit,
        'collect() must give the same commit when it is called again',
      );
      assert.deepEqual(second.changes, first.changes);
    });

    test('says that nothing changed by giving back the base', async (harness) => {
      const workspace = await create(harness);
      const result = await collect(harness.provider, workspace);
      assert.deepEqual(result, {
        status: 'collected',
        commit: harness.base,
        changes: [],
        committedLeftovers: false,
      });
    });

    test('does not take what came after an older commit for a change', async (harness) => {
      if (harness.reset === undefined) return;
      const first = await create(harness, '1');
      await harness.write(first, 'later.txt', 'x\n');
      const { commit } = await collect(harness.provider, first);
      const request = { runId: 'run-1', taskId: '2', title: '2', base: commit };
      const { workspace: second } = await harness.provider.create(request);
      await harness.reset(second, harness.base);
      const changes = [{ path: 'new.txt', kind: 'added' }];
      await harness.write(second, 'new.txt', 'x\n');
      assert.deepEqual(await harness.provider.changes(second), changes);
      const collected = await collect(harness.provider, second);
      assert.deepEqual(collected.changes, changes);
      assert.deepEqual(await harness.provider.changes(second), changes);
    });

    test('sees uncommitted and untracked changes without touching them', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'README.md', 'edited\n');
      await harness.write(workspace, 'folder/new file.txt', 'x\n');
      const seen = await harness.provider.changes(workspace);
      assert.deepEqual(seen.map((change) => `${change.kind} ${change.path}`).sort(), [
        'added folder/new file.txt',
        'modified README.md',
      ]);
      const collected = await collect(harness.provider, workspace);
      assert.equal(collected.committedLeftovers, true);
    });

    test('keeps a workspace with uncommitted work', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'new.txt', 'x\n');
      const outcome = await harness.provider.remove({ workspace, containedIn: harness.base });
      assert.equal(
        outcome.status === 'kept' && outcome.reason,
        'dirty',
        'a workspace with uncommitted work must be kept as "dirty"',
      );
      assert.equal(await harness.read(workspace, 'new.txt'), 'x\n');
    });

    test('keeps a workspace whose commits are nowhere else', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'new.txt', 'x\n');
      await harness.commit(workspace);
      const outcome = await harness.provider.remove({ workspace, containedIn: harness.base });
      assert.equal(
        outcome.status === 'kept' && outcome.reason,
        'unmerged',
        'a workspace whose commits are not contained in `containedIn` must be kept as "unmerged"',
      );
      assert.equal(await harness.read(workspace, 'new.txt'), 'x\n');
    });

    test('removes a workspace whose work is contained, and says so once', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'new.txt', 'x\n');
      const { commit } = await collect(harness.provider, workspace);
      assert.deepEqual(await harness.provider.remove({ workspace, containedIn: commit }), {
        status: 'removed',
      });
      assert.deepEqual(await harness.provider.remove({ workspace, containedIn: commit }), { status: 'gone' });
      assert.deepEqual(await harness.provider.list(), []);
      await create(harness, '1', 'run-2');
    });

    test('gives up work only when each kind of loss is named', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'committed.txt', 'x\n');
      await harness.commit(workspace);
      await harness.write(workspace, 'left-over.txt', 'x\n');
      const { provider } = harness;
      const each = 'each kind of loss must be named in `force` before anything is given up';
      assert.equal((await provider.remove({ workspace, force: ['dirty'] })).status, 'kept', each);
      assert.equal((await provider.remove({ workspace, force: ['unmerged'] })).status, 'kept', each);
      assert.equal((await provider.remove({ workspace, force: ['dirty', 'unmerged'] })).status, 'removed');
    });

    test('keeps what it gives up in a snapshot that says so', async (harness) => {
      const { provider } = harness;
      if (provider.snapshot === undefined) return;
      const workspace = await create(harness);
      await harness.write(workspace, 'committed.txt', 'x\n');
      await harness.commit(workspace);
      await harness.write(workspace, 'left-over.txt', 'y\n');
      await harness.delete(workspace, 'README.md');
      const outcome = await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
      assert.equal(outcome.status, 'removed');
      const { snapshot } = outcome as { readonly snapshot?: Snapshot };
      assert.ok(snapshot, 'a removal that gives work up must name the `snapshot` that keeps it');
      assert.match(snapshot.ref, /^refs\/pwt\/run-1\/snapshots\/1\/[^/]+$/);
      const { 'README.md': _gone, ...rest } = await harness.filesOf(harness.base);
      assert.deepEqual(await harness.filesOf(snapshot.commit), {
        ...rest,
        'committed.txt': 'x\n',
        'left-over.txt': 'y\n',
      });
    });

    test('takes a snapshot beside the agent: nothing changes, and the same state is kept once', async (harness) => {
      const { provider } = harness;
      if (provider.snapshot === undefined) return;
      const workspace = await create(harness);
      const take = async () => (await harness.reopen()).snapshot?.({ workspace, reason: 'failed' });
      assert.equal(await take(), undefined, 'snapshot() of a workspace without work must be undefined');
      await harness.write(workspace, 'left-over.txt', 'y\n');
      const before = await provider.changes(workspace);
      const first = await take();
      assert.ok(first, 'snapshot() must keep uncommitted work and say where');
      assert.equal((await harness.filesOf(first.commit))['left-over.txt'], 'y\n');
      assert.deepEqual(
        await provider.changes(workspace),
        before,
        'snapshot() must change nothing in the workspace',
      );
      assert.equal((await take())?.ref, first.ref, 'the same state must be kept once, under one ref');
      await harness.write(workspace, 'left-over.txt', 'z\n');
      assert.notEqual((await take())?.ref, first.ref);
      assert.equal((await harness.filesOf(first.commit))['left-over.txt'], 'y\n');
    });

    test('foresees what a removal would say, and changes nothing by it', async (harness) => {
      const { provider } = harness;
      if (provider.foresee === undefined) return;
      const workspace = await create(harness);
      await harness.write(workspace, 'left-over.txt', 'y\n');
      for (const force of [[], ['dirty'], ['dirty', 'unmerged']] as const) {
        const request = { workspace, containedIn: harness.base, force };
        const foreseen = await provider.foresee(request);
        assert.equal(await harness.read(workspace, 'left-over.txt'), 'y\n');
        const isKept = force.length === 0;
        assert.equal(foreseen.status, isKept ? 'kept' : 'removed', 'foresee() must say what remove() would');
      }
      const outcome = await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
      assert.equal(outcome.status, 'removed');
    });

    test('deletes a snapshot only after it was listed, or once its content is contained', async (harness) => {
      const { provider } = harness;
      if (provider.snapshot === undefined || provider.expire === undefined) return;
      const workspace = await create(harness);
      await harness.write(workspace, 'left-over.txt', 'y\n');
      const snapshot = await provider.snapshot({ workspace, reason: 'failed' });
      const statuses = async (request: Partial<ExpireRequest> = {}) => {
        const expiries = (await provider.expire?.({ olderThanDays: 0, ...request })) ?? [];
        return expiries.filter(({ name }) => name === snapshot?.ref).map(({ status }) => status);
      };
      assert.deepEqual(await statuses({ dryRun: true }), ['listed']);
      assert.deepEqual(await statuses(), ['listed']);
      assert.deepEqual(await statuses({ olderThanDays: 1 }), ['listed']);
      assert.deepEqual(await statuses({ dryRun: true }), ['deleted']);
      assert.deepEqual(await statuses(), ['deleted']);
      assert.deepEqual(await statuses(), []);
    });

    test('lists its own workspaces, by run and in all', async (harness) => {
      const one = await create(harness, '1', 'run-1');
      const two = await create(harness, '2', 'run-2');
      const reopened = await harness.reopen();
      assert.deepEqual(
        await reopened.list({ runId: 'run-2' }),
        [two],
        'list({ runId }) must give the workspaces of that run, and no other',
      );
      assert.deepEqual([...(await reopened.list())].sort(byId), [one, two].sort(byId));
    });

    test('makes scratch workspaces of exactly a commit', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'new.txt', 'x\n');
      const { commit } = await collect(harness.provider, workspace);
      const scratch = await harness.provider.scratch({ runId: 'run-1', commit });
      assert.equal(scratch.kind, 'scratch', '`kind` of a scratch workspace must be "scratch"');
      assert.equal(await harness.read(scratch, 'new.txt'), 'x\n');
      await harness.write(scratch, 'made-by-gate.txt', 'x\n');
      const outcome = await harness.provider.remove({ workspace: scratch, force: ['dirty', 'unmerged'] });
      assert.notEqual(
        outcome.status,
        'kept',
        'a scratch workspace must go when both losses are named in `force`',
      );
      const next = await harness.provider.scratch({ runId: 'run-1', commit: harness.base });
      assert.equal(await harness.read(next, 'made-by-gate.txt'), undefined);
      assert.equal(await harness.read(next, 'new.txt'), undefined);
    });

    test('says what is wrong with a workspace that is not there', async (harness) => {
      const workspace = { ...(await create(harness)), id: 'missing', path: '/nowhere/at/all' };
      await assert.rejects(
        harness.provider.collect({ workspace, message: 'x' }),
        isPwtError,
        'collect() of a workspace that is not there must reject with a PwtError',
      );
    });
  });
}

function byId(a: Workspace, b: Workspace): number {
  return a.id < b.id ? -1 : 1;
}
