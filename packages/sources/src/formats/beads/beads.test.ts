import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';

const FILE = '.beads/issues.jsonl';
type Link = readonly [id: string, type: string];

function issue(id: string, fields: object = {}, links: readonly Link[] = []) {
  const dependencies = links.map(([depends_on_id, type]) => ({ issue_id: id, depends_on_id, type }));
  return { id, title: id, status: 'open', issue_type: 'task', dependencies, ...fields };
}

function source(issues: readonly (object | string)[], file = FILE) {
  const text = issues.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
  return openFormat('beads', { root: ROOT, fs: new MemoryFiles({ [file]: text }) });
}

const needs = async (issues: readonly object[]) =>
  Object.fromEntries((await source(issues).load({})).tasks.map(({ id, dependsOn }) => [id, dependsOn]));

describe('the issues of beads', () => {
  it('wait for what blocks them, and for nothing else', async () => {
    const links: readonly Link[] = [
      ['b', 'blocks'],
      ['c', 'related'],
      ['d', 'discovered-from'],
    ];
    expect(await needs([issue('a', {}, links), issue('b'), issue('c'), issue('d')])).toEqual({
      a: ['b'],
      b: [],
      c: [],
      d: [],
    });
  });

  it('wait for all parts of an epic, and with their epic', async () => {
    const epic = (id: string, links: readonly Link[] = []) => issue(id, { issue_type: 'epic' }, links);
    expect(
      await needs([
        epic('e', [['x', 'blocks']]),
        issue('e.1', {}, [['e', 'blocks']]),
        issue('p', {}, [['e', 'parent-child']]),
        issue('x'),
        issue('after', {}, [['e', 'blocks']]),
      ]),
    ).toEqual({ 'e.1': ['x'], p: ['x'], x: [], after: ['e.1', 'p'] });
    const closed = issue('e', { issue_type: 'epic', status: 'closed' });
    expect(await needs([closed, issue('e.1'), issue('after', {}, [['e', 'blocks']])])).toMatchObject({
      after: [],
    });
  });

  it('are no tasks where they group or steer work; asked for, that is said', async () => {
    const given = source([
      issue('bd-1', { issue_type: 'epic' }),
      issue('bd-2'),
      issue('bd-3', { issue_type: 'gate' }),
    ]);
    expect((await given.load({})).tasks.map(({ id }) => id)).toEqual(['bd-2']);
    expect((await given.load({ ids: ['bd-1'] })).diagnostics).toMatchObject([
      { code: 'PWT_TASK_UNKNOWN', hint: 'bd-1 is of the type "epic": its parts are tasks.' },
    ]);
  });

  it('start by priority, and have an estimate', async () => {
    const { tasks } = await source([
      issue('a', { priority: 0 }),
      issue('b', { priority: 4, estimated_minutes: 30 }),
      issue('c'),
    ]).load({});
    expect(tasks.map(({ priority, estimateMs }) => [priority, estimateMs])).toEqual([
      [2, undefined],
      [-2, 1_800_000],
      [0, undefined],
    ]);
  });

  it('are read beside lines that are none', async () => {
    const { tasks, diagnostics } = await source(
      [
        '{"id":"a","title":"A"}',
        '<<<<<<< HEAD',
        '',
        '{"_type":"memory","key":"k"}',
        '{"id":"../x","title":"B"}',
        '[]',
      ],
      '.beads/beads.jsonl',
    ).load({});
    expect(tasks.map(({ id }) => id)).toEqual(['a']);
    expect(diagnostics.map(({ code, line, path }) => [code, line, path])).toEqual(
      [2, 5, 6].map((line) => ['PWT_TASK_INVALID', line, '.beads/beads.jsonl']),
    );
  });
});
