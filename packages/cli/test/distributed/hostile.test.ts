import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
// @boundaries-ignore what anybody can do to the queue of the plugin
import { Anybody } from '../../../../plugins/bullmq/test/anybody.js';
// @boundaries-ignore the server of the plugin's own tests
import { isInstalled } from '../../../../plugins/bullmq/test/redis-server.js';
import { signalled } from '../support/moments.js';
import { buildPwt, spec } from '../support/pwt.js';
import { FleetStage, worktreesIn } from '../support/workers.js';

let program: string;
let stage: FleetStage | undefined;
let anybody: Anybody | undefined;

beforeAll(async () => {
  program = await buildPwt();
});

afterEach(async () => {
  await anybody?.leave();
  await stage?.dispose();
  anybody = undefined;
  stage = undefined;
});

describe.skipIf(!isInstalled())('jobs that no coordinator has written, while a run goes on', () => {
  it('are refused without side effects, and status names them, and the worker that does not take part', async () => {
    stage = await FleetStage.open({ program, files: {}, gate: 'test -f README.md' });
    const { repository } = stage.bench;
    const at = (name: string) => join(repository.parent, name);
    await repository.write({
      ...spec(1, 'src/a.txt', '@write src/a.txt one', `@signal ${at('works')}`, `@wait ${at('goes-on')}`),
      ...spec(2, 'src/b.txt', '@write src/b.txt two', '@commit Done'),
    });
    await repository.commitAll('Specs');
    const alpha = await stage.worker('alpha');
    const beta = await stage.worker('beta', { allows: ['sh', '-c', 'true'] });
    const child = stage.start(['run', '--yes']);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await signalled(at('works'));
    anybody = new Anybody(stage.redis.options);
    const base = (await repository.git('rev-parse', 'HEAD')).trim();
    const attacks = attacksOn({ base, canary: at('canary') });
    const [shared = ''] = await anybody.sharedQueues('pwt');
    for (const queue of [shared, 'pwt@alpha', 'pwt@beta']) {
      const ask = await anybody.asks(queue);
      for (const [name, data] of attacks)
        expect(await ask(name, data), `${queue} ${name}`).toMatchObject({
          ok: false,
          error: { code: expect.stringMatching(/^PWT_JOB_(INVALID|NOT_ALLOWED)$/) },
        });
    }
    await anybody.says('pwt', 'alpha', '{"v":1,"kind":"stop","attempt":"../../x"}');
    await alpha.printed(/refused: what was said to it can not be read/);
    const isLast = {
      alpha: 'what was said to it can not be read',
      beta: 'the job shell: there is no such operation',
    };
    await recorded(repository.path, ({ name, refuses = [] }) =>
      Object.entries(isLast).some(([machine, what]) => machine === name && refuses.includes(what)),
    );

    const { stdout: status } = await stage.pwt(['status']);
    const [, ofAlpha = '', ofBeta = ''] =
      /\n {2}alpha {2}([\s\S]*?)\n {2}beta {2}([\s\S]*)/.exec(status) ?? [];
    for (const one of [ofAlpha, ofBeta]) {
      expect(one, status).toMatch(/refuses: the job shell: there is no such operation/);
      expect(one, status).toMatch(/refuses: \d+ such jobs in all/);
    }
    expect(ofBeta).toMatch(
      /refuses: the agent \[.*scripted-agent.* is not allowed \(to its command, add --allow-agent /,
    );
    expect(ofAlpha).not.toContain('--allow-agent');

    await writeFile(at('goes-on'), '');
    expect(await ended, said).toBe(0);
    expect(await repository.filesOf('main')).toMatchObject({ 'src/a.txt': 'one\n', 'src/b.txt': 'two\n' });
    expect(said).toMatch(/PWT_WORKER_REFUSES: Some workers do not take the tasks of this run: beta: /);
    expect(said).not.toMatch(/on beta/);
    expect(existsSync(at('canary'))).toBe(false);
    expect(await stage.refsOnExchange()).toEqual([]);
    for (const { home } of stage.workers) expect(await worktreesIn(home)).toEqual([]);
    for (const worker of [alpha, beta])
      expect(worker.output().match(/refused: The job shell was refused/g)?.length).toBeGreaterThan(0);
    expect((await stage.pwt(['status'])).stdout).toMatch(/Machines that have refused work:\n {2}alpha\n/);
  });
});

/** Of each kind one; the last ones are sound but for what they would have run. */
function attacksOn({ base, canary }: { readonly base: string; readonly canary: string }) {
  const v = { v: 1, repository: 'exchange' };
  const place = { ...v, runId: 'r9', taskId: 't9', title: 'A task', base };
  const touch = `touch ${canary}`;
  const workspace = {
    ...{ id: 'r9.t9', provider: 'git-worktree', kind: 'task', runId: 'r9', taskId: 't9', base },
    ...{ path: '/', branch: 'main' },
  };
  const run = {
    ...{ ...v, workspace, claims: [], permission: 'bypass', marksDone: false },
    attempt: { runId: 'r9', taskId: 't9', number: 1, timeoutMs: 0, idleTimeoutMs: 0 },
    task: { id: 't9', title: 'A task', specs: [], dependsOn: [] },
  };
  return [
    ['place', null],
    ['place', { ...place, taskId: '../../../etc' }],
    ['place', { ...place, runId: '-rf' }],
    ['place', { ...place, base: `--upload-pack=${touch}` }],
    ['place', { ...place, restore: { ref: 'refs/heads/main', commit: base } }],
    ['place', { ...place, worktree: canary }],
    ['place', { ...place, title: 'x'.repeat(5000) }],
    ['place', { ...place, repository: '../other' }],
    ['place', Object.assign(JSON.parse('{"__proto__": 1}'), place)],
    ['collect', { ...v, workspace, message: 'x'.repeat(5 * 1024 ** 2) }],
    ['remove', { ...v, workspace, force: ['everything'] }],
    ['close', { ...v, runId: '..' }],
    ['place', { ...place, setup: { command: touch } }],
    ['run', { ...run, agents: [{ command: ['sh', '-c', touch] }] }],
    [
      'gate',
      { ...v, workspace, runId: 'r9', subject: { kind: 'target' }, commit: base, gate: { command: touch } },
    ],
    ['shell', { ...v, command: touch }],
  ] as const;
}

interface Machine {
  readonly name: string;
  readonly refuses?: readonly string[];
}

/** Resolves when the run's journal has it of all machines. */
function recorded(project: string, isSo: (machine: Machine) => boolean): Promise<void> {
  const runs = join(project, '.git/pwt/runs');
  const [run = ''] = readdirSync(runs);
  const journal = join(runs, run, 'journal.jsonl');
  const machinesIn = (line: string): readonly Machine[] => {
    if (!line.includes('"resources-sampled"') || !line.endsWith('}')) return [];
    return (JSON.parse(line) as { sample: { machines?: readonly Machine[] } }).sample.machines ?? [];
  };
  return new Promise((resolve) => {
    const look = () => {
      const samples = readFileSync(journal, 'utf8').split('\n').map(machinesIn);
      if (!samples.some((machines) => machines.length > 0 && machines.every(isSo))) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(journal, look);
    look();
  });
}
