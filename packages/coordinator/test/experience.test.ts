import type { Gate } from '@pwt/core';
import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import type { ExperienceStore, Lessons } from '../src/index.js';
import { killAt } from './mortal.js';
import { RUN_ID, World, writes } from './world.js';

/** Every kill, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 3;

class Store implements ExperienceStore {
  readonly learned: Lessons[] = [];
  async recall() {
    return {
      agentMs: () => undefined,
      gate: () => undefined,
      prior: { tasks: { decided: 0, red: 0 }, gates: { green: 0, flaky: 0 } },
    };
  }
  async learn(lessons: Lessons) {
    this.learned.push(lessons);
  }
  get taskIds() {
    return this.learned.map(({ tasks }) => tasks.map(({ task }) => task.id).sort());
  }
  get decided() {
    return this.learned.map(({ record }) => record.tasks);
  }
}

/** The second of three tasks breaks the gate, and the agent of the third fails. One runs at a time. */
function makeWorld(firstAgent: () => void = () => undefined): World {
  const ids = ['1', '2', '3'];
  return new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: {
      '1': (files) => {
        firstAgent();
        return writes('1.txt')(files);
      },
      '2': writes('2.txt'),
      '3': () => 1,
    },
    options: { maxInstances: 1 },
    gate,
  });
}

const gate: Gate = {
  name: 'scripted',
  fingerprint: 'g',
  async run({ subject }) {
    return subject.kind === 'tasks' && subject.taskIds.includes('2')
      ? { status: 'red', durationMs: 70, exitCode: 1, summary: 'no' }
      : { status: 'green', durationMs: 70 };
  },
};

describe('what a run has taken', () => {
  it('is told at its end: how long agents took that finished, what the gate took, how many tasks were red', async () => {
    const world = makeWorld();
    const experience = new Store();
    await world.start(world.coordinator({ experience }));
    expect(experience.taskIds).toEqual([['1', '2']]);
    expect(experience.decided).toEqual([{ decided: 2, red: 1 }]);
    expect(experience.learned[0]?.gates[0]).toEqual({ fingerprint: 'g', durationMs: 70 });
    expect(experience.learned[0]?.tasks.every(({ agentMs }) => agentMs >= 0)).toBe(true);
  });

  it('counts a gate as flaky that was red and then green on one tree, and blames no task for it', async () => {
    const seen = new Set<string>();
    const world = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', '1.txt')],
      work: { '1': writes('1.txt') },
      gate: {
        name: 'flaky',
        async run({ commit, subject }) {
          const isFirst = !seen.has(commit);
          seen.add(commit);
          return isFirst && subject.kind === 'tasks'
            ? { status: 'red', durationMs: 70, exitCode: 1, summary: 'no' }
            : { status: 'green', durationMs: 70 };
        },
      },
    });
    const experience = new Store();
    await world.start(world.coordinator({ experience }));
    const [lessons] = experience.learned;
    expect(lessons?.record.tasks).toEqual({ decided: 1, red: 0 });
    expect(lessons?.record.gates.flaky).toBe(1);
    expect(lessons?.gates).toEqual([]);
  });

  it('is told when it is stopped, and the rest when it is resumed', async () => {
    const experience = new Store();
    let stop: () => void = () => undefined;
    const world = makeWorld(() => stop());
    const coordinator = world.coordinator({ experience });
    stop = () => void coordinator.stop('drain');
    await world.start(coordinator);
    await world.coordinator({ experience }).resume({ runId: RUN_ID });
    await world.coordinator({ experience }).land({ runId: RUN_ID });
    expect(experience.taskIds).toEqual([['1'], ['2']]);
    expect(experience.decided).toEqual([
      { decided: 1, red: 0 },
      { decided: 1, red: 1 },
    ]);
  });

  it('is told once by the process that resumes a run, wherever the one before it was killed', async () => {
    let kills = 0;
    for (let at = 1; await killAt(makeWorld(), at, 'after'); at += 1) kills += 1;
    for (let at = 1; at < kills; at += STEP) {
      const world = makeWorld();
      await killAt(world, at, 'after');
      if (!(await world.journals.read(RUN_ID)).some(({ type }) => type === 'run-planned')) continue;
      const experience = new Store();
      await world.coordinator({ experience }).resume({ runId: RUN_ID });
      expect(experience.taskIds, `killed at ${at}`).toEqual([['1', '2']]);
      expect(experience.decided, `killed at ${at}`).toEqual([{ decided: 2, red: 1 }]);
    }
    expect(kills).toBeGreaterThan(20);
  });
});
