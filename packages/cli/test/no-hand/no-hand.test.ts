import { beforeAll, describe, expect, it } from 'vitest';
import { buildPwt } from '../support/pwt.js';
import { remains } from '../support/remains.js';
import { reboot } from './reboot.js';
import { continued, drive, type Event, letGoOn, makeBench, runCommand, type Work } from './scenario.js';

const PROVE = process.env.PWT_PROVE === '1';

/** Everything that can go wrong, once; a red gate comes after the reboot, as its task waits for a long one. */
const SAMPLE: Work = {
  1: '@long',
  2: '@clash a.txt 3',
  3: '@clash a.txt 2',
  4: '@red',
  5: 'Depends on: 6\n\n@quota',
  6: '@plain',
  7: 'Depends on: 1\n\n@red',
};

/** Twenty tasks: two conflicts, three red gates, a quota. */
const FULL: Work = {
  ...SAMPLE,
  8: '@clash b.txt 9',
  9: '@clash b.txt 8',
  10: '@red',
  11: 'Depends on: 7\n\n@plain',
  12: '@long',
  ...Object.fromEntries(['13', '14', '15', '16', '17', '18', '19', '20'].map((id) => [id, '@plain'])),
};

const landed = (events: readonly Event[]) =>
  events.filter(({ type }) => type === 'integrated').map(({ taskId }) => taskId);

/** When pwt dies: by what it has said. */
const DEATHS: Readonly<Record<string, (events: readonly Event[], work: Work) => boolean>> = {
  'in the middle': (events, work) =>
    continued(events, 'conflict') ===
      Object.values(work).filter((line) => line.includes('@clash')).length / 2 &&
    continued(events, 'gate-red') > 0 &&
    events.some(({ type }) => type === 'agent-paused') &&
    landed(events).length >= 3,
  'at its quota': (events) => events.some(({ type }) => type === 'agent-paused'),
  'at the first red gate': (events) => continued(events, 'gate-red') > 0,
  'at the first conflict': (events) => continued(events, 'conflict') > 0,
  'when most has landed': (events, work) => landed(events).length >= Object.keys(work).length * 0.6,
};

let program: string;
beforeAll(async () => {
  program = await buildPwt();
});

/** A run that meets all of it, and the one command that a person gives after the reboot. */
async function withoutHand(work: Work, death: string): Promise<void> {
  const ids = Object.keys(work);
  const bench = await makeBench(program, work);
  try {
    const isEnd = DEATHS[death];
    if (isEnd === undefined) throw new Error(death);
    const first = await drive(bench, runCommand(bench), (events) => isEnd(events, work));
    expect(first.exitCode, first.stderr).toBeNull();
    const killed = await reboot(bench.repository.parent);
    // The long tasks' agents and their supervisors, at least.
    expect(killed).toBeGreaterThanOrEqual(2);
    await letGoOn(bench);

    const resumed = await drive(bench, ['resume', '--json']);
    const status = resumed.exitCode === 0 ? '' : (await bench.pwt(['status'])).stdout;
    expect(resumed.exitCode, `${resumed.stderr}\n${status}`).toBe(0);
    const left = await remains(bench, ids, resumed.lines);
    expect(left).toMatchObject({
      outcomes: Object.fromEntries(ids.map((id) => [id, 'landed'])),
      worktrees: 1,
      branches: ['main'],
      status: '',
      processes: [],
      wreckage: [],
    });
    for (const [id, line] of Object.entries(work)) {
      const [, file] = /@clash (\S+)/.exec(line) ?? [];
      if (file !== undefined) expect(left.files[file]).toMatch(new RegExp(`^by ${id}$`, 'm'));
      if (file !== undefined) expect(left.files[file]).not.toMatch(/[<>=]{7}|nobody/);
      expect(left.files[`work/${id}.txt`]).toBe(line.includes('@red') ? `blue-${id}\n` : 'done\n');
    }
    const events = [...first.lines, ...resumed.lines] as readonly Event[];
    expect(continued(events, 'gate-red')).toBe(
      Object.values(work).filter((line) => line.includes('@red')).length,
    );
    expect(events.some(({ type }) => type === 'agent-paused')).toBe(true);
    if (death === 'in the middle') expect(continued(events, 'conflict')).toBe(PROVE ? 2 : 1);
  } finally {
    await bench.dispose();
  }
}

describe.skipIf(process.platform !== 'linux')(
  'a run with conflicts, red gates, an exhausted quota and a reboot',
  () => {
    it.each(PROVE ? Object.keys(DEATHS) : ['in the middle'])(
      'lands all its work with one pwt resume: killed %s',
      { timeout: 600_000 },
      async (death) => withoutHand(PROVE ? FULL : SAMPLE, death),
    );
  },
);
