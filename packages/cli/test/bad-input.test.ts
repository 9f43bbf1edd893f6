import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
beforeEach(async () => {
  bench = await Workbench.create(program, {
    ...spec(1, 'one.txt', '@claims'),
    ...spec(2, 'two.txt', '@claims'),
  });
});
afterEach(async () => {
  await bench.dispose();
});

/** The last line of defence for each: nothing was made. */
async function expectUntouched(): Promise<void> {
  expect(await bench.repository.git('branch', '--format=%(refname:short)')).toMatch(/^(\(.*\)\n)?main$/);
  expect((await bench.repository.git('worktree', 'list')).split('\n')).toHaveLength(1);
}

describe('bad usage and configuration exit with 2', () => {
  it.each([
    [['frobnicate'], 'PWT_USAGE'],
    [['run', '--frobnicate'], 'PWT_USAGE'],
    [['run', '--max-instances', 'many'], 'PWT_USAGE'],
    [['run', '--max-instances', '0'], 'PWT_CONFIG_INVALID'],
    [['run', '--timeout', 'soon'], 'PWT_CONFIG_INVALID'],
    [['run'], 'PWT_AGENT_NOT_CONFIGURED'],
    [['run', '--agent', 'no-such-agent'], 'PWT_AGENT_UNKNOWN'],
    [['run', '--', 'no-such-agent-anywhere'], 'PWT_AGENT_NOT_FOUND'],
    [['run', '--agent', 'claude', '--', 'x'], 'PWT_USAGE'],
    [['run', '--'], 'PWT_USAGE'],
    [['plan', '--', 'x'], 'PWT_USAGE'],
    [['plan', '99'], 'PWT_TASK_UNKNOWN'],
    [['plan', '7-9'], 'PWT_TASK_UNKNOWN'],
    [['run', '--target', 'nowhere', '--', 'true'], 'PWT_TARGET_NOT_FOUND'],
    [['plan', '--config', 'none.json'], 'PWT_CONFIG_NOT_FOUND'],
    [['plan', '--plugin', './none.mjs'], 'PWT_PLUGIN_NOT_FOUND'],
    [['status', '--run', '../../etc'], 'PWT_RUN_UNKNOWN'],
    [['retry', '1'], 'PWT_NO_RUN'],
  ])('pwt %j: %s', async (args, code) => {
    const { exitCode, stdout, stderr } = await bench.pwt(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${code}: .+`));
    await expectUntouched();
  });

  it('names the problem of a spec that was asked for and can not be used', async () => {
    await bench.repository.write({ 'specs/SPEC-050-image.md': 'a\0b' });
    const { exitCode, stderr } = await bench.pwt(['plan', '50']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^PWT_SPEC_BINARY: .*SPEC-050-image\.md/);
  });

  it('reports all problems of a configuration file at once, as JSON where asked', async () => {
    await bench.repository.write({ 'pwt.config.json': '{"maxInstances": 0, "agnet": "claude"}' });
    const { exitCode, stderr } = await bench.pwt(['plan', '--json']);
    expect(exitCode).toBe(2);
    const { error } = JSON.parse(stderr) as {
      error: { code: string; data: { problems: { path: string }[] } };
    };
    expect(error.code).toBe('PWT_CONFIG_INVALID');
    expect(error.data.problems.map(({ path }) => path)).toEqual(['maxInstances', 'agnet']);
  });

  it('runs no command of the configuration file that is not approved', async () => {
    const [command, ...args] = scriptedAgent;
    await bench.repository.write({
      'pwt.config.json': JSON.stringify({ agent: { command: [command, ...args] }, gate: 'touch ran' }),
    });
    const refused = await bench.pwt(runArguments());
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/^PWT_COMMAND_NOT_APPROVED: [\s\S]*scripted-agent/);
    await expectUntouched();
    expect(await bench.pwt([...runArguments(['1']), '--yes'])).toMatchObject({ exitCode: 0 });
    // Approved once, it is approved until its text changes.
    expect(await bench.pwt(runArguments(['2']))).toMatchObject({ exitCode: 0 });
    await bench.repository.write({
      'pwt.config.json': JSON.stringify({ agent: { command: [command, ...args] }, gate: 'touch it' }),
    });
    expect(await bench.pwt(runArguments(['1']))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('touch it'),
    });
  });
});

describe('configuration that is code', () => {
  it('is run by no command before its content is approved, and again not after it has changed', async () => {
    const marked = (mark: string) =>
      `import { writeFileSync } from 'node:fs';\nwriteFileSync('${mark}', '');\nexport default { maxInstances: 3 };\n`;
    await bench.repository.write({ 'pwt.config.mjs': marked('ran') });
    const ran = () => existsSync(join(bench.repository.path, 'ran'));
    expect(await bench.pwt(['plan'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^PWT_CODE_NOT_APPROVED: .*pwt\.config\.mjs[\s\S]*pwt plan --yes/),
    });
    for (const command of ['status', 'doctor', 'restore'])
      expect((await bench.pwt([command])).exitCode).not.toBe(2);
    expect(ran()).toBe(false);
    expect(await bench.pwt(['plan', '--yes'])).toMatchObject({ exitCode: 0 });
    expect(ran()).toBe(true);
    await bench.repository.write({ 'pwt.config.mjs': marked('again') });
    const { stdout, stderr } = await bench.pwt(['status']);
    expect(`${stdout}${stderr}`).toContain('pwt.config.mjs');
    expect(existsSync(join(bench.repository.path, 'again'))).toBe(false);
  });
});

describe('the environment exits with 3', () => {
  it('outside of a repository', async () => {
    const { exitCode, stderr } = await bench.pwt(['plan'], { cwd: bench.repository.parent });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^PWT_NOT_A_REPOSITORY: /);
  });

  it('in a directory that does not exist', async () => {
    expect(await bench.pwt(['plan', '-C', 'nowhere'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/^PWT_CWD_NOT_FOUND/),
    });
  });

  it('in a bare repository', async () => {
    const bare = join(bench.repository.parent, 'bare.git');
    await bench.repository.git('clone', '--quiet', '--bare', '.', bare);
    expect(await bench.pwt(['plan'], { cwd: bare })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/^PWT_BARE_REPOSITORY/),
    });
  });

  it('without a commit', async () => {
    const empty = join(bench.repository.parent, 'empty');
    await bench.repository.git('init', '--quiet', empty);
    expect(await bench.pwt(['plan'], { cwd: empty })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/^PWT_NO_COMMITS/),
    });
  });

  it('with a detached HEAD, unless a target is named', async () => {
    await bench.repository.git('checkout', '--quiet', '--detach');
    const detached = await bench.run();
    expect(detached).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/^PWT_DETACHED_HEAD/) });
    await expectUntouched();
    expect(await bench.run(['1', '--target', 'main'])).toMatchObject({ exitCode: 0 });
  });

  it('with a git that is too old', async () => {
    const bin = join(bench.repository.parent, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'git'), '#!/bin/sh\necho "git version 2.20.1"\n');
    await chmod(join(bin, 'git'), 0o755);
    const env = { PATH: `${bin}${delimiter}${process.env.PATH}` };
    expect(await bench.pwt(['plan'], { env })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/^PWT_GIT_/),
    });
  });

  it('with too little disk', async () => {
    const { exitCode, stderr } = await bench.pwt(['run', '--min-disk', '9000TB', '--', ...scriptedAgent]);
    expect({ exitCode, code: stderr.split(':')[0] }).toEqual({ exitCode: 3, code: 'PWT_DISK_FULL' });
    await expectUntouched();
  });
});

describe('what is in the way is left alone', () => {
  it('a foreign directory at the place of a worktree', async () => {
    const mine = join(bench.repository.parent, 'project-wt1');
    await mkdir(mine);
    await writeFile(join(mine, 'mine.txt'), 'mine');
    const { exitCode, stdout } = await bench.run(['1']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('project-wt1');
  });

  it('a foreign branch of that name', async () => {
    await bench.repository.git('branch', 'feature/us-001');
    const before = await bench.repository.git('rev-parse', 'feature/us-001');
    const { exitCode, stdout } = await bench.run(['1']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('feature/us-001');
    expect(await bench.repository.git('rev-parse', 'feature/us-001')).toBe(before);
  });
});

describe('hostile specs', () => {
  it('keeps shell characters data and refuses paths that leave the repository', async () => {
    const evil = 'a $(touch pwned) `touch pwned` ; touch pwned';
    await bench.repository.write({
      'specs/SPEC-9-evil.md': `# SPEC-9: ${evil}\n\n**File**: \`../outside.txt\`\n**File**: \`in side;.txt\`\n\n@say ${evil}\n@write done.txt x\n`,
    });
    await bench.repository.commitAll('evil');
    const { exitCode } = await bench.run(['9']);
    expect(exitCode).toBe(0);
    const files = Object.keys(await bench.repository.filesOf('main'));
    expect(files).toContain('done.txt');
    expect(files.some((file) => file.includes('pwned'))).toBe(false);
  });

  it('still runs the others when one spec is binary', async () => {
    await writeFile(join(bench.repository.path, 'specs/SPEC-9-binary.md'), Buffer.from([0, 1, 2, 0xff, 0]));
    const { exitCode, stdout } = await bench.run(['--json']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('"landed":2');
  });
});
