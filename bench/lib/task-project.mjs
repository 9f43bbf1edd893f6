import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';

/**
 * @typedef {object} Work What the agents of a project do. Each also writes `work/<id>.txt` and commits.
 * @property {(id: number) => number} seconds How long the agent of a task works.
 * @property {readonly number[]} [failing] Tasks whose agents fail at once.
 * @property {readonly number[]} [clashing] Tasks whose agents also write `README.md`, which no task mentions.
 * @property {readonly number[]} [culprits] Tasks whose agents also write `work/broken-<id>.txt`.
 */

/** A repository with tasks, and an agent that works on them as it is told to. */
export class TaskProject {
  /** @readonly */ repository;
  /** @readonly */ ids;
  /** The program that does the work of a task: `agent ID`, in the task's worktree. @readonly */
  agent;
  /** Programs for the PATH. @readonly */
  bin;
  /** @readonly */ env;
  #starts;

  /**
   * @param {TemporaryRepository} repository
   * @param {readonly number[]} ids
   */
  constructor(repository, ids) {
    this.repository = repository;
    this.ids = ids;
    this.bin = join(repository.parent, 'bin');
    this.agent = join(this.bin, 'agent');
    this.#starts = join(repository.parent, 'starts');
    const home = join(repository.parent, 'home');
    for (const folder of [this.bin, this.#starts, home]) mkdirSync(folder);
    const { PATH, ...env } = repository.env;
    this.env = { ...env, PATH: `${this.bin}:${PATH}`, HOME: home };
  }

  /**
   * @param {{tasks: number, work: Work, files?: Readonly<Record<string, string>>}} options
   */
  static async create({ tasks, work, files = {} }) {
    const ids = Array.from({ length: tasks }, (_, at) => at + 1);
    const specs = ids.map((id) => [
      `specs/SPEC-${id}-task.md`,
      `# Task ${id}\n\n**File**: \`work/${id}.txt\`\n`,
    ]);
    const repository = await TemporaryRepository.create({
      'README.md': 'hello\n',
      ...Object.fromEntries(specs),
      ...files,
    });
    const project = new TaskProject(repository, ids);
    project.#writeAgent(work);
    return project;
  }

  /** How often an agent was started. */
  get starts() {
    return readdirSync(this.#starts).length;
  }

  /**
   * Puts a program on the PATH of {@link env}.
   *
   * @param {string} name
   * @param {string} text
   */
  addProgram(name, text) {
    const file = join(this.bin, name);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }

  /** How many tasks' files `main` has. */
  async landed() {
    const listed = await this.repository.git('ls-tree', '-r', '--name-only', 'main', 'work');
    const paths = new Set(listed.split('\n'));
    return this.ids.filter((id) => paths.has(`work/${id}.txt`)).length;
  }

  dispose() {
    return this.repository.dispose();
  }

  /** @param {Work} work */
  #writeAgent({ seconds, failing = [], clashing = [], culprits = [] }) {
    const among = (/** @type {readonly number[]} */ ids) => (ids.length === 0 ? '-' : ids.join('|'));
    const cases = this.ids.map((id) => `  ${id}) sleep ${seconds(id)} ;;`);
    this.addProgram(
      'agent',
      `#!/bin/sh -e
: > "${this.#starts}/$1.$$"
case $1 in ${among(failing)}) exit 1 ;; esac
case $1 in
${cases.join('\n')}
esac
mkdir -p work
echo "task $1, process $$" > "work/$1.txt"
case $1 in ${among(clashing)}) echo "task $1" > README.md ;; esac
case $1 in ${among(culprits)}) echo no > "work/broken-$1.txt" ;; esac
git add --all work README.md
git commit --quiet -m "Do task $1"
`,
    );
  }
}
