import type { Finding } from '@pwt/core';
import { makeClaims, makeTask, RecordingSink } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { killAt } from './mortal.js';
import { outcomes, RUN_ID, World, writes } from './world.js';

/** A run of two tasks, one after the other; the agent of the first commits to the target. */
function worldIn(subjects: readonly string[], more: Partial<ConstructorParameters<typeof World>[0]> = {}) {
  const sink = new RecordingSink();
  const world: World = new World({
    tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] })],
    claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
    work: {
      '1': (files) => {
        for (const subject of subjects) commit(world, subject);
        files.set('1.txt', 'x');
        return 0;
      },
      '2': writes('2.txt'),
    },
    sinks: [sink],
    ...more,
  });
  const findings = (): readonly Finding[] =>
    sink.events.flatMap((event) => (event.type === 'finding' ? [event.finding] : []));
  return { world, findings };
}

/** Puts a commit on the target that no run has made. */
function commit({ repository }: World, subject: string): string {
  const tip = repository.refs.get('refs/heads/main') ?? '';
  const files = new Map(repository.read(tip).files).set(`${subject}.txt`, subject);
  const id = repository.commit(files, [tip], `${subject}\n\nmore`);
  repository.refs.set('refs/heads/main', id);
  return id;
}

describe('commits on the target that the run did not make', () => {
  it('are told once, calmly, with the task whose agent was running and the command that shows them', async () => {
    const { world, findings } = worldIn(['a', 'b']);
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(summary.success).toBe(true);
    expect(findings()).toMatchObject([{ kind: 'target', severity: 'info', taskIds: ['1'] }]);
    const [{ message, hint = '' } = { message: '' }] = findings();
    expect(message).toMatch(
      /^main got 2 commits that this run did not make: [0-9a-f]{10} b; [0-9a-f]{10} a\./,
    );
    expect(message).toContain('tested together');
    expect(message).toContain('The agent of task 1 was running.');
    expect(hint).toContain(`git log ${world.base.slice(0, 10)}..`);
  });

  it('are counted where there are many of them', async () => {
    const { world, findings } = worldIn(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    await world.start();
    expect(findings()).toHaveLength(1);
    expect(findings()[0]?.message).toContain('got 7 commits');
    expect(findings()[0]?.message).toContain(' and 2 more.');
  });

  it('are told move by move, also while nothing lands', async () => {
    const { world, findings } = worldIn(['a'], { options: { autoMerge: false } });
    await world.start();
    commit(world, 'b');
    const later = world.coordinator();
    expect(outcomes(await later.land({ runId: RUN_ID }))).toEqual({ '1': 'landed', '2': 'landed' });
    expect(findings().map(({ message }) => message)).toMatchObject([
      expect.stringMatching(/got a commit .* a\./),
      expect.stringMatching(/got a commit .* b\./),
    ]);
    expect(findings()[1]?.taskIds).toEqual([]);
  });

  it('are not called tested where nothing lands after them', async () => {
    const { world, findings } = worldIn([], {
      sinks: [],
      work: { '1': writes('1.txt'), '2': writes('2.txt') },
    });
    await world.start();
    commit(world, 'late');
    const later = world.coordinator({ sinks: [] });
    await later.resume({ runId: RUN_ID });
    expect(findings()).toEqual([]);
    expect(later.state.findings).toMatchObject([{ message: expect.stringContaining('has not tested them') }]);
  });

  it('do not count what the run has made, where a person has joined it', async () => {
    const { world, findings } = worldIn([], { options: { autoMerge: false } });
    await world.start();
    const work = world.repository.refs.get(`refs/pwt/${RUN_ID}/integration`) ?? '';
    const id = world.repository.commit(world.repository.read(work).files, [world.base, work], 'by hand');
    world.repository.refs.set('refs/heads/main', id);
    await world.coordinator().land({ runId: RUN_ID });
    expect(findings()).toMatchObject([{ message: expect.stringMatching(/got a commit .* by hand\./) }]);
  });

  it('are told once, wherever the process is killed', async () => {
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const { world } = worldIn(['a']);
        if (!(await killAt(world, at, when))) break;
        if ((await world.journals.list()).length === 0) continue;
        const later = world.coordinator();
        try {
          await later.resume({ runId: RUN_ID });
        } catch {
          // It was killed before it had begun.
          continue;
        }
        kills += 1;
        const told = later.state.findings.filter(({ kind }) => kind === 'target');
        expect(told.length, `killed ${when} append ${at}`).toBeGreaterThan(0);
        const tips = told.map(({ subjects }) => subjects?.[1]);
        expect(new Set(tips).size, `killed ${when} append ${at}`).toBe(tips.length);
      }
    }
    expect(kills).toBeGreaterThan(20);
  });
});
