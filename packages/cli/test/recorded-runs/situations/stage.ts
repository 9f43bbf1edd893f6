import type { ChildProcess } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Death, MortalGit } from '../../support/mortal-git.js';
import { runArguments, scriptedAgent, type Workbench } from '../../support/pwt.js';
import { type Followed, follow, type Line } from '../../support/remains.js';

/**
 * Brings something about in an empty workbench that is then kept.
 *
 * @param checkout the sources of the program that is recorded
 */
export type BringAbout = (bench: Workbench, checkout: string) => Promise<void>;

/** Commits these files, then runs pwt with an agent's command, and follows what it says. */
export async function run(
  bench: Workbench,
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  onLine: (line: Line, child: ChildProcess) => void | Promise<void> = () => undefined,
  agent: readonly string[] = scriptedAgent,
): Promise<Followed> {
  await bench.repository.write(files);
  await bench.repository.commitAll('specs');
  const command = agent.length === 0 ? [] : ['--', ...agent];
  const all = [...runArguments(['--json', '--yes', ...args]), ...command];
  return follow(bench, all, (line, _count, child) => onLine(line, child));
}

/** Runs pwt until it dies together with the git command that it waits for. */
export async function runUntilDeath(
  bench: Workbench,
  death: Omit<Death, 'victims'>,
  files: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<void> {
  const git = await MortalGit.create(bench.repository.parent);
  await git.plan({ ...death, victims: 'git and pwt' });
  bench.prependPath(git.folder);
  await run(bench, files, args);
  if (!git.died) throw new Error(`git ${death.command} was not run ${death.nth} times`);
}

/** Fails unless the run's log ends with an event of this type: what else was recorded is another situation. */
export async function expectLast(bench: Workbench, type: string): Promise<void> {
  const found = (await eventsOf(bench)).at(-1)?.type;
  if (found !== type) throw new Error(`the log ends with ${found}, and not with ${type}`);
}

/** Fails unless the run's log holds events of these types. */
export async function expectSome(bench: Workbench, ...types: readonly string[]): Promise<void> {
  const found = new Set((await eventsOf(bench)).map((event) => event.type));
  const missing = types.filter((type) => !found.has(type));
  if (missing.length > 0) throw new Error(`nothing in the log of type ${missing.join(', ')}`);
}

export async function eventsOf(bench: Workbench): Promise<(Line & Record<string, unknown>)[]> {
  const runs = join(bench.repository.path, '.git/pwt/runs');
  const [runId = ''] = await readdir(runs);
  const log = await readFile(join(runs, runId, 'journal.jsonl'), 'utf8');
  return log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Resolves when the file exists; the folder that it is in must exist already. */
export function fileExists(path: string): Promise<void> {
  return new Promise((done) => {
    const watcher = watch(dirname(path), () => check());
    const check = (): void => {
      if (!existsSync(path)) return;
      watcher.close();
      done();
    };
    check();
  });
}
