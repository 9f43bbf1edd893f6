import { PwtError, type Radar, type RunEvent, reduceRun, type TaskSighting } from '@pwt/core';
import { ManualClock, MemoryRadar, makeClaims, makeTask, RecordingSink } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { deferred, outcomes, type Work, World, type WorldOptions } from './world.js';

/** Agents that work in steps: each goes on when the test says so. */
class Steps {
  readonly files = new Map<string, Map<string, string>>();
  readonly #ends = new Map<string, ReturnType<typeof deferred<void>>>();
  readonly #begun = new Map<string, ReturnType<typeof deferred<void>>>();

  /** @param ids of tasks whose agents wait until {@link end} */
  constructor(ids: readonly string[]) {
    for (const id of ids) {
      this.#ends.set(id, deferred());
      this.#begun.set(id, deferred());
    }
  }

  get work(): Record<string, Work> {
    return Object.fromEntries([...this.#ends.keys()].map((id) => [id, this.#play(id)]));
  }

  begun(...ids: readonly string[]): Promise<unknown> {
    return Promise.all(ids.map((id) => this.#begun.get(id)?.promise));
  }

  end(...ids: readonly string[]): void {
    for (const id of ids) this.#ends.get(id)?.resolve();
  }

  #play(id: string): Work {
    return async (files) => {
      this.files.set(id, files);
      this.#begun.get(id)?.resolve();
      await this.#ends.get(id)?.promise;
      return 0;
    };
  }
}

/** How long the radar rests after a short look. */
const PAUSE_MS = 2000;

/** Everything is in memory: what is under way has happened before the loop gets to this. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A clock by which the test has the radar look. */
class RadarClock extends ManualClock {
  /** Has it look, until it has recorded what it saw. */
  async look(): Promise<void> {
    await settled();
    this.advance(PAUSE_MS);
    await settled();
  }
}

function setUp(claims: Readonly<Record<string, readonly string[]>>, more: Partial<WorldOptions> = {}) {
  const ids = Object.keys(claims);
  const steps = new Steps(ids);
  const sink = new RecordingSink();
  const clock = new RadarClock();
  const world: World = new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, ...(claims[id] ?? []))),
    work: steps.work,
    sinks: [sink],
    ...more,
  });
  const radar = new MemoryRadar(world.repository, world.provider);
  const start = (replaced: Radar = radar) => world.start(world.coordinator({ radar: replaced, clock }));
  const of = <T extends RunEvent['type']>(type: T) =>
    sink.events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
  const sightings = () =>
    of('work-sighted').map(({ taskId, sighting }): [string, TaskSighting] => [taskId, sighting]);
  return { world, steps, sink, clock, radar, start, of, sightings };
}

const seen = (...paths: readonly string[]) => ({ paths, total: paths.length });

