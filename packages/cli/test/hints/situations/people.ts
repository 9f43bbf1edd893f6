import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import { runArguments, scriptedAgent, spec } from '../../support/pwt.js';
import type { Situation } from '../situation.js';
import type { Stage } from '../stage.js';

const RESOLUTION = 'view/resolution-text.ts';
const RESOLVE = 'status/resolve-steps.ts';
const UNFINISHED = 'onto/unfinished-merge.ts';
const QUESTION = 'status/question-steps.ts';

const conflicting = {
  'shared.txt': 'start\n',
  ...spec(1, 'one.txt', '@write shared.txt one', '@write one.txt one'),
  ...spec(2, 'two.txt', '@write shared.txt two', '@write two.txt two'),
};
const asking = { ...spec(1, 'one.txt', '@say Which colour do you want?') };

const lands = (stage: Stage) => stage.bench.repository.filesOf('main');

/** Interrupts a run once it has printed a text; all that it has printed by then. */
async function interruptedAt(stage: Stage, text: string, args: readonly string[]): Promise<string> {
  const child = stage.bench.start(args);
  child.stderr?.resume();
  const ended = new Promise((resolve) => child.on('close', resolve));
  const printed: string[] = [];
  const lines = createInterface({ input: child.stdout as Readable });
  lines.on('line', (line) => {
    printed.push(line);
    if (line.includes(text)) child.kill('SIGINT');
  });
  await ended;
  return printed.join('\n');
}

/** What `status` says of a run that was interrupted while an agent waited for an answer. */
async function question(stage: Stage) {
  await interruptedAt(stage, 'asks you', [...runArguments(['--on-idle', 'ask']), '--', ...scriptedAgent]);
  return stage.pwt('status');
}

/** A run in which one of two tasks conflicts; what it prints, and where that task works. */
async function conflicted(stage: Stage) {
  const run = await stage.run();
  const [, id = ''] = /conflicted +(\d)/.exec(run.stdout) ?? [];
  return { run, worktree: join(stage.bench.repository.parent, `project-wt${id}`) };
}

