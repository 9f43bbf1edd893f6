import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Ends, by their ids, all processes that work in a folder or have it in their environment, as a reboot does. Does nothing on
 * systems without /proc.
 *
 * @param {string} folder
 */
export async function endAllIn(folder) {
  // One that is just being started is found the next time.
  for (let found = processesIn(folder); found.length > 0; found = processesIn(folder)) {
    for (const pid of found) end(pid);
    await new Promise(setImmediate);
  }
}

/** @param {string} folder */
function processesIn(folder) {
  const pids = numbersIn('/proc').filter((pid) => pid !== process.pid);
  return pids.filter((pid) => {
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      return [cwd, readFileSync(`/proc/${pid}/environ`, 'utf8')].join('\0').includes(folder);
    } catch {
      // It has ended, or is another user's.
      return false;
    }
  });
}

/** @param {string} folder */
function numbersIn(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}

/** @param {number} pid */
function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
