import { cp, rename, rm } from 'node:fs/promises';
import { expect } from 'vitest';
import { FaultStage, faults, killed, waits } from '../support/faults.js';
import { signalled } from '../support/moments.js';
import { powerCut, stateOf, type WorkerMachine, worksGit } from '../support/workers.js';

faults(({ further }) => {
  for (const aof of ['everysec', 'off'] as const) {
    further(`a worker and Redis that are killed together, with AOF ${aof}`, async () => {
      const stage = await FaultStage.open({ redis: { aof } });
      const { fleet } = stage;
      await fleet.worker('alpha');
      await fleet.worker('beta');
      const { ended } = stage.run();
      await signalled(stage.working);
      await killed((await stage.owner()).child);
      await fleet.redis.kill();
      await fleet.redis.startAgain({ aof });
      await stage.tell();
      await stage.expectUndisturbed(ended);
      await stage.expectNothingLeft();
    });
  }

  further('a coordinator that is killed, then the worker, then resume', async () => {
    const stage = await FaultStage.open();
    await stage.fleet.worker('alpha');
    await stage.fleet.worker('beta');
    const first = stage.run();
    await signalled(stage.working);
    const owner = await stage.owner();
    await killed(first.child);
    await killed(owner.child);
    await stage.tell();
    await stage.expectUndisturbed(stage.run(['resume']).ended);
    await stage.expectNothingLeft();
  });

  further(
    'a coordinator that is killed, then its only machine loses power and comes back, then resume',
    async () => {
      const stage = await FaultStage.open();
      const alpha = await stage.fleet.worker('alpha');
      const first = stage.run();
      await signalled(stage.working);
      await stage.fleet.refAppears('refs/pwt/unfinished/');
      await killed(first.child);
      await powerCut(alpha);
      await stage.tell();
      await stage.fleet.worker('alpha');
      await stage.expectUndisturbed(stage.run(['resume']).ended);
      await stage.expectNothingLeft();
    },
  );

  further('all machines that lose power, and come back under their names', async () => {
    const stage = await FaultStage.open({ options: { lostAfterSeconds: 30 } });
    await stage.fleet.worker('alpha');
    await stage.fleet.worker('beta');
    const { ended } = stage.run();
    await signalled(stage.working);
    await Promise.all(stage.fleet.workers.map(powerCut));
    await stage.tell();
    await stage.fleet.worker('alpha');
    await stage.fleet.worker('beta');
    await stage.expectUndisturbed(ended);
    await stage.expectNothingLeft();
  });

  further('all workers that are killed, and come back under their names', async () => {
    const stage = await FaultStage.open({ options: { lostAfterSeconds: 30 } });
    await stage.fleet.worker('alpha');
    await stage.fleet.worker('beta');
    const { ended } = stage.run();
    await signalled(stage.working);
    await Promise.all(stage.fleet.workers.map(({ child }) => killed(child)));
    await stage.tell();
    await stage.fleet.worker('alpha');
    await stage.fleet.worker('beta');
    await stage.expectUndisturbed(ended);
    await stage.expectNothingLeft();
  });

  further('a worker that stood still for too long, and goes on while its task is made again', async () => {
    // That of a gate's checkout does not wait.
    const setup = (at: (name: string) => string) => `case "$PWD" in */1) ${waits(at, 'setup')};; esac`;
    const stage = await FaultStage.open({ setup });
    const { fleet } = stage;
    await stage.tell('setup-goes-on');
    await fleet.worker('alpha');
    await fleet.worker('beta');
    const { ended } = stage.run();
    await signalled(stage.working);
    const owner = await stage.owner();
    await rm(stage.at('setup-works'));
    await rm(stage.at('setup-goes-on'));
    owner.child.kill('SIGSTOP');
    await signalled(stage.at('setup-works'));
    owner.child.kill('SIGCONT');
    await owner.printed(/was given up by its run/);
    await stage.tell('setup-goes-on');
    await stage.tell();
    await stage.expectUndisturbed(ended);
    await stage.expectNothingLeft();
  });

  further('the only worker stands still for too long, and goes on: it takes the task again', async () => {
    const stage = await FaultStage.open();
    const alpha = await stage.fleet.worker('alpha');
    const { ended, printed } = stage.run();
    await signalled(stage.working);
    alpha.child.kill('SIGSTOP');
    await printed(/machine alpha was lost/);
    alpha.child.kill('SIGCONT');
    await stage.tell();
    await stage.expectUndisturbed(ended);
    await stage.expectNothingLeft();
  });

  further('Redis that is emptied in the middle', async () => {
    const stage = await FaultStage.open();
    await stage.fleet.worker('alpha');
    await stage.fleet.worker('beta');
    const { ended } = stage.run();
    await signalled(stage.working);
    await stage.fleet.redis.command('FLUSHALL');
    await stage.tell();
    await stage.expectUndisturbed(ended);
    await stage.expectNothingLeft();
  });

  further("a worker's folder that is deleted while it runs", async () => {
    const stage = await FaultStage.open();
    await stage.fleet.worker('alpha');
    await stage.fleet.worker('beta');
    const { ended } = stage.run();
    await signalled(stage.working);
    const owner = await stage.owner();
    await stage.fleet.refAppears('refs/pwt/unfinished/');
    await rename(stateOf(owner), `${stateOf(owner)}.gone`);
    await rm(`${stateOf(owner)}.gone`, { recursive: true });
    await stage.tell();
    await stage.expectUndisturbed(ended);
    await stage.expectNothingLeft();
  });

  further("the only worker's folder is deleted while it runs, and it is started again", async () => {
    const stage = await FaultStage.open();
    const alpha = await stage.fleet.worker('alpha');
    const { ended } = stage.run();
    await signalled(stage.working);
    await stage.fleet.refAppears('refs/pwt/unfinished/');
    await rename(stateOf(alpha), `${stateOf(alpha)}.gone`);
    await rm(`${stateOf(alpha)}.gone`, { recursive: true });
    await stage.tell();
    expect(await alpha.ended).toBe(1);
    await stage.fleet.worker('alpha');
    await stage.expectUndisturbed(ended);
    await stage.expectNothingLeft();
  });

  for (const [when, later] of [
    ['its agent began', ['/attempts', '/unfinished', '/src/a.txt', '/src/draft.txt']],
    ['its agent had got on', []],
  ] as const) {
    further(`a machine that is set back to before ${when}`, async () => {
      const stage = await FaultStage.open({ options: { lostAfterSeconds: 30 } });
      const { fleet } = stage;
      const alpha = await fleet.worker('alpha');
      const { ended } = stage.run();
      await signalled(stage.working);
      for (const id of [2, 3]) await alpha.printed(new RegExp(`attempt \\S+/${id}/1 is pushed`));
      if (later.length > 0) await fleet.refAppears('refs/pwt/unfinished/');
      await killed(alpha.child);
      await backUp(alpha, later);
      const again = await fleet.worker('alpha');
      if (later.length === 0) await fleet.refAppears('refs/pwt/unfinished/');
      await powerCut(again);
      await setBack(alpha);
      await fleet.worker('alpha');
      await stage.tell();
      await stage.expectUndisturbed(ended);
      // The others may have been set back to before they were collected: what has landed is uncommitted there.
      await stage.expectNothingLeft('--force-dirty');
    });
  }

  further('a machine that is set back to before an attempt that was not enough', async () => {
    const stage = await FaultStage.open({
      options: { lostAfterSeconds: 30 },
      agent: (at) => ['sh', '-c', IN_TWO, at('.')],
      gate: (at) => `test ! -e src/a.txt || { ${waits(at, 'gate')}; test -e src/second.txt; }`,
    });
    const { fleet } = stage;
    const alpha = await fleet.worker('alpha');
    const { ended } = stage.run();
    await signalled(stage.working);
    for (const id of [2, 3]) await alpha.printed(new RegExp(`attempt \\S+/${id}/1 is pushed`));
    await killed(alpha.child);
    await backUp(alpha, []);
    const again = await fleet.worker('alpha');
    await again.printed(/attempt \S+\/1\/1 was found again/);
    await stage.tell();
    await signalled(stage.at('gate-works'));
    await again.printed(/attempt \S+\/1\/1 is pushed/);
    await powerCut(again);
    await setBack(alpha);
    const earlier = await fleet.worker('alpha');
    await stage.tell('gate-goes-on');
    await stage.expectUndisturbed(ended, { 'src/second.txt': 'second\n' });
    expect(earlier.output()).toContain('its folder was set back to an earlier state');
    await stage.expectNothingLeft('--force-dirty');
  });
});

/** Does the first task in two attempts: the second one only adds to what is there. */
const IN_TWO = `case "$PWT_TASK_ID" in
  1) if [ -e "$0/go" ]; then mkdir -p src; echo second > src/second.txt; exit 0; fi
     mkdir -p src; echo one > src/a.txt; echo draft > src/draft.txt; echo $$ > "$0/working"
     while [ ! -e "$0/go" ]; do sleep 0.02; done; rm src/draft.txt ;;
  2) mkdir -p src; echo two > src/b.txt ;;
  3) mkdir -p src; echo three > src/c.txt ;;
esac`;

/** Copies the state of a worker that is not running, as it is once its last git has ended, and without what came later. */
async function backUp(worker: WorkerMachine, later: readonly string[]): Promise<void> {
  while (worksGit(worker)) await new Promise(setImmediate);
  const state = stateOf(worker);
  const filter = (path: string) => !later.some((end) => path.endsWith(end));
  await cp(state, `${state}.backup`, { recursive: true, filter });
}

async function setBack(worker: WorkerMachine): Promise<void> {
  const state = stateOf(worker);
  await rm(state, { recursive: true });
  await rename(`${state}.backup`, state);
}
