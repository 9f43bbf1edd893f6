import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLUGIN_API_VERSION } from '@pwt/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt } from '../support/pwt.js';
import { Restored } from './restored.js';

/** In full, a minute of real processes; what is left out otherwise is read in the coordinator's tests all the same. */
const PROVE = process.env.PWT_PROVE === '1';

/** The event formats of the recordings, and with them the versions of pwt that made them. */
type Format = 'format-1' | 'format-2';

let program: string;
let run: Restored;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => run.dispose());

/** Puts a recording back, and sees that the present program says of it all that the one that recorded it said. */
async function restore(name: string, format: Format = 'format-1'): Promise<void> {
  run = await Restored.create(program, `${format}/${name}`);
  const [now, before] = [await run.status(), await run.statusBefore()];
  expect(withoutReasons(now)).toMatchObject(withoutReasons(before));
  for (const [at, { why }] of nextOf(before).entries()) {
    expect(nextOf(now)[at]?.why).toEqual(expect.arrayContaining([...why]));
  }
}

/** Reasons for next steps may have come since: those of then are still there. */
function withoutReasons(status: Awaited<ReturnType<Restored['status']>>): object {
  return { ...status, next: nextOf(status).map(({ why: _why, ...step }) => step) };
}

interface NextStep {
  readonly action: string;
  readonly why: readonly string[];
}

/** In the words of now, and without the steps that came since. */
function nextOf(status: object): readonly NextStep[] {
  const { next = [] } = status as { readonly next?: readonly NextStep[] };
  return next.map(asNow).filter(({ action }) => !/^Resolve .* yourself$/.test(action));
}

/** `pwt retry` started tasks over then, and goes on with them now. */
function asNow(step: NextStep): NextStep {
  return { ...step, action: step.action.replace(/^Start (.*) over$/, 'Try $1 again') };
}

/** Lets the agent of a recorded run go on that waits for, or needs, a file beside the repository. */
const letGo = (name: string) => writeFile(join(run.bench.repository.parent, name), '');

