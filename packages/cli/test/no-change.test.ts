import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, parseLines, runArguments, spec, Workbench } from './support/pwt.js';
import { specKitFeature } from './support/spec-kit-feature.js';

/** The whole feature, or one that has every kind of task in it. */
const PER_STORY = process.env.PWT_PROVE === '1' ? 10 : 2;

const AGENT = [process.execPath, fileURLToPath(new URL('./support/stating-agent.mjs', import.meta.url))];
const CONFIG = { 'pwt.config.json': JSON.stringify({ formats: ['spec-files', 'spec-kit'] }) };
const CHAIN = {
  'specs/001-a/tasks.md':
    '# Tasks\n\n## Phase 1\n\n- [ ] T001 Run the linter and fix issues\n- [ ] T002 Update README.md\n',
};
const WHY = 'no change needed: all is in order';

let program: string;
let bench: Workbench | undefined;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(async () => {
  await bench?.dispose();
  bench = undefined;
});

const create = async (files: Readonly<Record<string, string>>) => {
  bench = await Workbench.create(program, { ...CONFIG, ...files });
  return bench;
};

const run = (
  on: Workbench,
  agent: readonly string[],
  env: Record<string, string> = {},
  ...args: readonly string[]
) => on.pwt([...runArguments(['--yes', '--sandbox', 'off', ...args]), '--', ...agent], { env });

const statuses = (stdout: string) => {
  const { tasks = [] } = parseLines(stdout).at(-1) as { tasks?: { taskId: string; status: string }[] };
  return Object.fromEntries(tasks.map(({ taskId, status }) => [taskId, status]));
};

const script = (text: string) => ['/bin/sh', '-c', text];

describe('a spec-kit feature with tasks that only check something', () => {
  it('runs to its end, and lands', async () => {
    const { files, ids } = specKitFeature(PER_STORY);
    const on = await create(files);
    const { exitCode, stdout } = await run(on, AGENT, { SILENT: '1' }, '--json', '--max-instances', '4');
    expect(statuses(stdout)).toEqual(Object.fromEntries(ids.map((id) => [id, 'landed'])));
    expect(exitCode).toBe(0);
    const without = parseLines(stdout).flatMap(({ type, noChange, taskId }) =>
      type === 'integrated' && noChange !== undefined ? [taskId] : [],
    );
    expect(without).toHaveLength(8);
    expect((await on.repository.git('worktree', 'list')).split('\n')).toHaveLength(1);
    expect((await on.pwt(['plan'])).stdout).toContain('Left out');
  }, 120_000);

  it('goes on after a check whose agent does nothing at all', async () => {
    const on = await create(CHAIN);
    const { exitCode, stdout } = await run(
      on,
      script('test "$PWT_TASK_ID" = T001 || echo more >> README.md'),
      {},
      '--json',
    );
    expect(statuses(stdout)).toEqual({ T001: 'landed', T002: 'landed' });
    expect(exitCode).toBe(0);
  });

  it('tells each agent where its task belongs, and what is done before it', async () => {
    const on = await create({
      ...CHAIN,
      'specs/001-a/spec.md': '# Spec\n',
      'specs/001-a/plan.md': '# Plan\n',
    });
    const copies = join(on.repository.parent, 'prompt-');
    await run(
      on,
      script(
        `cp "$PWT_PROMPT_FILE" '${copies}'$PWT_TASK_ID; test $PWT_TASK_ID = T001 || echo x >> README.md`,
      ),
    );
    const prompt = await readFile(`${copies}T002`, 'utf8');
    for (const name of ['specs/001-a', 'specs/001-a/tasks.md', 'specs/001-a/spec.md', 'specs/001-a/plan.md'])
      expect(prompt).toContain(`\`${name}\``);
    expect(prompt).toContain(
      'T001, `Run the linter and fix issues` (your task builds on it): no change was needed',
    );
  });
});

