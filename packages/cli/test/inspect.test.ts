import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

describe('pwt plan', () => {
  it('prints one object with everything a program needs', async () => {
    bench = await Workbench.create(program, {
      'src/shared.txt': 'x\n',
      ...spec(20, 'src/shared.txt'),
      ...spec('021', 'src/shared.txt', '**Dependencies**: SPEC-20'),
      ...spec(22, 'docs/*.md'),
      'specs/SPEC-23-nothing.md': '# SPEC-23: Nothing named\n\nThink.\n',
    });
    const { exitCode, stdout } = await bench.pwt(['plan', '--json', '20-22', 'US-023']);
    expect(exitCode).toBe(0);
    const plan = JSON.parse(stdout);
    expect(plan).toMatchObject({
      schemaVersion: 1,
      taskFileMap: { 20: ['src/shared.txt'] },
      predicted: {
        sequentialMs: expect.any(Number),
        makespanMs: expect.any(Number),
        speedup: expect.any(Number),
      },
      bound: { ms: expect.any(Number) },
    });
    expect(plan.tasks.map(({ id }: { id: string }) => id)).toEqual(['20', '21', '22', '23']);
    expect(plan.tasks[0]).toMatchObject({
      title: 'Task 20',
      spec: 'specs/SPEC-20-task.md',
      unknownScope: false,
      dependsOn: [],
      claims: [
        {
          pattern: 'src/shared.txt',
          class: 'exclusive',
          confidence: 'declared',
          file: 'specs/SPEC-20-task.md',
          line: 3,
          rule: expect.any(String),
        },
      ],
    });
    expect(plan.tasks[1].dependsOn).toEqual(['20']);
    expect(plan.tasks[3].unknownScope).toBe(true);
    expect(plan.conflicts).toEqual(
      expect.arrayContaining([expect.objectContaining({ tasks: ['20', '21'], paths: ['src/shared.txt'] })]),
    );
    expect(plan.independentPairs).toContainEqual(['20', '22']);
    expect(plan.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'PWT_SCOPE_UNKNOWN', task: '23' }),
    );
  });

  it('shows people the evidence, the conflicts and the gain', async () => {
    bench = await Workbench.create(program, { ...spec(1, 'one.txt'), ...spec(2, 'two.txt') });
    const { stdout } = await bench.pwt(['plan', '-v']);
    expect(stdout).toContain('specs/SPEC-1-task.md:3');
    expect(stdout).toContain('2.0 × faster than one by one');
  });

  it('says when nothing can run at the same time, which is no error', async () => {
    bench = await Workbench.create(program, { ...spec(1, 'one.txt'), ...spec(2, 'one.txt') });
    const { exitCode, stdout } = await bench.pwt(['plan']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('one after the other');
  });
});

describe('after a run', () => {
  it('shows what happened, keeps what is not safe to remove, and removes it when told so', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'one.txt', '@say I am at work', '@claims'),
      ...spec(2, 'two.txt', '@write two.txt half', '@exit 4'),
    });
    await bench.run(['--gate', 'echo the gate was here']);
    const worktree = join(bench.repository.parent, 'project-wt2');

    const status = await bench.pwt(['status']);
    expect(status.stdout).toMatch(/landed +1 /);
    expect(status.stdout).toMatch(/failed +2 /);
    expect((await bench.pwt(['status', '--all'])).stdout).toMatch(/finished {2}1\/2 {2}main/);
    expect((await bench.pwt(['logs', '1'])).stdout).toContain('I am at work');
    expect((await bench.pwt(['logs', '--gate'])).stdout).toContain('the gate was here');
    expect((await bench.pwt(['diff', '1'])).stdout).toContain('+written by task 1');
    expect((await bench.pwt(['diff', '2'])).stdout).toContain('+half');

    const dry = await bench.pwt(['clean', '--dry-run']);
    expect(dry.stdout).toMatch(/kept .*project-wt2/);
    const kept = await bench.pwt(['clean']);
    expect(kept.stdout).toMatch(/kept .*project-wt2.*--force-/);
    expect(existsSync(worktree)).toBe(true);
    const forces = ['--force-dirty', '--force-unmerged'];
    expect(await bench.pwt(['clean', '1', ...forces])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^PWT_TASK_UNKNOWN/),
    });
    expect(existsSync(worktree)).toBe(true);
    expect((await bench.pwt(['clean', 'US-002', ...forces])).stdout).toMatch(/removed .*project-wt2/);
    expect(existsSync(worktree)).toBe(false);
    expect(await bench.repository.git('branch', '--format=%(refname:short)')).toBe('main');
    expect(await bench.pwt(['clean'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^snapshot of task 2 .*: the first pwt clean after [^ ]+ deletes it/),
    });
  });
});

