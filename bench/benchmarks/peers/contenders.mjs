import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pwtProgram, runNode } from '../../lib/programs.mjs';

/** @typedef {import('../../lib/task-project.mjs').TaskProject} TaskProject */

/**
 * @typedef {object} Contender Something that has agents work on tasks at the same time, three at once.
 * @property {string} name With its version.
 * @property {(project: TaskProject, more?: {gate?: string}) => readonly [string, ...string[]]} start `gate`: a command for tools that
 *   test what they land.
 * @property {(project: TaskProject) => readonly [string, ...string[]]} again What its user does after it was killed.
 */

/** How many agents work at once. */
export const AT_ONCE = 3;

/** @returns {Contender} */
export function pwt() {
  const version = runNode([pwtProgram, '--version'], { cwd: process.cwd(), env: process.env }).trim();
  const limits = [
    '--max-instances',
    String(AT_ONCE),
    '--max-cpu-percent',
    '100',
    '--max-memory-percent',
    '100',
  ];
  return {
    name: `pwt ${version.replace(/^pwt /, '')}`,
    start: ({ agent }, { gate } = {}) => {
      const work = ['sh', '-c', `exec ${agent} "$PWT_TASK_ID"`];
      const tests = gate === undefined ? [] : ['--gate', gate];
      return [process.execPath, pwtProgram, 'run', ...limits, ...tests, '--', ...work];
    },
    again: () => [process.execPath, pwtProgram, 'resume'],
  };
}

/** @returns {Contender | string} why it can't be run here */
export function shellLoop() {
  const found = spawnSync('flock', ['--version'], { encoding: 'utf8' });
  if (found.status !== 0) return 'The shell loop needs flock, which is not here.';
  const script = fileURLToPath(new URL('shell-loop.sh', import.meta.url));
  /** @type {Contender['start']} */
  const start = ({ agent, ids }) => ['sh', script, agent, ...ids.map(String)];
  return { name: 'ten lines of shell', start, again: start };
}

/**
 * @param {{version: string, program: string}} installed
 * @returns {Contender}
 */
export function ralphy({ version, program }) {
  const flags = [
    ...['--yaml', 'tasks.yaml', '--parallel', '--max-parallel', String(AT_ONCE)],
    ...['--no-tests', '--no-lint', '--no-browser', '--claude'],
  ];
  /** @type {Contender['start']} */
  const start = (project) => {
    project.addProgram('claude', CLAUDE);
    return [process.execPath, program, ...flags];
  };
  return { name: `ralphy-cli ${version}`, start, again: start };
}

/**
 * Finds its task in the prompt, and has the agent read the whole. Asked for anything else, such as a merge conflict, it does
 * what the program `resolver` does, if there is one.
 */
const CLAUDE = `#!/bin/sh
id=$(printf '%s\\n' "$@" | sed -n 's/^TASK: Task \\([0-9]*\\)$/\\1/p' | head -n 1)
if [ -n "$id" ]; then printf '%s\\n' "$@" | agent "$id" >&2 || exit 1
elif command -v resolver > /dev/null; then resolver >&2; fi
echo '{"type":"result","subtype":"success","result":"done","usage":{"input_tokens":1,"output_tokens":1}}'
`;

/**
 * The task list that ralphy reads.
 *
 * @param {number} tasks
 */
export function tasksYaml(tasks) {
  const one = (/** @type {number} */ id) =>
    `  - title: Task ${id}\n    completed: false\n    parallel_group: 1\n`;
  return `tasks:\n${Array.from({ length: tasks }, (_, at) => one(at + 1)).join('')}`;
}
