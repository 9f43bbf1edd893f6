import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCorpora } from './corpus.mjs';
import { firstCome, waves } from './dispatchers.mjs';
import { originalPaths } from './original-rule.mjs';
import { play } from './play.mjs';
import { replay } from './replay.mjs';
import { loadScheduler } from './scheduler.mjs';
import { syntheticCorpus } from './synthetic.mjs';
import { replayTable } from './table.mjs';

const source = fileURLToPath(new URL('../../packages/planner/src/schedule/scheduler.ts', import.meta.url));

/**
 * @param {import('./play.mjs').Dispatcher} dispatcher
 * @param {number} instances
 * @param {Readonly<Record<string, readonly [durationMs: number, ...changed: string[]]>>} tasks
 */
function run(dispatcher, instances, tasks) {
  const entries = Object.entries(tasks);
  return play({
    dispatcher,
    instances,
    durationsMs: new Map(entries.map(([id, [durationMs]]) => [id, durationMs])),
    changed: new Map(entries.map(([id, [, ...changed]]) => [id, new Set(changed)])),
  });
}

describe('play', () => {
  it('lets the one that ends later pay for a collision, in full', () => {
    const tasks = /** @type {const} */ ({ long: [5, 'x'], short: [3, 'x', 'y'], other: [1, 'y'] });
    const outcome = run(firstCome(['long', 'short', 'other']), 2, tasks);
    // short 0–3; long 0–5, again 5–10; other 3–4: short was through when it began.
    expect(outcome).toEqual({ makespanMs: 10, redos: 1, workMs: 14 });
  });

  it('charges a redo again when it meets another change', () => {
    const tasks = /** @type {const} */ ({ a: [2, 'x'], b: [3, 'x'], c: [3, 'x'] });
    const outcome = run(firstCome(['a', 'b', 'c']), 2, tasks);
    // a 0–2; b 0–3 collides with a; c 2–5; b again 3–6 collides with c; b once more 6–9.
    expect(outcome).toEqual({ makespanMs: 9, redos: 2, workMs: 14 });
  });

  it('refuses a dispatcher that leaves tasks undone', () => {
    const idle = { ...firstCome([]), next: () => undefined };
    expect(() => run(idle, 1, { a: [1] })).toThrow('undone');
  });
});

describe('waves', () => {
  it('puts tasks that share nothing together and waits for the last of them', () => {
    const share = (/** @type {string} */ a, /** @type {string} */ b) => a[0] === b[0];
    const ids = ['x1', 'x2', 'y1', 'y2'];
    const tasks = /** @type {const} */ ({ x1: [4], y1: [1], x2: [2], y2: [2] });
    expect(run(waves(ids, { instances: 4, share }), 4, tasks).makespanMs).toBe(6);
  });
});

it('finds what the original separator found', () => {
  const text = 'Change `a/b.py`, `c.ts`, `my-x.py` and d.py.\n```python\nlib/e.py\n```\n';
  expect([...originalPaths(text)]).toEqual(['a/b.py', 'lib/e.py']);
});

describe('a replay', () => {
  it('orders the rules as they deserve on the synthetic corpus, and repeats itself', async () => {
    const options = { Scheduler: await loadScheduler(source), instances: [4], repeats: 3 };
    const rows = replay(syntheticCorpus({ tasks: 40 }), options);
    expect(replay(syntheticCorpus({ tasks: 40 }), options)).toEqual(rows);
    const by = Object.fromEntries(rows.map((row) => [row.rule, row]));
    expect(by['one by one']).toMatchObject({ speedup: 1, redos: 0, work: 1 });
    expect(by.oracle).toMatchObject({ redos: 0, work: 1 });
    const redos = (/** @type {string} */ rule) => by[rule]?.redos ?? Number.NaN;
    expect(redos('pwt, strict')).toBeLessThan(redos('all at once'));
    expect(redos('pwt, eager')).toBeLessThan(redos('all at once'));
    expect(by.oracle?.speedup).toBeGreaterThan(by['pwt, balanced']?.speedup ?? Number.NaN);
    const table = replayTable(syntheticCorpus({ tasks: 40 }), rows, options);
    expect(table.rows).toHaveLength(8);
    expect(table.rows[0]).toMatchObject({ rule: 'one by one', '4: redos': '0.0' });
  });
});

describe('readCorpora', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'pwt-replay-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('reads the documented shape, corpus by corpus, without outliers', () => {
    const task = (/** @type {string} */ corpus, /** @type {string} */ id) => ({
      corpus,
      id,
      spec_path: `specs/${id}.md`,
      spec_text_file: 'spec.md',
      tracked_file: 'tracked.txt',
      changed_files: ['a.ts'],
    });
    const truth = [
      task('two', '3'),
      { ...task('one', '1'), changed_files: ['a.ts', 'log/1'], bookkeeping: ['LOG.md', 'log/*'] },
      { ...task('one', '2'), outlier: true },
    ];
    writeFileSync(join(directory, 'truth.json'), JSON.stringify(truth));
    writeFileSync(join(directory, 'spec.md'), '# Text\n');
    writeFileSync(join(directory, 'tracked.txt'), 'a.ts\nb.ts\n');
    const corpora = readCorpora(directory, { one: ['data/'] });
    expect(corpora.map(({ name, tasks }) => [name, tasks.map(({ id }) => id)])).toEqual([
      ['one', ['1']],
      ['two', ['3']],
    ]);
    expect(corpora[0]).toEqual({
      name: 'one',
      isBookkeeping: expect.any(Function),
      tasks: [
        {
          id: '1',
          specPath: 'specs/1.md',
          text: '# Text\n',
          tree: ['a.ts', 'b.ts'],
          changed: new Set(['a.ts']),
        },
      ],
    });
    const paths = ['LOG.md', 'log/1', 'data/a/b', 'a.ts', 'log/1/2'];
    expect(paths.filter((path) => corpora[0]?.isBookkeeping(path))).toEqual(['LOG.md', 'log/1', 'data/a/b']);
  });
});
