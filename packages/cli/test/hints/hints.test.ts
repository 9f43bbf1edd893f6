import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPwt } from '../support/pwt.js';
import { followedBy, listed, noHints } from './listed.js';
import { scanHints } from './scan.js';
import { commands } from './situations/commands.js';
import { foreign } from './situations/foreign.js';
import { landing } from './situations/landing.js';
import { people } from './situations/people.js';
import { places } from './situations/places.js';
import { review } from './situations/review.js';
import { show } from './situations/shown.js';
import { tasks } from './situations/tasks.js';
import { worktrees } from './situations/worktrees.js';
import { isNamed, Stage } from './stage.js';

const ROOT = new URL('../../../../', import.meta.url);
const PROVE = process.env.PWT_PROVE === '1';
/** Of so many situations one is played, unless all are to be proved. */
const SAMPLE = 12;

const situations = [
  ...tasks,
  ...landing,
  ...worktrees,
  ...commands,
  ...foreign,
  ...places,
  ...people,
  ...review,
  show,
];
const hints = scanHints().filter(({ file }) => !(file in noHints));

let program: string;
beforeAll(async () => {
  program = await buildPwt();
});

describe('every hint is executed', () => {
  it.each(situations.filter((_, index) => PROVE || index % SAMPLE === 0))(
    '$name',
    async ({ hints: named, files, play }) => {
      const stage = await Stage.create(program, hints, files);
      try {
        await play(stage);
      } finally {
        await stage.dispose();
      }
      expect([...stage.followed].sort()).toEqual([...named].sort());
    },
    120_000,
  );

  it('names every hint of the sources, each as often as it is there, and no other', () => {
    const named = [...situations.flatMap((situation) => situation.hints), ...listed.map(({ name }) => name)];
    const followed = situations.reduce((sum, situation) => sum + situation.hints.length, 0);
    const elsewhere = Object.values(followedBy).flat().length;
    console.log(
      `${hints.length} hints: ${followed} followed in ${situations.length} situations, ${elsewhere} by other tests, ${listed.length - elsewhere} listed`,
    );
    const open = [...hints];
    const unknown = named.filter((name) => {
      const at = open.findIndex((hint) => isNamed(hint, name));
      if (at >= 0) open.splice(at, 1);
      return at < 0 && !hints.some((hint) => isNamed(hint, name));
    });
    // Add a situation for each of these; see CONTRIBUTING.md.
    expect(open.map(({ file, command }) => `${file}: ${command}`)).toEqual([]);
    expect(unknown).toEqual([]);
    const files = new Set(scanHints().map(({ file }) => file));
    expect(Object.keys(noHints).filter((file) => !files.has(file))).toEqual([]);
    expect(Object.keys(followedBy).filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([]);
  });
});
