import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPwt, parseLines, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
beforeEach(async () => {
  bench = await Workbench.create(program);
});
afterEach(() => bench.dispose());

const LIST = 'specs/001-photos/tasks.md';
const IDS = Array.from({ length: 12 }, (_, at) => `T${String(at + 1).padStart(3, '0')}`);

/** Of Windows' line ends, without an end of the last line: both stay. */
const list = (done: readonly string[]) =>
  [
    '# Tasks',
    '',
    ...IDS.map((id) => `- [${done.includes(id) ? 'x' : ' '}] ${id} [P] Write src/${id}.txt`),
  ].join('\r\n');

/** The agents of even tasks tick their own boxes, too; that of T007 writes what the gate refuses. */
const WORK = `mkdir -p src && echo "$PWT_TASK_ID" >"src/$PWT_TASK_ID.txt"
case $PWT_TASK_ID in *[02468]) sed -i "s/\\[ \\] $PWT_TASK_ID/[x] $PWT_TASK_ID/" ${LIST} ;; esac
`;
const GATE = 'test ! -e src/T007.txt';

interface Line {
  readonly type: string;
  readonly taskId?: string;
  readonly commit?: string;
  readonly from?: string;
  readonly to?: string;
  readonly diagnostic?: { readonly code: string };
  readonly verdict?: { readonly status: string };
}

async function runAll(args: readonly string[]) {
  const outcome = await bench.run(
    [
      '--json',
      '--yes',
      '--mark-done',
      '--task-format',
      'spec-kit',
      '--max-instances',
      '12',
      '--gate',
      GATE,
      ...args,
    ],
    ['sh', 'work.sh'],
  );
  return { outcome, lines: parseLines(outcome.stdout) as unknown as Line[] };
}

const git = (...args: string[]) => bench.repository.git(...args);
const showList = (commit: string) => git('show', `${commit}:${LIST}`);

describe('a list that twelve tasks share', () => {
  it.each(process.env.PWT_PROVE === '1' ? ['merge', 'squash', 'rebase'] : ['squash'])(
    '%s: is marked in the commits that the gate has tested, and nothing is left but what was refused',
    async (strategy) => {
      await bench.repository.write({ [LIST]: list([]), 'work.sh': WORK });
      await bench.repository.commitAll('start');
      const { lines } = await runAll(['--strategy', strategy]);
      const landed = IDS.filter((id) => id !== 'T007');
      expect(await showList('main')).toBe(list(landed));
      expect(await git('status', '--porcelain')).toBe('');
      const [, ...worktrees] = (await git('worktree', 'list')).trim().split('\n');
      expect(worktrees).toEqual([expect.stringContaining('T007')]);

      const green = lines.filter(({ verdict }) => verdict?.status === 'green').map(({ commit }) => commit);
      const landings = lines.filter(({ type }) => type === 'landed');
      for (const { to } of landings) expect(green).toContain(to);
      expect(landings.at(-1)?.to).toBe((await git('rev-parse', 'main')).trim());
      const joined = lines.filter(({ type }) => type === 'integrated');
      expect(joined.map(({ taskId }) => taskId).sort()).toEqual(landed);
      for (const { taskId, from = '', commit = '' } of joined) {
        expect(await showList(from)).toContain(`[ ] ${taskId}`);
        expect(await showList(commit)).toContain(`[x] ${taskId}`);
        expect((await git('rev-parse', `${commit}^1`)).trim()).toBe(from);
      }

      // In a fresh clone there is no record of the run.
      const clone = `${bench.repository.parent}/clone`;
      await git('clone', '--quiet', '.', clone);
      for (const cwd of [bench.repository.path, clone]) {
        const plan = await bench.pwt(['plan', '--json', '--task-format', 'spec-kit'], { cwd });
        const { tasks } = JSON.parse(plan.stdout) as { readonly tasks: readonly { readonly id: string }[] };
        expect(tasks.map(({ id }) => id)).toEqual(['T007']);
      }
    },
  );

  it('that is in no commit is left alone, and that is said once', async () => {
    await bench.repository.write({ 'work.sh': WORK, '.gitignore': 'specs/\n' });
    await bench.repository.commitAll('start');
    await bench.repository.write({ [LIST]: list([]) });
    const { lines, outcome } = await runAll(['T001', 'T003', 'T005']);
    expect(outcome.exitCode).toBe(0);
    const warned = lines.flatMap(({ type, diagnostic }) => (type === 'warning' ? [diagnostic?.code] : []));
    expect(warned).toEqual(['PWT_MARK_NOT_COMMITTED']);
    expect(await git('ls-tree', '-r', '--name-only', 'main')).not.toContain(LIST);
    const again = await bench.pwt(['plan', '--json', '--task-format', 'spec-kit']);
    const { tasks } = JSON.parse(again.stdout) as { readonly tasks: readonly { readonly id: string }[] };
    expect(tasks.map(({ id }) => id)).toEqual(IDS.filter((id) => !['T001', 'T003', 'T005'].includes(id)));
  });
});
