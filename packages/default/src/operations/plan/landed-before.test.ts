import { type NewRunEvent, PwtError, type RunState, type Task } from '@pwt/core';
import { Git } from '@pwt/git';
import {
  makeClaims,
  makeRunOptions,
  makeState,
  makeTask,
  makeTaskEvents,
  TemporaryRepository,
} from '@pwt/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { landedBefore, landedDiagnostics } from './landed-before.js';

let repository: TemporaryRepository;
let first: string;
let second: string;

beforeEach(async () => {
  repository = await TemporaryRepository.create();
  first = await repository.git('rev-parse', 'HEAD');
  second = await repository.commitAll('Second');
});

afterEach(() => repository.dispose());

function withSpec(id: string, hash: string): Task {
  return makeTask(id, { specs: [{ path: `${id}.md`, text: hash, hash }] });
}

/** A run whose tasks have come to this, with its last landing at a commit. */
function run(
  runId: string,
  landedTip: string,
  tasks: readonly (readonly [Task, 'landed' | 'integrated' | 'failed' | undefined])[],
): RunState {
  const landed = tasks.filter(([, outcome]) => outcome === 'landed').map(([task]) => task.id);
  const state = makeState(
    { type: 'run-started', target: 'main', base: first, options: makeRunOptions(), settings: {} },
    ...tasks.flatMap(([task, outcome]): NewRunEvent[] => [
      { type: 'task-planned', taskId: task.id, task, claims: makeClaims(task.id) },
      ...(outcome === 'landed' || outcome === 'integrated' ? makeTaskEvents(task.id, 'integrated') : []),
      ...(outcome === 'failed'
        ? [{ type: 'task-finished', taskId: task.id, status: outcome, reason: 'no' } as const]
        : []),
    ]),
    { type: 'landed', target: 'main', from: first, to: landedTip, taskIds: landed },
  );
  return { ...state, runId };
}

async function among(runs: readonly RunState[], tasks: readonly Task[], target = 'main', commit = second) {
  const store = {
    list: async () => [...runs.map((entry) => entry.runId), 'z-broken'],
    state: async (runId: string) => {
      const found = runs.find((entry) => entry.runId === runId);
      if (found) return found;
      throw new PwtError('PWT_JOURNAL_CORRUPT', 'broken');
    },
  };
  const git = new Git({ cwd: repository.path, env: repository.env });
  return Object.fromEntries(await landedBefore(store, git, { branch: target, commit })(tasks));
}

describe('landedBefore', () => {
  it('knows tasks whose unchanged specs have landed, and no others', async () => {
    const runs = [
      run('a', first, [
        [withSpec('1', 'aa'), 'landed'],
        [withSpec('2', 'bb'), 'landed'],
        [withSpec('3', 'cc'), 'failed'],
        [withSpec('4', 'dd'), 'integrated'],
      ]),
    ];
    const tasks = [withSpec('1', 'aa'), withSpec('2', 'changed'), withSpec('3', 'cc'), withSpec('4', 'dd')];
    expect(await among(runs, tasks)).toEqual({ '1': 'a' });
  });

  it('knows those whose specs are as in the commit that landed them', async () => {
    await repository.write(
      Object.fromEntries(['1', '2', '3', '4'].map((id) => [`${id}.md`, '- [ ] planned\n'])),
    );
    await repository.write({ '5.md': '- [ ] planned, and more\n' });
    const onto = await repository.commitAll('Planned');
    const specs = { '1.md': '- [x] a\n', '2.md': '- [x] b\n', '3.md': '- [x] c\n', '4.md': '- [x] d\n' };
    await repository.write(specs);
    const landed = await repository.commitAll('Ticked');
    const planned = ['1', '2', '3', '4', '5'].map((id) => withSpec(id, '- [ ] planned\n'));
    const state = run(
      'a',
      landed,
      planned.map((task) => [task, 'landed'] as const),
    );
    const tasks = new Map(
      [...state.tasks].map(([id, task]) => [id, { ...task, onto, integratedAs: landed } as typeof task]),
    );
    const part = makeTask('4', { specs: [{ path: '4.md', text: '- [x] d\n', hash: 'dd', firstLine: 1 }] });
    const now = [
      withSpec('1', '- [x] a\n'),
      withSpec('2', '- [x] b\r\n'),
      withSpec('3', '- [x] c, and more\n'),
      part,
      // Somebody has asked for more, before the work was joined.
      withSpec('5', '- [ ] planned, and more\n'),
    ];
    expect(await among([{ ...state, tasks }], now, 'main', landed)).toEqual({ '1': 'a', '2': 'a' });
  });

  it('knows a task by the id that its source gave it, and mixes it up with none of another source', async () => {
    const from = (source: string, id: string, idInSource?: string): Task => ({
      ...withSpec(id, 'aa'),
      source,
      ...(idInSource === undefined ? {} : { idInSource }),
    });
    const long = from('agent-os', 'agent-os-1', '1');
    const short = from('agent-os', '1');
    const other = from('kiro', '1');
    expect(await among([run('a', first, [[long, 'landed']])], [short])).toEqual({ '1': 'a' });
    expect(await among([run('a', first, [[short, 'landed']])], [long])).toEqual({ 'agent-os-1': 'a' });
    expect(await among([run('a', first, [[short, 'landed']])], [other])).toEqual({});
  });

  it('does not trust a landing on another branch, or one that the branch no longer contains', async () => {
    const task = withSpec('1', 'aa');
    expect(await among([run('a', first, [[task, 'landed']])], [task], 'other')).toEqual({});
    expect(await among([run('a', second, [[task, 'landed']])], [task], 'main', first)).toEqual({});
  });
});

describe('landedDiagnostics', () => {
  it('says once which tasks were left out and how to run them all the same', () => {
    const many = new Map(Array.from({ length: 12 }, (_, index) => [String(index), 'a']));
    expect(landedDiagnostics(many)[0]?.message).toMatch(/9 and 2 more\.$/);
    expect(landedDiagnostics(new Map([['7', 'a']]))[0]?.hint).toBe(
      'To run one of them again, name it: pwt run 7',
    );
    expect(landedDiagnostics(new Map())).toEqual([]);
  });
});
