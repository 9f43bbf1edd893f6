import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findSandbox } from '../../src/index.js';
import { type Escape, escapes } from './escapes.js';
import { attempts, Scene } from './scene.js';

const PROVE = Boolean(process.env.PWT_PROVE);

let missing: string | undefined;
let scene: Scene | undefined;

beforeAll(async () => {
  const support = await findSandbox(process.env);
  missing =
    support.tool?.kind === 'bwrap' ? undefined : support.tool ? 'this is not bubblewrap' : support.missing;
});

afterEach(async () => {
  await scene?.remove();
  scene = undefined;
});

/** What the escapes have changed outside. */
async function changes(list: readonly Escape[], mode: 'required' | 'off'): Promise<string[]> {
  scene = await Scene.make();
  const before = await scene.outsideState();
  const { exit } = await scene.run(attempts(list), { mode });
  expect(exit).toMatchObject({ kind: 'exited', exitCode: 0 });
  const after = await scene.outsideState();
  return [
    ...after.filter((line) => !before.includes(line)),
    ...before.filter((line) => !after.includes(line)),
  ];
}

describe('an agent in the sandbox', () => {
  it.skipIf(!PROVE)('has one to prove it with', () => {
    expect(missing, 'install bubblewrap').toBeUndefined();
  });

  it('gets nowhere with all of the escapes, one after the other', async ({ skip }) => {
    if (missing !== undefined) return skip(missing);
    expect(await changes(escapes, 'required')).toEqual([]);
  }, 60_000);

  it.skipIf(!PROVE).each(escapes)(
    'gets nowhere by: $name',
    async (way) => {
      expect(await changes([way], 'required')).toEqual([]);
    },
    60_000,
  );
});

describe('the scene sees it where there is no sandbox', () => {
  const tried = escapes.filter(
    ({ onlyConfined, name }) => !onlyConfined && !name.startsWith('a mount namespace'),
  );
  const sample = tried.filter((_, index) => PROVE || index % 12 === 0);
  it.each(sample)(
    'escape by: $name',
    async (way) => {
      expect(await changes([way], 'off')).not.toEqual([]);
    },
    60_000,
  );
});
