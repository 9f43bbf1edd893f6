import { describe, expect, it } from 'vitest';
import { RunsStage } from '../../test/runs-stage.js';
import { noteMade } from './made.js';
import { validateJob } from './validate.js';

/** A worker with a workspace, and whether it takes a job there. */
async function taking() {
  const stage = await RunsStage.create();
  const { repository } = await stage.process();
  const workspace = await stage.place({ repository } as Awaited<ReturnType<RunsStage['process']>>);
  const allowed = { agents: [], gates: [], setups: [] };
  const taken = (name: string, data: object) =>
    validateJob({ name, data }, { allowed, repository: () => repository }).then(() => true);
  return { stage, repository, workspace, taken };
}

const earlier = { code: 'PWT_WORKSPACE_UNKNOWN', message: expect.stringContaining('set back') };

describe('a worker whose folder was set back to an earlier state', () => {
  it('does nothing in a workspace of which it does not have the last work', async () => {
    const { stage, repository, workspace, taken } = await taking();
    const { base } = workspace;
    const latest = await stage.code.commit({ 'b.txt': 'b\n' });
    await noteMade(repository, workspace.id, base);
    const asked = { v: 1, repository: 'app', workspace };
    for (const [name, more] of [
      ['collect', { message: 'Left over' }],
      ['changes', {}],
      ['snapshot', { reason: 'asked for' }],
      ['move', { onto: base, message: 'Left over' }],
    ] as const) {
      await expect(taken(name, { ...asked, ...more, latest })).rejects.toMatchObject(earlier);
      expect(await taken(name, { ...asked, ...more, latest: base })).toBe(true);
      expect(await taken(name, { ...asked, ...more })).toBe(true);
    }
    // It looks for itself whether anything in it would be lost.
    expect(await taken('foresee', { ...asked, latest })).toBe(true);
  });
});
