import assert from 'node:assert/strict';
import { compareRepository, compareWork, type RepositoryObserver } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';

/** A repository with an observer over it. The user's checkout is on `main`, and clean. */
export interface RepositoryObserverHarness extends Disposable {
  readonly observer: RepositoryObserver;
  /** Sets a key of the shared configuration. */
  configure(key: string, value: string): Promise<void>;
  /** Writes a file of the user's checkout, and stages it if asked to. */
  write(path: string, text: string, options?: { readonly stage?: boolean }): Promise<void>;
  /** Makes a ref where `main` is, or deletes it. */
  setRef(ref: string, exists: boolean): Promise<void>;
}

const request = { target: 'main', runId: 'run-1', ownBranches: ['feature/us-1'] };

/** Proves that a {@link RepositoryObserver} keeps its contract. */
export function repositoryObserverSuite(
  runner: TestRunner,
  open: () => Promise<RepositoryObserverHarness>,
): void {
  const test = (name: string, body: (harness: RepositoryObserverHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  /** What two looks find that was changed in between. */
  const found = async (
    { observer }: RepositoryObserverHarness,
    act: () => Promise<void>,
  ): Promise<{ readonly kind: string; readonly subjects: readonly string[] | undefined }[]> => {
    const before = await observer.observe(request);
    await act();
    const after = await observer.observe(request);
    return [...compareRepository(before, after), ...compareWork(before, after)].map(({ kind, subjects }) => ({
      kind,
      subjects,
    }));
  };

  runner.describe('a repository observer', () => {
    test('has a name for messages', async ({ observer }) => {
      assert.ok(observer.name, '`name` must be a word or two that messages can show');
    });

    test('does not look for an aborted request', async ({ observer }) => {
      await assertAborted('observe()', (abortSignal) => observer.observe({ ...request, abortSignal }));
    });

    test('finds nothing where nothing was changed', async (harness) => {
      await harness.write('mine.txt', 'mine');
      assert.deepEqual(
        await found(harness, async () => undefined),
        [],
        'two looks at an unchanged repository must be the same',
      );
      const state = await harness.observer.observe(request);
      assert.match(state.target.tip ?? '', /^[0-9a-f]{40}/, '`target.tip` must be the id of a commit');
      assert.equal(
        state.checkouts[0]?.branch,
        'main',
        'the first of `checkouts` must be the user’s own, with the branch that it has checked out',
      );
    });

    test('gives plain data, the same after a way through JSON', async ({ observer }) => {
      const state = await observer.observe(request);
      assert.deepEqual(
        JSON.parse(JSON.stringify(state)),
        state,
        'the state must be plain data that survives JSON',
      );
    });

    test('names a key of the configuration that was changed', async (harness) => {
      const changes = await found(harness, () => harness.configure('user.name', 'Eve'));
      assert.deepEqual(
        changes,
        [{ kind: 'config', subjects: ['user.name'] }],
        'a changed key of the shared configuration must be seen in `config`',
      );
    });

    test('knows what stops a landing', async (harness) => {
      const { observer } = harness;
      const before = await observer.observe(request);
      await harness.configure('core.worktree', '/elsewhere');
      const after = await observer.observe(request);
      assert.equal(
        compareRepository(before, after)[0]?.severity,
        'error',
        'a change of `core.worktree` must be seen, and stop a landing: its value must be in `config` as it is',
      );
    });

    test('sees an edit of the user’s checkout, a further one of the same file, and what is staged', async (harness) => {
      const files = (kind: string) => [{ kind, subjects: ['mine.txt'] }];
      assert.deepEqual(
        await found(harness, () => harness.write('mine.txt', 'one')),
        files('files'),
        'an edit of the user’s checkout must be seen in `files`',
      );
      assert.deepEqual(
        await found(harness, () => harness.write('mine.txt', 'another')),
        files('files'),
        'a further edit of the same file must be seen in `files`',
      );
      const stage = () => harness.write('mine.txt', 'another', { stage: true });
      assert.deepEqual(await found(harness, stage), files('index'), 'what is staged must be seen in `files`');
    });

    test('passes over what pwt moves itself, and over nothing else', async (harness) => {
      const own = async () => {
        await harness.setRef('refs/heads/feature/us-1', true);
        await harness.setRef('refs/pwt/run-1/integration', true);
      };
      assert.deepEqual(
        await found(harness, own),
        [],
        '`refs` must leave out `ownBranches` and what is under refs/pwt/<runId>/',
      );
      const refs = ['refs/heads/other', 'refs/pwt/run-2/integration', 'refs/tags/v1'];
      const others = async () => {
        for (const ref of refs) await harness.setRef(ref, true);
      };
      assert.deepEqual(
        await found(harness, others),
        [{ kind: 'refs', subjects: refs }],
        '`refs` must hold other branches, tags and the refs of other runs',
      );
      const gone = await found(harness, () => harness.setRef('refs/tags/v1', false));
      assert.deepEqual(
        gone,
        [{ kind: 'refs', subjects: ['refs/tags/v1'] }],
        'a ref that is gone must be missing in `refs`',
      );
    });

    test('says when the target is gone', async (harness) => {
      const changes = await found(harness, () => harness.setRef('refs/heads/main', false));
      assert.equal(changes[0]?.kind, 'target', 'a target that is gone must be seen as a change of `target`');
      assert.equal(
        (await harness.observer.observe(request)).target.tip,
        null,
        '`target.tip` of a branch that is gone must be null',
      );
    });

    test('keeps the record of a run, and of each run its own', async ({ observer }) => {
      assert.equal(
        await observer.recall('run-1'),
        undefined,
        'recall() of a run that has kept nothing must be undefined',
      );
      const state = await observer.observe(request);
      const record = { start: state, last: state, reported: state };
      await observer.keep('run-1', record);
      assert.deepEqual(
        await observer.recall('run-1'),
        record,
        'recall() must give what keep() was given last',
      );
      assert.equal(await observer.recall('run-2'), undefined, 'each run must have a record of its own');
    });
  });
}
