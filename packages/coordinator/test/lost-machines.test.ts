import type { AgentExit, LaunchRequest, Radar, RepositoryWatch, RunEvent } from '@pwt/core';
import { ManualClock, MemoryMachines, makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { killAt } from './mortal.js';
import { fileGate, outcomes, RUN_ID, type Work, World, type WorldOptions } from './world.js';

/** Every kill, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 5;

/** A world of machines; an agent that ends with `lose` takes its machine with it, and another one joins. */
class Fleet extends World {
  readonly machines: MemoryMachines;
  readonly seen: LaunchRequest[] = [];

  constructor(work: Readonly<Record<string, Work>>, more: Partial<WorldOptions> = {}) {
    let machines: MemoryMachines | undefined;
    const ids = Object.keys(work);
    super({
      tasks: ids.map((id) => makeTask(id)),
      claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
      options: { maxInstances: 1 },
      provider: (repository) => {
        machines = new MemoryMachines(repository, { m1: {} });
        return machines;
      },
      ...more,
      work: Object.fromEntries(
        Object.entries(work).map(([id, play]): [string, Work] => [
          id,
          (files, agent) => {
            this.seen.push(agent.request);
            return play(files, agent);
          },
        ]),
      ),
    });
    if (machines === undefined) throw new Error('the world makes its provider at once');
    this.machines = machines;
  }

  /** The machine of this agent is gone, and its agent with it. */
  lose({ attempt }: LaunchRequest): Pick<AgentExit, 'kind' | 'lostWith'> {
    const { host = '' } = attempt.workspace;
    this.machines.lose(host);
    this.machines.join(`m${Number(host.slice(1)) + 1}`);
    return { kind: 'lost', lostWith: host };
  }

  get hosts(): readonly (string | undefined)[] {
    return this.seen.map(({ attempt }) => attempt.workspace.host);
  }
}

/** Loses the machine of so many attempts, and then writes. */
function losing(times: number, { path = '1.txt', text = 'new\n' } = {}): (fleet: () => Fleet) => Work {
  return (fleet) => (files, agent) => {
    files.set('kept.txt', 'saved\n');
    if (agent.request.attempt.number <= times) return fleet().lose(agent.request);
    files.set(path, text);
    return 0;
  };
}

function fleetOf(work: (fleet: () => Fleet) => Work, more: Partial<WorldOptions> = {}): Fleet {
  const fleet: Fleet = new Fleet({ '1': work(() => fleet) }, more);
  return fleet;
}

async function eventsOf<T extends RunEvent['type']>(fleet: Fleet, type: T) {
  const log = await fleet.journals.read(RUN_ID);
  return log.filter((event): event is Extract<RunEvent, { readonly type: T }> => event.type === type);
}

describe('a machine that is lost', () => {
  it('costs no attempt, without any policy of attempts: its task goes on on another one', async () => {
    const fleet = fleetOf(losing(1));
    expect(outcomes(await fleet.start())).toEqual({ '1': 'landed' });
    expect(fleet.landed()).toMatchObject({ '1.txt': 'new\n', 'kept.txt': 'saved\n' });
    expect(fleet.hosts).toEqual(['m1', 'm2']);
    const [continued] = await eventsOf(fleet, 'task-continued');
    expect(continued).toMatchObject({
      uncounted: true,
      ending: { status: 'failed', failure: { kind: 'lost', machine: 'm1' } },
    });
    expect(continued?.ending.reason).toContain('machine m1 was lost');
  });

  it('is told to the next agent, which resumes no session of it', async () => {
    const fleet = fleetOf((get) => (files, agent) => {
      agent.say({ kind: 'message', text: 'session started', sessionId: 'ses-1' });
      return losing(1)(get)(files, agent);
    });
    await fleet.start();
    expect(fleet.seen[1]?.continues?.feedback).toContain('machine that it was done on was lost');
    expect(fleet.seen[1]?.continues?.sessionId).toBeUndefined();
  });

  it('leaves the number of further attempts as it was, and its own begins anew', async () => {
    const fleet = fleetOf(
      (get) => (files, agent) => {
        const { number } = agent.request.attempt;
        files.set('1.txt', number < 10 ? 'bad\n' : 'new\n');
        return number === 4 || number === 10 ? 0 : get().lose(agent.request);
      },
      {
        options: { maxInstances: 1, retries: { 'gate-red': 1 } },
        gate: fileGate((files) => (files.get('1.txt') === 'bad\n' ? 'red' : undefined)),
      },
    );
    expect(outcomes(await fleet.start())).toEqual({ '1': 'landed' });
    const kinds = (await eventsOf(fleet, 'task-continued')).map(({ ending }) => ending.failure?.kind);
    expect(kinds).toEqual([...Array(3).fill('lost'), 'gate-red', ...Array(5).fill('lost')]);
  });

  it('is recorded with the new place of the workspace, which every later step uses', async () => {
    const fleet = fleetOf(losing(1));
    await fleet.start();
    const [created, anew] = await eventsOf(fleet, 'workspace-created');
    expect(created?.workspace).toMatchObject({ host: 'm1', path: '/machines/m1/1' });
    expect(anew?.workspace).toMatchObject({ id: created?.workspace.id, host: 'm2', path: '/machines/m2/1' });
    const removing = await eventsOf(fleet, 'workspace-removing');
    expect(removing.map(({ workspace }) => workspace.host)).toEqual(['m2']);
  });

  it('also where it is lost between the attempts', async () => {
    const fleet = fleetOf((get) => (files, agent) => {
      if (agent.request.attempt.number === 1) return get().lose(agent.request);
      files.set('1.txt', 'new\n');
      return 0;
    });
    // The second one goes when the workspace has been found, and before it is moved.
    const { machines } = fleet;
    const create = machines.create.bind(machines);
    machines.create = async (request) => {
      const created = await create(request);
      if (created.workspace.host === 'm2') {
        machines.lose('m2');
        machines.join('m3');
      }
      return created;
    };
    expect(outcomes(await fleet.start())).toEqual({ '1': 'landed' });
    expect(fleet.hosts).toEqual(['m1', 'm3']);
    const [moved] = await eventsOf(fleet, 'workspace-moved');
    expect(moved?.workspace).toMatchObject({ host: 'm3', path: '/machines/m3/1' });
  });

  it('ends its task when five in a row were lost before, and names them', async () => {
    const fleet = fleetOf(losing(6));
    const summary = await fleet.start();
    expect(fleet.hosts).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
    expect(summary.tasks[0]).toMatchObject({ status: 'failed', failure: { kind: 'lost', machine: 'm6' } });
    expect(summary.tasks[0]?.reason).toMatch(/machine m6 was lost.*\(on m1, m2, m3, m4, m5\)/);
    // Wanted once more, it has five again.
    expect(outcomes(await fleet.coordinator().resume({ runId: RUN_ID, retry: ['1'] }))).toEqual({
      '1': 'landed',
    });
  });

  it('goes on in a run that is resumed', async () => {
    const fleet = fleetOf(losing(1));
    await killAt(fleet, ({ type }) => type === 'task-continued', 'after');
    expect(outcomes(await fleet.coordinator().resume({ runId: RUN_ID }))).toEqual({ '1': 'landed' });
    expect(fleet.hosts).toEqual(['m1', 'm2']);
  });
});

describe('what is on another machine', () => {
  it('is not looked at from here: no agent there is followed, and the radar is given nothing of it', async () => {
    let isLooked = false;
    const followed: string[] = [];
    const seen: string[] = [];
    const clock = new ManualClock();
    const fleet: Fleet = new Fleet(
      {
        '1': async (files) => {
          for (let turn = 0; turn < 500 && !isLooked; turn += 1) {
            await clock.advance(2_500);
            await new Promise(setImmediate);
          }
          expect(isLooked).toBe(true);
          files.set('1.txt', 'new\n');
          return 0;
        },
      },
      { clock },
    );
    const watch: RepositoryWatch = {
      follow: (agents) => void followed.push(...agents.map(({ taskId }) => taskId)),
      blame: async () => ({ by: [] }) as never,
      settle: async () => undefined,
      stop: async () => undefined,
    };
    Object.assign(fleet.observer, { watch: async () => watch });
    const radar: Radar = {
      name: 'test',
      async look({ works }) {
        seen.push(...works.map(({ id }) => id));
        isLooked = true;
        return { sightings: [] } as never;
      },
      close: async () => undefined,
    };
    expect(outcomes(await fleet.start(fleet.coordinator({ radar })))).toEqual({ '1': 'landed' });
    expect([followed, seen]).toEqual([[], []]);
    expect(await eventsOf(fleet, 'warning')).toEqual([]);
  });
});

describe('a task that asks for labels', () => {
  it('gets a machine that has them, at once, ready before and again; it waits for one', async () => {
    const write: Work = (files, { request }) => {
      files.set(`${request.task.id}.txt`, 'new\n');
    };
    const tasks = ['1', '2', '3'].map((id) =>
      makeTask(id, id === '1' ? {} : { runsOn: { gpu: id === '2' ? '1' : '2' } }),
    );
    const fleet: Fleet = new Fleet(
      {
        '1': write,
        '2': (files, agent) => {
          if (agent.request.attempt.number > 1) return write(files, agent);
          fleet.machines.lose('gpu');
          fleet.machines.join('other', { gpu: '1' });
          return { kind: 'lost', lostWith: 'gpu' };
        },
        '3': write,
      },
      { tasks },
    );
    fleet.machines.join('gpu', { gpu: '1' });
    // The third one waits until a machine of its kind is there.
    const create = fleet.machines.create.bind(fleet.machines);
    fleet.machines.create = async (request) => {
      const made = create(request);
      if (request.taskId === '3') fleet.machines.join('big', { gpu: '2', os: 'linux' });
      return made;
    };
    expect(outcomes(await fleet.start())).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    const places = fleet.seen.map(({ attempt }) => [attempt.taskId, attempt.workspace.host]);
    expect(places.sort()).toEqual([
      ['1', 'm1'],
      ['2', 'gpu'],
      ['2', 'other'],
      ['3', 'big'],
    ]);
  });
});

describe('machines that are lost, and a coordinator that is killed at any append', {
  timeout: 600_000,
}, () => {
  const make = () => fleetOf(losing(2));
  const label = (fleet: Fleet) => ({ hosts: fleet.hosts, landed: fleet.landed() });

  it('end as they would have', async () => {
    const undisturbed = make();
    await undisturbed.start();
    const expected = label(undisturbed);
    expect(expected.hosts).toEqual(['m1', 'm2', 'm3']);
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = when === 'before' ? 3 : 4; ; at += STEP) {
        const fleet = make();
        if (!(await killAt(fleet, at, when))) break;
        kills += 1;
        const log = await fleet.journals.read(RUN_ID);
        if (!log.some((event) => event.type === 'run-planned')) continue;
        const how = `killed ${when} append ${at}`;
        expect(outcomes(await fleet.coordinator().resume({ runId: RUN_ID })), how).toEqual({ '1': 'landed' });
        expect(fleet.landed(), how).toEqual(expected.landed);
        expect([...new Set(fleet.hosts)], how).toEqual(expected.hosts);
      }
    }
    console.log(`lost machines, kills at an append: ${kills} points, 0 failed`);
    expect(kills).toBeGreaterThan(50 / STEP);
  });
});
