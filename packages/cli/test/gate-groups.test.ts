import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPwt, type Outcome, parseLines, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
beforeEach(async () => {
  bench = await Workbench.create(program);
});
afterEach(() => bench.dispose());

/** Every function that is called is defined, and once. */
const CHECK = `defined=$(cat src/*.txt | sed -n 's/^def //p' | sort)
twice=$(printf '%s\\n' "$defined" | uniq -d)
[ -z "$twice" ] || { echo "defined twice: $twice"; exit 1; }
for name in $(cat src/*.txt | sed -n 's/^call //p'); do
  printf '%s\\n' "$defined" | grep -qx "$name" || { echo "not defined: $name"; exit 1; }
done
`;

/** What the agent of each task does. That of task 6 waits until the gate has run once. */
const WORK = `case $PWT_TASK_ID in
1) sed -i 's/greet/welcome/' src/greet.txt src/main.txt ;;
2) echo 'call greet' >src/page.txt ;;
3) echo 'def other' >src/other.txt ;;
4) { echo 'def twice'; cat src/long.txt; } >new; mv new src/long.txt ;;
5) echo 'def twice' >>src/long.txt ;;
6) until [ -e ../tested ]; do sleep 0.05; done; echo 'def sixth' >src/sixth.txt ;;
7) echo 'def seventh' >src/seventh.txt ;;
esac
`;

const FILES = {
  'check.sh': CHECK,
  'work.sh': WORK,
  'src/greet.txt': 'def greet\n',
  'src/main.txt': 'call greet\n',
  'src/long.txt': Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join(''),
};

interface Line {
  readonly type: string;
  readonly at: number;
  readonly taskId?: string;
  readonly [key: string]: unknown;
}

interface Ended {
  readonly taskId: string;
  readonly status: string;
  readonly reason?: string;
  readonly failure?: { readonly kind: string; readonly withTaskId?: string };
}

async function run(
  ids: readonly number[],
  gate: string,
  atOnce = ids.length,
): Promise<{ lines: readonly Line[]; tasks: readonly Ended[] }> {
  const specs = ids.map((id) => spec(id, `claimed-${id}.txt`));
  await bench.repository.write(Object.assign({}, FILES, ...specs));
  await bench.repository.commitAll('start');
  const args = ['--json', '--yes', '--max-instances', String(atOnce), '--gate-slots', '2', '--gate', gate];
  const outcome: Outcome = await bench.run(args, ['sh', 'work.sh']);
  const lines = parseLines(outcome.stdout) as unknown as Line[];
  const { tasks } = (lines.at(-1) ?? {}) as unknown as { readonly tasks?: readonly Ended[] };
  if (tasks === undefined) throw new Error(`${outcome.stdout}\n${outcome.stderr}`);
  return { lines, tasks };
}

/** The one of two tasks that was rejected; it names the other one, and both specs. */
function expectPair(tasks: readonly Ended[], a: string, b: string, line: string): void {
  const [one, two] = [a, b].map((id) => tasks.find(({ taskId }) => taskId === id));
  expect([one?.status, two?.status].sort()).toEqual(['failed', 'landed']);
  const [rejected, other] = one?.status === 'failed' ? [one, b] : [two, a];
  expect(rejected?.failure).toMatchObject({ kind: 'gate-red', withTaskId: other });
  expect(rejected?.reason).toContain(line);
  for (const id of [a, b]) expect(rejected?.reason).toContain(`specs/SPEC-${id}-task.md`);
}

describe('work that git merges and that does not fit together', () => {
  it('is caught by the joint gate: the pair is named, and the rest lands', async () => {
    const { lines, tasks } = await run([1, 2, 3, 4, 5], 'sh check.sh');
    expectPair(tasks, '1', '2', 'not defined: greet');
    expectPair(tasks, '4', '5', 'defined twice: twice');
    expect(tasks.find(({ taskId }) => taskId === '3')?.status).toBe('landed');
    const green = lines
      .filter(
        ({ type, verdict }) => type === 'gate-finished' && (verdict as { status: string }).status === 'green',
      )
      .map(({ commit }) => commit);
    for (const { to } of lines.filter(({ type }) => type === 'landed')) expect(green).toContain(to);
    const main = await bench.repository.git('rev-parse', 'main');
    expect(lines.filter(({ type }) => type === 'landed').at(-1)?.to).toBe(main.trim());
    expect(await bench.repository.git('for-each-ref', '--format=%(refname)', 'refs/pwt/*/candidates/*')).toBe(
      '',
    );
  });
});

describe('a gate that is red without any task', () => {
  it('is said before the second agent starts, and no task is blamed', async () => {
    const { lines, tasks } = await run([6, 7], 'touch ../tested; echo broken >&2; exit 1', 1);
    expect(tasks.map(({ status }) => status)).toEqual(['landed', 'landed']);
    const code = ({ diagnostic }: Line) => (diagnostic as { readonly code?: string } | undefined)?.code;
    const said = lines.findIndex((line) => code(line) === 'PWT_GATE_BASE_RED');
    const second = lines.findIndex((line) => line.type === 'agent-launched' && line.taskId === '7');
    expect(said).toBeGreaterThan(0);
    expect(lines.filter((line) => code(line) === 'PWT_GATE_BASE_RED')).toHaveLength(1);
    expect(said).toBeLessThan(second);
  });
});