/** What agents leave to people: conflicts and questions. */
export const people: readonly Situation[] = [
  {
    name: 'a conflict is for a person to resolve',
    hints: [
      ...[`${RESOLVE}: pwt resolve …`, `${RESOLVE}: pwt resolve …`, `${RESOLVE}: pwt land …`],
      `${RESOLUTION}: git -C … status`,
      ...[`${RESOLUTION}: git -C … commit --all --no-edit`, `${RESOLUTION}: git -C … merge --abort`],
      `${RESOLUTION}: pwt land …`,
    ],
    files: conflicting,
    async play(stage) {
      const { run, worktree } = await conflicted(stage);
      const first = await stage.follow(`${RESOLVE}: pwt resolve …`, run);
      const looked = await stage.follow(`${RESOLUTION}: git -C … status`, first);
      expect(looked.stdout).toContain('both modified');
      const abort = [`${RESOLUTION}: git -C … merge --abort`];
      expect(await stage.followLine(abort, /To put it off: (.*)$/m, first)).toMatchObject({
        exitCode: 0,
      });
      const again = await stage.follow(`${RESOLVE}: pwt resolve …`, run);
      const status = await stage.pwt('status');
      await writeFile(join(worktree, 'shared.txt'), 'both\n');
      const commit = [`${RESOLUTION}: git -C … commit --all --no-edit`];
      const committed = await stage.followLine(commit, /Commit: (.*)$/m, again);
      expect(committed).toMatchObject({ exitCode: 0 });
      stage.printed(`${RESOLVE}: pwt land …`, status);
      expect(await stage.follow(`${RESOLUTION}: pwt land …`, again)).toMatchObject({ exitCode: 0 });
      expect(await lands(stage)).toMatchObject({ 'shared.txt': 'both\n', 'two.txt': 'two\n' });
    },
  },
  {
    name: 'a person goes on with a merge that is not finished',
    hints: [
      ...[`${UNFINISHED}: git -C … commit -a`, `${UNFINISHED}: pwt resume`],
      ...[`${UNFINISHED}: git -C … status`, `${RESOLVE}: pwt resolve …`, `${RESOLUTION}: pwt land …`],
    ],
    files: conflicting,
    async play(stage) {
      const { run, worktree } = await conflicted(stage);
      const resolution = await stage.follow(`${RESOLVE}: pwt resolve …`, run);
      const held = await stage.follow(`${RESOLUTION}: pwt land …`, resolution);
      expect(held).toMatchObject({ exitCode: 1 });
      const looked = await stage.follow(`${UNFINISHED}: git -C … status`, held);
      expect(looked.stdout).toContain('both modified');
      await writeFile(join(worktree, 'shared.txt'), 'both\n');
      const [, said = ''] = /then: (git -C [^,]*),/.exec(held.stdout) ?? [];
      const commit = stage.printed(`${UNFINISHED}: git -C … commit -a`, said);
      // The editor of a person, who keeps the message.
      expect(await stage.sh(`GIT_EDITOR=true ${commit}`)).toMatchObject({ exitCode: 0 });
      expect(await stage.follow(`${UNFINISHED}: pwt resume`, held)).toMatchObject({ exitCode: 0 });
      expect(await lands(stage)).toMatchObject({ 'shared.txt': 'both\n' });
    },
  },
  {
    name: 'an agent asks something',
    hints: [
      ...[`${QUESTION}: pwt answer … 'your answer'…`, `${QUESTION}: pwt logs …`],
      'commands/answer.ts: pwt resume …',
    ],
    files: asking,
    async play(stage) {
      const asked = await question(stage);
      expect((await stage.follow(`${QUESTION}: pwt logs …`, asked)).stdout).toContain('Which colour');
      const answered = await stage.follow(`${QUESTION}: pwt answer … 'your answer'…`, asked);
      const [, ...resume] = stage.printed('commands/answer.ts: pwt resume …', answered).split(' ');
      // The agent asks the same again.
      const resumed = await interruptedAt(stage, 'asks you', resume);
      expect(resumed).toContain('you have answered: your answer');
    },
  },
  {
    name: 'an agent that asks is given up',
    hints: [`${QUESTION}: pwt stop …`, 'commands/stop.ts: pwt resume …'],
    files: asking,
    async play(stage) {
      const asked = await question(stage);
      const stopped = await stage.follow(`${QUESTION}: pwt stop …`, asked);
      const resumed = await stage.follow('commands/stop.ts: pwt resume …', stopped);
      expect(resumed.stdout).toMatch(/cancelled +1/);
    },
  },
  {
    name: 'there is nothing to answer, to stop or to resolve',
    hints: [
      "operations/questions/say.ts: pwt retry … -m 'what it should know' --run …",
      ...[
        'operations/questions/say.ts: pwt status --run …',
        'operations/questions/say.ts: pwt status --run …',
      ],
      'pipeline/resolvable.ts: pwt status --run …',
    ],
    files: { ...spec(1, 'one.txt', '@exit 3'), ...spec(2, 'two.txt', '@write two.txt two') },
    async play(stage) {
      await stage.run();
      const name = 'operations/questions/say.ts: pwt status --run …';
      for (const refused of [await stage.pwt('answer', '2', 'yes'), await stage.pwt('stop', '1')]) {
        expect(refused).toMatchObject({ exitCode: 2 });
        expect(await stage.follow(name, refused)).toMatchObject({ exitCode: 0 });
      }
      const resolve = await stage.pwt('resolve', '2');
      const shown = await stage.follow('pipeline/resolvable.ts: pwt status --run …', resolve);
      expect(shown).toMatchObject({ exitCode: 0 });
      const failed = await stage.pwt('answer', '1', 'yes');
      const retry = "operations/questions/say.ts: pwt retry … -m 'what it should know' --run …";
      expect((await stage.follow(retry, failed)).stdout).toContain('1: attempt 2 begins');
    },
  },
];
