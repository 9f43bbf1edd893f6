import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt('scope');
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
    const said = JSON.parse((await scope('1', '--yes', '--json')).stdout);
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