describe('a run of an earlier version that is tested', () => {
  it('is over where all has landed', async () => {
    await restore('landed');
    const main = await run.git('rev-parse', 'main');
    expect(await run.pwt(['resume'])).toMatchObject({ exitCode: 0, stdout: 'Nothing to resume.\n' });
    expect(await run.pwt(['land'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Nothing to land/),
    });
    expect(await run.git('rev-parse', 'main')).toBe(main);
    await run.expectLandedIsTested();
  });

  it('lands where landing was off', async () => {
    await restore('landing-off');
    const integration = await run.git('for-each-ref', 'refs/pwt/*/integration', '--format=%(objectname)');
    expect(await run.pwt(['diff', '1'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/one\.txt/),
    });
    expect(await run.goOn('land')).toEqual({ 1: 'landed', 2: 'landed' });
    expect(await run.git('rev-parse', 'main')).toBe(integration);
    await run.expectLandedIsTested();
    await run.expectNothingLost();
    expect(await run.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  it('lands where a checkout was in the way, once it is not', async () => {
    await restore('landing-refused');
    expect(await run.goOn('land')).toEqual({ 1: 'integrated' });
    expect(await run.git('diff', '--name-only')).toBe('shared.txt');
    await run.git('checkout', '--', 'shared.txt');
    expect(await run.goOn('land')).toEqual({ 1: 'landed' });
    await run.expectLandedIsTested();
    await run.expectNothingLost();
  });

  /** With how many gates are still to run. */
  const kills = {
    'killed-in-gate': 1,
    'killed-before-advance': 0,
    'killed-after-advance': 0,
    'killed-before-landing': 0,
    'killed-after-landing': 0,
  };
  const usual: Readonly<Record<Format, readonly string[]>> = {
    'format-1': ['killed-in-gate', 'killed-after-advance', 'killed-after-landing'],
    'format-2': ['killed-in-gate', 'killed-before-advance', 'killed-after-advance'],
  };
  const cases = Object.entries(usual).flatMap(([format, names]) =>
    Object.entries(kills)
      .filter(([name]) => PROVE || names.includes(name))
      .map(([name, gates]) => [format as Format, name, gates] as const),
  );
  it.each(cases)('goes on where pwt was killed: %s, %s', async (format, name, gates) => {
    await restore(name, format);
    const [merged] = await run.eventsOf('integrate-merged');
    const before = await run.eventsOf('gate-started');
    expect(await run.goOn('resume')).toEqual({ 1: 'landed' });
    // What was merged and tested then is what lands now: nothing is merged anew, or tested twice.
    expect(await run.git('rev-parse', 'main')).toBe(merged?.candidate);
    const after = await run.eventsOf('gate-started');
    expect(after.filter(({ purpose }) => purpose !== 'base')).toHaveLength(before.length + gates);
    await run.expectLandedIsTested();
    await run.expectNothingLost();
  });
});

describe('a run of an earlier version that was interrupted', () => {
  it('takes the end of one agent from its record, and that of another for lost', async () => {
    await restore('agents-gone');
    // Its agents were started when the run was recorded: whatever their limit was, it is over.
    const noLimit = ['--timeout', '0'];
    await letGo('go-2');
    expect(await run.goOn('resume', ...noLimit)).toEqual({ 1: 'landed', 2: 'landed', 3: 'landed' });
    const exits = await run.eventsOf('agent-exited');
    expect(exits.filter(({ taskId }) => taskId === '1')).toMatchObject([
      { exit: { kind: 'exited', exitCode: 0 } },
    ]);
    // Another agent goes on with what the lost one has begun.
    expect(exits.filter(({ taskId }) => taskId === '2')).toMatchObject([
      { exit: { kind: 'lost' } },
      { exit: { kind: 'exited', exitCode: 0 } },
    ]);
    const dispatched = (await run.eventsOf('task-dispatched')).map(({ taskId }) => taskId);
    expect(dispatched.filter((id) => id === '2')).toHaveLength(2);
    expect(dispatched).toHaveLength(4);
    await run.expectNothingLost();
  });

  it.runIf(PROVE)('starts the tasks over whose agents were stopped with it', async () => {
    await restore('stopped');
    await Promise.all([letGo('go-1'), letGo('go-2')]);
    expect(await run.goOn('resume')).toEqual({ 1: 'landed', 2: 'landed', 3: 'landed' });
    await run.expectNothingLost();
  });
});

describe('a run of an earlier version in which tasks ended otherwise', () => {
  it.each<Format>(PROVE ? ['format-1', 'format-2'] : ['format-2'])(
    'takes what was held by the audit, with the work of then: %s',
    async (format) => {
      await restore('held-by-audit', format);
      expect(await run.goOn('resume', '--audit', 'warn')).toEqual({ 1: 'landed', 2: 'landed', 3: 'landed' });
      const attempts = (await run.eventsOf('task-dispatched')).map(({ taskId }) => taskId);
      expect(attempts).toEqual(['1', '2', '3']);
      expect(await run.git('show', 'main:elsewhere.txt')).toBe('too');
      await run.expectNothingLost();
    },
  );

  it.runIf(PROVE)('retries and reopens once more', async () => {
    await restore('continued');
    await letGo('ready-1');
    expect(await run.goOn('retry', '1', '--fresh', '--audit', 'warn')).toEqual({ 1: 'landed', 2: 'landed' });
    await run.expectNothingLost();
  });

  it('shows, restores and retries', async () => {
    await restore('ended-badly');
    expect(await run.pwt(['diff', '1'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/left-1\.txt/),
    });
    const back = join(run.bench.repository.parent, 'back');
    expect(await run.pwt(['restore', '1', '--to', back])).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(back, 'left-1.txt'), 'utf8')).toBe('uncommitted\n');
    expect(await run.pwt(['logs', '6'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^nothing to do$/m),
    });
    await letGo('ready-1');
    expect(await run.goOn('retry', '1', '--fresh')).toMatchObject({ 1: 'landed', 2: 'landed', 5: 'failed' });
    expect(await run.git('show', 'main:two.txt')).toBe('written by task 2');
    await run.expectNothingLost();
    await run.pwt(['clean']);
    await run.expectNothingLost();
  });
});

describe('a run of an earlier version that was composed of a plugin', () => {
  it('goes on with a file of the repository, once that speaks the present version of the contract', async () => {
    await restore('plugin-file');
    const file = join(run.bench.repository.path, 'tools/gate.mjs');
    const approve = () => run.pwt(['plan', '--yes', '--plugin', './tools/gate.mjs']);
    // That the repository's code may run is known to the user's own state, which is not part of a recording.
    await approve();
    await expect(run.goOn('resume')).rejects.toThrow('PWT_PLUGIN_API_VERSION');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('apiVersion: 1', `apiVersion: ${PLUGIN_API_VERSION}`));
    await approve();
    await run.git('commit', '--quiet', '--all', '-m', 'the present version');
    expect(await run.goOn('resume')).toEqual({ 1: 'landed', 2: 'landed' });
    await run.expectNothingLost();
  });

  // Packages then, formats now: nothing has to be installed.
  it('goes on with spec-kit, which is built in now', async () => {
    await restore('plugin-spec-kit');
    expect(await run.goOn('resume')).toEqual({ T001: 'landed', T002: 'landed' });
    await run.expectNothingLost();
  });

  it.runIf(PROVE)('goes on with prompt folders, which are built in now', async () => {
    await restore('plugin-prompt-folders');
    expect(await run.goOn('resume')).toEqual({ 'TP-001': 'landed', 'TP-002': 'landed' });
    await run.expectNothingLost();
  });
});

