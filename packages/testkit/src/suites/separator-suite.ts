import assert from 'node:assert/strict';
import { isTaskId, type Separator, type Task, type TaskSource, type TrackedPaths } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { assertClaim, assertEvidence } from './claim-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';

const PLAIN_DATA =
  'the answer must be plain data that survives JSON: no undefined fields, no classes, no Maps';

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
    test('has a name for messages', async ({ separator }) => {
      assert.ok(separator.name, '`name` must be a word or two that messages can show');
    });

    test('answers for every task, in the order asked', async ({ separator, scoped, unscoped, tree }) => {
      const tasks = [unscoped, ...scoped];
      const { claims } = await separator.separate({ tasks, tree });
      assert.deepEqual(
        claims.map((entry) => entry.taskId),
        tasks.map((task) => task.id),
        '`claims` must have exactly one entry per requested task, in the order of the request',
      );
    });

    test('reads nothing for an aborted request', async ({ separator, scoped, tree }) => {
      await assertAborted('separate()', (abortSignal) =>
        separator.separate({ tasks: scoped, tree, abortSignal }),
      );
    });

    test('gives each claim a relative pattern, a mode, a class, a confidence and its rule', async (harness) => {
      const { claims } = await harness.separator.separate({ tasks: harness.scoped, tree: harness.tree });
      for (const { taskId, claims: found, unknownScope } of claims) {
        const contract = `a task in which something is found must have claims and \`unknownScope: false\`; task ${taskId} of the harness's \`scoped\` has not`;
        assert.equal(unknownScope, false, contract);
        assert.ok(found.length > 0, contract);
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
      const task = `a task in which nothing is found (${unscoped.id})`;
      assert.equal(claims[0]?.unknownScope, true, `${task} must have \`unknownScope: true\``);
      assert.ok(
        claims[0].claims.some((claim) => claim.pattern === '**' && claim.class === 'exclusive'),
        `${task} must claim everything: give it unknownScopeClaim() of @pwt/core as its claim`,
      );
      assert.ok(
        diagnostics.some(({ taskIds, severity }) => severity === 'warning' && taskIds?.includes(unscoped.id)),
        `${task} must be named by a diagnostic with \`severity: 'warning'\` and its id in \`taskIds\`; the diagnostics are ${JSON.stringify(diagnostics)}`,
      );
    });

    test('gives the same answer twice, as plain data', async ({ separator, scoped, tree }) => {
      const first = await separator.separate({ tasks: scoped, tree });
      const again = await separator.separate({ tasks: scoped, tree });
      assert.deepEqual(again, first, 'the same request must give the same answer');
      assert.deepEqual(JSON.parse(JSON.stringify(first)), first, PLAIN_DATA);
    });

    test('answers for no tasks at all', async ({ separator, tree }) => {
      const { claims } = await separator.separate({ tasks: [], tree });
      assert.deepEqual(claims, [], 'a request without tasks must give no claims, and no exception');
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
    test('has a name for messages', async ({ source }) => {
      assert.ok(source.name, '`name` must be a word or two that messages can show');
    });

    test('loads nothing for an aborted request', async ({ source }) => {
      await assertAborted('load()', (abortSignal) => source.load({ abortSignal }));
    });

    test('loads every task, once, under a safe id and with its text', async ({ source, ids }) => {
      const { tasks } = await source.load({});
      assert.deepEqual(
        tasks.map((task) => task.id).sort(),
        [...ids].sort(),
        'load({}) must give every task that the harness names in `ids`, each once, and no other',
      );
      for (const task of tasks) {
        assert.ok(
          isTaskId(task.id),
          `the id ${JSON.stringify(task.id)} must be safe as a file name and in a git ref: see isTaskId() of @pwt/core`,
        );
        assert.ok(task.title, `task ${task.id} must have a \`title\``);
        assert.ok(task.specs.length > 0, `task ${task.id} must have a spec, the text that its agent reads`);
        for (const spec of task.specs)
          assert.match(
            spec.hash,
            /^[0-9a-f]+$/,
            `\`hash\` of ${spec.path} must be a hash of the text as lower-case hex, such as SHA-256`,
          );
      }
    });

    test('loads only what is asked for', async ({ source, ids }) => {
      const wanted = ids[1] as string;
      const { tasks } = await source.load({ ids: [wanted] });
      assert.deepEqual(
        tasks.map((task) => task.id),
        [wanted],
        'load({ ids }) must give the tasks asked for, and no other',
      );
    });

    test('reports an unknown id and still loads the others', async ({ source, ids }) => {
      const { tasks, diagnostics } = await source.load({ ids: ['no-such-task-9', ids[0] as string] });
      assert.deepEqual(
        tasks.map((task) => task.id),
        [ids[0]],
        'an id that does not exist must not hide the tasks that do',
      );
      assert.ok(
        diagnostics.some(
          ({ code, severity, taskIds }) =>
            code === 'PWT_TASK_UNKNOWN' && severity === 'error' && taskIds?.includes('no-such-task-9'),
        ),
        `an id that does not exist must give a diagnostic with code PWT_TASK_UNKNOWN, severity "error" and the id in \`taskIds\`; the diagnostics are ${JSON.stringify(diagnostics)}`,
      );
    });

    test('gives the same tasks twice, as plain data', async ({ source }) => {
      const first = await source.load({});
      assert.deepEqual(
        await source.load({}),
        first,
        'load() must give the same tasks when it is called again',
      );
      assert.deepEqual(JSON.parse(JSON.stringify(first)), first, PLAIN_DATA);
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
        assert.equal(
          new Set(dependsOn).size,
          dependsOn.length,
          `\`dependsOn\` of task ${id} must name each task once`,
        );
        assert.ok(!dependsOn.includes(id), `\`dependsOn\` of task ${id} must not name the task itself`);
      }
    });

    test('takes its own ids as they are', async ({ source, ids }) => {
      for (const id of ids)
        assert.equal(
          source.normaliseId?.(id) ?? id,
          id,
          'normaliseId() must give an id that load() gives back unchanged',
        );
    });
  });
}
