import { execFileSync } from 'node:child_process';

/**
 * The command lines of processes that mention a folder.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function processesIn(folder) {
  const lines = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(folder));
}
