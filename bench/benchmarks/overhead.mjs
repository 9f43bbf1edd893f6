import { TemporaryRepository } from '@pwt/testkit';
import { median, timeMs } from '../lib/measure.mjs';
import { pwtProgram, runNode } from '../lib/programs.mjs';
import { phases, spanOf } from '../lib/run-events.mjs';
import { runByHand } from './overhead/by-hand.mjs';

const TASKS = 12;
const INSTANCES = [1, 2, 3];

/**
 * What pwt itself costs while agents work: worktrees, processes, merges, landing, journal.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const overhead = {
  name: 'overhead',
  async run({ rounds }) {
    const long = await measure({ agentMs: 2_000, rounds: rounds ?? 1 });
    const short = await measure({ agentMs: 50, rounds: rounds ?? 3 });
    const byHandMs = await measureByHand({ agentMs: 50, rounds: rounds ?? 3 });
    return [
      {
        title: `${TASKS} agents of 2 s (sleep, then a commit)`,
        columns: {
          instances: 'count',
          'lower bound': 'ms',
          'from Enter to prompt': 'ms',
          'beside the bound': 'ratio',
          'before the first event': 'ms',
          'first dispatch to last integration': 'ms',
        },
        rows: long.map(({ instances, spanMs, wholeMs, firstEventMs, boundMs }) => ({
          instances,
          'lower bound': boundMs,
          'from Enter to prompt': wholeMs,
          'beside the bound': wholeMs / boundMs,
          'before the first event': firstEventMs,
          'first dispatch to last integration': spanMs,
        })),
        note: 'From Enter to prompt: the whole process, its start and its end included. The bound is agents × 2 s / instances; it does not even have room for the commits.',
      },
      {
        title: `${TASKS} agents of 50 ms`,
        columns: { instances: 'text', 'per task': 'ms', 'overhead per task': 'ms' },
        rows: [
          ...short.map(({ instances, spanMs }) => ({
            instances: String(instances),
            'per task': spanMs / TASKS,
            'overhead per task': spanMs / TASKS - 50 / instances,
          })),
          { instances: 'by hand', 'per task': byHandMs / TASKS, 'overhead per task': byHandMs / TASKS - 50 },
        ],
        note: 'By hand: git worktree add, the agent, git merge, git worktree remove, git branch -d, one task after the other.',
      },
      {
        title: 'Where the time of a task goes, agents of 50 ms',
        columns: {
          phase: 'text',
          ...Object.fromEntries(short.map(({ instances }) => [atOnce(instances), 'ms'])),
        },
        rows: Object.keys(short[0]?.phases ?? {}).map((phase) => ({
          phase,
          ...Object.fromEntries(short.map(({ instances, phases }) => [atOnce(instances), phases[phase]])),
        })),
        note: 'Median over the tasks, by number of instances. Phases of different tasks overlap.',
      },
    ];
  },
};

/**
 * @param {{agentMs: number, rounds: number}} options
 */
async function measure({ agentMs, rounds }) {
  const runs = INSTANCES.map((instances) => ({
    instances,
    spans: /** @type {number[]} */ ([]),
    wholes: /** @type {number[]} */ ([]),
    firsts: /** @type {number[]} */ ([]),
    events: /** @type {import('@pwt/core').RunEvent[]} */ ([]),
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const run of runs) {
      const { events, wholeMs, firstEventMs } = await runPwt({ agentMs, instances: run.instances });
      run.spans.push(spanOf(events));
      run.wholes.push(wholeMs);
      run.firsts.push(firstEventMs);
      run.events.push(...events);
    }
  }
  return runs.map(({ instances, spans, wholes, firsts, events }) => ({
    instances,
    boundMs: (TASKS * agentMs) / instances,
    spanMs: median(spans),
    wholeMs: median(wholes),
    firstEventMs: median(firsts),
    phases: phases(events),
  }));
}

/**
 * @param {{agentMs: number, instances: number}} options
 * @returns {Promise<{events: import('@pwt/core').RunEvent[], wholeMs: number, firstEventMs: number}>}
 */
async function runPwt({ agentMs, instances }) {
  const repository = await taskRepository();
  try {
    const limits = [
      '--max-instances',
      String(instances),
      '--max-cpu-percent',
      '100',
      '--max-memory-percent',
      '100',
    ];
    const args = [pwtProgram, 'run', '--json', ...limits, '--', ...agentCommand(agentMs)];
    const startedAt = Date.now();
    let output = '';
    const wholeMs = timeMs(() => {
      output = runNode(args, { cwd: repository.path, env: repository.env });
    });
    const events = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    return { events, wholeMs, firstEventMs: events[0].at - startedAt };
  } finally {
    await repository.dispose();
  }
}

/**
 * @param {{agentMs: number, rounds: number}} options
 */
async function measureByHand({ agentMs, rounds }) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const repository = await taskRepository();
    times.push(timeMs(() => runByHand({ repository, tasks: taskIds(), command: agentCommand(agentMs) })));
    await repository.dispose();
  }
  return median(times);
}

/**
 * @param {number} agentMs
 * @returns {[string, ...string[]]}
 */
function agentCommand(agentMs) {
  const work = 'echo done > "work/$PWT_TASK_ID.txt" && git add work && git commit --quiet -m "Do the work"';
  return ['sh', '-c', `sleep ${agentMs / 1000} && mkdir -p work && ${work}`];
}

/** @param {number} instances */
function atOnce(instances) {
  return `${instances} at once`;
}

function taskIds() {
  return Array.from({ length: TASKS }, (_, at) => String(at + 1));
}

function taskRepository() {
  const specs = taskIds().map((id) => [
    `specs/SPEC-${id}-task.md`,
    `# Task ${id}\n\n**File**: \`work/${id}.txt\`\n`,
  ]);
  return TemporaryRepository.create({ 'README.md': 'hello\n', ...Object.fromEntries(specs) });
}
