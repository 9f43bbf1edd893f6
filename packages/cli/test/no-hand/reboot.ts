import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/**
 * What a reboot does to the processes of a run whose pwt is dead already: each agent, supervisor and gate is killed by its pid,
 * and their records are of another boot.
 *
 * @param folder in which repository, worktrees and state of the run are, and nothing else
 * @returns how many processes were killed
 */
export async function reboot(folder: string): Promise<number> {
  let killed = 0;
  // A shell may be about to start the next one.
  for (let found = await processesOf(folder); found.length > 0; found = await processesOf(folder)) {
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
        killed += 1;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
  if (existsSync(BOOT_ID)) await forgetBoot(folder, (await readFile(BOOT_ID, 'utf8')).trim());
  return killed;
}

/** Those that work in the folder, that are given a path of it, and that have it in their environment. */
async function processesOf(folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found: number[] = [];
  for (const pid of pids) {
    // A process may end meanwhile, and a dead one has nothing any more.
    const text = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    const all = [cwd, await text('cmdline'), await text('environ')].join('\0');
    if (all.includes(folder)) found.push(Number(pid));
  }
  return found;
}

/** The same id, of another boot: the records of the run were written before the machine went down. */
async function forgetBoot(folder: string, bootId: string): Promise<void> {
  const before = bootId.replace(/^./, (first) => (first === '0' ? '1' : '0'));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes('/objects')) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'latin1');
    if (text.includes(bootId)) await writeFile(path, text.replaceAll(bootId, before), 'latin1');
  }
}
