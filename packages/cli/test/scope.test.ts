import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildPwt, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

const vague = (id: number): Record<string, string> => ({
  [`specs/SPEC-${id}-x.md`]: `# Make part ${id} better\n`,
});
const files = {
  'src/a.ts': '',
  ...vague(1),
  ...vague(2),
  'specs/SPEC-3-x.md': '# Named\n\n**File**: `src/b.ts`\n',
};

/** Answers for the tasks that its prompt names; changes files of its checkout, which must not matter. */
const AGENT = [
  'sh',
  '-ec',
  `grep -q "Task 1: Make part 1 better" "$PWT_PROMPT_FILE"
   if grep -q "Named" "$PWT_PROMPT_FILE"; then exit 3; fi
   echo spoilt > src/a.ts
   echo '{"1": {"write": ["src/a.ts", "/etc/passwd"], "create": ["src/new.ts"]}, "2": {}}' > pwt-scope.json`,
];
const scope = (...args: string[]) => bench.pwt(['scope', ...args, '--', ...AGENT]);
const written = () => join(bench.repository.path, '.pwt/scopes.yaml');

describe('pwt scope', () => {
  it('shows what is proposed for the tasks that name no file, and writes nothing without consent', async () => {
    bench = await Workbench.create(program, files);
    const { exitCode, stdout } = await scope();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1  Make part 1 better\n  write   src/a.ts\n  create  src/new.ts\n');
    expect(stdout).toContain('left out: "/etc/passwd"');
    expect(stdout).toContain('2  Make part 2 better: no files (the agent can not tell)');
    expect(stdout).toContain('Nothing is written: there is nobody to ask.');
    expect(existsSync(written())).toBe(false);
    expect(readFileSync(join(bench.repository.path, 'src/a.ts'), 'utf8')).toBe('');
    expect(await bench.repository.git('worktree', 'list', '--porcelain')).not.toContain('-gate-');
  });

  it('writes it to the file that plans read', async () => {
    bench = await Workbench.create(program, files);
    const said = JSON.parse((await scope('1', '--write', '--json')).stdout);
    expect(said).toMatchObject({
      proposals: [{ taskId: '1', files: { write: ['src/a.ts'], create: ['src/new.ts'] } }],
      written: expect.stringMatching(/scopes\.yaml$/),
    });
    const { tasks } = JSON.parse((await bench.pwt(['plan', '--json'])).stdout);
    expect(tasks[0]).toMatchObject({ id: '1', unknownScope: false });
    expect(tasks[0].claims).toMatchObject([
      { pattern: 'src/a.ts', file: '.pwt/scopes.yaml', rule: 'scopes-file' },
      { pattern: 'src/new.ts' },
    ]);
  });

  it('says why there is no answer, and fails then', async () => {
    bench = await Workbench.create(program, files);
    const { exitCode, stdout } = await bench.pwt(['scope', '--', 'sh', '-c', 'exit 3']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('1  Make part 1 better: no files (its agent failed: ended with exit code 3');
  });

  it('has nothing to do where each task names its files', async () => {
    bench = await Workbench.create(program, { 'specs/SPEC-3-x.md': '# Named\n\n**File**: `src/b.ts`\n' });
    expect((await scope()).stdout).toContain('Every task says which files it changes');
  });
});

describe('pwt scope, ended before its agents', () => {
  /** As many tasks as two agents are asked about, of which the second lets itself not be ended politely. */
  const many = Object.assign({}, ...Array.from({ length: 9 }, (_, at) => vague(at + 1)));
  const pids = () =>
    readdirSync(bench.repository.parent).flatMap((name) => name.match(/^pid-(\d+)$/)?.[1] ?? []);
  const stubborn = () => [
    'sh',
    '-c',
    `grep -q "^Task 9:" "$PWT_PROMPT_FILE" && trap "sleep 1; exit" TERM; : > "${bench.repository.parent}/pid-$$"; while :; do sleep 0.1; done`,
  ];
  const isThere = (pid: string) => {
    try {
      return process.kill(Number(pid), 0);
    } catch {
      return false;
    }
  };
  const left = async () => ({
    worktrees: (await bench.repository.git('worktree', 'list', '--porcelain')).match(/-gate-/g),
    state: readdirSync(join(bench.repository.path, '.git/pwt/scope')),
    agents: pids().filter(isThere),
  });
  const nothing = { worktrees: null, state: [], agents: [] };

  async function asking() {
    bench = await Workbench.create(program, many);
    const child = bench.start(['scope', '--max-instances', '2', '--', ...stubborn()]);
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    await vi.waitFor(() => expect(pids()).toHaveLength(2), { timeout: 30_000 });
    return { child, stderr: () => stderr };
  }

  it('by Ctrl-C: leaves nothing, not even the agent that takes its time', async () => {
    const { child, stderr } = await asking();
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(stderr()).toBe('\nStopping the agents. Nothing is written.\n');
    expect(await left()).toEqual(nothing);
  });

  it('by a kill: the next one ends what is left', async () => {
    const { child } = await asking();
    child.kill('SIGKILL');
    await once(child, 'close');
    expect((await left()).agents).toHaveLength(2);
    expect((await bench.pwt(['scope', '1', '--', 'sh', '-c', 'echo "{}" > pwt-scope.json'])).exitCode).toBe(
      1,
    );
    expect(await left()).toEqual(nothing);
  });

  it('by one that can not be asked: ends the others too, and says what is wrong', async () => {
    bench = await Workbench.create(program, {
      ...many,
      'pwt.config.json': JSON.stringify({ setup: 'mkdir ../once || exit 7' }),
    });
    const outcome = await bench.pwt(['scope', '--yes', '--max-instances', '2', '--', ...stubborn()]);
    expect(outcome).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('PWT_SETUP_FAILED') });
    expect(await left()).toEqual(nothing);
  });

  it('approves no command of the repository by what it may write', async () => {
    bench = await Workbench.create(program, {
      ...files,
      'pwt.config.json': JSON.stringify({ setup: 'touch ../set-up' }),
    });
    expect((await scope('1', '--write')).stderr).toContain('PWT_COMMAND_NOT_APPROVED');
    expect((await scope('1', '--yes')).stdout).toContain('Nothing is written');
    expect(existsSync(join(bench.repository.parent, 'set-up'))).toBe(true);
  });
});