describe('the radar in a run', () => {
  it('records what it sees when it changes, and shows it until the work is in', async () => {
    const { world, steps, clock, start, sightings, sink } = setUp({ '1': ['1.txt'], '2': ['2.txt'] });
    const ended = start();
    await steps.begun('1', '2');
    steps.files.get('1')?.set('README.md', 'one\n');
    steps.files.get('2')?.set('README.md', 'two\n');
    await clock.look();
    await clock.look();
    const outside = seen('README.md');
    const collision = (taskId: string) => ({ colliding: [{ taskId, paths: outside }], outside });
    expect(sightings()).toEqual([
      ['1', collision('2')],
      ['2', collision('1')],
    ]);
    expect(reduceRun(sink.events).tasks.get('1')?.sighting).toEqual(collision('2'));
    steps.files.get('2')?.set('README.md', 'hello\n');
    await clock.look();
    expect(sightings().slice(2)).toEqual([
      ['1', { outside }],
      ['2', {}],
    ]);
    steps.files.get('2')?.set('2.txt', 'two\n');
    steps.end('1', '2');
    expect(outcomes(await ended)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(world.launcher).toBeDefined();
    expect(reduceRun(sink.events).tasks.get('1')?.sighting).toBeUndefined();
  });

  it('claims what an agent keeps changing and nobody holds, so that no task starts that would change it, too', async () => {
    const { steps, clock, start, of } = setUp(
      { '1': ['1.txt'], '2': ['2.txt'], '3': ['2.txt', 'late.txt'] },
      { options: { maxInstances: 3 } },
    );
    const ended = start();
    await steps.begun('1', '2');
    steps.files.get('1')?.set('late.txt', 'one\n').set('2.txt', 'one\n').set('gone.txt', 'x');
    await clock.look();
    expect(of('claims-grown')).toEqual([]);
    steps.files.get('1')?.delete('gone.txt');
    await clock.look();
    const grown = of('claims-grown').flatMap((event) =>
      event.grown.map(({ pattern }) => [event.taskId, pattern]),
    );
    expect(grown).toEqual([['1', 'late.txt']]);
    await clock.look();
    expect(of('claims-grown')).toHaveLength(1);
    // Its claim of the plan is free now, the grown one of task 1 is not.
    steps.end('2');
    await clock.look();
    expect(
      of('task-dispatched')
        .map(({ taskId }) => taskId)
        .sort(),
    ).toEqual(['1', '2']);
    steps.end('1');
    await steps.begun('3');
    steps.end('3');
    await ended;
  });

  it('does not take from the audit what was claimed while the agent ran', async () => {
    const { steps, clock, start, of } = setUp({ '1': ['1.txt'] }, { options: { audit: 'strict' } });
    const ended = start();
    await steps.begun('1');
    steps.files.get('1')?.set('1.txt', 'one\n').set('other.txt', 'one\n');
    await clock.look();
    await clock.look();
    expect(of('claims-grown')).toHaveLength(1);
    steps.end('1');
    expect(outcomes(await ended)).toEqual({ '1': 'held' });
    expect(of('claims-audited')).toMatchObject([{ outside: ['other.txt'] }]);
  });

  it('claims what an agent changes whose task claims nothing, and takes none of it for something outside', async () => {
    const { steps, clock, start, of, sightings } = setUp(
      { '1': [], '2': ['late.txt'] },
      { options: { maxInstances: 1, audit: 'strict' } },
    );
    const ended = start();
    await steps.begun('1');
    steps.files.get('1')?.set('late.txt', 'one\n');
    await clock.look();
    await clock.look();
    expect(of('claims-grown').map(({ grown }) => grown.map(({ pattern }) => pattern))).toEqual([
      ['late.txt'],
    ]);
    expect(sightings().filter(([, { outside }]) => outside !== undefined)).toEqual([]);
    steps.end('1');
    await steps.begun('2');
    steps.end('2');
    expect(outcomes(await ended)).toMatchObject({ '1': 'landed' });
    expect(of('claims-audited')[0]).toMatchObject({ taskId: '1', outside: [] });
    expect(of('warning').map(({ diagnostic }) => diagnostic.code)).not.toContain('PWT_CLAIM_EXCEEDED');
  });

  it('takes the file that a task is specified in for its own, and has it claimed', async () => {
    const spec = 'specs/SPEC-1-task.md';
    const { steps, clock, start, of, sightings } = setUp({ '1': ['1.txt'], '2': [spec] });
    const ended = start();
    await steps.begun('1');
    steps.files.get('1')?.set(spec, 'Status: Done\n');
    await clock.look();
    await clock.look();
    expect(sightings().filter(([, { outside }]) => outside !== undefined)).toEqual([]);
    steps.end('1', '2');
    await ended;
    expect(of('claims-audited')[0]).toMatchObject({ taskId: '1', outside: [] });
    expect(of('warning').map(({ diagnostic }) => diagnostic.code)).not.toContain('PWT_CLAIM_EXCEEDED');
  });

  it('tells the next attempt what was in the way', async () => {
    const { steps, clock, start, of } = setUp(
      { '1': ['1.txt'], '2': ['2.txt'] },
      { options: { retries: { conflict: 1 } } },
    );
    const ended = start();
    await steps.begun('1', '2');
    steps.files.get('1')?.set('README.md', 'one\n');
    steps.files.get('2')?.set('README.md', 'two\n');
    await clock.look();
    steps.end('1', '2');
    await ended;
    const [told] = of('task-continued');
    expect(told?.feedback).toMatch(/Task 1 is at work on the same lines.*`README\.md`/);
    expect(told?.feedback).toMatch(/not part of your task as it was planned: `README\.md`/);
  });

  it('costs the run nothing where it fails: each cause is told once, and a git that is too old for good', async () => {
    let looks = 0;
    const failing: Radar = {
      name: 'failing',
      async look() {
        looks += 1;
        if (looks < 3) throw new Error('no disk');
        throw new PwtError('PWT_GIT_TOO_OLD', 'git 2.38 or newer is needed.', { hint: 'Install it.' });
      },
      async close() {},
    };
    const { steps, clock, start, of } = setUp({ '1': ['1.txt'] });
    const ended = start(failing);
    await steps.begun('1');
    await clock.look();
    await clock.look();
    await clock.look();
    await clock.look();
    steps.files.get('1')?.set('1.txt', 'one\n');
    steps.end('1');
    expect(outcomes(await ended)).toEqual({ '1': 'landed' });
    expect(of('warning').map(({ diagnostic }) => diagnostic.code)).toEqual([
      'PWT_RADAR_FAILED',
      'PWT_GIT_TOO_OLD',
    ]);
    expect(looks).toBe(3);
  });

  it('rests twelve times as long as a look took, and two seconds at least', async () => {
    const begins: number[] = [];
    let tookMs = 0;
    const { steps, clock, start } = setUp({ '1': ['1.txt'] });
    const slow: Radar = {
      name: 'slow',
      async look({ onto }) {
        begins.push(clock.now());
        clock.advance(tookMs);
        return { onto, sightings: [], moved: 0, merges: 0, isPartial: false, durationMs: tookMs };
      },
      async close() {},
    };
    const ended = start(slow);
    await steps.begun('1');
    /** Time between looks, while so much goes by. */
    const between = async (seconds: number) => {
      for (let half = 0; half < seconds * 2; half += 1) {
        clock.advance(500);
        await settled();
      }
      return begins.splice(0).map((at, index, all) => at - (all[index - 1] ?? at));
    };
    tookMs = 500;
    // Less than a tenth of the time.
    expect((await between(25)).slice(0, 3)).toEqual([0, 500 + 12 * 500, 500 + 12 * 500]);
    tookMs = 0;
    expect((await between(15)).slice(-3)).toEqual([PAUSE_MS, PAUSE_MS, PAUSE_MS]);
    steps.files.get('1')?.set('1.txt', 'one\n');
    steps.end('1');
    await ended;
  });
});
