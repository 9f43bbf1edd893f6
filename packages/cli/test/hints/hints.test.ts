import { beforeAll, describe, expect, it } from 'vitest';
import { buildPwt } from '../support/pwt.js';
import { listed, noHints } from './listed.js';
import { scanHints } from './scan.js';
import { landing } from './situations/landing.js';
import { tasks } from './situations/tasks.js';
import { isNamed, Stage } from './stage.js';

const PROVE = process.env.PWT_PROVE === '1';
/** Of so many situations one is played, unless all are to be proved. */
const SAMPLE = 6;

const situations = [...tasks, ...landing];
const hints = scanHints().filter(({ file }) => !(file in noHints));

let program: string;
beforeAll(async () => {
  program = await buildPwt('hints');
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
      expect([...new Set(stage.followed)].sort()).toEqual([...named].sort());
    },
    120_000,
  );

  it('names only hints that are in the sources', () => {
    const named = [...situations.flatMap((situation) => situation.hints), ...Object.keys(listed)];
    expect(named.filter((name) => !hints.some((hint) => isNamed(hint, name)))).toEqual([]);
    const files = new Set(scanHints().map(({ file }) => file));
    expect(Object.keys(noHints).filter((file) => !files.has(file))).toEqual([]);
  });
});