describe('a run of an earlier version beside which others changed the repository', () => {
  it.runIf(PROVE)('lands once its work is joined by hand with what is on the target', async () => {
    await restore('target-conflicted');
    expect(await run.goOn('land')).toEqual({ 1: 'integrated' });
    const [{ why }] = (await run.status()).next as unknown as [{ why: readonly string[] }];
    const [, ref = ''] = /git merge --no-commit (\S+)$/m.exec(why.join('\n')) ?? [];
    await run.git('merge', '--no-commit', '--strategy=ours', ref);
    await run.git('commit', '--quiet', '-m', 'joined by hand');
    expect(await run.goOn('land')).toEqual({ 1: 'landed' });
    expect(await run.git('show', 'main:one.txt')).toBe('user');
    await run.expectNothingLost();
  });

  it('lands on a rewritten target when it is told to', async () => {
    await restore('target-rewritten');
    const rewritten = await run.git('rev-parse', 'main');
    expect(await run.goOn('land', '--onto-rewritten')).toEqual({ 1: 'landed' });
    expect(await run.git('rev-list', '--parents', '-1', 'main')).toContain(` ${rewritten}`);
    await run.expectLandedIsTested();
    await run.expectNothingLost();
  });

  it.runIf(PROVE)('lands when the configuration is as it was', async () => {
    await restore('config-changed');
    expect(await run.goOn('land')).toEqual({ 1: 'landed' });
    expect(await run.eventsOf('finding-resolved')).toHaveLength(1);
    await run.expectLandedIsTested();
  });
});

describe('a run of an earlier version that has much to tell', () => {
  const all = [
    'waiting',
    'likely-collision',
    'busy-machine',
    'target-joined',
    'target-replaced',
    'config-put-right',
  ];
  it.runIf(PROVE).each(all)('is told of as then, and has nothing to go on with: %s', async (name) => {
    await restore(name);
    expect(await run.pwt(['resume'])).toMatchObject({ stdout: 'Nothing to resume.\n' });
    await run.expectNothingLost();
  });

  it('shows what its agent has said, and used', async () => {
    await restore('agents-say');
    expect((await run.pwt(['logs', '1'])).stdout).toMatch(/^= turn completed$/m);
    expect((await run.pwt(['logs', '1', '--raw'])).stdout).toContain('"total_cost_usd":0.25');
    expect(await run.goOn('land')).toEqual({ 1: 'landed' });
    await run.expectNothingLost();
  });
});