describe('pwt init and pwt doctor', () => {
  it('writes what it found, once', async () => {
    bench = await Workbench.create(program, {
      'package.json': '{"scripts": {"test": "node --test"}}',
      'package-lock.json': '{}',
    });
    const bin = join(bench.repository.parent, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'claude'), '#!/bin/sh\necho 2.1.0\n');
    await chmod(join(bin, 'claude'), 0o755);
    const env = { PATH: `${bin}${delimiter}${process.env.PATH}` };
    expect(await bench.pwt(['init'], { env })).toMatchObject({ exitCode: 0 });
    const file = join(bench.repository.path, 'pwt.config.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      $schema: './.pwt/config.schema.json',
      agent: 'claude',
      setup: 'npm ci',
      gate: 'npm test',
      maxInstances: 2,
    });
    expect(await bench.pwt(['init'], { env })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^PWT_CONFIG_EXISTS/),
    });
    const { stdout } = await bench.pwt(['doctor'], { env });
    expect(stdout).toContain('claude 2.1.0');
    await bench.repository.write({ 'pwt.config.json': '{"agent": {"command": ["sh"]}, "maxCost": 5}' });
    const { stdout: capped } = await bench.pwt(['doctor'], { env });
    expect(capped).toContain('sh does not tell what it costs, so maxCost does not hold for it.');
  });

  it('finds tasks of other formats, and switches them on', async () => {
    bench = await Workbench.create(program, {
      'specs/001-photos/tasks.md': '# Tasks\n\n- [ ] T001 Start in src/a.ts\n',
    });
    const hint =
      'specs/001-photos/tasks.md is there. Write in the configuration: "formats": ["spec-files","spec-kit"]';
    expect((await bench.pwt(['plan'])).stdout).toContain(hint);
    const { stdout } = await bench.pwt(['init']);
    expect(stdout).toContain('formats: ["spec-files","spec-kit"]  (specs/001-photos/tasks.md is there)');
    expect((await bench.pwt(['plan', '--json'])).stdout).toContain('"id":"T001"');
    const again = await bench.pwt(['init', '--force', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({
      ...{ schemaVersion: 1, specs: 0, install: [] },
      config: { formats: ['spec-files', 'spec-kit'] },
    });
  });

  it('says how to begin where there is no task', async () => {
    bench = await Workbench.create(program, { 'a.txt': 'a' });
    expect((await bench.pwt(['init'])).stdout).toContain('specs/SPEC-1-first-task.md');
    expect((await bench.pwt(['plan'])).stdout).toContain('specs/SPEC-1-first-task.md');
  });

  it('names each thing to mend with what mends it', async () => {
    bench = await Workbench.create(program, { 'specs/SPEC-1-vague.md': '# SPEC-1: Vague\n\nThink.\n' });
    const { exitCode, stdout } = await bench.pwt(['doctor', '--json']);
    expect(exitCode).toBe(0);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; fix?: string }[] };
    expect(checks.find(({ name }) => name === 'scope')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('SPEC-1-vague.md'),
    });
    expect(checks.find(({ name }) => name === 'git')?.status).not.toBe('problem');
    await bench.repository.write({ 'pwt.config.json': '{"maxInstances": "many"}' });
    expect(await bench.pwt(['doctor'])).toMatchObject({ exitCode: 2 });
    expect(await bench.pwt(['doctor'], { cwd: bench.repository.parent })).toMatchObject({ exitCode: 3 });
  });
});

describe('pwt itself', () => {
  it('says its version and how it is used', async () => {
    bench = await Workbench.create(program);
    expect((await bench.pwt(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await bench.pwt(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('Exit codes');
    expect((await bench.pwt(['run', '--help'])).stdout).toContain('--max-instances');
  });

  // Of every commit, the demo of the packed program is run.
  it.runIf(process.env.PWT_PROVE === '1')('shows the whole job in its demo', async () => {
    bench = await Workbench.create(program);
    const { exitCode, stdout } = await bench.pwt(['demo', 'shown', '--json', '--no-compare'], {
      env: { PWT_DEMO_THINKING_MS: '0' },
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      asPlanned: true,
      result: { totals: { landed: 7, failed: 1 } },
    });
    expect(await bench.pwt(['demo', 'shown'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^PWT_USAGE/),
    });
  });
});
