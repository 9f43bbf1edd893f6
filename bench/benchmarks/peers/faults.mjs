import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../../lib/run-process.mjs';
import { TaskProject } from '../../lib/task-project.mjs';
import { tasksYaml } from './contenders.mjs';
import { checkoutStatus, remains } from './remains.mjs';

/**
 * @typedef {import('./contenders.mjs').Contender} Contender
 * @typedef {import('../../lib/table.mjs').Table} Table
 *
 * @typedef {object} Fault
 * @property {string} name
 * @property {Omit<import('../../lib/task-project.mjs').Work, 'seconds'>} [work]
 * @property {boolean} [dirty] The user has work of their own in the checkout.
 * @property {number} [killAfter] Killed when so many agents were started; then started again.
 * @property {number} possible How many tasks can land.
 */

const TASKS = 12;
const TIMEOUT_MS = 60_000;

/** What the user has not committed: unstaged, staged, and a new file. */
const MINE = { 'notes.md': 'mine\n', 'staged.md': 'mine, staged\n', 'draft.txt': 'mine, new\n' };

/** @type {readonly Fault[]} */
const FAULTS = [
  { name: 'dirty checkout', dirty: true, possible: TASKS },
  { name: 'two tasks conflict', work: { clashing: [1, 2] }, possible: TASKS - 1 },
  { name: 'one agent fails', work: { failing: [3] }, possible: TASKS - 1 },
  { name: 'kill -9, and again', killAfter: 5, possible: TASKS },
];

/**
 * @param {readonly Contender[]} contenders
 * @returns {Promise<Table>}
 */
export async function faults(contenders) {
  const rows = [];
  for (const fault of FAULTS)
    for (const contender of contenders) rows.push(await withFault(fault, contender));
  return {
    title: `${TASKS} agents of 0.3 s and a fault`,
    columns: {
      fault: 'text',
      tool: 'text',
      landed: 'text',
      'agents started': 'count',
      'worktrees left': 'count',
      branches: 'count',
      'files changed': 'count',
      "the user's own": 'text',
      exit: 'text',
      took: 'ms',
    },
    rows,
    note: "Left: worktrees and branches besides the user's. Files changed: paths of the user's checkout that `git status` tells something else of than before; ralphy marks tasks as done in its task list. The user's own: an unstaged change, a staged file and a new one are as they were. Conflict: two agents write a file that no task mentions. Killed with its process group when five agents had been started.",
  };
}

/**
 * @param {Fault} fault
 * @param {Contender} contender
 */
async function withFault({ name, work, dirty = false, killAfter, possible }, contender) {
  const project = await TaskProject.create({
    tasks: TASKS,
    work: { ...work, seconds: () => 0.3 },
    files: { 'tasks.yaml': tasksYaml(TASKS), 'notes.md': 'notes\n' },
  });
  const { repository } = project;
  try {
    if (dirty) {
      await repository.write(MINE);
      await repository.git('add', 'staged.md');
    }
    const before = await checkoutStatus(project);
    const options = {
      cwd: repository.path,
      env: project.env,
      logFile: join(repository.parent, 'output.log'),
      timeoutMs: TIMEOUT_MS,
    };
    const first = await runProcess(contender.start(project), {
      ...options,
      ...(killAfter === undefined ? {} : { killWhen: () => project.starts >= killAfter }),
    });
    const ended = killAfter === undefined ? first : await runProcess(contender.again(project), options);
    const left = await remains(project, before);
    const mine = dirty ? ((await isMineKept(project)) ? 'kept' : 'changed') : undefined;
    return {
      fault: name,
      tool: contender.name,
      landed: `${await project.landed()} of ${possible}`,
      'agents started': project.starts,
      'worktrees left': left.worktrees,
      branches: left.branches,
      'files changed': left.changed,
      "the user's own": mine,
      exit: String(ended.exit),
      took: killAfter === undefined ? ended.ms : first.ms + ended.ms,
    };
  } finally {
    await project.dispose();
  }
}

/** @param {TaskProject} project */
async function isMineKept(project) {
  const { path } = project.repository;
  const same = Object.entries(MINE).every(([file, text]) => {
    try {
      return readFileSync(join(path, file), 'utf8') === text;
    } catch {
      return false;
    }
  });
  const status = await checkoutStatus(project);
  return same && [' M notes.md', 'A  staged.md', '?? draft.txt'].every((line) => status.has(line));
}
