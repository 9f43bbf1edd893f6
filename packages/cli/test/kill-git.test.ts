import { beforeAll, describe, expect, it } from 'vitest';
import { canKillInTheMiddle, type Death, type Moment, MortalGit } from './support/mortal-git.js';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';
import { type Followed, follow, type Remains, remains } from './support/remains.js';

/** In full, every kind of git command dies at each change that it makes: two runs of real processes each. */
const PROVE = process.env.PWT_PROVE === '1';
const SAMPLED_DEATHS = 4;
const IDS = ['1', '2', '3'];

let program: string;
beforeAll(async () => {
  program = await buildPwt();
});

/** A death with what it comes in. */
interface PlannedDeath extends Death {
  readonly during: 'run' | 'resume';
}

/** Tasks that commit, that leave their work uncommitted, and that the gate stops. */
async function makeBench(): Promise<{ readonly bench: Workbench; readonly git: MortalGit }> {
  const bench = await Workbench.create(program);
  const { parent } = bench.repository;
  const git = await MortalGit.create(parent);
  bench.prependPath(git.folder);
  const begun = (id: number) => `@append ${parent}/starts-${id} x`;
  await bench.repository.write({
    ...spec(1, 'one.txt', begun(1), '@claims', '@commit one'),
    ...spec(2, 'two.txt', begun(2), '@claims'),
    ...spec(3, 'bad.txt', '**Dependencies**: 1', begun(3), '@claims', '@commit bad'),
  });
  await bench.repository.commitAll('specs');
  return { bench, git };
}

const RESUME = ['resume', '--json'];
const RUN = [...runArguments(['--json', '--yes', '--gate', 'test ! -e bad.txt']), '--', ...scriptedAgent];

async function ended(bench: Workbench, run: Followed, label: string): Promise<Remains> {
  expect(run.lines.at(-1)?.type, `${label}: ${run.stderr}`).toBe('run-finished');
  return remains(bench, IDS, run.lines);
}

/** Lets the death come in a run or in the resumption of one, goes on with what is left, and tells what came of it. */
async function after(death: PlannedDeath, label: string): Promise<Remains | undefined> {
  const { bench, git } = await makeBench();
  try {
    if (death.during === 'resume') await killInTheMiddle(bench);
    await git.plan(death);
    const first = await follow(bench, death.during === 'run' ? RUN : RESUME);
    if (!git.died) return undefined;
    if (first.exitCode !== null) return await ended(bench, first, label);
    const resumed = await follow(bench, RESUME);
    // Before its plan was complete, the run had made nothing: there is nothing to go on with.
    const isGoingOn = resumed.lines.some((line) => line.type === 'run-resumed');
    return await ended(bench, isGoingOn ? resumed : await follow(bench, RUN), label);
  } finally {
    await bench.dispose();
  }
}

/** Starts a run and kills pwt, and nothing else, when the first agent is known to have ended. */
async function killInTheMiddle(bench: Workbench): Promise<void> {
  await follow(bench, RUN, ({ type }, _, child) => {
    if (type === 'agent-exited') child.kill('SIGKILL');
  });
}

/** Who dies, in what. */
const kinds = [
  { victims: 'git', during: 'run' },
  { victims: 'git and pwt', during: 'run' },
  { victims: 'git and pwt', during: 'resume' },
] as const;

/** A run that nothing disturbs, and every death that may come in one like it. */
async function undisturbed(): Promise<{
  readonly expected: Remains;
  readonly deaths: readonly PlannedDeath[];
}> {
  const { bench, git } = await makeBench();
  try {
    if (canKillInTheMiddle()) await git.watch();
    const expected = await ended(bench, await follow(bench, RUN), 'undisturbed');
    const middles = await git.moments();
    const deaths = [...middles].flatMap(([command, middle]) =>
      (['start', ...middle, 'end'] satisfies Moment[]).flatMap((moment) =>
        kinds.map((kind) => ({ command, nth: 1, moment, ...kind })),
      ),
    );
    return { expected, deaths };
  } finally {
    await bench.dispose();
  }
}

/** Always the same ones, from everywhere in the list. */
function sample(deaths: readonly PlannedDeath[]): PlannedDeath[] {
  const writing = deaths.filter(
    ({ moment, victims }) => typeof moment === 'object' && victims === 'git and pwt',
  );
  const from = writing.length === 0 ? deaths : writing;
  const step = from.length / SAMPLED_DEATHS;
  return Array.from({ length: SAMPLED_DEATHS }, (_, index) => from[Math.floor(index * step)]).filter(
    (death) => death !== undefined,
  );
}

/** What of it is otherwise than expected. */
function differenceOf(found: Remains, expected: Remains): Partial<Remains> {
  const isOther = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(expected[name as keyof Remains]);
  return Object.fromEntries(Object.entries(found).filter(isOther));
}

const describeDeath = ({ command, moment, victims, during }: PlannedDeath) =>
  `${during}: ${victims} killed in ${command}, ${typeof moment === 'string' ? `at the ${moment}` : `before ${moment.call} ${moment.nth}`}`;

describe('kill -9 of a git that pwt runs', () => {
  it('ends as it would have, with no lock, worktree or process left', { timeout: 3_600_000 }, async () => {
    const { expected, deaths } = await undisturbed();
    expect(expected).toMatchObject({
      outcomes: { 1: 'landed', 2: 'landed', 3: 'failed' },
      starts: { 1: 1, 2: 1, 3: 1 },
      status: '',
      processes: [],
      wreckage: [],
    });
    const wanted = PROVE ? [...deaths] : sample(deaths);
    const failed: string[] = [];
    let points = 0;
    const worker = async () => {
      for (let death = wanted.shift(); death !== undefined; death = wanted.shift()) {
        const label = describeDeath(death);
        try {
          const found = await after(death, label);
          if (found === undefined) continue;
          points += 1;
          expect(JSON.stringify(differenceOf(found, expected)), label).toBe('{}');
        } catch (error) {
          failed.push(`${label}: ${String(error)}`);
          console.log(`failed: ${label}`);
        }
      }
    };
    await Promise.all([worker(), worker()]);
    const commands = new Set(deaths.map(({ command }) => command)).size;
    console.log(`kill -9 of git: ${points} points in ${commands} kinds of command, ${failed.length} failed`);
    expect(failed.join('\n\n')).toBe('');
    expect(points).toBeGreaterThan(0);
  });
});
