import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { FaultStage, faults, killed, waits } from '../support/faults.js';
import { signalled } from '../support/moments.js';
import type { WorkerMachine } from '../support/workers.js';

faults(({ sample, further }) => {
  sample('a worker that is killed while its agent works: another one goes on with what it had', async () => {
    const stage = await FaultStage.open();
    const { fleet } = stage;
    await fleet.worker('alpha');
    await fleet.worker('beta');
    const { ended } = stage.run();
    await signalled(stage.working);
    const owner = await stage.owner();
    await fleet.refAppears('refs/pwt/unfinished/');
    await killed(owner.child);
    await stage.tell();
    const { stdout } = await stage.expectUndisturbed(ended);
    expect(stdout).toContain(`machine ${owner.name} was lost`);
  });

  further('a worker that is killed and started again: its agent was not', async () => {
    const stage = await FaultStage.open({ options: { lostAfterSeconds: 30 } });
    await stage.fleet.worker('alpha');
    const { ended } = stage.run();
    await signalled(stage.working);
    const pid = await readFile(stage.working, 'utf8');
    await killed((await stage.owner()).child);
    const again = await stage.fleet.worker('alpha');
    await again.printed(/attempt \S+\/1\/1 was found again/);
    await stage.tell();
    await stage.expectUndisturbed(ended);
    expect(await readFile(stage.working, 'utf8')).toBe(pid);
  });

  for (const [when, hook, declare] of [
    ['while it pushes', 'pre-receive', further],
    ['between push and report', 'post-receive', sample],
  ] as const) {
    declare(`a worker that is killed ${when}`, async () => {
      const stage = await FaultStage.open();
      await stage.fleet.worker('alpha');
      await stage.fleet.worker('beta');
      const { ended } = stage.run();
      await signalled(stage.working);
      const { child } = await stage.owner();
      await stage.onPush('refs/pwt/attempts/', hook, `kill -9 ${child.pid}`);
      const gone = once(child, 'exit');
      await stage.tell();
      await gone;
      await stage.expectUndisturbed(ended);
    });
  }

  further('a worker that is killed while it makes a workspace', async () => {
    const stage = await FaultStage.open({ setup: (at) => waits(at, 'setup') });
    const alpha = await stage.fleet.worker('alpha');
    const { ended } = stage.run();
    await signalled(stage.at('setup-works'));
    await stage.fleet.worker('beta');
    await killed(alpha.child);
    await stage.tell('setup-goes-on');
    await stage.tell();
    await stage.expectUndisturbed(ended);
  });

  further('a worker that is killed while a gate runs: another one runs it', async () => {
    const stage = await FaultStage.open({ gate: (at) => waits(at, 'gate') });
    const alpha = await stage.fleet.worker('alpha');
    await stage.tell();
    const { ended } = stage.run();
    await signalled(stage.at('gate-works'));
    await stage.fleet.worker('beta');
    await killed(alpha.child);
    await stage.tell('gate-goes-on');
    await stage.expectUndisturbed(ended);
  });

  further('a worker that drains: its agents finish, and it takes nothing more', async () => {
    const stage = await FaultStage.open();
    const alpha = await stage.fleet.worker('alpha', { flags: ['--max-instances', '1'] });
    const { ended } = stage.run();
    await signalled(stage.working);
    alpha.child.kill('SIGTERM');
    await alpha.printed(/drains/);
    await stage.fleet.worker('beta');
    await stage.tell();
    await stage.expectUndisturbed(ended);
    expect(await alpha.ended).toBe(0);
    expect(alpha.output().split('drains')[1]).not.toMatch(/attempt \S+ runs/);
  });

  further('a worker that is stopped: what its agent had goes on elsewhere', async () => {
    const stage = await FaultStage.open();
    await stage.fleet.worker('alpha');
    await stage.fleet.worker('beta');
    const { ended } = stage.run();
    await signalled(stage.working);
    const owner = await stage.owner();
    owner.child.kill('SIGTERM');
    await owner.printed(/drains/);
    owner.child.kill('SIGTERM');
    expect(await owner.ended).toBe(0);
    await stage.tell();
    await stage.expectUndisturbed(ended);
  });

  further('a worker whose clock is an hour off, in both directions', async () => {
    const stage = await FaultStage.open();
    await stage.tell();
    for (const [name, hours] of [
      ['ahead', 1],
      ['behind', -1],
    ] as const) {
      const file = `${stage.at(name)}.mjs`;
      await writeFile(file, otherTime(hours));
      await stage.fleet.worker(name, { env: { NODE_OPTIONS: `--import=${file}` } });
    }
    await stage.expectUndisturbed(stage.run().ended);
  });

  sample(
    'two workers that both believe they own a task: one counts, the other one is kept and named',
    async () => {
      const stage = await FaultStage.open();
      await stage.fleet.worker('alpha');
      await stage.fleet.worker('beta');
      const { ended } = stage.run();
      await signalled(stage.working);
      const owner = await stage.owner();
      const other = stage.fleet.workers.find((worker) => worker !== owner) as WorkerMachine;
      owner.child.kill('SIGSTOP');
      await other.printed(/attempt \S+\/1\/2 runs/);
      await stage.tell();
      owner.child.kill('SIGCONT');
      await owner.printed(/had been given up: its work is kept as refs\/pwt\/late\//);
      await stage.expectUndisturbed(ended);
    },
  );
});

/** A module that moves the clock of the program that loads it. */
function otherTime(hours: number): string {
  return `const real = Date.now.bind(Date); const by = ${hours * 3_600_000};
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...args) { if (args.length === 0) super(real() + by); else super(...args); }
  static now() { return real() + by; }
};
`;
}
