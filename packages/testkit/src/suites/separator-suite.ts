import assert from 'node:assert/strict';
import { isTaskId, type Separator, type Task, type TaskSource, type TrackedPaths } from '@pwt/core';
import { assertClaim, assertEvidence } from './claim-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';

export interface SeparatorHarness extends Disposable {
  readonly separator: Separator;
  /** Tasks that the separator finds claims in. */
  readonly scoped: readonly Task[];
  /** A task in which it finds none. */
  readonly unscoped: Task;
  readonly tree: TrackedPaths;
}

/** Proves that a {@link Separator} keeps its contract. */
export function separatorSuite(runner: TestRunner, open: () => Promise<SeparatorHarness>): void {
  const test = (name: string, body: (harness: SeparatorHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  runner.describe('a separator', () => {
    test('answers for every task, in the order asked', async ({ separator, scoped, unscoped, tree }) => {
      const tasks = [unscoped, ...scoped];
      const { claims } = await separator.separate({ tasks, tree });
      assert.deepEqual(
        claims.map((entry) => entry.taskId),
        tasks.map((task) => task.id),
      );
    });

    test('gives each claim a relative pattern, a mode, a class, a confidence and its rule', async (harness) => {
      const { claims } = await harness.separator.separate({ tasks: harness.scoped, tree: harness.tree });
      for (const { taskId, claims: found, unknownScope } of claims) {
        assert.equal(unknownScope, false, `task ${taskId} has claims`);
        assert.ok(found.length > 0, `task ${taskId} has claims`);
        for (const claim of found) assertClaim(claim);
      }
    });

    test('says for each claim which line of which spec says so', async ({ separator, scoped, tree }) => {
      const { claims } = await separator.separate({ tasks: scoped, tree });
      for (const [at, task] of scoped.entries())
        for (const claim of claims[at]?.claims ?? []) assertEvidence(claim, task);
    });

    test('lets a task without a scope conflict with everything, loudly', async ({
      separator,
      unscoped,
      tree,
    }) => {
      const { claims, diagnostics } = await separator.separate({ tasks: [unscoped], tree });
      assert.equal(claims[0]?.unknownScope, true);
      assert.ok(claims[0].claims.some((claim) => claim.pattern === '**' && claim.class === 'exclusive'));
      assert.ok(diagnostics.some(({ taskIds }) => taskIds?.includes(unscoped.id)));
    });

    test('gives the same answer twice, as plain data', async ({ separator, scoped, tree }) => {
      const first = await separator.separate({ tasks: scoped, tree });
      assert.deepEqual(await separator.separate({ tasks: scoped, tree }), first);
      assert.deepEqual(JSON.parse(JSON.stringify(first)), first);
    });

    test('answers for no tasks at all', async ({ separator, tree }) => {
      assert.deepEqual((await separator.separate({ tasks: [], tree })).claims, []);
    });
  });
}

export interface TaskSourceHarness extends Disposable {
  readonly source: TaskSource;
  /** The ids of all tasks that the source holds; at least two. */
  readonly ids: readonly string[];
}

/** Proves that a {@link TaskSource} keeps its contract. */
export function taskSourceSuite(runner: TestRunner, open: () => Promise<TaskSourceHarness>): void {
  const test = (name: string, body: (harness: TaskSourceHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  runner.describe('a task source', () => {
    test('loads every task, once, under a safe id and with its text', async ({ source, ids }) => {
      const { tasks } = await source.load({});
      assert.deepEqual(tasks.map((task) => task.id).sort(), [...ids].sort());
      for (const task of tasks) {
        assert.ok(isTaskId(task.id), `"${task.id}" is a safe id`);
        assert.notEqual(task.title, '');
        assert.ok(task.specs.length > 0);
        for (const spec of task.specs) assert.match(spec.hash, /^[0-9a-f]+$/);
      }
    });

    test('loads only what is asked for', async ({ source, ids }) => {
      const wanted = ids[1] as string;
      const { tasks } = await source.load({ ids: [wanted] });
      assert.deepEqual(
        tasks.map((task) => task.id),
        [wanted],
      );
    });

    test('reports an unknown id and still loads the others', async ({ source, ids }) => {
      const { tasks, diagnostics } = await source.load({ ids: ['no-such-task-9', ids[0] as string] });
      assert.deepEqual(
        tasks.map((task) => task.id),
        [ids[0]],
      );
      assert.ok(diagnostics.some((found) => found.code === 'PWT_TASK_UNKNOWN' && found.severity === 'error'));
    });

    test('gives the same tasks twice, as plain data', async ({ source }) => {
      const first = await source.load({});
      assert.deepEqual(await source.load({}), first);
      assert.deepEqual(JSON.parse(JSON.stringify(first)), first);
    });

    test('states what a task claims, if it does, with the lines that say so', async ({ source }) => {
      for (const task of (await source.load({})).tasks) {
        for (const claim of task.declared ?? []) {
          assertClaim(claim);
          assertEvidence(claim, task);
        }
      }
    });

    test('lets each task wait for others, each named once', async ({ source }) => {
      for (const { id, dependsOn } of (await source.load({})).tasks) {
        assert.equal(new Set(dependsOn).size, dependsOn.length, `task ${id} names others once`);
        assert.ok(!dependsOn.includes(id), `task ${id} does not wait for itself`);
      }
    });

    test('takes its own ids as they are', async ({ source, ids }) => {
      for (const id of ids) assert.equal(source.normaliseId?.(id) ?? id, id);
    });
  });
}