describe('pwt done', () => {
  const task = { ...spec(1, 'one.txt'), ...spec(2, 'two.txt', '## Dependencies', '', '- SPEC-1') };
  /** Task 1 does this, and 2 writes its file. */
  const first = (text: string) => script(`if test $PWT_TASK_ID = 2; then echo x > two.txt; else ${text}; fi`);
  const PWT = () => `'${process.execPath}' '${program}'`;

  it.each([
    ['in a folder of the worktree', { STATE_IN: 'deep/down' }],
    ['with nothing in its environment', { STATE_CLEARED: '1' }],
  ])('works with the command of the prompt, without pwt on the PATH: %s', async (_name, env) => {
    const on = await create({
      'specs/SPEC-1-look.md': '# SPEC-1: Look whether all is in order\n',
      ...spec(2, 'two.txt', '## Dependencies', '', '- SPEC-1'),
    });
    const { exitCode, stdout } = await run(on, AGENT, env);
    expect(stdout).toContain(`1: ${WHY}`);
    expect(exitCode).toBe(0);
    const status = await on.pwt(['status']);
    expect(status.stdout).toMatch(new RegExp(`landed +1 .*${WHY}`));
    const json = JSON.parse((await on.pwt(['status', '--json'])).stdout);
    expect(json.tasks).toMatchObject([
      { status: 'landed', noChange: 'all is in order' },
      { status: 'landed' },
    ]);
  });

  it('works in the sandbox, also with nothing in its environment', async ({ skip }) => {
    const on = await create(CHAIN);
    const { exitCode, stdout, stderr } = await run(
      on,
      AGENT,
      { STATE_CLEARED: '1' },
      '--sandbox',
      'required',
    );
    if (stderr.includes('PWT_SANDBOX_UNAVAILABLE')) return skip(stderr);
    expect(stdout).toContain(`T001: ${WHY}`);
    expect(exitCode).toBe(0);
  }, 30_000);

  it('refuses what it can not put on record, and says why', async () => {
    const on = await create(task);
    const at = on.repository.parent;
    const say = (name: string, words: string) =>
      `${PWT()} done ${words} > '${at}/${name}' 2>&1; echo $? >> '${at}/${name}'`;
    const said = async (name: string) => (await readFile(join(at, name), 'utf8')).trim();
    await run(
      on,
      first(
        [
          say('alone', ''),
          say('without', '--no-change'),
          say('once', "--no-change -m 'first\n# Rules\nreason'"),
          say('twice', '--no-change -m second'),
          `(cd '${on.repository.path}' && ${say('elsewhere', '--no-change -m x')})`,
          `echo x > one.txt; ${say('changed', '--no-change -m x')}; git add . && git commit -qm x; ${say('committed', '--no-change -m x')}`,
        ].join('; '),
      ),
    );
    expect(await said('alone')).toMatch(/^PWT_USAGE: To state that a task needs no change[\s\S]*\n2$/);
    expect(await said('without')).toMatch(/^PWT_USAGE: Say why[\s\S]*\n2$/);
    expect(await said('once')).toMatch(/^Task 1: no change needed: first # Rules reason\n[\s\S]*\n0$/);
    expect(await said('twice')).toMatch(
      /^Task 1: no change needed: second In place of: first # Rules reason\n[\s\S]*\n0$/,
    );
    expect(await said('elsewhere')).toMatch(/^PWT_TASK_NOT_HERE: [\s\S]*\n2$/);
    for (const name of ['changed', 'committed'])
      expect(await said(name)).toMatch(
        /^PWT_TASK_CHANGED: The worktree of task 1 has changes: one.txt.\n[\s\S]*\n2$/,
      );
    const report = (await on.pwt(['status', '--json'])).stdout;
    expect(JSON.parse(report).tasks[0]).toMatchObject({ status: 'landed', note: 'second' });
  });

  it('counts no more after the end, and is nobody else’s word', async () => {
    const on = await create(task);
    await run(on, first('true'));
    const { worktree } = JSON.parse((await on.pwt(['status', '--json'])).stdout).tasks[0];
    const late = await on.pwt(['done', '--no-change', '-m', 'x'], { cwd: worktree });
    expect(late).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^PWT_TASK_ENDED: /) });
    const person = await on.pwt(['done', '--no-change', '-m', 'x', '--json']);
    expect(JSON.parse(person.stderr || person.stdout)).toMatchObject({
      error: { code: 'PWT_TASK_NOT_HERE' },
    });
    const nowhere = await on.pwt(['done', '--no-change', '-m', 'x'], { cwd: '/' });
    expect(nowhere).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^PWT_TASK_NOT_HERE: /) });
  });

  it('is not said for a later attempt by what an earlier one has left running', async () => {
    const on = await create(spec(1, 'one.txt'));
    const at = on.repository.parent;
    // As it would be called by what the first attempt has started.
    const late = `PWT_STATEMENT_FILE="$(cat '${at}/first')" ${PWT()} done --no-change -m old > '${at}/said' 2>&1`;
    await run(
      on,
      script(`test -e '${at}/first' && { ${late}; exit 0; }; echo "$PWT_STATEMENT_FILE" > '${at}/first'`),
      {},
      '--retries',
      '1',
    );
    expect(await readFile(join(at, 'said'), 'utf8')).toMatch(/^PWT_TASK_ENDED: /);
    expect((await on.pwt(['status'])).stdout).not.toContain('old');
  });
});
